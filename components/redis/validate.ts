import { AWS_RULES } from "logcaster-model/aws-rules";
import { LIMITS, allowed, type LimitId } from "logcaster-model/limits";
import { partitionCountProblems } from "logcaster-model/partitions";
import type { Problem } from "logcaster-model/settings";
import {
    RedisDurability,
    type RedisEngine,
    type RedisEviction,
    type RedisShardClusterArgs,
} from "./args";
import { DURABLE, FAMILIES, REDIS_DEFAULTS, ROLE_EVICTIONS } from "./defaults";

/** What the arguments decide, defaults filled in. */
export interface RedisChoice {
    readonly engine: RedisEngine;
    readonly engineVersion: string;
    readonly family: string;
    readonly eviction: RedisEviction;
    /** Undefined where the engine has no such option. */
    readonly durability: RedisDurability | undefined;
    readonly partitions: number;
}

/** Fills in what was not given. */
export function choose(args: RedisShardClusterArgs): RedisChoice {
    const engine = args.engine ?? DURABLE.engine;
    const engineVersion = args.engineVersion ?? REDIS_DEFAULTS.engineVersion[engine];
    const durable = durableEngine(engine, engineVersion);
    const byRole = durableNode(args.nodeType)
        ? REDIS_DEFAULTS.durability[args.role]
        : RedisDurability.Disabled;
    return {
        engine,
        engineVersion,
        family: FAMILIES[engine][major(engineVersion)] ?? "",
        eviction: args.eviction ?? REDIS_DEFAULTS.eviction[args.role],
        durability: durable ? (args.durability ?? byRole) : undefined,
        partitions: args.partitions ?? LIMITS["redis.partitions"].value,
    };
}

/** Every mistake in the arguments. */
export function redisProblems(args: RedisShardClusterArgs): Problem[] {
    const { role, zones, shards, copies, autoScaling, nodeType } = args;
    const { engine, engineVersion, family, eviction, partitions } = choose(args);
    const found: Problem[] = [];
    const refuse = (path: string, value: unknown, allowed: string) =>
        found.push({ path, value, allowed });
    const range = (path: string, value: number, min: number, max: number, why: string) => {
        if (!Number.isInteger(value) || value < min || value > max) {
            refuse(path, value, `a whole number from ${min} to ${max} (${why})`);
        }
    };
    const within = (path: string, value: number, id: LimitId) => {
        const { min, max, why } = allowed(id);
        range(path, value, min, max, why);
    };

    within("shards", shards, "redis.role.shards");
    within("copies", copies, `redis.${role}.copies`);
    if (copies > zones.length) {
        const each = zones.join(", ");
        const why = "a replica in its primary's zone is lost with it";
        refuse("copies", copies, `at most one for each of the zones ${each}: ${why}`);
    }
    within("shards times copies", shards * copies, "redis.role.nodes");
    within("snapshotDays", args.snapshotDays, "redis.role.snapshotDays");
    for (const why of partitionCountProblems(partitions)) refuse("partitions", partitions, why);
    if (!family) {
        const majors = Object.keys(FAMILIES[engine]).join(", ");
        const why = "other versions have no parameter group family";
        refuse("engineVersion", engineVersion, `${engine} of major ${majors}, as 9.0: ${why}`);
    }
    if (!ROLE_EVICTIONS[role].includes(eviction)) {
        const why = "a store never drops a key that has no TTL, a cache never refuses one";
        refuse("eviction", eviction, `${ROLE_EVICTIONS[role].join(" or ")} for a ${role}: ${why}`);
    }
    const durable = args.durability !== undefined && args.durability !== RedisDurability.Disabled;
    if (durable && !(durableEngine(engine, engineVersion) && durableNode(nodeType))) {
        const { nodeFamilies, fromMajor, url } = DURABLE;
        refuse(
            "durability",
            args.durability,
            `disabled on ${engine} ${engineVersion} and ${nodeType}: others need ${DURABLE.engine} ${fromMajor}.0 or newer and nodes of ${nodeFamilies.join(", ")} (${url})`,
        );
    }
    const generation = args.credentialGeneration ?? REDIS_DEFAULTS.credentialGeneration;
    range("credentialGeneration", generation, 1, Number.MAX_SAFE_INTEGER, "it counts rotations");
    if (autoScaling?.enabled) {
        const { targetPercent, maxShards } = autoScaling;
        const most = allowed("redis.role.shards").max;
        within("autoScaling.targetPercent", targetPercent, "redis.role.autoScaling.targetPercent");
        range("autoScaling.maxShards", maxShards, shards, most, "at least the shards at creation");
        if (!/^cache\.[mrc]\d\w*\.\d*x?large$/.test(nodeType)) {
            const { says, url } = AWS_RULES["elasticache.autoScalingNodeType"];
            refuse("nodeType", nodeType, `${says} (${url})`);
        }
    }
    return found;
}

const major = (version: string) => /^(\d+)\.\d+$/.exec(version)?.[1] ?? "";

const durableEngine = (engine: RedisEngine, version: string) =>
    engine === DURABLE.engine && Number(major(version)) >= DURABLE.fromMajor;

const durableNode = (nodeType: string) =>
    DURABLE.nodeFamilies.includes(nodeType.split(".")[1] ?? "");
