import { AWS_RULES } from "logcaster-model/aws-rules";
import { LIMITS, allowed } from "logcaster-model/limits";
import { partitionCountProblems } from "logcaster-model/partitions";
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

/** Every mistake in the arguments, a sentence each: what was given, what is allowed and why. */
export function redisProblems(args: RedisShardClusterArgs): string[] {
    const { role, zones, shards, copies, autoScaling, nodeType } = args;
    const { engine, engineVersion, family, eviction, partitions } = choose(args);
    const found: string[] = [];
    const because = (id: keyof typeof AWS_RULES) => `${AWS_RULES[id].says}, ${AWS_RULES[id].url}`;
    const range = (name: string, value: number, min: number, max: number, why: string) => {
        if (!Number.isInteger(value) || value < min || value > max) {
            found.push(
                `${name} is ${value}, allowed is a whole number from ${min} to ${max}: ${why}`,
            );
        }
    };
    const within = (name: string, value: number, id: Parameters<typeof allowed>[0]) => {
        const { min, max, why } = allowed(id);
        range(name, value, min, max, why);
    };

    within("shards", shards, "redis.role.shards");
    within("copies", copies, `redis.${role}.copies`);
    if (copies > zones.length) {
        found.push(
            `copies is ${copies}, allowed is at most one for each of the zones ${zones.join(", ")}: a replica in its primary's zone is lost with it`,
        );
    }
    within("shards times copies", shards * copies, "redis.role.nodes");
    within("snapshotDays", args.snapshotDays, "redis.role.snapshotDays");
    found.push(...partitionCountProblems(partitions).map((text) => `partitions: ${text}`));
    if (!family) {
        found.push(
            `engineVersion is ${engineVersion}, allowed for ${engine} is <major>.<minor> of major ${Object.keys(FAMILIES[engine]).join(", ")}: other versions have no parameter group family`,
        );
    }
    if (!ROLE_EVICTIONS[role].includes(eviction)) {
        found.push(
            `eviction is ${eviction}, allowed for a ${role} is ${ROLE_EVICTIONS[role].join(" or ")}: a store never drops a key that has no TTL, a cache never refuses one`,
        );
    }
    found.push(...durabilityProblems(args, engine, engineVersion));
    range(
        "credentialGeneration",
        args.credentialGeneration ?? REDIS_DEFAULTS.credentialGeneration,
        1,
        Number.MAX_SAFE_INTEGER,
        "it counts rotations and starts at 1",
    );
    if (autoScaling?.enabled) {
        within(
            "autoScaling.targetPercent",
            autoScaling.targetPercent,
            "redis.role.autoScaling.targetPercent",
        );
        range(
            "autoScaling.maxShards",
            autoScaling.maxShards,
            shards,
            allowed("redis.role.shards").max,
            "from the number of shards at creation up",
        );
        if (!/^cache\.[mrc]\d\w*\.\d*x?large$/.test(nodeType)) {
            found.push(
                `nodeType is ${nodeType}, with autoScaling larger ones are allowed: ${because("elasticache.autoScalingNodeType")}`,
            );
        }
    }
    return found;
}

function durabilityProblems(
    { durability, nodeType }: RedisShardClusterArgs,
    engine: RedisEngine,
    engineVersion: string,
): string[] {
    if (durability === undefined || durability === RedisDurability.Disabled) return [];
    if (durableEngine(engine, engineVersion) && durableNode(nodeType)) return [];
    return [
        `durability is ${durability} on ${engine} ${engineVersion} and ${nodeType}, allowed is that on ${DURABLE.engine} ${DURABLE.fromMajor}.0 or newer and nodes of ${DURABLE.nodeFamilies.join(", ")} (${DURABLE.url}); take one of these or ${RedisDurability.Disabled}`,
    ];
}

const major = (version: string) => /^(\d+)\.\d+$/.exec(version)?.[1] ?? "";

const durableEngine = (engine: RedisEngine, version: string) =>
    engine === DURABLE.engine && Number(major(version)) >= DURABLE.fromMajor;

const durableNode = (nodeType: string) =>
    DURABLE.nodeFamilies.includes(nodeType.split(".")[1] ?? "");
