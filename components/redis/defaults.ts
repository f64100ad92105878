import { LIMITS } from "logcaster-model/limits";
import { RedisDurability, RedisEngine, RedisEviction, RedisRole } from "./args";

/** The engine's own port; TLS and a user are required on it. */
export const REDIS_PORT = 6379;

export const REDIS_DEFAULTS = Object.freeze({
    engine: RedisEngine.Valkey,
    eviction: Object.freeze({
        [RedisRole.Store]: RedisEviction.NoEviction,
        [RedisRole.Cache]: RedisEviction.AllKeysLru,
    }),
    durability: Object.freeze({
        [RedisRole.Store]: RedisDurability.Sync,
        [RedisRole.Cache]: RedisDurability.Disabled,
    }),
    credentialGeneration: LIMITS["redis.role.credentialGeneration"].value,
    partitions: LIMITS["redis.partitions"].value,
    logDays: 30,
    /** Daily backup, UTC; before the maintenance window, so that a backup precedes what maintenance does. */
    snapshotWindow: "03:00-05:00",
    maintenanceWindow: "sun:05:30-sun:07:30",
    /** Of 16 to 128 that ElastiCache takes; letters and digits alone, so that every client and URL carries it unchanged. */
    passwordLength: 64,
    /** Makes the ids unique that an account and region share and Pulumi does not autoname. */
    suffixBytes: 4,
    /** Seconds between two steps of auto scaling: longer than moving slots to a new shard takes to show in the metric. */
    scaleOutCooldownSeconds: 600,
    scaleInCooldownSeconds: 900,
});

/** Which evictions a role may have: a store never drops a key that has no TTL. */
export const ROLE_EVICTIONS: Readonly<Record<RedisRole, readonly RedisEviction[]>> = Object.freeze({
    [RedisRole.Store]: [RedisEviction.NoEviction, RedisEviction.VolatileTtl],
    [RedisRole.Cache]: [RedisEviction.AllKeysLru],
});

/**
 * What the service's users may do: every key, channel and command but those that can harm the cluster; INFO, which clients
 * read the role from, is classed as dangerous too and is given back.
 */
export const SERVICE_ACCESS = "on ~* &* +@all -@dangerous +info";
/** The user that a client is when it names none: off, no command. */
export const DEFAULT_USER_ACCESS = "off ~* -@all";
