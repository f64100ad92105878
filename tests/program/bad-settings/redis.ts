/** Mistakes in the Redis clusters of a region. */
import { outside, type BadSettings } from "./row";

const US = 'regions["us-east-1"]';

export const BAD_REDIS: readonly BadSettings[] = [
    outside("redis.partitions", "redis.partitions", 8, "from 16 to 16384"),
    outside("redis.role.shards", "redis.store.shards", 0, "from 1 to 500", "elasticache.shards"),
    outside("redis.store.copies", "redis.store.copies", 2, "from 3 to 6", "elasticache.copies"),
    outside("redis.cache.copies", "redis.cache.copies", 1, "from 2 to 6"),
    outside(
        "redis.role.snapshotDays",
        "redis.store.snapshotDays",
        36,
        "from 0 to 35",
        "elasticache.snapshotDays",
    ),
    outside(
        "redis.role.credentialGeneration",
        "redis.store.credentialGeneration",
        0,
        "from 1 to 10000",
    ),
    outside(
        "redis.role.autoScaling.targetPercent",
        "redis.cache.autoScaling.targetPercent",
        80,
        "from 35 to 70",
        "elasticache.autoScalingTargetPercent",
    ),
    {
        mistake: "an eviction policy that drops stored data",
        set: { "redis.store.eviction": "allkeys-lru" },
        path: "redis.store.eviction",
        says: "one of noeviction, volatile-ttl",
    },
    {
        mistake: "an engine that is none",
        set: { "redis.store.engine": "memcached" },
        path: "redis.store.engine",
        says: "one of valkey, redis",
    },
    {
        mistake: "a node type of another service",
        set: { "redis.cache.nodeType": "db.r6g.large" },
        path: "redis.cache.nodeType",
        says: "cache.r7g.large",
    },
    {
        mistake: "partitions that are no power of two",
        set: { "redis.partitions": 100 },
        path: "redis.partitions",
        says: "a power of two",
    },
    {
        mistake: "shards that do not divide",
        set: { "redis.store.shards": 24 },
        path: "redis.store.shards",
        says: "24 gives 13 %",
        covers: ["redis.role.imbalancePercent"],
    },
    {
        mistake: "more nodes than a cluster has",
        set: { "redis.partitions": 1024, "redis.store.shards": 256 },
        path: "redis.store.shards",
        says: "256 x 3 is 768",
        covers: ["redis.role.nodes", "elasticache.nodes"],
    },
    {
        mistake: "replicas without zones",
        set: { [`${US}.zones`]: ["us-east-1a", "us-east-1b"] },
        also: ["redis.global.copies"],
        path: "redis.store.copies",
        says: "the number of zones of every region, 2",
    },
    {
        mistake: "an engine version that does not exist",
        set: { "redis.cache.engineVersion": "10.0" },
        path: "redis.cache.engineVersion",
        says: "valkey with major 7, 8, 9",
    },
    {
        mistake: "durability on nodes without it",
        set: { "redis.store.durability": "sync", "redis.store.nodeType": "cache.t4g.small" },
        path: "redis.store.durability",
        says: "disabled on valkey 9.0 and cache.t4g.small",
        covers: ["elasticache.durability"],
    },
    {
        mistake: "durability on an engine without it",
        set: { "redis.cache.durability": "async", "redis.cache.engine": "redis" },
        path: "redis.cache.durability",
        says: "disabled on redis 7.1",
    },
    {
        mistake: "auto scaling of nodes too small",
        set: { "redis.cache.autoScaling.enabled": true, "redis.cache.nodeType": "cache.t4g.small" },
        path: "redis.cache.nodeType",
        says: "size large or more",
        covers: ["elasticache.autoScalingNodeType"],
    },
    {
        mistake: "auto scaling below the shards there are",
        set: { "redis.cache.autoScaling.enabled": true, "redis.cache.autoScaling.maxShards": 2 },
        path: "redis.cache.autoScaling.maxShards",
        says: "at least shards 4",
    },
];
