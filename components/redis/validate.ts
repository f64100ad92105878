import { AWS_RULES } from "logcaster-model/aws-rules";
import { allowed } from "logcaster-model/limits";
import { partitionCountProblems } from "logcaster-model/partitions";
import {
    AUTO_SCALING_NODE_TYPE,
    REDIS_ENGINES,
    hasDurability,
    isDurableNode,
    parameterGroupFamily,
    versionsText,
} from "logcaster-model/redis-engines";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../problems";
import {
    RedisDurability,
    type RedisEngine,
    type RedisEviction,
    type RedisShardClusterArgs,
} from "./args";
import { REDIS_DEFAULTS, ROLE_EVICTIONS } from "./defaults";

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
    const engine = args.engine ?? REDIS_DEFAULTS.engine;
    const engineVersion = args.engineVersion ?? REDIS_ENGINES[engine].version;
    const byRole = isDurableNode(args.nodeType)
        ? REDIS_DEFAULTS.durability[args.role]
        : RedisDurability.Disabled;
    return {
        engine,
        engineVersion,
        family: parameterGroupFamily(engine, engineVersion) ?? "",
        eviction: args.eviction ?? REDIS_DEFAULTS.eviction[args.role],
        durability: hasDurability(engine, engineVersion) ? (args.durability ?? byRole) : undefined,
        partitions: args.partitions ?? REDIS_DEFAULTS.partitions,
    };
}

/** Every mistake in the arguments. */
export function redisProblems(args: RedisShardClusterArgs): Problem[] {
    const { role, zones, shards, copies, autoScaling, nodeType } = args;
    const { engine, engineVersion, family, eviction, partitions } = choose(args);
    const { found, refuse, whole, within } = collectProblems();

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
    if (!family) refuse("engineVersion", engineVersion, versionsText(engine));
    if (!ROLE_EVICTIONS[role].includes(eviction)) {
        const why = "a store never drops a key that has no TTL, a cache never refuses one";
        refuse("eviction", eviction, `${ROLE_EVICTIONS[role].join(" or ")} for a ${role}: ${why}`);
    }
    const durable = args.durability !== undefined && args.durability !== RedisDurability.Disabled;
    if (durable && !(hasDurability(engine, engineVersion) && isDurableNode(nodeType))) {
        const { says, url } = AWS_RULES["elasticache.durability"];
        const where = `${engine} ${engineVersion} and ${nodeType}`;
        refuse("durability", args.durability, `disabled on ${where}: ${says} (${url})`);
    }
    const generation = args.credentialGeneration ?? REDIS_DEFAULTS.credentialGeneration;
    within("credentialGeneration", generation, "redis.role.credentialGeneration");
    if (autoScaling?.enabled) {
        const { targetPercent, maxShards } = autoScaling;
        const { max } = allowed("redis.role.shards");
        const range = { min: shards, max, why: "at least the shards at creation" };
        within("autoScaling.targetPercent", targetPercent, "redis.role.autoScaling.targetPercent");
        whole("autoScaling.maxShards", maxShards, range);
        if (!AUTO_SCALING_NODE_TYPE.test(nodeType)) {
            const { says, url } = AWS_RULES["elasticache.autoScalingNodeType"];
            refuse("nodeType", nodeType, `${says} (${url})`);
        }
    }
    return found;
}
