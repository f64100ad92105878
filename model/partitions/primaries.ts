import { compareNames, type ShardNode } from "./table";

/** Partition to node name; undefined where nobody holds it yet. */
export type Primaries = (string | undefined)[];

/**
 * Primaries for `nodes`, moved as little as balance permits: what nobody holds goes to the emptiest
 * node, then the fullest gives to the emptiest while that helps. "Full" is partitions per weight
 * (the D'Hondt divisor method), so with equal weights counts differ by at most 1, a new node takes
 * floor(P/(n+1)) and no two old nodes exchange anything.
 * `holds` says whether a node already has a copy of a partition: such a node is preferred.
 */
export function balancePrimaries(
    current: readonly (string | undefined)[],
    nodes: readonly ShardNode[],
    holds: (partition: number, node: string) => boolean = () => false,
): string[] {
    const load = new Load(current, nodes);
    const result: Primaries = [...current];
    const targets = targetCounts(load);
    // What must move: orphans, and the surplus of each node above its target.
    const homeless: number[] = [];
    for (let partition = 0; partition < result.length; partition++) {
        if (result[partition] === undefined) homeless.push(partition);
    }
    for (const { name } of load.nodes) {
        const surplus = load.partitions.get(name)!.length - targets.get(name)!;
        for (const partition of pickSurplus(load.partitions.get(name)!, surplus)) {
            result[partition] = undefined;
            homeless.push(partition);
        }
    }
    const room = new Map(
        load.nodes.map(({ name }) => {
            const kept = Math.min(load.partitions.get(name)!.length, targets.get(name)!);
            return [name, targets.get(name)! - kept] as const;
        }),
    );
    assign(homeless, room, result, holds);
    return result as string[];
}

/** How many primaries each node gets when `count` partitions start from nothing. */
export function initialCounts(count: number, nodes: readonly ShardNode[]): Map<string, number> {
    return targetCounts(new Load(new Array<undefined>(count).fill(undefined), nodes));
}

class Load {
    readonly nodes: readonly ShardNode[];
    readonly partitions = new Map<string, number[]>();
    orphans = 0;

    constructor(current: readonly (string | undefined)[], nodes: readonly ShardNode[]) {
        this.nodes = [...nodes].sort((a, b) => compareNames(a.name, b.name));
        for (const node of this.nodes) this.partitions.set(node.name, []);
        for (const [partition, owner] of current.entries()) {
            if (owner === undefined) this.orphans++;
            else this.partitions.get(owner)!.push(partition);
        }
    }
}

function targetCounts(load: Load): Map<string, number> {
    const { nodes } = load;
    const held = nodes.map((node) => load.partitions.get(node.name)!.length);
    const counts = [...held];
    // Ratios are compared by cross-multiplication: exact for whole numbers.
    const emptiest = (): number => {
        let best = 0;
        for (let i = 1; i < nodes.length; i++) {
            const left = (counts[i]! + 1) * nodes[best]!.weight;
            const right = (counts[best]! + 1) * nodes[i]!.weight;
            // Between equals the one that held less: a replacement takes all of what it replaces.
            if (left < right || (left === right && held[i]! < held[best]!)) best = i;
        }
        return best;
    };
    const fullest = (): number => {
        let best = 0;
        for (let i = 1; i < nodes.length; i++) {
            if (counts[i]! * nodes[best]!.weight >= counts[best]! * nodes[i]!.weight) best = i;
        }
        return best;
    };
    for (let orphan = 0; orphan < load.orphans; orphan++) counts[emptiest()]!++;
    for (;;) {
        const from = fullest();
        const to = emptiest();
        const helps = counts[from]! * nodes[to]!.weight > (counts[to]! + 1) * nodes[from]!.weight;
        if (!helps) break;
        counts[from]!--;
        counts[to]!++;
    }
    return new Map(nodes.map((node, index) => [node.name, counts[index]!]));
}

/** The highest partitions go first, so that what stays is one run of slots where it was one. */
function pickSurplus(partitions: readonly number[], surplus: number): readonly number[] {
    return surplus > 0 ? partitions.slice(-surplus) : [];
}

/** Gives each homeless partition a node with room: one that holds a copy where the room allows. */
function assign(
    homeless: readonly number[],
    room: Map<string, number>,
    result: Primaries,
    holds: (partition: number, node: string) => boolean,
): void {
    const names = [...room.keys()];
    const waiting = new Set([...homeless].sort((a, b) => a - b));
    const takers = matchHolders([...waiting], room, holds);
    for (const [partition, name] of takers) {
        result[partition] = name;
        room.set(name, room.get(name)! - 1);
        waiting.delete(partition);
    }
    let index = 0;
    for (const partition of waiting) {
        while (room.get(names[index]!)! === 0) index++;
        result[partition] = names[index]!;
        room.set(names[index]!, room.get(names[index]!)! - 1);
    }
}

/** The largest matching of partitions to nodes that already hold a copy (augmenting paths). */
function matchHolders(
    partitions: readonly number[],
    room: ReadonlyMap<string, number>,
    holds: (partition: number, node: string) => boolean,
): Map<number, string> {
    const taken = new Map<string, number[]>();
    const match = new Map<number, string>();
    const names = [...room].filter(([, free]) => free > 0).map(([name]) => name);
    const place = (partition: number, visited: Set<string>): boolean => {
        for (const name of names) {
            if (visited.has(name) || !holds(partition, name)) continue;
            visited.add(name);
            const here = taken.get(name) ?? [];
            const free = here.length < room.get(name)!;
            const evicted = free ? undefined : here.find((other) => place(other, visited));
            if (!free && evicted === undefined) continue;
            const kept = (taken.get(name) ?? []).filter((other) => other !== evicted);
            taken.set(name, [...kept, partition]);
            match.set(partition, name);
            return true;
        }
        return false;
    };
    for (const partition of partitions) place(partition, new Set());
    return match;
}
