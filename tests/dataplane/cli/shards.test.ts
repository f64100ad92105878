import { strict as assert } from "node:assert";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";
import { partitionOf, type PartitionTable } from "logcaster-model/partitions";
import { metadataSource, Router } from "../../../dataplane/router";
import {
    freeNodePorts,
    freePort,
    removeTemporaryDirectory,
    type RedisServer,
    serverBinary,
    startValkey,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { logcaster, type Run } from "./logcaster";

const KEYS = 500;

describe("logcaster shards, as an operator types it", function () {
    this.timeout(180_000);
    let metadata: RedisServer;
    let servers: RedisServer[];
    let directory: string;

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        directory = temporaryDirectory();
        metadata = await startValkey();
        servers = await Promise.all(Array.from({ length: 4 }, () => startValkey()));
    });
    after(async () => {
        await Promise.all([metadata, ...(servers ?? [])].map((server) => server?.dispose()));
        if (directory) await removeTemporaryDirectory(directory);
    });

    function shards(...args: string[]): Promise<Run> {
        const env = { LOGCASTER_METADATA_URL: metadata.url };
        return logcaster(["shards", ...args, "--journal", directory], env);
    }

    it("init, show, plan, migrate, status, verify and rollback reshard live servers", async () => {
        const named = servers.slice(0, 3).flatMap(({ url }, i) => ["--shard", `shard-${i}=${url}`]);
        assert.equal((await shards("init", ...named)).code, 0);
        const again = await shards("init", ...named);
        assert.equal(again.code, 2);
        assert.match(again.stderr, /has a partition table already/);
        const router = await Router.open({ source: metadataSource(metadata.url) });
        for (let index = 0; index < KEYS; index++) await router.execute("SET", `k${index}`, "v");

        const add = ["--add", `shard-3=${servers[3]!.url}`];
        const planned = await logcaster(["shards", "plan", "--json", ...add], {
            LOGCASTER_METADATA_URL: metadata.url,
        });
        const plan = JSON.parse(planned.stdout) as { moves: unknown[]; estimate: { keys: number } };
        assert.equal(plan.moves.length, 32);
        assert.ok(plan.estimate.keys > 0);

        const migrated = await shards("migrate", "--json", ...add);
        assert.equal(migrated.code, 0, migrated.stderr);
        const events = migrated.stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { event: string });
        assert.deepEqual(events.at(-1), { event: "finished", outcome: "done" });
        assert.ok(events.some((event) => event.event === "progress"));
        assert.match((await shards("show")).stdout, /shard-3 +- +1 +32 +32-42,75-85,118-127/);
        assert.match((await shards("status")).stdout, /, client, wish run\n(.*\n)+.* done /);
        const verified = await shards("verify", "--json");
        assert.deepEqual(JSON.parse(verified.stdout), { keys: KEYS, problems: [] });

        const back = await shards("rollback");
        assert.equal(back.code, 0, back.stderr);
        const table = JSON.parse((await shards("show", "--json")).stdout) as PartitionTable;
        assert.deepEqual(
            table.nodes.map((node) => node.name),
            ["shard-0", "shard-1", "shard-2"],
        );
        for (let index = 0; index < KEYS; index++) {
            assert.equal(await router.execute("GET", `k${index}`), "v");
        }
        await router.close();
        const journals = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
        assert.equal(journals.length, 2);
    });

    it("puts a lost journal back from the local copy and goes on", async () => {
        const add = ["--add", `shard-3=${servers[3]!.url}`];
        const started = await shards("migrate", "--start-only", "--json", ...add);
        const { id } = JSON.parse(started.stdout) as { id: string };
        await metadata.command("DEL", "logcaster:migration", `logcaster:migration:${id}:units`);
        assert.equal((await shards("resume")).code, 2);
        const file = path.join(directory, `${id}.jsonl`);
        assert.ok(readFileSync(file, "utf8").includes('"planned"'));
        const resumed = await shards("resume", "--from-journal", file);
        assert.equal(resumed.code, 0, resumed.stderr);
        assert.equal((await shards("verify")).code, 0);
    });

    it("starts no second migration, resumes a paused one and aborts an open one", async () => {
        const before = (await shards("show", "--json")).stdout;
        const remove = ["migrate", "--remove", "shard-3"];
        assert.equal((await shards(...remove, "--start-only")).code, 0);
        const second = await shards(...remove);
        assert.equal(second.code, 2);
        assert.match(second.stderr, /unfinished units, and one at a time is allowed/);
        const paused = await shards("pause");
        assert.equal(paused.code, 0, paused.stderr);
        assert.match(paused.stdout, /^Migration \S+ pauses\.\n$/);
        assert.match((await shards("status")).stdout, /, client, wish pause\n/);
        const aborted = await shards("abort", "--json");
        assert.equal(aborted.code, 0, aborted.stderr);
        assert.match(aborted.stdout, /\n\{"event":"finished","outcome":"aborted"\}\n$/);
        const { owners } = JSON.parse(before) as PartitionTable;
        const after = JSON.parse((await shards("show", "--json")).stdout) as PartitionTable;
        assert.deepEqual(after.owners, owners);
        assert.equal((await shards("abort")).code, 2);

        assert.equal((await shards(...remove, "--start-only")).code, 0);
        assert.equal((await shards("pause")).code, 0);
        const resumed = await shards("resume");
        assert.equal(resumed.code, 0, resumed.stderr);
        assert.match(resumed.stdout, /: done\nMigration done\.\n$/);
        assert.doesNotMatch((await shards("show")).stdout, /shard-3/);
        const verified = await shards("verify");
        assert.equal(verified.stdout, `${KEYS} keys, all where they belong.\n`, verified.stderr);
    });

    it("exits 1 while the target holds keys of what comes to it, moving none", async () => {
        const table = JSON.parse((await shards("show", "--json")).stdout) as PartitionTable;
        // Partition 127 is the last of those that a fourth shard takes.
        const key = Array.from({ length: 10_000 }, (_, index) => `stranger${index}`).find(
            (name) => partitionOf(table, name) === 127,
        )!;
        await servers[3]!.command("SET", key, "a stranger's");
        const stopped = await shards("migrate", "--add", `shard-3=${servers[3]!.url}`);
        assert.equal(stopped.code, 1);
        assert.match(stopped.stderr, new RegExp(`shard-3 already holds keys.*${key}`));
        assert.equal(await servers[3]!.command("GET", key), "a stranger's");
        await servers[3]!.command("DEL", key);
        assert.equal((await shards("resume")).code, 0);
        assert.equal((await shards("verify")).code, 0);
    });

    it("exits 2 for a wrong password, a missing migration and a shard that cannot leave", async () => {
        const locked = await startValkey({ password: "right" });
        const wrong = await logcaster([
            "shards",
            "show",
            "--metadata",
            locked.url.replace("right", "wrong"),
        ]);
        await locked.dispose();
        assert.equal(wrong.code, 2);
        assert.match(wrong.stderr, /refuses the credentials/);
        assert.doesNotMatch(wrong.stderr, /wrong@/);
        assert.match(
            (await shards("migrate", "--remove", "shard-9")).stderr,
            /shard-9 cannot leave/,
        );
        assert.equal((await shards("pause")).code, 2);
    });

    it("exits 1 when the metadata store is away, saying which", async () => {
        const port = await freePort();
        const { code, stderr } = await logcaster([
            "shards",
            "show",
            "--metadata",
            `redis://127.0.0.1:${port}`,
        ]);
        assert.equal(code, 1);
        assert.ok(stderr.includes(`redis://127.0.0.1:${port}`));
        assert.match(stderr, /Is it running/);
    });
});

describe("logcaster cluster", function () {
    this.timeout(180_000);

    it("refuses ports that are taken, a node's or its bus', before anything is made", async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        const server = await serverBinary("valkey-server");
        const directory = temporaryDirectory();
        const port = await freeNodePorts(6);
        const taken = [port + 1, port + 10_004];
        const holders = taken.map((at) => createServer().listen(at, "127.0.0.1"));
        try {
            await Promise.all(holders.map((holder) => once(holder, "listening")));
            const refused = await logcaster([
                ...["cluster", "create", "--dir", directory],
                ...["--port", String(port), "--server", server.path],
            ]);
            assert.equal(refused.code, 2);
            assert.match(
                refused.stderr,
                new RegExp(`In use on this machine: ${taken.join(", ")}\\.`),
            );
            assert.deepEqual(readdirSync(directory), []);
        } finally {
            for (const holder of holders) holder.close();
            await removeTemporaryDirectory(directory);
        }
    });

    it("creates six nodes with a directory each, stops them cleanly and starts them again whole", async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        const server = await serverBinary("valkey-server");
        const directory = temporaryDirectory();
        const dir = ["--dir", directory];
        const firstPort = await freeNodePorts(6);
        try {
            const create = [
                "cluster",
                "create",
                ...dir,
                "--port",
                String(firstPort),
                "--server",
                server.path,
            ];
            const created = await logcaster([...create, "--password", 'sec"ret', "--json"]);
            assert.equal(created.code, 0, created.stderr);
            const { table } = JSON.parse(created.stdout) as { table: PartitionTable };
            assert.deepEqual(
                table.nodes.map((node) => node.replicas!.length),
                [1, 1, 1],
            );
            for (let index = 0; index < 6; index++) {
                assert.ok(
                    existsSync(path.join(directory, String(firstPort + index), "appendonlydir")),
                );
            }
            assert.match((await logcaster([...create])).stderr, /is there already/);
            assert.equal(
                (await logcaster(["cluster", "stop", ...dir])).stdout,
                "6 nodes stopped.\n",
            );
            assert.equal(
                (await logcaster(["cluster", "start", ...dir])).stdout,
                "6 nodes run and agree.\n",
            );
        } finally {
            await logcaster(["cluster", "stop", ...dir]);
            await removeTemporaryDirectory(directory);
        }
    });
});
