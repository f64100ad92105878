import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import * as path from "node:path";
import { Session } from "../../../dataplane/migrate/session";
import {
    type RedisServer,
    removeTemporaryDirectory,
    startCluster,
    startValkey,
    temporaryDirectory,
    type TestCluster,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { ElastiCacheFake } from "../migrate/elasticache-fake";
import { logcaster, type Run } from "./logcaster";

// The fake answers the API; the slots it is asked to move are moved on a real Valkey cluster.
describe("logcaster shards migrate --elasticache, as an operator types it", function () {
    this.timeout(120_000);
    let cluster: TestCluster;
    let metadata: RedisServer;
    let layout: RedisServer;
    let mover: Session;
    let fake: ElastiCacheFake;
    let directory: string;

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        directory = temporaryDirectory();
        cluster = await startCluster("valkey", { primaries: 3, spare: 1 });
        [metadata, layout] = await Promise.all([startValkey(), startValkey()]);
        mover = new Session({ metadataUrl: layout.url });
        await mover.putFirst(cluster.table);
        // A table of ours beside the group: only for the command that wants one.
        const session = new Session({ metadataUrl: metadata.url });
        await session.putFirst(cluster.table).finally(() => session.close());
        const nodes = cluster.servers.map(({ url }, i) => ({ name: `shard-${i}`, weight: 1, url }));
        fake = new ElastiCacheFake("store", 3, async (count) => {
            await mover.migrate(nodes.slice(0, count));
        });
        await fake.start();
    });
    after(async () => {
        mover?.close();
        await fake?.stop();
        await Promise.all([cluster, metadata, layout].map((one) => one?.dispose()));
        if (directory) await removeTemporaryDirectory(directory);
    });

    function shards(...args: string[]): Promise<Run> {
        return logcaster(["shards", ...args, "--journal", directory], {
            LOGCASTER_METADATA_URL: metadata.url,
            AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test",
        });
    }

    function reshard(to: number, ...more: string[]): Promise<Run> {
        const where = ["--region", "us-east-1", "--endpoint-url", fake.url, "--poll-ms", "5"];
        const check = ["--config-endpoint", cluster.servers[0]!.url];
        const goal = ["--elasticache", "store", "--to", String(to)];
        return shards("migrate", ...goal, ...where, ...check, ...more);
    }

    async function assertRefused(...command: string[]): Promise<void> {
        const before = await metadata.command("GET", "logcaster:migration");
        const { code, stdout, stderr } = await shards(...command);
        assert.equal(code, 2, `${command.join(" ")}: ${stderr}`);
        assert.equal(stdout, "");
        assert.match(stderr, /is ElastiCache's: the service moves the slots by itself/);
        assert.match(stderr, /run the same `logcaster shards migrate --elasticache` again/);
        assert.equal(await metadata.command("GET", "logcaster:migration"), before);
    }

    it("wants the count and the endpoint", async () => {
        const { code, stderr } = await shards("migrate", "--elasticache", "store");
        assert.equal(code, 2);
        assert.match(stderr, /needs --to N .* and --config-endpoint URL/);
    });

    it("ends by 1 when its time is over, leaves all to the service, and goes on when called again", async () => {
        const stopped = await reshard(4, "--timeout-ms", "1");
        assert.equal(stopped.code, 1, stopped.stderr);
        assert.match(stopped.stderr, /run the same command again to follow it/);
        for (const command of ["pause", "resume", "abort", "rollback"]) {
            await assertRefused(command);
        }
        await assertRefused("migrate", "--remove", "shard-2");
        const resumed = await reshard(4, "--json");
        assert.equal(resumed.code, 0, resumed.stderr);
        const events = resumed.stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line) as { event: string; state?: string });
        assert.deepEqual(
            events.filter(({ event }) => event !== "progress").map((one) => one.state ?? one.event),
            ["moved", "done", "finished"],
        );
        assert.equal(fake.modifyRequests.length, 1);
        assert.match(
            (await shards("status")).stdout,
            /, elasticache, wish run\n(.*\n)+store-4 +done /,
        );
    });

    it("is not turned back by rollback when it is done, but by the former count", async () => {
        await assertRefused("rollback");
        await assertRefused("resume");
        const back = await reshard(3);
        assert.equal(back.stdout.trim().split("\n").at(-1), "Migration done.", back.stderr);
        assert.equal(back.code, 0);
        assert.equal(fake.modifyRequests[1]!.get("NodeGroupCount"), "3");
    });

    it("puts its journal back from the local copy, and says how to go on", async () => {
        const [file] = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
        await metadata.command("FLUSHALL");
        const restored = await shards("resume", "--from-journal", path.join(directory, file!));
        assert.equal(restored.code, 0, restored.stderr);
        assert.match(restored.stdout, /^The journal is back: run the same `logcaster shards/);
        assert.match((await shards("status")).stdout, /, elasticache, wish run\n/);
    });
});
