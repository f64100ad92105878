import { createHash } from "node:crypto";
import { z } from "zod";
import { allowed, LIMITS } from "../limits";
import { murmur3_32 } from "./murmur3";
import { SLOT_COUNT, slotOf } from "./slots";

/** Who decides where a key lives: the cluster's own CRC16 slots, or murmur3 in the client. */
export const TableMode = { Cluster: "cluster", Client: "client" } as const;
export type TableMode = (typeof TableMode)[keyof typeof TableMode];

/** Where copies of partitions live: a shard's primary server and, where it has them, its replicas. */
export interface ShardNode {
    /** Identity of the shard; its place in the planner's order. */
    readonly name: string;
    /** Availability zone; copies of a partition avoid sharing one. */
    readonly zone?: string;
    /** Share of partitions relative to the other nodes; a whole number of at least 1. @default 1 */
    readonly weight: number;
    /** redis:// or rediss:// URL of the primary. */
    readonly url?: string;
    /** URLs of servers that replicate the primary; reads may go there. */
    readonly replicas?: readonly string[];
}

/** Which node owns which partition, at one epoch. Immutable: a change is a new table. */
export interface PartitionTable {
    readonly mode: TableMode;
    /** Grows with every change; a reader never goes back. */
    readonly epoch: number;
    /** Copies of a partition, the primary's included (replication factor). */
    readonly copies: number;
    /** Sorted by name. */
    readonly nodes: readonly ShardNode[];
    /** For each partition the names of its nodes, the primary first. */
    readonly owners: readonly (readonly string[])[];
    /** Partitions on the move: routers check with the server on every command for them. */
    readonly guarded: readonly number[];
}

/** What was wrong with a table or with what was asked of the planner; the message is for users. */
export class PartitionError extends Error {
    override readonly name = "PartitionError";
}

/** Default number of partitions. */
export const DEFAULT_PARTITIONS = LIMITS["redis.partitions"].value;

const nodeSchema = z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a name has letters, digits, . _ -"),
    zone: z.string().min(1).optional(),
    weight: z.int().min(1).default(1),
    url: z.string().min(1).optional(),
    replicas: z.array(z.string().min(1)).optional(),
});
const tableSchema = z.strictObject({
    mode: z.enum(TableMode),
    epoch: z.int().min(0),
    copies: z.int().min(1),
    nodes: z.array(nodeSchema).min(1),
    owners: z.array(z.array(z.string()).min(1)),
    guarded: z.array(z.int().min(0)).default([]),
});

/**
 * A table from plain data: nodes sorted, every rule checked.
 * @throws PartitionError naming every problem.
 */
export function createTable(input: unknown): PartitionTable {
    const parsed = tableSchema.safeParse(input);
    if (!parsed.success) {
        const problems = parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`);
        throw new PartitionError(`The partition table is not valid: ${problems.join("; ")}.`);
    }
    const table = parsed.data;
    const problems = [
        ...partitionCountProblems(table.owners.length),
        ...nodeProblems(table.nodes),
        ...ownerProblems(table),
    ];
    if (problems.length > 0) {
        throw new PartitionError(`The partition table is not valid: ${problems.join("; ")}.`);
    }
    return freeze({
        mode: table.mode,
        epoch: table.epoch,
        copies: table.copies,
        nodes: [...table.nodes].sort((a, b) => compareNames(a.name, b.name)).map(ordered),
        owners: table.owners,
        guarded: [...new Set(table.guarded)].sort((a, b) => a - b),
    });
}

/** Why a partition count is not allowed, if it is not. */
export function partitionCountProblems(count: number): string[] {
    const { min, max } = allowed("redis.partitions");
    const isPowerOfTwo = Number.isInteger(count) && (count & (count - 1)) === 0;
    if (isPowerOfTwo && count >= min && count <= max) return [];
    const why = `so that the ${SLOT_COUNT} slots divide evenly`;
    return [`${count} partitions given, a power of two from ${min} to ${max} is allowed, ${why}`];
}

/** The canonical text: one line of JSON, the same bytes for the same table everywhere. */
export function tableText(table: PartitionTable): string {
    const { mode, epoch, copies, nodes, owners, guarded } = table;
    return JSON.stringify({ mode, epoch, copies, nodes: nodes.map(ordered), owners, guarded });
}

/** SHA-256 of the canonical text, in hex. */
export function tableDigest(table: PartitionTable): string {
    return createHash("sha256").update(tableText(table)).digest("hex");
}

/** Reads tableText back. @throws PartitionError when it is not one. */
export function parseTable(text: string): PartitionTable {
    let data: unknown;
    try {
        data = JSON.parse(text);
    } catch {
        throw new PartitionError("The partition table is not JSON.");
    }
    return createTable(data);
}

/** The partition of a key, from 0. */
export function partitionOf(table: PartitionTable, key: string | Uint8Array): number {
    const count = table.owners.length;
    if (table.mode === TableMode.Client) return murmur3_32(key) & (count - 1);
    return Math.floor(slotOf(key) / (SLOT_COUNT / count));
}

/** First and last slot of a partition in cluster mode. */
export function slotRange(partition: number, partitions: number): [first: number, last: number] {
    const width = SLOT_COUNT / partitions;
    return [partition * width, (partition + 1) * width - 1];
}

/** The name of the node that takes a partition's writes. */
export function primaryOf(table: PartitionTable, partition: number): string {
    const owners = table.owners[partition];
    if (!owners) throw new PartitionError(`There is no partition ${partition} in the table.`);
    return owners[0]!;
}

/** Partitions whose primary a node is, ascending. */
export function partitionsOf(table: PartitionTable, node: string): number[] {
    return table.owners.flatMap((owners, partition) => (owners[0] === node ? [partition] : []));
}

/** The node of that name. */
export function nodeNamed(table: PartitionTable, name: string): ShardNode {
    const node = table.nodes.find((candidate) => candidate.name === name);
    if (node) return node;
    const names = table.nodes.map((candidate) => candidate.name).join(", ");
    throw new PartitionError(`There is no shard ${name} in the table; it has ${names}.`);
}

/** The table with some fields replaced and the epoch raised by one. */
export function nextTable(
    table: PartitionTable,
    change: Partial<Pick<PartitionTable, "copies" | "nodes" | "owners" | "guarded">>,
): PartitionTable {
    return createTable({ ...table, ...change, epoch: table.epoch + 1 });
}

/** Code-point order: the same in every process, whatever its locale. */
export function compareNames(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

function ordered(node: ShardNode): ShardNode {
    const { name, zone, weight, url, replicas } = node;
    return {
        name,
        ...(zone === undefined ? {} : { zone }),
        weight,
        ...(url === undefined ? {} : { url }),
        ...(replicas === undefined ? {} : { replicas }),
    };
}

function nodeProblems(nodes: readonly ShardNode[]): string[] {
    const seen = new Set<string>();
    return nodes.flatMap(({ name }) => {
        if (seen.has(name)) return [`shard ${name} is named twice`];
        seen.add(name);
        return [];
    });
}

function ownerProblems(table: z.output<typeof tableSchema>): string[] {
    const names = new Set(table.nodes.map((node) => node.name));
    const problems: string[] = [];
    for (const [partition, owners] of table.owners.entries()) {
        const unknown = owners.filter((owner) => !names.has(owner));
        if (unknown.length > 0) {
            problems.push(`partition ${partition} is on ${unknown.join(", ")}, not in nodes`);
        }
        if (new Set(owners).size < owners.length) {
            problems.push(`partition ${partition} has two copies on one node`);
        }
    }
    for (const partition of table.guarded) {
        if (partition >= table.owners.length) problems.push(`guarded ${partition} does not exist`);
    }
    return problems;
}

function freeze<T>(value: T): T {
    if (typeof value === "object" && value !== null) {
        for (const inner of Object.values(value)) freeze(inner);
        Object.freeze(value);
    }
    return value;
}
