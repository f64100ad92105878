/** Scheduled actions: when they run and what they change. */
import type { Group } from "./group-shape";
import { refersTo } from "./references";
import {
    NOT_APPLICABLE,
    beyond,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { GROUP } from "./types";
import { independently } from "./unknown";

interface Schedule {
    readonly autoscalingGroupName: string;
    readonly recurrence?: string;
    readonly timeZone?: string;
    readonly minSize?: number;
    readonly maxSize?: number;
    readonly desiredCapacity?: number;
}

const SIZES = ["minSize", "maxSize", "desiredCapacity"] as const;

const LEAVE_ALONE = -1;

/** The provider sends 0 for a size that is left out, and AWS takes 0 as zero instances. */
const LEFT_OUT = 0;

export function* timeZoneExplicit({ props: schedule }: Resource<Schedule>): Verdict {
    if (!schedule.recurrence) return NOT_APPLICABLE;
    if (!schedule.timeZone) {
        yield wrong("timeZone", schedule.timeZone, "given: without it, hours are those of UTC");
    }
}

export function* desiredNotPinned({ props: schedule }: Resource<Schedule>): Verdict {
    const desired = schedule.desiredCapacity ?? LEFT_OUT;
    if (desired === LEAVE_ALONE || desired === LEFT_OUT) return;
    const minimum = schedule.minSize ?? LEFT_OUT;
    if (minimum === LEAVE_ALONE) {
        yield wrong("desiredCapacity", desired, `${LEAVE_ALONE} where minSize is left alone`);
    }
}

export function* nothingLeftAtZero({ props: schedule }: Resource<Schedule>): Verdict {
    yield* independently(
        ...SIZES.map(
            (size) =>
                function* () {
                    if ((schedule[size] ?? LEFT_OUT) === 0) {
                        yield wrong(size, schedule[size], `${LEAVE_ALONE} to leave it alone`);
                    }
                },
        ),
    );
}

export function* insideTheGroupsBounds(
    { props: schedule, ...from }: StackResource<Schedule>,
    { min, max }: { min: number; max: number },
    stack: Stack,
): Verdict {
    const group = stack
        .of<Group>(GROUP)
        .find((candidate) =>
            refersTo({ props: schedule, ...from }, "autoscalingGroupName", candidate),
        )?.props;
    const [lowest, lowestKey] = group ? [group.minSize, "the group's minSize"] : [min, "min"];
    const [highest, highestKey] = group ? [group.maxSize, "the group's maxSize"] : [max, "max"];
    yield* independently(
        ...SIZES.map(
            (size) =>
                function* () {
                    const value = schedule[size];
                    if (value === undefined || value <= LEFT_OUT) return;
                    if (value > highest) yield beyond(size, value, highest, highestKey);
                    if (value < lowest) yield beyond(size, value, lowest, lowestKey);
                },
        ),
    );
}
