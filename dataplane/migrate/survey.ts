import {
    type PartitionTable,
    partitionOf,
    partitionsOf,
    type Plan,
    primaryOf,
    TableMode,
} from "logcaster-model/partitions";
import { STATES_KEY } from "../router/guard";
import {
    clusterNodes,
    lastingProblems,
    misplacedSlots,
    ownNode,
    serverInfo,
    slotOwners,
} from "./cluster";
import { isReserved } from "./copy";
import type { Session } from "./session";

/** What a client-mode copy with verification was measured to move, on two cores (docs/benchmarks.md). */
const KEYS_PER_SECOND = 20_000;
const BYTES_PER_SECOND = 50 * 1024 * 1024;
const SCAN_COUNT = "1000";
const EXAMPLES = 3;

/** What a plan would move, by each source's share. */
export interface Estimate {
    readonly keys: number;
    readonly bytes: number;
    readonly seconds: number;
}

/** Keys, bytes and time of a plan, taken from the sources' sizes. */
export async function estimate(
    session: Session,
    table: PartitionTable,
    plan: Plan,
): Promise<Estimate> {
    let keys = 0;
    let bytes = 0;
    for (const name of new Set(plan.moves.map((move) => move.from))) {
        const source = session.connectTo(name);
        const share =
            plan.moves.filter((move) => move.from === name).length /
            partitionsOf(table, name).length;
        const memory = await serverInfo(source, "memory");
        keys += Number(await source.call("DBSIZE")) * share;
        bytes += Number(memory.get("used_memory_dataset") ?? 0) * share;
    }
    const seconds = Math.ceil(Math.max(keys / KEYS_PER_SECOND, bytes / BYTES_PER_SECOND));
    return { keys: Math.round(keys), bytes: Math.round(bytes), seconds };
}

/** What `shards verify` found. */
export interface VerifyReport {
    readonly keys: number;
    readonly problems: readonly string[];
}

/** Every key is on the shard the table names, no partition is half moved, all slots are covered. */
export async function verifyAll(session: Session): Promise<VerifyReport> {
    const table = await session.table();
    return table.mode === TableMode.Cluster
        ? verifyCluster(session, table)
        : verifyClient(session, table);
}

async function verifyClient(session: Session, table: PartitionTable): Promise<VerifyReport> {
    const problems: string[] = [];
    let total = 0;
    for (const { name } of table.nodes) {
        const server = session.connectTo(name);
        const wrong: string[] = [];
        let misplaced = 0;
        let cursor = "0";
        do {
            const reply = await server.callBytes("SCAN", cursor, "COUNT", SCAN_COUNT);
            const [next, keys] = reply as [Buffer, Buffer[]];
            for (const key of keys) {
                if (isReserved(key)) continue;
                total++;
                const partition = partitionOf(table, key);
                if (primaryOf(table, partition) === name || table.guarded.includes(partition))
                    continue;
                misplaced++;
                if (wrong.length < EXAMPLES) wrong.push(JSON.stringify(key.toString()));
            }
            cursor = next.toString();
        } while (cursor !== "0");
        if (misplaced > 0) {
            problems.push(`${name} holds ${misplaced} keys of other shards (${wrong.join(", ")})`);
        }
        for (const partition of partitionsOf(table, name)) {
            const state = (await server.call("HGET", STATES_KEY, String(partition))) as
                string | null;
            if (state?.startsWith("away ")) {
                problems.push(
                    `${name} sends partition ${partition} away (${state}), the table does not`,
                );
            }
        }
    }
    return { keys: total, problems };
}

async function verifyCluster(session: Session, table: PartitionTable): Promise<VerifyReport> {
    const members = table.nodes.map(({ name }) => session.connectTo(name));
    const problems = await lastingProblems(members, session.options.agreeMs);
    const ids = new Map<string, string>();
    let keys = 0;
    for (const [index, member] of members.entries()) {
        ids.set(table.nodes[index]!.name, (await ownNode(member)).id);
        keys += Number(await member.call("DBSIZE"));
    }
    const owners = slotOwners(await clusterNodes(members[0]!));
    const misplaced = misplacedSlots(table, owners, (shard) => ids.get(shard)!).length;
    if (misplaced > 0) problems.push(`${misplaced} slots are not where the table says`);
    return { keys, problems };
}
