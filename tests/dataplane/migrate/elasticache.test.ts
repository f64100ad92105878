import { strict as assert } from "node:assert";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { lastingProblems } from "../../../dataplane/migrate/cluster";
import { reshardElastiCache } from "../../../dataplane/migrate/elasticache";
import { BadInput, MigrationStopped } from "../../../dataplane/migrate/errors";
import { Session } from "../../../dataplane/migrate/session";
import type { MigrationEvent } from "../../../dataplane/migrate/unit-context";
import {
    type RedisServer,
    startCluster,
    startValkey,
    type TestCluster,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { ElastiCacheFake } from "./elasticache-fake";

/** Nodes hear of changes one after the other. */
const AGREE_TIMEOUT_MS = 30_000;

// The fake answers the API; the slots it is asked to move are moved on a real Valkey cluster. What
// this does not prove: that AWS itself behaves as the fake, good or bad.
describe("resharding ElastiCache", () => {
    let cluster: TestCluster;
    let metadata: RedisServer;
    let layout: RedisServer;
    let mover: Session;
    let session: Session;
    let fake: ElastiCacheFake;
    let client: ElastiCacheClient;
    let shards = 3;

    before(async function () {
        this.timeout(120_000);
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        cluster = await startCluster("valkey", { primaries: 3, spare: 1 });
        [metadata, layout] = await Promise.all([startValkey(), startValkey()]);
        mover = new Session({ metadataUrl: layout.url });
        await mover.putFirst(cluster.table);
    });
    after(async () => {
        mover?.close();
        await Promise.all([cluster, metadata, layout].map((one) => one?.dispose()));
    });
    beforeEach(async () => {
        await metadata.command("FLUSHALL");
        session = new Session({ metadataUrl: metadata.url });
        const nodes = cluster.servers.map(({ url }, i) => ({ name: `shard-${i}`, weight: 1, url }));
        fake = new ElastiCacheFake("store", shards, async (count) => {
            await mover.migrate(nodes.slice(0, count));
            shards = count;
        });
        await fake.start();
        client = new ElastiCacheClient({
            region: "us-east-1",
            endpoint: fake.url,
            credentials: { accessKeyId: "test", secretAccessKey: "test" },
            maxAttempts: 1,
        });
    });
    afterEach(async () => {
        session?.close();
        client?.destroy();
        await fake?.stop();
    });

    function reshard(to: number, events: MigrationEvent[] = [], group = "store"): Promise<void> {
        const goal = {
            replicationGroup: group,
            shards: to,
            endpointUrl: cluster.servers[0]!.url,
            pollMs: 5,
            timeoutMs: 30_000,
            leaseMs: 10_000,
        };
        return reshardElastiCache(client, session.journal, goal, (event) => events.push(event));
    }

    it("asks for the count, follows the progress and checks the slots, out and in again", async () => {
        const events: MigrationEvent[] = [];
        await reshard(4, events);
        assert.deepEqual(
            events.map((event) => (event.event === "state" ? event.state : event.event)),
            ["moving", "progress", "progress", "progress", "moved", "done"],
        );
        assert.deepEqual(await lastingProblems(cluster.connections, AGREE_TIMEOUT_MS), []);
        await reshard(3);
        const request = fake.modifyRequests[1]!;
        assert.equal(request.get("NodeGroupCount"), "3");
        assert.equal(request.get("NodeGroupsToRemove.NodeGroupToRemove.1"), "0004");
        assert.equal(shards, 3);
    });

    it("asks once although the API throttles, fails, is busy and hangs up after the deed", async () => {
        fake.misbehave("Modify", "throttle", "error-500", "busy", "hang-up-after");
        await reshard(4);
        assert.equal(fake.modifyRequests.length, 1);
        fake.misbehave("Modify", "forget");
        fake.misbehave("Describe", ...Array<"throttle">(3).fill("throttle"));
        await reshard(3);
        assert.equal(shards, 3);
    });

    it("says so when the service gives up, and asks anew the next time", async () => {
        fake.misbehave("Modify", "give-up");
        await assert.rejects(reshard(4), (error: Error) => {
            assert.ok(error instanceof MigrationStopped);
            return /with 3 shards instead of 4/.test(error.message);
        });
        await reshard(4);
        await reshard(3);
        assert.equal(shards, 3);
    });

    it("refuses an unknown group", async () => {
        await assert.rejects(reshard(4, [], "nothing"), (error: Error) => {
            assert.ok(error instanceof BadInput);
            return /ElastiCache refuses: ReplicationGroup not found/.test(error.message);
        });
    });
});
