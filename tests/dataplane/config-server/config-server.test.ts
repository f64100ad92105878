import { strict as assert } from "node:assert";
import * as path from "node:path";
import {
    initialTable,
    nextTable,
    type PartitionTable,
    tableText,
} from "logcaster-model/partitions";
import { type ConfigServer, startConfigServer } from "../../../dataplane/config-server/server";
import { configServerSource, Router } from "../../../dataplane/router";
import {
    removeTemporaryDirectory,
    type RedisServer,
    startValkey,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";

const TOKEN = "a-token-of-the-test";

describe("logcaster config-server", () => {
    let metadata: RedisServer;
    let shard: RedisServer;
    let server: ConfigServer;
    let directory: string;
    let table: PartitionTable;

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        metadata = await startValkey({ appendFsync: "always" });
        shard = await startValkey();
        directory = temporaryDirectory();
        const nodes = [{ name: "shard-0", weight: 1, url: shard.url }];
        table = initialTable({ nodes, partitions: 16 });
    });
    after(async () => {
        await Promise.all([metadata?.dispose(), shard?.dispose()]);
        if (directory) await removeTemporaryDirectory(directory);
    });
    beforeEach(async () => {
        if (!metadata.process.isRunning) await metadata.restart();
        await metadata.command("FLUSHALL");
        server = await start("cache.json");
    });
    afterEach(() => server?.close());

    function start(cache: string): Promise<ConfigServer> {
        return startConfigServer({
            metadataUrl: metadata.url,
            token: TOKEN,
            host: "127.0.0.1",
            port: 0,
            cacheFile: path.join(directory, `${metadata.port}-${Math.random()}-${cache}`),
        });
    }

    function api(method: string, suffix = "", headers: Record<string, string> = {}, body?: object) {
        return fetch(`http://127.0.0.1:${server.port}/api/shards${suffix}`, {
            method,
            headers: { authorization: `Bearer ${TOKEN}`, ...headers },
            ...(body ? { body: JSON.stringify(body) } : {}),
        });
    }

    it("takes the first table and serves it with its epoch as ETag", async () => {
        assert.equal((await api("GET")).status, 404);
        const put = await api("PUT", "", { "if-match": '"0"' }, table);
        assert.equal(put.status, 200);
        const got = await api("GET");
        assert.equal(got.headers.get("etag"), '"1"');
        assert.equal(await got.text(), tableText(table));
        assert.equal((await api("GET", "", { "if-none-match": '"1"' })).status, 304);
    });

    it("answers 412 to the second of two changes of one epoch, and changes nothing", async () => {
        await api("PUT", "", { "if-match": '"0"' }, table);
        const guarded = (partition: number) => nextTable(table, { guarded: [partition] });
        const [first, second] = await Promise.all([
            api("PUT", "", { "if-match": '"1"' }, guarded(1)),
            api("PUT", "", { "if-match": '"1"' }, guarded(2)),
        ]);
        assert.deepEqual([first.status, second.status].sort(), [200, 412]);
        const winner = first.status === 200 ? 1 : 2;
        const now = (await (await api("GET")).json()) as PartitionTable;
        assert.deepEqual(now.guarded, [winner]);
        assert.equal(now.epoch, 2);
    });

    it("holds a watch until the epoch has passed", async () => {
        await api("PUT", "", { "if-match": '"0"' }, table);
        let isAnswered = false;
        const watch = api("GET", "?watch=1").then(async (response) => {
            isAnswered = true;
            return (await response.json()) as PartitionTable;
        });
        await api("GET");
        assert.equal(isAnswered, false);
        await api("PUT", "", { "if-match": '"1"' }, nextTable(table, { guarded: [5] }));
        assert.equal((await watch).epoch, 2);
    });

    it("wants the token for everything below /api", async () => {
        for (const authorization of ["", "Bearer wrong", `Basic ${TOKEN}`]) {
            const response = await api("GET", "", { authorization });
            assert.equal(response.status, 401);
            assert.equal(response.headers.get("www-authenticate"), "Bearer");
        }
        assert.equal((await fetch(`http://127.0.0.1:${server.port}/health`)).status, 503);
    });

    it("refuses what is no table, no JSON, has no epoch or another number of partitions", async () => {
        await api("PUT", "", { "if-match": '"0"' }, table);
        assert.equal((await api("PUT", "", {}, table)).status, 428);
        assert.equal((await api("PUT", "", { "if-match": '"1"' }, { mode: "client" })).status, 400);
        const bigger = initialTable({ nodes: table.nodes, partitions: 32 });
        const fixed = await api("PUT", "", { "if-match": '"1"' }, bigger);
        assert.equal(fixed.status, 400);
        assert.match(await fixed.text(), /16 partitions, fixed at its creation; 32 given/);
        assert.equal((await api("DELETE")).status, 405);
    });

    it("serves the last good table while the store is away, refuses changes, and recovers", async () => {
        await api("PUT", "", { "if-match": '"0"' }, table);
        await metadata.kill();
        const got = await api("GET");
        assert.equal(got.status, 200);
        assert.equal(await got.text(), tableText(table));
        const change = nextTable(table, { guarded: [3] });
        assert.equal((await api("PUT", "", { "if-match": '"1"' }, change)).status, 503);
        assert.match(await metrics(), /^logcaster_metadata_up 0$/m);
        await metadata.restart();
        assert.equal((await api("PUT", "", { "if-match": '"1"' }, change)).status, 200);
        assert.match(await metrics(), /^logcaster_table_epoch 2$/m);
    });

    it("survives its own restart, even while the store is away", async () => {
        await server.close();
        const options = {
            metadataUrl: metadata.url,
            token: TOKEN,
            host: "127.0.0.1",
            port: 0,
            cacheFile: path.join(directory, "kept.json"),
        };
        server = await startConfigServer(options);
        await api("PUT", "", { "if-match": '"0"' }, table);
        await server.close();
        await metadata.kill();
        server = await startConfigServer(options);
        assert.equal(await (await api("GET")).text(), tableText(table));
    });

    it("gives routers their table and their lease", async () => {
        await api("PUT", "", { "if-match": '"0"' }, table);
        const url = `http://127.0.0.1:${server.port}`;
        const router = await Router.open({ source: configServerSource(url, TOKEN) });
        assert.equal(await router.execute("SET", "k", "v"), "OK");
        assert.deepEqual(await metadata.command("ZRANGE", "logcaster:routers", "0", "-1"), [
            router.id,
        ]);
        await router.close();
        assert.equal(await metadata.command("ZCARD", "logcaster:routers"), 0);
    });

    async function metrics(): Promise<string> {
        return (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    }
});
