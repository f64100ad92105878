import { strict as assert } from "node:assert";
import { initialTable, nextTable, partitionOf } from "logcaster-model/partitions";
import {
    Connection,
    metadataSource,
    MetadataStore,
    OutcomeUnknown,
    PartitionFenced,
    Router,
    type TableSource,
} from "../../../dataplane/router";
import { dirtyKey, STATES_KEY } from "../../../dataplane/router/guard";
import { type RedisServer, startValkey, whyNoServer } from "../../servers";
import { skip } from "../../skip";

const PARTITIONS = 16;
const KEY = "user:1";

describe("router", () => {
    let metadata: RedisServer;
    let shards: RedisServer[];
    let store: MetadataStore;
    let router: Router;

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        [metadata, ...shards] = await Promise.all([startValkey(), startValkey(), startValkey()]);
        store = new MetadataStore(new Connection({ url: metadata.url }));
    });
    after(async () => {
        store?.connection.close();
        await Promise.all([metadata, ...(shards ?? [])].map((server) => server?.dispose()));
    });
    beforeEach(async () => {
        await Promise.all([metadata, ...shards].map((server) => server.command("FLUSHALL")));
        const nodes = shards.map(({ url }, index) => ({ name: `shard-${index}`, weight: 1, url }));
        await store.putTable(initialTable({ nodes, partitions: PARTITIONS }), 0);
    });
    afterEach(() => router?.close());

    async function open(source: TableSource = metadataSource(metadata.url)): Promise<Router> {
        return (router = await Router.open({ source, leaseMs: 500, maxWaitMs: 300 }));
    }

    /** Opens the router where the key's partition is guarded; the table is that before. */
    async function openGuarded() {
        await open();
        const table = (await store.readTable())!;
        const partition = partitionOf(table, KEY);
        await store.putTable(nextTable(table, { guarded: [partition] }), table.epoch);
        await router.refresh();
        return { table, partition };
    }

    async function owner(): Promise<number> {
        const table = (await store.readTable())!;
        return Number(table.owners[partitionOf(table, KEY)]![0]!.at(-1));
    }

    it("sends each key to the shard of its partition", async () => {
        await open();
        for (let index = 0; index < 100; index++) await router.execute("SET", `k${index}`, "v");
        const table = (await store.readTable())!;
        for (const [index, shard] of shards.entries()) {
            const keys = (await shard.command("KEYS", "*")) as string[];
            assert.ok(keys.length > 0);
            const owners = keys.map((key) => table.owners[partitionOf(table, key)]![0]);
            assert.deepEqual(new Set(owners), new Set([`shard-${index}`]));
        }
    });

    it("refuses keys of two partitions, reserved keys and blocking commands", async () => {
        await open();
        await assert.rejects(router.execute("MSET", "a", "1", "b", "2"), /keys of 2 partitions/);
        await assert.rejects(router.execute("SET", "__logcaster:x", "1"), /the data plane's own/);
        await assert.rejects(router.execute("BLPOP", "a", "0"), /blocks a shared connection/);
        await assert.rejects(router.execute("PING"), /names no key/);
        await assert.rejects(router.execute("NOSUCH", "a"), /do not know the command nosuch/);
    });

    it("gives a server's own error back, plain and guarded alike", async () => {
        await open();
        await router.execute("SET", KEY, "text");
        const message = "WRONGTYPE Operation against a key holding the wrong kind of value";
        await assert.rejects(router.execute("LPUSH", KEY, "x"), { message });
        const table = (await store.readTable())!;
        await store.putTable(nextTable(table, { guarded: [partitionOf(table, KEY)] }), table.epoch);
        await router.refresh();
        await assert.rejects(router.execute("LPUSH", KEY, "x"), { message });
    });

    it("notes a guarded partition's writes on the server while that captures, and no reads", async () => {
        const { partition } = await openGuarded();
        const server = shards[await owner()]!;
        await router.execute("SET", KEY, "1");
        assert.equal(await server.command("EXISTS", dirtyKey(partition)), 0);
        await server.command("HSET", STATES_KEY, String(partition), "capturing 7");
        await router.execute("GET", KEY);
        assert.equal(await server.command("EXISTS", dirtyKey(partition)), 0);
        await router.execute("INCR", KEY);
        assert.deepEqual(await server.command("SMEMBERS", dirtyKey(partition)), [KEY]);
    });

    it("writes nothing behind a fence, and goes on when it has run out", async () => {
        const { partition } = await openGuarded();
        const server = shards[await owner()]!;
        await server.command(
            "HSET",
            STATES_KEY,
            String(partition),
            `fenced 7 ${Date.now() + 60_000}`,
        );
        await assert.rejects(router.execute("SET", KEY, "no"), PartitionFenced);
        assert.equal(await server.command("EXISTS", KEY), 0);
        await server.command("HSET", STATES_KEY, String(partition), `fenced 7 ${Date.now() - 1}`);
        assert.equal(await router.execute("SET", KEY, "yes"), "OK");
        assert.deepEqual(await server.command("SMEMBERS", dirtyKey(partition)), [KEY]);
    });

    it("follows a server that sends it on before the table says so", async () => {
        const { partition } = await openGuarded();
        const from = await owner();
        const other = 1 - from;
        await shards[from]!.command("HSET", STATES_KEY, String(partition), `away 9 shard-${other}`);
        assert.equal(await router.execute("SET", KEY, "v"), "OK");
        assert.equal(await shards[other]!.command("GET", KEY), "v");
        assert.equal(await shards[from]!.command("EXISTS", KEY), 0);
    });

    it("notes writes of a partition that has just come, before the migrator can say so", async () => {
        const { partition } = await openGuarded();
        const from = await owner();
        // As the metadata store counts: more digits than Lua prints by itself.
        const generation = "1763825512345678";
        const target = shards[1 - from]!;
        const away = `away ${generation} shard-${1 - from}`;
        await shards[from]!.command("HSET", STATES_KEY, String(partition), away);
        await router.execute("SET", KEY, "v");
        assert.deepEqual(await target.command("SMEMBERS", dirtyKey(partition)), [KEY]);
        assert.equal(
            await target.command("HGET", STATES_KEY, String(partition)),
            `capturing ${generation}`,
        );
        // Once the migration has ended it stays ended, though the caller still comes that way.
        await target.command("HSET", STATES_KEY, String(partition), `open ${generation}`);
        await target.command("DEL", dirtyKey(partition));
        await router.execute("SET", KEY, "w");
        assert.equal(await target.command("EXISTS", dirtyKey(partition)), 0);
    });

    it("asks the server on every command once its lease has run out", async () => {
        // The store never renews: as if it were away.
        const source = metadataSource(metadata.url);
        await open({ ...source, renew: async (_router, epoch) => epoch });
        const partition = partitionOf((await store.readTable())!, KEY);
        const server = shards[await owner()]!;
        await server.command("HSET", STATES_KEY, String(partition), "capturing 7");
        const internals = router as unknown as { leaseEndsAt: number };
        await router.execute("SET", KEY, "plain");
        assert.equal(await server.command("EXISTS", dirtyKey(partition)), 0);
        internals.leaseEndsAt = 0;
        await router.execute("SET", KEY, "guarded");
        assert.deepEqual(await server.command("SMEMBERS", dirtyKey(partition)), [KEY]);
    });

    it("takes a new table over by itself, within its lease", async () => {
        await open();
        const table = (await store.readTable())!;
        await store.putTable(nextTable(table, { guarded: [1] }), table.epoch);
        while (router.epoch === table.epoch) await new Promise((resolve) => setTimeout(resolve, 5));
        while ((await store.routersBehind(table.epoch + 1)).length > 0) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        assert.deepEqual(await store.routersBehind(table.epoch + 1), []);
    });

    it("says that an outcome is unknown when the server goes while a command is under way", async () => {
        await open();
        const server = shards[await owner()]!;
        await router.execute("SET", KEY, "v");
        server.process.signal("SIGSTOP");
        const answer = assert.rejects(router.execute("SET", KEY, "w"), OutcomeUnknown);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await server.kill();
        await answer;
        await server.restart();
    });

    it("reads from a replica when asked to, and never writes there", async () => {
        const replica = await startValkey({
            config: { replicaof: `127.0.0.1 ${shards[0]!.port}` },
        });
        try {
            const nodes = [
                { name: "shard-0", weight: 1, url: shards[0]!.url, replicas: [replica.url] },
            ];
            const table = initialTable({ nodes, partitions: PARTITIONS });
            await store.putTable({ ...table, epoch: 2 }, 1);
            await open();
            await router.execute("SET", KEY, "v");
            const options = { replica: true };
            while ((await router.read(["GET", KEY], options)) !== "v") {
                await new Promise((resolve) => setTimeout(resolve, 10));
            }
            const before = await calls(replica);
            await router.read(["GET", KEY], options);
            assert.equal(await calls(replica), before + 1);
            await assert.rejects(router.read(["SET", KEY, "w"], options), /not on a replica/);
        } finally {
            await replica.dispose();
        }
    });
});

async function calls(server: RedisServer): Promise<number> {
    const stats = (await server.command("INFO", "commandstats")) as string;
    return Number(/cmdstat_get:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}
