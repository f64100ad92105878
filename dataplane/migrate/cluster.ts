import { setTimeout as sleep } from "node:timers/promises";
import { primaryOf, type PartitionTable, SLOT_COUNT } from "logcaster-model/partitions";
import type { Connection, Reply } from "../router/connection";

const AGREE_POLL_MS = 20;

/** First and last slot, both included. */
export type SlotRange = readonly [first: number, last: number];

/** A node of a cluster as one of its members sees it. */
export interface ClusterNode {
    readonly id: string;
    readonly host: string;
    readonly port: number;
    readonly flags: readonly string[];
    /** The primary it replicates, "-" for a primary. */
    readonly primary: string;
    /** Of two nodes that claim a slot, the one with the higher configuration epoch gets it. */
    readonly configEpoch: number;
    readonly slots: readonly SlotRange[];
    /** Slots this node moves away (only a node's own line tells). */
    readonly migrating: ReadonlyMap<number, string>;
    /** Slots this node takes in (only a node's own line tells). */
    readonly importing: ReadonlyMap<number, string>;
}

/** CLUSTER NODES of a member. */
export async function clusterNodes(member: Connection): Promise<ClusterNode[]> {
    const text = (await member.call("CLUSTER", "NODES")) as string;
    return text
        .split("\n")
        .filter((line) => line.length > 0)
        .map(parseNode);
}

/** The member's own line of CLUSTER NODES. */
export async function ownNode(member: Connection): Promise<ClusterNode> {
    const own = (await clusterNodes(member)).find((node) => node.flags.includes("myself"));
    if (!own) throw new Error(`${member.label} does not know itself: it is not a cluster node.`);
    return own;
}

function parseNode(line: string): ClusterNode {
    const [id, address, flags, primary, , , configEpoch, , ...rest] = line.split(" ");
    const [endpoint] = address!.split(",");
    const separator = endpoint!.split("@")[0]!.lastIndexOf(":");
    const slots: SlotRange[] = [];
    const migrating = new Map<number, string>();
    const importing = new Map<number, string>();
    for (const word of rest) {
        const open = /^\[(\d+)-([<>])-(\w+)\]$/.exec(word);
        if (open) (open[2] === ">" ? migrating : importing).set(Number(open[1]), open[3]!);
        else if (word.length > 0) {
            const [first, last] = word.split("-").map(Number);
            slots.push([first!, last ?? first!]);
        }
    }
    return {
        id: id!,
        host: endpoint!.slice(0, separator),
        port: Number(endpoint!.slice(separator + 1).split("@")[0]),
        flags: flags!.split(","),
        primary: primary!,
        configEpoch: Number(configEpoch),
        slots,
        migrating,
        importing,
    };
}

/** The single slots of ranges. */
export function slotsOf(ranges: readonly SlotRange[]): number[] {
    return ranges.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
}

/** Ascending slots as ranges. */
export function rangesOf(slots: readonly number[]): SlotRange[] {
    const ranges: [number, number][] = [];
    for (const slot of [...slots].sort((a, b) => a - b)) {
        const last = ranges.at(-1);
        if (last && last[1] === slot - 1) last[1] = slot;
        else ranges.push([slot, slot]);
    }
    return ranges;
}

/** Slot to node id, by one member's view; undefined where nobody serves it. */
export function slotOwners(nodes: readonly ClusterNode[]): (string | undefined)[] {
    const owners = new Array<string | undefined>(SLOT_COUNT).fill(undefined);
    for (const { id, slots } of nodes) {
        for (const [first, last] of slots) owners.fill(id, first, last + 1);
    }
    return owners;
}

/** Those of the slots that a node says it owns. */
export function slotsAt(node: ClusterNode, slots: readonly number[]): number[] {
    const owners = slotOwners([node]);
    return slots.filter((slot) => owners[slot] === node.id);
}

/** Every slot of some partitions. */
export function slotsOfPartitions(table: PartitionTable, partitions: readonly number[]): number[] {
    const width = SLOT_COUNT / table.owners.length;
    return partitions.flatMap((p) =>
        Array.from({ length: width }, (_, index) => p * width + index),
    );
}

/** What is wrong with a cluster as its members see it; empty when all of them agree on all slots. */
export async function clusterProblems(members: readonly Connection[]): Promise<string[]> {
    const problems: string[] = [];
    const views = await Promise.all(members.map((member) => clusterNodes(member)));
    const reference = slotOwners(views[0]!);
    const missing = reference.filter((owner) => owner === undefined).length;
    if (missing > 0) problems.push(`${missing} slots are not served`);
    for (const [index, view] of views.entries()) {
        const { label } = members[index]!;
        const owners = slotOwners(view);
        const different = owners.filter((owner, slot) => owner !== reference[slot]).length;
        if (different > 0) problems.push(`${label} sees ${different} slots elsewhere`);
        const own = view.find((node) => node.flags.includes("myself"))!;
        const open = own.migrating.size + own.importing.size;
        if (open > 0) problems.push(`${label} has ${open} slots open`);
        const down = view.filter((node) => node.flags.some((flag) => flag.startsWith("fail")));
        for (const node of down) problems.push(`${label} sees ${node.host}:${node.port} as failed`);
    }
    return problems;
}

/** The problems that are left when all members agree, or after the time: nodes hear of changes one after the other. */
export async function lastingProblems(
    members: readonly Connection[],
    timeoutMs: number,
): Promise<string[]> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
        const problems = await clusterProblems(members);
        if (problems.length === 0 || performance.now() > deadline) return problems;
        await sleep(AGREE_POLL_MS);
    }
}

/** INFO of a server as a map. */
export async function serverInfo(
    member: Connection,
    section: string,
): Promise<Map<string, string>> {
    const text = (await member.call("INFO", section)) as string;
    const pairs = text.split("\r\n").filter((line) => line.includes(":"));
    return new Map(
        pairs.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
    );
}

/** Whether the server has CLUSTER MIGRATESLOTS (Valkey 9). */
export async function hasNativeMigration(member: Connection): Promise<boolean> {
    const help = (await member.call("CLUSTER", "HELP")) as Reply[];
    return help.some((line) => String(line).startsWith("MIGRATESLOTS"));
}

/** Slots whose owner is not the one the table names, by present owner (node id). */
export function misplacedSlots(
    table: PartitionTable,
    owners: readonly (string | undefined)[],
    idOf: (shard: string) => string,
): number[] {
    const width = SLOT_COUNT / table.owners.length;
    return owners.flatMap((owner, slot) =>
        owner === idOf(primaryOf(table, Math.floor(slot / width))) ? [] : [slot],
    );
}
