import * as assert from "node:assert/strict";
import {
    RedisDurability,
    RedisEviction,
    type RedisShardClusterArgs,
} from "logcaster-scaling/redis";
import { cache, create, store } from "./fixture";

describe("a RedisShardCluster refuses", () => {
    const refused = async (args: RedisShardClusterArgs): Promise<string> => {
        try {
            await create(args);
        } catch (error) {
            return (error as Error).message;
        }
        throw new Error("was accepted");
    };
    const rows: [string, RedisShardClusterArgs, string][] = [
        ["no shard", store({ shards: 0 }), "shards is 0; allowed: a whole number from 1 to 500"],
        [
            "two copies of a store",
            store({ copies: 2 }),
            "copies is 2; allowed: a whole number from 3 to 6",
        ],
        [
            "one copy of a cache",
            cache({ copies: 1 }),
            "copies is 1; allowed: a whole number from 2 to 6",
        ],
        [
            "more copies than zones",
            store({ copies: 4 }),
            "copies is 4; allowed: at most one for each of the zones eu-west-1a, eu-west-1b, eu-west-1c",
        ],
        [
            "more than 500 nodes",
            store({ shards: 200 }),
            "shards times copies is 600; allowed: a whole number from 1 to 500",
        ],
        [
            "backups for 36 days",
            store({ snapshotDays: 36 }),
            "snapshotDays is 36; allowed: a whole number from 0 to 35",
        ],
        [
            "100 partitions",
            store({ partitions: 100 }),
            "partitions is 100; allowed: 100 partitions given, a power of two",
        ],
        [
            "a version without a family",
            store({ engineVersion: "10.0" }),
            'engineVersion is "10.0"; allowed: <major>.<minor> of valkey with major 7, 8, 9',
        ],
        ["a patch version", store({ engineVersion: "8.2.1" }), 'engineVersion is "8.2.1"'],
        [
            "a store that evicts",
            store({ eviction: RedisEviction.AllKeysLru }),
            'eviction is "allkeys-lru"; allowed: noeviction or volatile-ttl for a store',
        ],
        [
            "a cache that fills up",
            cache({ eviction: RedisEviction.NoEviction }),
            'eviction is "noeviction"; allowed: allkeys-lru for a cache',
        ],
        [
            "durability on an older engine",
            store({ durability: RedisDurability.Sync, engineVersion: "8.2" }),
            'durability is "sync"; allowed: disabled on valkey 8.2 and cache.r7g.large',
        ],
        [
            "durability on burstable nodes",
            store({ durability: RedisDurability.Async, nodeType: "cache.t4g.small" }),
            'durability is "async"; allowed: disabled on valkey 9.0 and cache.t4g.small',
        ],
        [
            "generation 0 of its credentials",
            store({ credentialGeneration: 0 }),
            "credentialGeneration is 0; allowed: a whole number from 1",
        ],
        [
            "auto scaling beyond 70 %",
            store({ autoScaling: { enabled: true, maxShards: 8, targetPercent: 71 } }),
            "autoScaling.targetPercent is 71; allowed: a whole number from 35 to 70",
        ],
        [
            "auto scaling to fewer shards",
            store({ autoScaling: { enabled: true, maxShards: 2, targetPercent: 60 } }),
            "autoScaling.maxShards is 2; allowed: a whole number from 4 to 500",
        ],
        [
            "auto scaling of small nodes",
            store({
                nodeType: "cache.t4g.small",
                autoScaling: { enabled: true, maxShards: 8, targetPercent: 60 },
            }),
            'nodeType is "cache.t4g.small"; allowed: auto scaling of a cluster needs',
        ],
    ];
    for (const [what, args, message] of rows) {
        it(what, async () =>
            assert.ok((await refused(args)).includes(message), await refused(args)),
        );
    }

    it("with all mistakes at once", async () => {
        const message = await refused(store({ shards: 0, copies: 9, snapshotDays: -1 }));
        assert.deepEqual(
            message.split("\n").map((line) => /(\w+|shards times copies) is/.exec(line)?.[1]),
            ["shards", "copies", "copies", "shards times copies", "snapshotDays"],
        );
    });
});
