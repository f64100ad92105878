import type * as pulumi from "@pulumi/pulumi";

/** What a cluster is for. */
export const RedisRole = {
    /** Holds data: never evicts a key without a TTL, durable where the engine can be. */
    Store: "store",
    /** Holds copies: evicts what was used longest ago. */
    Cache: "cache",
} as const;
export type RedisRole = (typeof RedisRole)[keyof typeof RedisRole];

export const RedisEngine = { Valkey: "valkey", Redis: "redis" } as const;
export type RedisEngine = (typeof RedisEngine)[keyof typeof RedisEngine];

/** What happens when memory is full, in the engine's own words (maxmemory-policy). */
export const RedisEviction = {
    NoEviction: "noeviction",
    VolatileTtl: "volatile-ttl",
    AllKeysLru: "allkeys-lru",
} as const;
export type RedisEviction = (typeof RedisEviction)[keyof typeof RedisEviction];

/** When a write counts as done; Valkey 9.0 or newer. */
export const RedisDurability = {
    /** A write is in the log of two zones before it is acknowledged: milliseconds, nothing acknowledged is lost. */
    Sync: "sync",
    /** A write is acknowledged first: microseconds, up to 10 seconds of writes are lost with a primary. */
    Async: "async",
    /** Memory and replication alone. */
    Disabled: "disabled",
} as const;
export type RedisDurability = (typeof RedisDurability)[keyof typeof RedisDurability];

/** Auto scaling of a cluster's shards and replicas by AWS. */
export interface RedisAutoScalingArgs {
    /** Let AWS change the counts of shards and replicas; the counts given are then ignored after creation. */
    enabled: boolean;
    /** Largest number of shards; the number given at creation is the smallest. */
    maxShards: number;
    /** Engine CPU and memory that is tracked, in percent, 35 to 70. */
    targetPercent: number;
}

/** How a cluster of a role is built, the same in every region. */
export interface RedisRoleArgs {
    /** @default valkey */
    engine?: RedisEngine;
    /** Version as major.minor. Absent, the package's default at creation, and AWS owns minor upgrades. */
    engineVersion?: string;
    /** Node type, such as cache.r7g.large; changes online. */
    nodeType: string;
    /** Shards, 1 to 500; changes online. Brief 1.1: 128 partitions over them. */
    shards: number;
    /** Copies of every key, the primary included, 2 to 6, at most one a zone; changes online. Brief 1.1: replication factor 3. */
    copies: number;
    /** What happens when memory is full. @default noeviction for a store, allkeys-lru for a cache */
    eviction?: RedisEviction;
    /**
     * When a write counts as done. Off or on is decided at creation; absent, the default then, left alone later.
     * @default sync for a store on Valkey 9.0 or newer and nodes that can, else disabled
     */
    durability?: RedisDurability;
    /** Days that automatic backups are kept, 0 to 35; 0 switches backups and the final one off. */
    snapshotDays: number;
    /** @default off */
    autoScaling?: RedisAutoScalingArgs;
    /** Raise by one to rotate: it makes a new password for the user at rest and makes that user the active one. @default 1 */
    credentialGeneration?: number;
    /** Days that slow log and engine log are kept. @default 30 */
    logDays?: number;
}

/** Arguments of RedisShardCluster. */
export interface RedisShardClusterArgs extends RedisRoleArgs {
    /** Region of every resource. */
    region: string;
    /** What the cluster is for. */
    role: RedisRole;
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Isolated subnets, one a zone; at least as many as copies. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** The zones of these subnets; copies spread over them. */
    zones: string[];
    /** Security groups that may connect, by a key that never changes. @default nobody */
    clientSecurityGroupIds?: { [key: string]: pulumi.Input<string> };
    /** Partitions of the key space, a power of two up to 16,384. @default 128 */
    partitions?: number;
    /** Key for encryption at rest. @default a key of its own, rotated yearly */
    kmsKeyArn?: pulumi.Input<string>;
    /** Protect the cluster, its logs and their keys from deletion by Pulumi. */
    protect: boolean;
}

/** How keys map to partitions and where the partitions are. */
export interface PartitionScheme {
    /** Partitions of the key space. */
    partitions: number;
    /** Consecutive cluster slots of each partition. */
    slotsPerPartition: number;
    /** Where the live map of slots to shards is read. */
    mapFrom: string;
}
