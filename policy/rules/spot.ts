/** The mix of spot and on-demand instances. */
import type { Group } from "./group-shape";
import { instanceSize } from "./instance-size";
import { NOT_APPLICABLE, atLeast, wrong, type Resource, type Verdict } from "./rule";
import { LAUNCH_CONFIGURATION, LAUNCH_TEMPLATE } from "./types";
import { given, independently } from "./unknown";

/** What AWS assumes when the properties are left out. */
const DEFAULTS = {
    onDemandBaseCapacity: 0,
    onDemandPercentageAboveBaseCapacity: 100,
    spotAllocationStrategy: "lowest-price",
} as const;

const ALL_ON_DEMAND_PERCENT = 100;

function distribution(group: Group) {
    return group.mixedInstancesPolicy?.instancesDistribution;
}

function usesSpot(group: Group): boolean {
    const percent =
        distribution(group)?.onDemandPercentageAboveBaseCapacity ??
        DEFAULTS.onDemandPercentageAboveBaseCapacity;
    return percent < ALL_ON_DEMAND_PERCENT;
}

export function* onDemandKept(
    { props: group }: Resource<Group>,
    config: { minOnDemandBase: number; minOnDemandPercent: number },
): Verdict {
    const mix = distribution(group);
    if (!mix || !usesSpot(group)) return NOT_APPLICABLE;
    const { minOnDemandBase, minOnDemandPercent } = config;
    yield* independently(
        () =>
            atLeast(
                "onDemandBaseCapacity",
                mix.onDemandBaseCapacity ?? DEFAULTS.onDemandBaseCapacity,
                minOnDemandBase,
                "minOnDemandBase",
            ),
        () =>
            atLeast(
                "onDemandPercentageAboveBaseCapacity",
                mix.onDemandPercentageAboveBaseCapacity ??
                    DEFAULTS.onDemandPercentageAboveBaseCapacity,
                minOnDemandPercent,
                "minOnDemandPercent",
            ),
    );
}

interface SpotTemplate {
    readonly instanceMarketOptions?: { readonly marketType?: string };
    readonly spotPrice?: string;
}

/** A template that asks for spot leaves no room for an on-demand base. */
export function* templateLeavesTheMixToTheGroup({ type, props }: Resource<SpotTemplate>): Verdict {
    if (LAUNCH_TEMPLATE.includes(type) && props.instanceMarketOptions?.marketType === "spot") {
        yield wrong("instanceMarketOptions.marketType", "spot", "left to the group's distribution");
    }
    if (LAUNCH_CONFIGURATION.includes(type) && given(() => props.spotPrice)) {
        yield wrong("spotPrice", props.spotPrice, "left to the group's distribution");
    }
}

export function* allocatedByCapacity(
    { props: group }: Resource<Group>,
    { allowedStrategies }: { allowedStrategies: string[] },
): Verdict {
    if (!usesSpot(group)) return NOT_APPLICABLE;
    const strategy = distribution(group)?.spotAllocationStrategy ?? DEFAULTS.spotAllocationStrategy;
    if (!allowedStrategies.includes(strategy)) {
        yield `spotAllocationStrategy is ${strategy}, limit ${allowedStrategies.join(" or ")} (allowedStrategies)`;
    }
}

export function* instanceTypesAlike(
    { props: group }: Resource<Group>,
    { minInstanceTypes }: { minInstanceTypes: number },
): Verdict {
    const overrides = group.mixedInstancesPolicy?.launchTemplate.overrides ?? [];
    if (!usesSpot(group) || overrides.some((override) => override.instanceRequirements)) {
        return NOT_APPLICABLE;
    }
    const types = [...new Set(overrides.flatMap(({ instanceType }) => instanceType ?? []))];
    yield* atLeast(
        "the number of instance types",
        types.length,
        minInstanceTypes,
        "minInstanceTypes",
    );
    const sizes = types.flatMap((type) => {
        const size = instanceSize(type);
        return size ? [{ type, ...size }] : [];
    });
    const first = sizes[0];
    for (const { type, cpus, memoryGib } of sizes.slice(1)) {
        if (first && (cpus !== first.cpus || memoryGib !== first.memoryGib)) {
            yield wrong(
                `${type} (${cpus} CPU, ${memoryGib} GiB)`,
                "among the instance types",
                `as large as ${first.type} (${first.cpus} CPU, ${first.memoryGib} GiB)`,
            );
        }
    }
}

export function* capacityRebalanced({ props: group }: Resource<Group>): Verdict {
    if (!usesSpot(group)) return NOT_APPLICABLE;
    if (group.capacityRebalance !== true) {
        yield wrong("capacityRebalance", group.capacityRebalance, "true where spot is used");
    }
}
