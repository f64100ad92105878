import { copyProblems, placeCopies } from "./copies";
import { balancePrimaries, initialCounts } from "./primaries";
import {
    compareNames,
    createTable,
    DEFAULT_PARTITIONS,
    partitionCountProblems,
    PartitionError,
    type PartitionTable,
    type ShardNode,
    TableMode,
} from "./table";

/** A partition whose writes go to another shard. */
export interface Move {
    readonly partition: number;
    readonly from: string;
    readonly to: string;
}

/** Copies of a partition that appear and disappear, the primary's own move included. */
export interface CopyChange {
    readonly partition: number;
    readonly add: readonly string[];
    readonly drop: readonly string[];
}

/** What leads from one table to another. */
export interface Plan {
    readonly fromEpoch: number;
    /** The epoch after the last step; every step raises it by one. */
    readonly toEpoch: number;
    readonly moves: readonly Move[];
    readonly copies: readonly CopyChange[];
    /** The table the plan ends in. */
    readonly target: PartitionTable;
}

/** What the planner is asked for; fields left out stay as they are. */
export interface Wish {
    readonly nodes?: readonly ShardNode[];
    readonly copies?: number;
    /** Let copies share a zone where there are fewer zones than copies. @default false */
    readonly allowSharedZones?: boolean;
}

/** How a first table is laid out. */
export interface InitialWish extends Wish {
    readonly nodes: readonly ShardNode[];
    /** @default TableMode.Client */
    readonly mode?: TableMode;
    /** A power of two; fixed for the table's life. @default LIMITS["redis.partitions"] */
    readonly partitions?: number;
}

/**
 * The first table: runs of consecutive partitions, as many for each node as its weight says.
 * @throws PartitionError naming what is not allowed.
 */
export function initialTable(wish: InitialWish): PartitionTable {
    const count = wish.partitions ?? DEFAULT_PARTITIONS;
    const copies = wish.copies ?? 1;
    const allowSharedZones = wish.allowSharedZones ?? false;
    const problems = partitionCountProblems(count);
    problems.push(...shapeProblems(wish.nodes, count));
    problems.push(...copyProblems(wish.nodes, { copies, allowSharedZones }));
    if (problems.length > 0) throw new PartitionError(`${problems.join("; ")}.`);
    const counts = initialCounts(count, wish.nodes);
    const primaries = [...counts].flatMap(([name, size]) => new Array<string>(size).fill(name));
    const owners = placeCopies(primaries, [], wish.nodes, { copies, allowSharedZones });
    const mode = wish.mode ?? TableMode.Client;
    return createTable({ mode, epoch: 1, copies, nodes: wish.nodes, owners, guarded: [] });
}

/**
 * The plan from a table to other nodes, weights, zones or copies: add, remove, replace, reweigh.
 * The same wish gives the same plan in every process, whatever the order of its nodes.
 * @throws PartitionError naming what is not allowed.
 */
export function planTo(table: PartitionTable, wish: Wish): Plan {
    const nodes = wish.nodes ?? table.nodes;
    const copies = wish.copies ?? table.copies;
    const rules = { copies, allowSharedZones: wish.allowSharedZones ?? false };
    const problems = shapeProblems(nodes, table.owners.length);
    problems.push(...copyProblems(nodes, rules));
    if (problems.length > 0) throw new PartitionError(`${problems.join("; ")}.`);
    const names = new Set(nodes.map((node) => node.name));
    const current = table.owners.map(([primary]) => (names.has(primary!) ? primary : undefined));
    const holds = (partition: number, node: string) => table.owners[partition]!.includes(node);
    const primaries = balancePrimaries(current, nodes, table.copies > 1 ? holds : undefined);
    const owners = placeCopies(primaries, table.owners, nodes, rules);
    return planBetween(table, { ...table, nodes, copies, owners });
}

/** The plan that undoes another one exactly: every partition returns to where it was. */
export function reversePlan(before: PartitionTable, plan: Plan): Plan {
    return planBetween(plan.target, { ...before, epoch: plan.target.epoch });
}

/**
 * The tables between a plan's start and its target, in order, epochs rising by one. A partition
 * first gains its new copies, then its primary switches and surplus copies go: at every step it has
 * a writable owner and at least as many copies as the smaller of before and after.
 */
export function* planSteps(table: PartitionTable, plan: Plan): Generator<PartitionTable> {
    const target = plan.target;
    const joined = [...table.nodes, ...target.nodes.filter((node) => !hasNode(table, node.name))];
    let step = table;
    const last = plan.toEpoch;
    const advance = (owners: readonly (readonly string[])[]): PartitionTable => {
        const epoch = step.epoch + 1;
        const shape = epoch === last ? target : { ...table, nodes: joined };
        return (step = createTable({ ...shape, epoch, owners, guarded: [] }));
    };
    for (const { partition, add } of plan.copies) {
        const with_ = (owners: readonly string[]) =>
            step.owners.map((old, index) => (index === partition ? owners : old));
        if (add.length > 0) yield advance(with_([...step.owners[partition]!, ...add]));
        yield advance(with_(target.owners[partition]!));
    }
    if (step.epoch < last) yield advance(target.owners);
}

/** The plan from a table to given owners: to return to a table of before, for one. */
export function planBetween(table: PartitionTable, end: PartitionTable): Plan {
    const moves: Move[] = [];
    const copies: CopyChange[] = [];
    let steps = 1;
    for (const [partition, before] of table.owners.entries()) {
        const after = end.owners[partition]!;
        const add = after.filter((name) => !before.includes(name));
        const drop = before.filter((name) => !after.includes(name));
        if (before[0] !== after[0]) moves.push({ partition, from: before[0]!, to: after[0]! });
        if (before.join() === after.join()) continue;
        copies.push({ partition, add, drop });
        steps += add.length > 0 ? 2 : 1;
    }
    const toEpoch = table.epoch + steps;
    const target = createTable({ ...end, epoch: toEpoch, guarded: [] });
    return { fromEpoch: table.epoch, toEpoch, moves, copies, target };
}

function shapeProblems(nodes: readonly ShardNode[], partitions: number): string[] {
    const problems: string[] = [];
    if (nodes.length === 0) problems.push("there is no shard: at least 1 is needed");
    if (nodes.length > partitions) {
        problems.push(`${nodes.length} shards given, ${partitions} partitions allow as many`);
    }
    const names = nodes.map((node) => node.name).sort(compareNames);
    const twice = names.filter((name, index) => name === names[index - 1]);
    if (twice.length > 0) problems.push(`${[...new Set(twice)].join(", ")} named twice`);
    const light = nodes.filter((node) => !Number.isSafeInteger(node.weight) || node.weight < 1);
    if (light.length > 0) {
        const given = light.map((node) => `${node.name} ${node.weight}`).join(", ");
        problems.push(`weights are whole numbers of at least 1, given: ${given}`);
    }
    return problems;
}

function hasNode(table: PartitionTable, name: string): boolean {
    return table.nodes.some((node) => node.name === name);
}
