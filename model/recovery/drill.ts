import { answersWithout } from "./drill-dns";
import {
    databaseParts,
    fleetParts,
    frontParts,
    type Part,
    redisParts,
    type Verdict,
    wayOutParts,
} from "./drill-parts";
import { resourcesOf } from "./plan";
import { topologyOf } from "./topology";

/** What is left of one part after the loss of one zone or region. */
export interface Finding {
    /** The zone or region that is gone. */
    readonly lost: string;
    readonly scope: "zone" | "region";
    /** The region the part is in; `global` for DNS. */
    readonly region: string;
    readonly part: string;
    /** What is counted: instances, nodes, proxies, zones, copies of a shard, areas answered. */
    readonly unit: string;
    readonly before: number;
    readonly left: number;
    /** The fewest with which the part works as planned. */
    readonly needed: number;
    readonly verdict: Verdict;
    /** What happens by itself or has to be done; empty where nothing. */
    readonly note: string;
}

/**
 * Removes each zone and then each region of a plan in turn and says what is left: instances against the group's minimum, zones of
 * load balancers, ways out, copies of Redis shards and of the database, answers of DNS. Counts are the worst case of an even
 * spread. It reads what the plan places; that AWS has room for replacements, or that they boot in time, it does not prove.
 * @throws PlanError for what is no plan, and for a plan whose ids are unknown
 */
export function drill(plan: unknown): Finding[] {
    const resources = resourcesOf(plan);
    const topology = topologyOf(resources);
    const parts = [fleetParts, frontParts, wayOutParts, redisParts, databaseParts].flatMap((of) =>
        of(resources, topology),
    );
    const zones = [...new Set(parts.flatMap((part) => part.zones))].sort();
    const regions = [...topology.regions].sort();
    return [
        ...zones.flatMap((lost) =>
            parts
                .filter((part) => part.zones.includes(lost))
                .map((part): Finding => ({
                    lost,
                    scope: "zone",
                    ...titleOf(part),
                    ...part.withoutZone(lost),
                })),
        ),
        ...regions.flatMap((lost) => [
            ...parts
                .filter((part) => part.region === lost)
                .map((part): Finding => ({
                    lost,
                    scope: "region",
                    ...titleOf(part),
                    ...part.withoutRegion(elsewhere(part, parts)),
                })),
            ...answersWithout(lost, resources).map((answers): Finding => ({
                lost,
                scope: "region",
                ...answers,
            })),
        ]),
    ];
}

function titleOf({ region, part, unit, before, needed }: Part) {
    return { region, part, unit, before, needed };
}

/** Parts of the same kind in other regions. */
function elsewhere(part: Part, parts: readonly Part[]): Part[] {
    return parts.filter((other) => other.kind === part.kind && other.region !== part.region);
}
