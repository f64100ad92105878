/** How a new version of the instances reaches a group. */
import type { Group } from "./group-shape";
import { NOT_APPLICABLE, wrong, type Resource, type Verdict } from "./rule";
import { given, isUnknown } from "./unknown";

const MOVING = ["$Latest", "$Default"];

/** A version computed by a template of the stack is a number that AWS will give: only literals can be moving. */
export function* templateVersionPinned({ props: group }: Resource<Group>): Verdict {
    const mixed = group.mixedInstancesPolicy?.launchTemplate;
    const specifications = [
        ["launchTemplate.version", group.launchTemplate],
        ["mixedInstancesPolicy version", mixed?.launchTemplateSpecification],
        ...(mixed?.overrides ?? []).map(
            (override, i) =>
                [`override ${i}'s version`, override.launchTemplateSpecification] as const,
        ),
    ] as const;
    if (specifications.every(([, specification]) => !specification)) return NOT_APPLICABLE;
    for (const [what, specification] of specifications) {
        if (!specification || isUnknown(() => specification.version)) continue;
        const { version } = specification;
        if (!version || MOVING.includes(version)) {
            yield wrong(what, version, "the number of a template's version");
        }
    }
}

export function* refreshRollsBack({ props: group }: Resource<Group>): Verdict {
    const refresh = group.instanceRefresh;
    if (!refresh) {
        yield wrong("instanceRefresh", undefined, "given, so that a change reaches instances");
    } else if (refresh.preferences?.autoRollback !== true) {
        yield wrong(
            "instanceRefresh.preferences.autoRollback",
            refresh.preferences?.autoRollback,
            "true",
        );
    }
}

interface Template {
    readonly imageId?: string;
}

/** An image named by an SSM parameter switches automatic rollback off. */
export function* imageById({ props: template }: Resource<Template>): Verdict {
    if (!given(() => template.imageId) || isUnknown(() => template.imageId)) return NOT_APPLICABLE;
    if (template.imageId?.startsWith("resolve:ssm:")) {
        yield wrong("imageId", template.imageId, "an image id, or a refresh cannot roll back");
    }
}
