import { FlowNetwork } from "./flow";
import { compareNames, PartitionError, type ShardNode } from "./table";

/** What copies have to obey. */
export interface CopyRules {
    /** Copies of a partition, the primary's included. */
    readonly copies: number;
    /** Let copies share a zone where there are fewer zones than copies. */
    readonly allowSharedZones: boolean;
}

/** Why the rules cannot be kept on these nodes; empty when they can. */
export function copyProblems(nodes: readonly ShardNode[], rules: CopyRules): string[] {
    if (nodes.length < rules.copies) {
        return [
            `${rules.copies} copies need ${rules.copies} shards, there are ${nodes.length}: ` +
                "add shards or lower copies",
        ];
    }
    const zones = zonesOf(nodes);
    if (zones.length === 0) return [];
    const homeless = nodes.filter((node) => node.zone === undefined).map((node) => node.name);
    if (homeless.length > 0) {
        return [`${homeless.join(", ")} have no zone while others do: give all a zone or none`];
    }
    if (zones.length < rules.copies && !rules.allowSharedZones) {
        return [
            `${rules.copies} copies in zones of their own need ${rules.copies} zones, the shards ` +
                `are in ${zones.length} (${zones.join(", ")}): add a shard in another zone, ` +
                "lower copies, or allow shared zones",
        ];
    }
    return [];
}

/**
 * Replicas for every partition beside its given primary: on distinct nodes, in distinct zones (at
 * most ceil(copies / zones) in one where zones are shared), the fullest node as low as these rules
 * permit, and among all such placements one with the fewest new copies. A minimum-cost flow, so the
 * optimum is exact.
 * @throws PartitionError when the rules cannot be kept.
 */
export function placeCopies(
    primaries: readonly string[],
    current: readonly (readonly string[])[],
    nodes: readonly ShardNode[],
    rules: CopyRules,
): string[][] {
    const problems = copyProblems(nodes, rules);
    if (problems.length > 0) throw new PartitionError(`${problems.join("; ")}.`);
    if (rules.copies === 1) return primaries.map((primary) => [primary]);
    const sorted = [...nodes].sort((a, b) => compareNames(a.name, b.name));
    const led = new Map(sorted.map(({ name }) => [name, 0]));
    for (const primary of primaries) led.set(primary, led.get(primary)! + 1);
    for (const level of levels(primaries.length * rules.copies, sorted, led)) {
        const placed = placeAtLevel(primaries, current, sorted, rules, led, level);
        if (placed) return placed;
    }
    throw new PartitionError(
        `${rules.copies} copies of every partition do not fit the zones of these shards: ` +
            "add shards to the zones that have few, or allow shared zones.",
    );
}

/**
 * Copies per unit of weight a node may hold, from the least that could suffice upwards. The primaries are given: the fullest
 * node holds at least what it leads, and keeping others lower would only cost moves.
 */
function* levels(
    copies: number,
    nodes: readonly ShardNode[],
    led: ReadonlyMap<string, number>,
): Generator<number> {
    const least = Math.max(...nodes.map(({ name, weight }) => led.get(name)! / weight));
    const weights = [...new Set(nodes.map((node) => node.weight))];
    const capacity = (level: number) =>
        nodes.reduce((sum, node) => sum + Math.floor(level * node.weight + EPSILON), 0);
    const steps = weights.flatMap((weight) =>
        Array.from({ length: copies }, (_, count) => (count + 1) / weight),
    );
    steps.sort((a, b) => a - b);
    for (const [index, level] of steps.entries()) {
        if (level === steps[index - 1] || level < least - EPSILON) continue;
        if (capacity(level) >= copies) yield level;
    }
}

/** Guards `floor` against a level such as 5/3 times 3 that comes out a hair under 5. */
const EPSILON = 1e-9;

function placeAtLevel(
    primaries: readonly string[],
    current: readonly (readonly string[])[],
    nodes: readonly ShardNode[],
    rules: CopyRules,
    led: ReadonlyMap<string, number>,
    level: number,
): string[][] | undefined {
    const zones = zonesOf(nodes);
    const zoneOf = nodes.map((node) => (node.zone === undefined ? -1 : zones.indexOf(node.zone)));
    const perZone = zones.length === 0 ? rules.copies : Math.ceil(rules.copies / zones.length);
    const groups = Math.max(zones.length, 1);
    const count = primaries.length;
    // Vertices: source, sink, partitions, partition x zone, nodes.
    const firstGroup = 2 + count;
    const firstNode = firstGroup + count * groups;
    const network = new FlowNetwork(firstNode + nodes.length);
    const slots: { partition: number; node: number; edge: number }[] = [];
    for (let partition = 0; partition < count; partition++) {
        const primary = primaries[partition]!;
        network.connect(0, 2 + partition, rules.copies - 1, 0);
        const primaryZone = zoneOf[nodes.findIndex((node) => node.name === primary)]!;
        for (let group = 0; group < groups; group++) {
            const vertex = firstGroup + partition * groups + group;
            const taken = group === Math.max(primaryZone, 0) && zones.length > 0 ? 1 : 0;
            network.connect(2 + partition, vertex, perZone - taken, 0);
            for (const [index, node] of nodes.entries()) {
                if (Math.max(zoneOf[index]!, 0) !== group || node.name === primary) continue;
                const keeps = current[partition]?.includes(node.name) ?? false;
                const edge = network.connect(vertex, firstNode + index, 1, keeps ? 0 : 1);
                slots.push({ partition, node: index, edge });
            }
        }
    }
    for (const [index, node] of nodes.entries()) {
        const room = Math.floor(level * node.weight + EPSILON) - led.get(node.name)!;
        network.connect(firstNode + index, 1, Math.max(room, 0), 0);
    }
    if (network.send(0, 1) < count * (rules.copies - 1)) return undefined;
    const placed = primaries.map((primary) => [primary]);
    for (const { partition, node, edge } of slots) {
        if (network.flowOf(edge) === 1) placed[partition]!.push(nodes[node]!.name);
    }
    return placed;
}

function zonesOf(nodes: readonly ShardNode[]): string[] {
    const zones = nodes.flatMap((node) => (node.zone === undefined ? [] : [node.zone]));
    return [...new Set(zones)].sort(compareNames);
}
