import { setTimeout as sleep } from "node:timers/promises";
import {
    initialTable,
    type PartitionTable,
    partitionsOf,
    slotRange,
} from "logcaster-model/partitions";
import type { Connection } from "../router/connection";
import { clusterNodes, clusterProblems, ownNode, rangesOf, slotsOf } from "./cluster";
import { BadInput, MigrationStopped } from "./errors";

const POLL_MS = 50;
const BUS_PORT_OFFSET = 10_000;

/** How a cluster is laid out. */
export interface ClusterShape {
    /** Copies of each slot beside the primary's. */
    readonly replicas: number;
    /** Partitions of the table; their slots stay together. */
    readonly partitions?: number;
    /** How long the nodes have to agree. */
    readonly timeoutMs: number;
    /** Names of the shards, one for each primary. @default shard-0, shard-1, ... */
    readonly names?: readonly string[];
}

/**
 * Makes one cluster of empty nodes: the first ones become primaries with partition-aligned slots,
 * the others their replicas. Returns once every node says that the cluster is whole.
 * @throws BadInput when a node is in a cluster or holds keys, or the nodes do not divide.
 */
export async function formCluster(
    members: readonly Connection[],
    shape: ClusterShape,
): Promise<PartitionTable> {
    const primaryCount = members.length / (shape.replicas + 1);
    if (!Number.isInteger(primaryCount) || primaryCount < 1) {
        throw new BadInput(
            `${members.length} nodes do not divide into primaries with ${shape.replicas} replicas each: ` +
                `give a multiple of ${shape.replicas + 1}.`,
        );
    }
    await checkFresh(members);
    const primaries = members.slice(0, primaryCount);
    const nodes = primaries.map((member, index) => {
        const replicas = members.filter((_, i) => i >= primaryCount && i % primaryCount === index);
        const urls = replicas.map((replica) => replica.options.url);
        return {
            name: shape.names?.[index] ?? `shard-${index}`,
            weight: 1,
            url: member.options.url,
            ...(urls.length > 0 ? { replicas: urls } : {}),
        };
    });
    const table = initialTable({
        nodes,
        mode: "cluster",
        ...(shape.partitions === undefined ? {} : { partitions: shape.partitions }),
    });
    for (const [index, member] of members.entries()) {
        await member.call("CLUSTER", "SET-CONFIG-EPOCH", String(index + 1));
    }
    for (const [index, primary] of primaries.entries()) {
        const partitions = partitionsOf(table, nodes[index]!.name);
        const slots = slotsOf(partitions.map((p) => slotRange(p, table.owners.length)));
        const words = rangesOf(slots).flatMap(([first, last]) => [String(first), String(last)]);
        await primary.call("CLUSTER", "ADDSLOTSRANGE", ...words);
    }
    await join(members, shape.timeoutMs);
    for (const [index, replica] of members.slice(primaryCount).entries()) {
        const { id } = await ownNode(primaries[index % primaryCount]!);
        await replica.call("CLUSTER", "REPLICATE", id);
    }
    await waitUntilWhole(members, shape.timeoutMs);
    return table;
}

/** Lets nodes meet and waits until each knows all others. */
export async function join(members: readonly Connection[], timeoutMs: number): Promise<void> {
    const [first, ...others] = members;
    for (const other of others) {
        const { hostname, port } = new URL(other.options.url);
        await first!.call("CLUSTER", "MEET", hostname, port, String(await busPort(other)));
    }
    await waitFor(timeoutMs, async () => {
        const known = await Promise.all(members.map((member) => clusterNodes(member)));
        const isMet = known.every(
            (nodes) =>
                nodes.length >= members.length &&
                nodes.every((n) => !n.flags.includes("handshake")),
        );
        return isMet ? undefined : "the nodes have not all met";
    });
}

/** Waits until all nodes agree on all slots, each says `cluster_state:ok` and replicas are in step. */
export async function waitUntilWhole(
    members: readonly Connection[],
    timeoutMs: number,
): Promise<void> {
    await waitFor(timeoutMs, async () => {
        for (const member of members) {
            const info = (await member.call("CLUSTER", "INFO")) as string;
            if (!info.includes("cluster_state:ok")) return `${member.label} does not say ok`;
            const replication = (await member.call("INFO", "replication")) as string;
            const isReplica = /role:slave/.test(replication);
            if (isReplica && !/master_link_status:up/.test(replication)) {
                return `${member.label} is not in step with its primary`;
            }
        }
        return (await clusterProblems(members))[0];
    });
}

async function waitFor(
    timeoutMs: number,
    problem: () => Promise<string | undefined>,
): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
        const what = await problem();
        if (what === undefined) return;
        if (performance.now() > deadline) {
            throw new MigrationStopped(`The cluster is not whole after ${timeoutMs} ms: ${what}.`);
        }
        await sleep(POLL_MS);
    }
}

async function checkFresh(members: readonly Connection[]): Promise<void> {
    const problems: string[] = [];
    for (const member of members) {
        const nodes = await clusterNodes(member).catch((error: unknown) => {
            if (!/cluster support disabled/i.test((error as Error).message)) throw error;
            problems.push(`${member.label} does not run with cluster-enabled yes`);
            return [];
        });
        if (nodes.length > 1) problems.push(`${member.label} is in a cluster already`);
        if (nodes.some((node) => node.slots.length > 0)) problems.push(`${member.label} has slots`);
        if (Number(await member.call("DBSIZE")) > 0) problems.push(`${member.label} holds keys`);
    }
    if (problems.length > 0) throw new BadInput(`${problems.join("; ")}: give empty nodes.`);
}

async function busPort(member: Connection): Promise<number> {
    const reply = (await member.call("CONFIG", "GET", "cluster-port")) as string[];
    const configured = Number(reply[1] ?? 0);
    return configured > 0 ? configured : Number(new URL(member.options.url).port) + BUS_PORT_OFFSET;
}
