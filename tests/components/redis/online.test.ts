/**
 * Changes a cluster under the stand-in of the AWS provider, which replaces on change what the real one does.
 * Not proven: how long AWS takes, and that it has the nodes.
 */
import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
    RedisDurability,
    RedisEngine,
    RedisEviction,
    RedisShardCluster,
    type RedisShardClusterArgs,
} from "logcaster-scaling/redis";
import { Plugin } from "../../standin/client";
import type { JsonObject } from "../../standin/wire";
import { record, type Recorded } from "../recorder";
import { store } from "./fixture";

describe("a RedisShardCluster under the stand-in", () => {
    let directory: string;
    let aws: Plugin;

    before(async () => {
        directory = mkdtempSync(join(tmpdir(), "logcaster-redis-"));
        const configuration = { region: "eu-west-1" };
        aws = await Plugin.start({ name: "aws", world: directory, configuration });
    });
    after(async () => {
        await aws?.stop();
        rmSync(directory, { recursive: true, force: true });
    });

    let made = 0;
    /** What a change of arguments does to each resource of ElastiCache, as `pulumi preview` would say it. */
    async function changes(before: RedisShardClusterArgs, after: RedisShardClusterArgs) {
        const name = `r${++made}`;
        const ours = async (args: RedisShardClusterArgs) =>
            (await record(() => new RedisShardCluster(name, args))).resources.filter((r) =>
                r.type.startsWith("aws:elasticache/"),
            );
        const now = await ours(after);
        const said: Record<string, Record<string, string>> = {};
        for (const was of await ours(before)) {
            const { urn, name: child } = was;
            const checked = await aws.check(urn, {}, was.inputs as JsonObject, { seed: SEED });
            assert.deepEqual(checked.failures, []);
            const old = { inputs: checked.inputs, ...(await aws.create(urn, checked.inputs)) };
            const next = now.find((r) => r.urn === urn) as Recorded;
            const wanted = await aws.check(urn, checked.inputs, inputsOf(next, was), {
                seed: SEED,
            });
            const { detailed } = await aws.diff(urn, old.id, old, wanted.inputs);
            if (Object.keys(detailed).length > 0) said[child.replace(name, "r")] = detailed;
        }
        return said;
    }
    /** What is ignored keeps its old value, as the engine does before it asks a provider. */
    function inputsOf(next: Recorded, was: Recorded): JsonObject {
        const inputs = { ...next.inputs };
        for (const property of next.opts.ignoreChanges) {
            inputs[property] = was.inputs[property];
            if (inputs[property] === undefined) delete inputs[property];
        }
        return inputs as JsonObject;
    }
    const SEED = new Uint8Array(32).fill(7);
    const fourZones = { zones: ["a", "b", "c", "d"].map((letter) => `eu-west-1${letter}`) };

    const rows: [string, RedisShardClusterArgs, RedisShardClusterArgs, object][] = [
        ["the shard count, up", store(), store({ shards: 8 }), { r: { numNodeGroups: "update" } }],
        [
            "the shard count, down",
            store(),
            store({ shards: 2 }),
            { r: { numNodeGroups: "update" } },
        ],
        [
            "the copies",
            store(fourZones),
            store({ ...fourZones, copies: 4 }),
            { r: { replicasPerNodeGroup: "update" } },
        ],
        [
            "the node type",
            store(),
            store({ nodeType: "cache.r7g.xlarge" }),
            { r: { nodeType: "update" } },
        ],
        [
            "the node type to one without durability, which is fixed at creation",
            store(),
            store({ nodeType: "cache.t4g.medium" }),
            { r: { nodeType: "update" } },
        ],
        [
            "the eviction",
            store(),
            store({ eviction: RedisEviction.VolatileTtl }),
            { "r-parameters": { "parameters[1].value": "update" } },
        ],
        [
            "sync to async",
            store({ durability: RedisDurability.Sync }),
            store({ durability: RedisDurability.Async }),
            { r: { durability: "update" } },
        ],
        [
            "nothing where a version is no longer given",
            store({ engineVersion: "9.0" }),
            store(),
            {},
        ],
        [
            "the backups",
            store(),
            store({ snapshotDays: 14 }),
            { r: { snapshotRetentionLimit: "update" } },
        ],
    ];
    for (const [what, before, after, expected] of rows) {
        it(`changes ${what}: in place, and nothing else`, async () => {
            assert.deepEqual(await changes(before, after), expected);
        });
    }

    it("upgrades the engine in place; only the parameter group, of another family, is new", async () => {
        const said = await changes(
            store({ engineVersion: "8.2" }),
            store({ engineVersion: "9.0" }),
        );
        assert.deepEqual(said, {
            r: { engineVersion: "update" },
            "r-parameters": { family: "update-replace" },
        });
    });

    it("moves from Redis to Valkey in place", async () => {
        const said = await changes(
            store({ engine: RedisEngine.Redis, engineVersion: "7.1" }),
            store({ engineVersion: "8.2" }),
        );
        assert.deepEqual(said.r, { engine: "update", engineVersion: "update" });
    });
});
