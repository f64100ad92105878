import { strict as assert } from "node:assert";
import { type AddressInfo, createServer, type Server } from "node:net";
import { partitionOf, primaryOf, type ShardNode } from "logcaster-model/partitions";
import { BadInput, MigrationStopped } from "../../../dataplane/migrate/errors";
import type { MigrateOptions } from "../../../dataplane/migrate/options";
import { Session } from "../../../dataplane/migrate/session";
import { verifyAll } from "../../../dataplane/migrate/survey";
import {
    type RedisKind,
    type RedisServer,
    startCluster,
    startValkey,
    type TestCluster,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { logcaster } from "../cli/logcaster";

const KEYS = 60;
const VALUE_BYTES = 200_000;

for (const [kind, place] of [
    ["valkey", "native"],
    ["valkey", "legacy"],
    ["redis", "legacy"],
] as [RedisKind, string][]) {
    describe(`${place} migration to a ${kind} without memory`, function () {
        this.timeout(120_000);
        let cluster: TestCluster;
        let metadata: RedisServer;
        const sessions: Session[] = [];

        before(async function () {
            const reason = await whyNoServer(kind === "valkey" ? "valkey-server" : "redis-server");
            if (reason) skip(this, reason);
            metadata = await startValkey();
            cluster = await startCluster(kind, { primaries: 3, spare: 1 });
        });
        after(async () => {
            for (const session of sessions) session.close();
            await Promise.all([metadata?.dispose(), cluster?.dispose()]);
        });

        function open(options: Partial<MigrateOptions> = {}): Session {
            sessions.push(new Session({ metadataUrl: metadata.url, options }));
            return sessions.at(-1)!;
        }

        it("stops, says so, loses nothing, and goes on when there is some", async () => {
            const { table, connections, servers } = cluster;
            const nodes: ShardNode[] = servers.map(({ url }, index) => {
                return { name: `shard-${index}`, weight: 1, url };
            });
            const value = "v".repeat(VALUE_BYTES);
            for (let index = 0; index < KEYS; index++) {
                const owner = primaryOf(table, partitionOf(table, `m${index}`));
                await connections[Number(owner.at(-1))]!.call("SET", `m${index}`, value);
            }
            await open().putFirst(table);
            const target = connections[3]!;
            await target.call("CONFIG", "SET", "maxmemory", "3mb");
            const options = { retryForMs: 500 };
            const forceLegacy = place === "legacy";
            await assert.rejects(open(options).migrate(nodes, { forceLegacy }), (error: Error) => {
                assert.ok(error instanceof MigrationStopped, String(error));
                assert.match(error.message, /Nothing was lost/);
                assert.match(error.message, /`logcaster shards resume`/);
                assert.match(
                    error.message,
                    forceLegacy ? /is out of memory/ : /\(Ran out of memory/,
                );
                return true;
            });
            const counts = await Promise.all(connections.map((one) => one.call("DBSIZE")));
            assert.equal(
                counts.map(Number).reduce((sum, count) => sum + count),
                KEYS,
            );
            await target.call("CONFIG", "SET", "maxmemory", "0");
            assert.equal(await open().work(), "done");
            assert.deepEqual(await verifyAll(open()), { keys: KEYS, problems: [] });
        });
    });
}

describe("migration between independent servers", function () {
    this.timeout(60_000);
    let metadata: RedisServer;
    let shards: RedisServer[];
    const sessions: Session[] = [];

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        [metadata, ...shards] = (await Promise.all(
            Array.from({ length: 3 }, () => startValkey()),
        )) as [RedisServer, ...RedisServer[]];
    });
    after(async () => {
        for (const session of sessions) session.close();
        await Promise.all([metadata, ...(shards ?? [])].map((server) => server?.dispose()));
    });

    function open(): Session {
        sessions.push(new Session({ metadataUrl: metadata.url }));
        return sessions.at(-1)!;
    }

    it("refuses a server older than 7 before anything is done", async () => {
        const nodes = [{ name: "shard-0", weight: 1, url: shards[0]!.url }];
        await open().init({ nodes, partitions: 16 });
        const old = await oldServer();
        const url = `redis://127.0.0.1:${(old.address() as AddressInfo).port}`;
        try {
            const before = await open().table();
            await assert.rejects(
                open().migrate([...nodes, { name: "shard-1", weight: 1, url }]),
                (error: Error) => {
                    assert.ok(error instanceof BadInput);
                    assert.equal(
                        error.message,
                        `${url} runs 6.2.14: version 7 or newer is needed (PEXPIRETIME and RESTORE ` +
                            "with ABSTTL). Nothing was done.",
                    );
                    return true;
                },
            );
            assert.deepEqual(await open().table(), before);
            assert.equal(await open().journal.migration(), undefined);
        } finally {
            old.close();
        }
    });

    it("refuses a table with copies: second owners would get no data", async () => {
        const spare = await startValkey();
        const session = new Session({ metadataUrl: spare.url });
        try {
            const nodes = shards.map(({ url }, index) => ({
                name: `shard-${index}`,
                weight: 1,
                url,
            }));
            const table = await session.init({ nodes, partitions: 16, copies: 2 });
            await assert.rejects(session.migrate(nodes.slice(0, 1)), (error: Error) => {
                assert.ok(error instanceof BadInput);
                return /has 2 copies of each partition, and only 1 can be migrated/.test(
                    error.message,
                );
            });
            assert.deepEqual(await session.table(), table);
            assert.equal(await session.journal.migration(), undefined);
        } finally {
            session.close();
            await spare.dispose();
        }
    });

    it("tells of a writer that goes on writing to the old owner, past the router", async () => {
        const nodes = shards.map(({ url }, index) => ({ name: `shard-${index}`, weight: 1, url }));
        assert.equal(await open().migrate(nodes), "done");
        const table = await open().table();
        let key = "past0";
        for (let index = 0; primaryOf(table, partitionOf(table, key)) !== "shard-1"; index++) {
            key = `past${index}`;
        }
        await shards[0]!.command("SET", key, "lost to every router");
        const { code, stdout } = await logcaster(["shards", "verify", "--metadata", metadata.url]);
        assert.equal(code, 1);
        assert.equal(stdout, `shard-0 holds 1 keys of other shards ("${key}")\n`);
    });
});

/** Says that it is Redis 6.2.14, and OK to everything else. */
async function oldServer(): Promise<Server> {
    const info = "# Server\r\nredis_version:6.2.14\r\n";
    const server = createServer((socket) => {
        socket.on("data", (data) => {
            // Commands come one in a packet here: the client waits for each answer.
            const isInfo = data.toString().toUpperCase().includes("\r\nINFO\r\n");
            socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
        });
        socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
}
