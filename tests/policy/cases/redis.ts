import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const CLUSTER = "aws:elasticache/cluster:Cluster";

const membersAndMemcached: Cases[string][string] = {
    change: (s) =>
        s
            .add(CLUSTER, "member", { replicationGroupId: UNKNOWN })
            .add(CLUSTER, "other", { engine: "memcached" }),
};

/** A policy that asks for `true`, where Valkey's default is true and Redis' is not. */
const encrypted = (property: string): Cases[string] => ({
    "switched off": {
        change: (s) => s.set("store", property, false),
        says: [`store: ${property} is false, must be true`],
    },
    "Redis' default": {
        change: (s) => s.set("store", property, undefined).set("store", "engine", "redis"),
        says: [`store: ${property} is not set, must be true`],
    },
    "a secondary of a Global Datastore, which has what its primary has": {
        change: (s) =>
            s
                .set("store", "globalReplicationGroupId", "ldgnf-logcaster")
                .set("store", "engine", undefined)
                .set("store", property, undefined),
    },
    "Valkey's default": { change: (s) => s.set("store", property, undefined) },
    "a single node": {
        change: (s) => s.add(CLUSTER, "single", { engine: "redis" }),
        says: [`single: ${property} is not set, must be true`],
    },
    "a member of a group, and another product": membersAndMemcached,
    "not known yet": {
        change: (s) => s.set("store", property, UNKNOWN),
        unknown: [property],
    },
});

export const REDIS_CASES: Cases = {
    "logcaster-redis-encrypt-at-rest": encrypted("atRestEncryptionEnabled"),
    "logcaster-redis-encrypt-in-transit": encrypted("transitEncryptionEnabled"),
    "logcaster-redis-authenticate": {
        "nobody asked": {
            change: (s) => s.set("store", "userGroupIds", undefined),
            says: ["store: userGroupIds and authToken are not set, one of them must be"],
        },
        "a member of a group, and another product": membersAndMemcached,
        "a token": {
            change: (s) =>
                s
                    .set("store", "userGroupIds", undefined)
                    .set("store", "authToken", "0123456789abcdef"),
        },
        "a token not known yet": {
            change: (s) =>
                s.set("store", "userGroupIds", undefined).set("store", "authToken", UNKNOWN),
        },
    },
    "logcaster-redis-use-own-key": {
        "AWS's key": {
            change: (s) => s.set("store", "kmsKeyId", undefined),
            says: ["store: kmsKeyId is not set, must be a key of the account"],
        },
        "a key not known yet is a key": { change: (s) => s.set("store", "kmsKeyId", UNKNOWN) },
    },
    "logcaster-redis-fail-over": {
        "no failover": {
            change: (s) => s.set("store", "automaticFailoverEnabled", undefined),
            says: ["store: automaticFailoverEnabled is not set, must be true"],
        },
        "failover not known yet does not hide the zones": {
            change: (s) =>
                s
                    .set("store", "automaticFailoverEnabled", UNKNOWN)
                    .set("store", "multiAzEnabled", false),
            says: ["store: multiAzEnabled is false, must be true"],
            unknown: ["automaticFailoverEnabled"],
        },
    },
    "logcaster-redis-back-up": {
        "no backups": {
            change: (s) => s.set("store", "snapshotRetentionLimit", undefined),
            says: ["store: snapshotRetentionLimit is 0, limit 7 (minStoreDays)"],
        },
        "a single node without backups": {
            change: (s) => s.add(CLUSTER, "single", { engine: "valkey" }),
            says: ["single: snapshotRetentionLimit is 0, limit 1 (minDays)"],
        },
        "a member of a group, and another product": membersAndMemcached,
        "longer retention of the stack": {
            config: { minStoreDays: 14 },
            says: ["store: snapshotRetentionLimit is 7, limit 14 (minStoreDays)"],
        },
        "longer retention of a cache": {
            change: (s) => s.set("store", "tags", undefined),
            config: { minDays: 8 },
            says: ["store: snapshotRetentionLimit is 7, limit 8 (minDays)"],
        },
        "retention not known yet": {
            change: (s) => s.set("store", "snapshotRetentionLimit", UNKNOWN),
            unknown: ["snapshotRetentionLimit"],
        },
    },
    "logcaster-redis-upgrade-minor-versions": {
        "no upgrades": {
            change: (s) =>
                s
                    .set("store", "autoMinorVersionUpgrade", false)
                    .add(CLUSTER, "single", { autoMinorVersionUpgrade: "false" }),
            says: [
                "store: autoMinorVersionUpgrade is false, must be true",
                "single: autoMinorVersionUpgrade is false, must be true",
            ],
        },
        "upgrades not known yet": {
            change: (s) => s.set("store", "autoMinorVersionUpgrade", UNKNOWN),
            unknown: ["autoMinorVersionUpgrade"],
        },
    },
    "logcaster-redis-use-own-subnet-group": {
        "the default group": {
            change: (s) => s.set("store", "subnetGroupName", "default"),
            says: ["store: subnetGroupName is default, must be a group made for it"],
        },
        "no group": {
            change: (s) => s.set("store", "subnetGroupName", undefined),
            says: ["store: subnetGroupName is not set, must be a group made for it"],
        },
        "a member of a group, which has that group's": {
            change: (s) => s.add(CLUSTER, "member", { replicationGroupId: UNKNOWN }),
        },
        "a group not known yet is one of the stack": {
            change: (s) => s.set("store", "subnetGroupName", UNKNOWN),
        },
    },
    "logcaster-redis-use-uncommon-port": {
        "the default port": {
            change: (s) => s.set("store", "port", undefined),
            says: ["store: port is 6379, must be another than the engine's default"],
        },
        "a member of a group, and another product": membersAndMemcached,
        "a port not known yet": {
            change: (s) => s.set("store", "port", UNKNOWN),
            unknown: ["port"],
        },
    },
    "logcaster-sharding-balance-partitions": {
        "shards that do not divide": {
            change: (s) => s.set("store", "numNodeGroups", 48),
            says: [
                "store: the fullest of 48 shards' surplus over the mean of 128 partitions in percent is 13, limit 10 (maxImbalancePercent)",
            ],
        },
        "nearly even shards": { change: (s) => s.set("store", "numNodeGroups", 5) },
        "more shards than partitions": {
            change: (s) => s.set("store", "numNodeGroups", 200),
            says: ["store: the number of shards is 200, limit 128 (partitions)"],
        },
        "shards by their configuration": {
            change: (s) =>
                s
                    .set("store", "numNodeGroups", undefined)
                    .set("store", "nodeGroupConfigurations", [{}, {}, {}]),
        },
        "one shard": { change: (s) => s.set("store", "numNodeGroups", 1) },
        "another number of partitions": {
            config: { partitions: 6 },
            says: [
                "store: the fullest of 4 shards' surplus over the mean of 6 partitions in percent is 33, limit 10 (maxImbalancePercent)",
            ],
        },
        "a tighter limit": {
            change: (s) => s.set("store", "numNodeGroups", 5),
            config: { maxImbalancePercent: 0 },
            says: [
                "store: the fullest of 5 shards' surplus over the mean of 128 partitions in percent is 2, limit 0 (maxImbalancePercent)",
            ],
        },
        "shards not known yet": {
            change: (s) => s.set("store", "numNodeGroups", UNKNOWN),
            unknown: ["numNodeGroups"],
        },
    },
    "logcaster-sharding-keep-copies": {
        "a store with one replica": {
            change: (s) => s.set("store", "replicasPerNodeGroup", 1),
            says: ["store: the number of copies is 2, limit 3 (minStoreCopies)"],
        },
        "a cache with none, under another way to say it": {
            change: (s) =>
                s
                    .set("store", "tags", undefined)
                    .set("store", "replicasPerNodeGroup", undefined)
                    .set("store", "numCacheClusters", 1),
            says: ["store: the number of copies is 1, limit 2 (minCacheCopies)"],
        },
        "a cache with one replica": {
            change: (s) =>
                s
                    .set("store", "tags", { "logcaster:redis-role": "cache" })
                    .set("store", "replicasPerNodeGroup", 1),
        },
        "the smallest of several shards": {
            change: (s) =>
                s.set("store", "nodeGroupConfigurations", [
                    { replicaCount: 2 },
                    { replicaCount: 1 },
                ]),
            says: ["store: the number of copies is 2, limit 3 (minStoreCopies)"],
        },
        "more copies asked for": {
            config: { minStoreCopies: 4, minCacheCopies: 4 },
            says: ["store: the number of copies is 3, limit 4 (minStoreCopies)"],
        },
        "copies not known yet": {
            change: (s) => s.set("store", "replicasPerNodeGroup", UNKNOWN),
            unknown: ["replicasPerNodeGroup"],
        },
    },
    "logcaster-sharding-spread-replicas": {
        "no zones": {
            change: (s) => s.set("store", "multiAzEnabled", undefined),
            says: ["store: multiAzEnabled is not set, must be true, or every copy's zone given"],
        },
        "two copies in one zone": {
            change: (s) =>
                s.set("store", "preferredCacheClusterAzs", [
                    "us-east-1a",
                    "us-east-1b",
                    "us-east-1a",
                ]),
            says: [
                "store: preferredCacheClusterAzs is us-east-1a, us-east-1b, us-east-1a, must be a zone for each copy",
            ],
        },
        "a replica beside its primary": {
            change: (s) =>
                s.set("store", "nodeGroupConfigurations", [
                    { primaryAvailabilityZone: "a", replicaAvailabilityZones: ["b", "c"] },
                    { primaryAvailabilityZone: "b", replicaAvailabilityZones: ["a", "b"] },
                ]),
            says: ["store: shard 1 has a replica in its primary's zone b"],
        },
        "zones not known yet": {
            change: (s) => s.set("store", "multiAzEnabled", UNKNOWN),
            unknown: ["multiAzEnabled"],
        },
    },
    "logcaster-sharding-never-evict-from-the-store": {
        "a secondary of a Global Datastore, which has its primary's parameters": {
            change: (s) =>
                s
                    .set("store", "globalReplicationGroupId", "ldgnf-logcaster")
                    .set("store", "parameterGroupName", undefined)
                    .refer("store", "parameterGroupName"),
        },
        "a store that forgets": {
            change: (s) => s.set("store-parameters", "parameters.0.value", "allkeys-lru"),
            says: [
                "store: maxmemory-policy of a store is allkeys-lru, limit noeviction or volatile-ttl (allowedPolicies)",
            ],
        },
        "AWS's parameter group": {
            change: (s) =>
                s
                    .refer("store", "parameterGroupName")
                    .set("store", "parameterGroupName", "default.valkey8.cluster.on"),
            says: [
                "store: maxmemory-policy of a store is volatile-lru, limit noeviction or volatile-ttl (allowedPolicies)",
            ],
        },
        "a cache that forgets": {
            change: (s) =>
                s
                    .set("store-parameters", "parameters.0.value", "allkeys-lru")
                    .set("store", "tags", { "logcaster:redis-role": "cache" }),
        },
        "a choice of the stack": {
            config: { allowedPolicies: ["volatile-ttl"] },
            says: [
                "store: maxmemory-policy of a store is noeviction, limit volatile-ttl (allowedPolicies)",
            ],
        },
        "an eviction policy not known yet": {
            change: (s) => s.set("store-parameters", "parameters.0.value", UNKNOWN),
            unknown: ["parameters.0.value"],
        },
    },
};
