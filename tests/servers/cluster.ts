import type { PartitionTable } from "logcaster-model/partitions";
import { formCluster, join } from "../../dataplane/migrate/cluster-form";
import { Connection } from "../../dataplane/router";
import { type RedisKind, type RedisOptions, type RedisServer, startServer } from "./redis";

const AGREE_TIMEOUT_MS = 30_000;

/** What a test cluster looks like. */
export interface ClusterOptions extends RedisOptions {
    /** @default 3 */
    readonly primaries?: number;
    /** Replicas of each primary. @default 0 */
    readonly replicas?: number;
    /** Nodes that join without slots. @default 0 */
    readonly spare?: number;
}

/** A real cluster on loopback; primaries first, then replicas, then spare nodes. */
export interface TestCluster {
    readonly servers: readonly RedisServer[];
    /** shard-0, shard-1, ...: the primaries. */
    readonly table: PartitionTable;
    /** A connection to each server, in order. */
    readonly connections: readonly Connection[];
    /** Ends everything. */
    dispose(): Promise<void>;
}

/** Starts servers and forms a cluster of them; returns once every node says it is whole. */
export async function startCluster(
    kind: RedisKind,
    options: ClusterOptions = {},
): Promise<TestCluster> {
    const { primaries = 3, replicas = 0, spare = 0, ...server } = options;
    const count = primaries * (1 + replicas) + spare;
    const servers = await Promise.all(
        Array.from({ length: count }, () => startServer(kind, { ...server, cluster: true })),
    );
    const connections = servers.map(({ url }) => new Connection({ url }));
    const serving = connections.slice(0, count - spare);
    const table = await formCluster(serving, { replicas, timeoutMs: AGREE_TIMEOUT_MS });
    if (spare > 0) await join(connections, AGREE_TIMEOUT_MS);
    return {
        servers,
        table,
        connections,
        async dispose() {
            for (const connection of connections) connection.close();
            await Promise.all(servers.map((one) => one.dispose()));
        },
    };
}
