/** How many instances a group may have, and when a new one counts. */
import { isNodeGroup, type Group } from "./group-shape";
import {
    NOT_APPLICABLE,
    atLeast,
    atMost,
    beyond,
    wrong,
    type Resource,
    type Verdict,
} from "./rule";
import { independently } from "./unknown";

export function* boundsInsideLimits(
    { props: group }: Resource<Group>,
    { min, max }: { min: number; max: number },
): Verdict {
    yield* independently(
        () => atMost("maxSize", group.maxSize, max, "max"),
        () => atLeast("minSize", group.minSize, min, "min"),
        () => orderedBounds(group),
    );
}

function* orderedBounds(group: Group): Verdict {
    if (group.minSize > group.maxSize) {
        yield wrong("minSize", group.minSize, `at most maxSize ${group.maxSize}`);
    }
}

export function* desiredInsideBounds({ props: group }: Resource<Group>): Verdict {
    const { desiredCapacity } = group;
    if (desiredCapacity === undefined) return NOT_APPLICABLE;
    yield* independently(
        function* () {
            if (desiredCapacity > group.maxSize) {
                yield beyond("desiredCapacity", desiredCapacity, group.maxSize, "maxSize");
            }
        },
        function* () {
            if (desiredCapacity < group.minSize) {
                yield beyond("desiredCapacity", desiredCapacity, group.minSize, "minSize");
            }
        },
    );
}

export function* warmupSet(
    { props: group }: Resource<Group>,
    { minWarmupSeconds }: { minWarmupSeconds: number },
): Verdict {
    const warmup = group.defaultInstanceWarmup;
    if (isNodeGroup(group)) return NOT_APPLICABLE;
    if (warmup === undefined || warmup < minWarmupSeconds) {
        yield beyond("defaultInstanceWarmup", warmup, minWarmupSeconds, "minWarmupSeconds");
    }
}

export function* cooldownNotZero({ props: group }: Resource<Group>): Verdict {
    if (group.defaultCooldown === 0) {
        yield wrong("defaultCooldown", 0, "left out or longer than 0 s");
    }
}
