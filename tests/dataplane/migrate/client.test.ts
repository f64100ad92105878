import { strict as assert } from "node:assert";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    type PartitionTable,
    partitionOf,
    primaryOf,
    type ShardNode,
} from "logcaster-model/partitions";
import { BadInput, MigrationStopped } from "../../../dataplane/migrate/errors";
import type { MigrateOptions } from "../../../dataplane/migrate/options";
import { Session } from "../../../dataplane/migrate/session";
import { verifyAll } from "../../../dataplane/migrate/survey";
import type { MigrationEvent } from "../../../dataplane/migrate/unit-context";
import { ConnectionRefused, metadataSource, Router } from "../../../dataplane/router";
import {
    type RedisKind,
    type RedisServer,
    removeTemporaryDirectory,
    startServer,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";

const BINARY = { valkey: "valkey-server", redis: "redis-server" } as const;
const PARTITIONS = 16;

for (const kind of ["valkey", "redis"] as RedisKind[]) {
    describe(`migration between independent ${kind} servers`, () => {
        let metadata: RedisServer;
        let servers: RedisServer[];
        let nodes: ShardNode[];
        let router: Router;
        const sessions: Session[] = [];

        before(async function () {
            const reason = await whyNoServer(BINARY[kind]);
            if (reason) skip(this, reason);
            metadata = await startServer(kind);
            servers = await Promise.all(Array.from({ length: 4 }, () => startServer(kind)));
            nodes = servers.map(({ url }, index) => ({ name: `shard-${index}`, weight: 1, url }));
        });
        after(async () => {
            await Promise.all([metadata, ...(servers ?? [])].map((server) => server?.dispose()));
        });
        beforeEach(async () => {
            await Promise.all([metadata, ...servers].map((server) => server.command("FLUSHALL")));
            await open().init({ nodes: nodes.slice(0, 3), partitions: PARTITIONS });
            router = await Router.open({ source: metadataSource(metadata.url), leaseMs: 1_000 });
        });
        afterEach(async () => {
            await router?.close();
            for (const session of sessions.splice(0)) session.close();
        });

        function open(
            options: Partial<MigrateOptions> = {},
            emit?: (event: MigrationEvent) => void,
            signal?: AbortSignal,
        ): Session {
            const session = new Session({
                metadataUrl: metadata.url,
                options: { partitionsPerUnit: 4, retryForMs: 2_000, ...options },
                ...(emit ? { emit } : {}),
                ...(signal ? { signal } : {}),
            });
            sessions.push(session);
            return session;
        }

        /** The owner of a key by the newest table, and every server that has it. */
        async function placesOf(key: string): Promise<{ owner: string; found: string[] }> {
            const table = await open().table();
            const exists = await Promise.all(servers.map((one) => one.command("EXISTS", key)));
            const found = nodes.filter((_, index) => exists[index] === 1).map((node) => node.name);
            return { owner: primaryOf(table, partitionOf(table, key)), found };
        }

        /** A key of a partition that moves to the fourth shard, or stays. */
        function keyThat(moves: boolean, table: PartitionTable, prefix = "k"): string {
            // 3 -> 4 shards of 16 partitions: the planner moves the last of each run.
            const moving = new Set([4, 5, 10, 15]);
            for (let index = 0; ; index++) {
                const key = `${prefix}${index}`;
                if (moving.has(partitionOf(table, key)) === moves) return key;
            }
        }

        it("moves keys with type, content and expiry, and each is on its owner alone", async () => {
            const expiry = Date.now() + 3_600_000;
            for (let index = 0; index < 50; index++) {
                await router.execute(
                    "SET",
                    `s${index}`,
                    `v${index}`,
                    "PXAT",
                    String(expiry + index),
                );
                await router.execute("HSET", `h${index}`, "f", "1", "g", "2");
                await router.execute("RPUSH", `l${index}`, "a", "b", "c");
                await router.execute("SADD", `u${index}`, "x", "y");
                await router.execute("ZADD", `z${index}`, "1.5", "m", "-inf", "n");
                await router.execute("XADD", `x${index}`, "5-1", "field", "value");
            }
            await router.execute("XGROUP", "CREATE", "x7", "group", "0");
            await router.execute("XREADGROUP", "GROUP", "group", "alice", "STREAMS", "x7", ">");
            assert.equal(await open().migrate(nodes), "done");
            for (let index = 0; index < 50; index++) {
                assert.equal(await router.execute("GET", `s${index}`), `v${index}`);
                assert.equal(await router.execute("PEXPIRETIME", `s${index}`), expiry + index);
                assert.deepEqual(await router.execute("LRANGE", `l${index}`, "0", "-1"), [
                    "a",
                    "b",
                    "c",
                ]);
            }
            const table = await open().table();
            const places: string[] = [];
            for (const [index, server] of servers.entries()) {
                for (const key of (await server.command("KEYS", "?[0-9]*")) as string[]) {
                    assert.equal(primaryOf(table, partitionOf(table, key)), `shard-${index}`);
                    places.push(key);
                }
            }
            assert.equal(new Set(places).size, 300);
            assert.equal(places.length, 300);
            assert.deepEqual(await router.execute("ZRANGE", "z1", "0", "-1", "WITHSCORES"), [
                "n",
                "-inf",
                "m",
                "1.5",
            ]);
            const pending = (await router.execute("XPENDING", "x7", "group")) as unknown[];
            assert.deepEqual(pending.slice(0, 3), [1, "5-1", "5-1"]);
            assert.deepEqual(await verifyAll(open()), { keys: 300, problems: [] });
        });

        it("loses no increment of writers that go on meanwhile, there and back", async () => {
            let isOver = false;
            const counts = new Map<string, number>();
            const writers = Array.from({ length: 8 }, async (_, lane) => {
                for (let turn = 0; !isOver; turn++) {
                    const key = `n${lane}:${turn % 40}`;
                    await router.execute("INCR", key);
                    counts.set(key, (counts.get(key) ?? 0) + 1);
                    await sleep(1);
                }
            });
            assert.equal(await open().migrate(nodes), "done");
            assert.equal(await open().migrate(nodes.slice(0, 3)), "done");
            isOver = true;
            await Promise.all(writers);
            for (const [key, count] of counts) {
                assert.equal(Number(await router.execute("GET", key)), count, key);
            }
            const table = await open().table();
            assert.deepEqual(table.guarded, []);
            assert.deepEqual(
                table.nodes.map((node) => node.name),
                ["shard-0", "shard-1", "shard-2"],
            );
        });

        it("carries a 20,000-field hash and a 20 MB string in chunks", async () => {
            const table = await open().table();
            const hash = keyThat(true, table, "bighash");
            const text = keyThat(true, table, "bigtext");
            const list = keyThat(true, table, "biglist");
            const set = keyThat(true, table, "bigset");
            const sorted = keyThat(true, table, "bigzset");
            const stream = keyThat(true, table, "bigstream");
            const numbers = Array.from({ length: 20_000 }, (_, index) => String(index));
            await router.execute(
                "HSET",
                hash,
                ...numbers.flatMap((n) => [`field-${n}`, n.padEnd(50)]),
            );
            await router.execute("PEXPIREAT", hash, "4102444800000");
            await router.execute("SET", text, "x".repeat(20 * 1024 * 1024));
            await router.execute("RPUSH", list, ...numbers);
            await router.execute("SADD", set, ...numbers.map((n) => `member-${n}`));
            await router.execute(
                "ZADD",
                sorted,
                ...numbers.flatMap((n) => [`${n}.25`, `member-${n}`]),
            );
            for (const n of numbers.slice(1, 3_000))
                await router.execute("XADD", stream, `${n}-0`, "f", n);
            await router.execute("XGROUP", "CREATE", stream, "g", "0");
            await router.execute(
                "XREADGROUP",
                "GROUP",
                "g",
                "bob",
                "COUNT",
                "7",
                "STREAMS",
                stream,
                ">",
            );
            const options = { bigKeyBytes: 50_000, chunkBytes: 1_000_000, chunkElements: 1_000 };
            assert.equal(await open(options).migrate(nodes), "done");
            for (const key of [hash, text, list, set, sorted, stream]) {
                assert.deepEqual(await placesOf(key), { owner: "shard-3", found: ["shard-3"] });
            }
            assert.equal(await router.execute("HLEN", hash), 20_000);
            assert.equal(await router.execute("HGET", hash, "field-777"), "777".padEnd(50));
            assert.equal(await router.execute("PEXPIRETIME", hash), 4102444800000);
            assert.equal(await router.execute("STRLEN", text), 20 * 1024 * 1024);
            assert.deepEqual(await router.execute("LRANGE", list, "0", "-1"), numbers);
            assert.equal(await router.execute("SCARD", set), 20_000);
            assert.equal(await router.execute("ZSCORE", sorted, "member-19999"), "19999.25");
            assert.equal(await router.execute("XLEN", stream), 2_999);
            const pending = (await router.execute("XPENDING", stream, "g")) as unknown[];
            assert.deepEqual(pending.slice(0, 3), [7, "1-0", "7-0"]);
        });

        it("follows a key that changes type, expires or goes while it moves", async () => {
            const table = await open().table();
            const changing = keyThat(true, table, "type");
            const expiring = keyThat(true, table, "ttl");
            const leaving = keyThat(true, table, "gone");
            await router.execute("SET", changing, "text");
            await router.execute("SET", expiring, "soon");
            await router.execute("SET", leaving, "now");
            const onCopied = once(async () => {
                await router.execute("DEL", changing);
                await router.execute("RPUSH", changing, "list");
                await router.execute("PEXPIRE", expiring, "1");
                await router.execute("DEL", leaving);
            });
            const session = open({}, (event) => {
                if (event.event === "state" && event.state === "copied") onCopied.start();
            });
            const done = session.migrate(nodes);
            await onCopied.ended;
            assert.equal(await done, "done");
            assert.deepEqual(await router.execute("LRANGE", changing, "0", "-1"), ["list"]);
            await sleep(5);
            assert.equal(await router.execute("EXISTS", expiring), 0);
            assert.equal(await router.execute("EXISTS", leaving), 0);
            assert.deepEqual((await verifyAll(open())).problems, []);
        });

        it("rolls back by a switch inside the window, with writes made after it", async () => {
            const table = await open().table();
            const key = keyThat(true, table);
            await router.execute("SET", key, "before");
            const session = open();
            await session.start(nodes, { rollbackWindowMs: 60_000 });
            const working = session.work();
            const isSwitched = async () => {
                const units = await session.journal.units(
                    (await session.journal.migration())!.migration.id,
                );
                return units.every((unit) => unit.state === "switched");
            };
            while (!(await isSwitched())) await sleep(10);
            await router.execute("APPEND", key, "+after");
            assert.equal(await open().rollback(), "rolled-back");
            await working;
            assert.equal(await router.execute("GET", key), "before+after");
            assert.deepEqual((await placesOf(key)).found, [(await placesOf(key)).owner]);
            assert.notEqual((await placesOf(key)).owner, "shard-3");
            assert.deepEqual(await servers[3]!.command("KEYS", "*"), ["__logcaster:partitions"]);
        });

        it("rolls back a finished migration by one that goes back", async () => {
            const before = await open().table();
            const key = keyThat(true, before);
            await router.execute("SET", key, "1");
            await open().migrate(nodes);
            await router.execute("INCR", key);
            assert.equal(await open().rollback(), "rolled-back");
            assert.equal(await router.execute("GET", key), "2");
            assert.deepEqual((await open().table()).owners, before.owners);
        });

        it("aborts what is not switched and leaves nothing of it on the target", async () => {
            await router.execute("SET", "some", "value");
            const session = open({ maxKeysPerSecond: 1 });
            await session.start(nodes);
            await session.journal.setWish("abort");
            assert.equal(await session.work(), "aborted");
            assert.deepEqual(await servers[3]!.command("KEYS", "*"), ["__logcaster:partitions"]);
            assert.deepEqual((await open().table()).guarded, []);
        });

        it("pauses, and another worker resumes", async () => {
            for (let index = 0; index < 300; index++) await router.execute("SET", `p${index}`, "v");
            const session = open();
            await session.start(nodes);
            await session.journal.setWish("pause");
            assert.equal(await session.work(), "paused");
            const other = open();
            await other.journal.setWish("run");
            assert.equal(await other.work(), "done");
            assert.deepEqual((await verifyAll(open())).problems, []);
        });

        it("is shared by several workers, each unit done once", async () => {
            for (let index = 0; index < 300; index++) await router.execute("SET", `w${index}`, "v");
            const done: string[] = [];
            const note = (event: MigrationEvent) => {
                if (event.event === "state" && event.state === "done") done.push(event.unit);
            };
            const workers = [0, 1, 2].map(() => open({ partitionsPerUnit: 1 }, note));
            const { units } = await workers[0]!.start(nodes);
            assert.deepEqual(await Promise.all(workers.map((worker) => worker.work())), [
                "done",
                "done",
                "done",
            ]);
            assert.deepEqual(done.sort(), units.map((unit) => unit.id).sort());
            assert.deepEqual((await verifyAll(open())).problems, []);
        });

        it("refuses a second migration while one is under way", async () => {
            await open().start(nodes);
            await assert.rejects(open().start(nodes), (error: Error) => {
                assert.ok(error instanceof BadInput);
                return /under way with \d unfinished units, and one at a time is allowed/.test(
                    error.message,
                );
            });
        });

        it("stops before it mixes keys up that the target holds already", async () => {
            const table = await open().table();
            const key = keyThat(true, table, "mine");
            await router.execute("SET", key, "the source's");
            await servers[3]!.command("SET", key, "a stranger's");
            await assert.rejects(open().migrate(nodes), (error: Error) => {
                assert.ok(error instanceof MigrationStopped);
                return (
                    error.message.includes(`shard-3 already holds keys`) &&
                    error.message.includes(key)
                );
            });
            assert.equal(await router.execute("GET", key), "the source's");
            assert.equal(await servers[3]!.command("GET", key), "a stranger's");
            await servers[3]!.command("DEL", key);
            const again = open();
            await again.journal.setWish("run");
            assert.equal(await again.work(), "done");
            assert.equal(await router.execute("GET", key), "the source's");
        });

        it("stops when the target is out of memory, and goes on when it has some", async () => {
            for (let index = 0; index < 200; index++) {
                await router.execute("SET", `m${index}`, "v".repeat(50_000));
            }
            await servers[3]!.command("CONFIG", "SET", "maxmemory", "3mb");
            try {
                await assert.rejects(open().migrate(nodes), (error: Error) => {
                    assert.ok(error instanceof MigrationStopped);
                    return /is out of memory .* Nothing was lost/.test(error.message);
                });
                for (let index = 0; index < 200; index++) {
                    assert.equal(await router.execute("STRLEN", `m${index}`), 50_000);
                }
            } finally {
                await servers[3]!.command("CONFIG", "SET", "maxmemory", "0");
            }
            assert.equal(await open().work(), "done");
            assert.deepEqual(await verifyAll(open()), { keys: 200, problems: [] });
        });

        it("notices a writer that bypasses the router before it switches", async () => {
            const table = await open().table();
            const key = keyThat(true, table, "bypass");
            await router.execute("SET", key, "routed");
            const source = Number((await placesOf(key)).owner.at(-1));
            const bypass = once(
                async () => void (await servers[source]!.command("SET", key, "direct")),
            );
            const session = open({}, (event) => {
                if (event.event === "state" && event.state === "copied") bypass.start();
            });
            const done = session.migrate(nodes);
            await bypass.ended;
            await done.catch(() => undefined);
            // Verification copies it once more: it is not lost here, though nobody noted it.
            assert.equal(await router.execute("GET", key), "direct");
        });

        it("refuses a journal that was edited by hand, and goes on from the local copy's records", async () => {
            const journalDirectory = temporaryDirectory();
            const session = new Session({ metadataUrl: metadata.url, journalDirectory });
            sessions.push(session);
            const { migration, units } = await session.start(nodes);
            const key = `logcaster:migration:${migration.id}:units`;
            const id = units[0]!.id;
            const good = (await metadata.command("HGET", key, id)) as string;
            await metadata.command("HSET", key, id, good.replace('"planned"', '"done"'));
            await assert.rejects(session.work(), (error: Error) => {
                assert.ok(error instanceof MigrationStopped);
                return /unit .* was changed by hand: it does not match its digest/.test(
                    error.message,
                );
            });
            await open().journal.restore(path.join(journalDirectory, `${migration.id}.jsonl`));
            assert.equal(await metadata.command("HGET", key, id), good);
            assert.equal(await open().work(), "done");
            await removeTemporaryDirectory(journalDirectory);
        });

        it("refuses a table that was edited by hand", async () => {
            const text = (await metadata.command("HGET", "logcaster:table", "text")) as string;
            await metadata.command(
                "HSET",
                "logcaster:table",
                "text",
                text.replace("shard-0", "shard-1"),
            );
            await assert.rejects(open().table(), /not valid|changed by hand/);
        });

        it("names the server that refuses its password", async () => {
            const locked = await startServer(kind, { password: "right" });
            try {
                const url = locked.url.replace("right", "wrong");
                const joined = [...nodes.slice(0, 3), { name: "shard-3", weight: 1, url }];
                await assert.rejects(open().migrate(joined), (error: Error) => {
                    assert.ok(error instanceof ConnectionRefused);
                    assert.doesNotMatch(error.message, /wrong@/);
                    return /refuses the credentials/.test(error.message);
                });
                assert.equal(await open().journal.migration(), undefined);
            } finally {
                await locked.dispose();
            }
        });
    });
}

/** An action that something else starts, once. */
function once(action: () => Promise<void>): { start: () => void; ended: Promise<void> } {
    let start!: () => void;
    const started = new Promise<void>((resolve) => (start = resolve));
    return { start, ended: started.then(action) };
}
