import { AWS_RULES, because } from "logcaster-model/aws-rules";
import { LIMITS } from "logcaster-model/limits";
import { partitionCountProblems } from "logcaster-model/partitions";
import {
    GLOBAL_NODE_TYPE,
    REDIS_ENGINES,
    hasDurability,
    parameterGroupFamily,
    versionsText,
} from "logcaster-model/redis-engines";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../problems";
import { RedisDurability, RedisEviction, RedisRole } from "./args";
import { REDIS_DEFAULTS, ROLE_EVICTIONS } from "./defaults";
import type { RedisGlobalDatastoreArgs } from "./global-args";

/** The arguments with their defaults, and what they decide. */
export type GlobalOptions = Required<Omit<RedisGlobalDatastoreArgs, "runbooksUrl">> &
    Pick<RedisGlobalDatastoreArgs, "runbooksUrl"> & {
        family: string;
        /** Undefined where the engine has no such option. */
        durability: RedisDurability | undefined;
    };

/** Fills in what was not given. */
export function chooseGlobal(args: RedisGlobalDatastoreArgs): GlobalOptions {
    const engine = args.engine ?? REDIS_DEFAULTS.engine;
    const engineVersion = args.engineVersion ?? REDIS_ENGINES[engine].version;
    return {
        ...args,
        engine,
        engineVersion,
        family: parameterGroupFamily(engine, engineVersion) ?? "",
        durability: hasDurability(engine, engineVersion) ? RedisDurability.Disabled : undefined,
        shards: args.shards ?? LIMITS["redis.global.shards"].value,
        copies: args.copies ?? LIMITS["redis.global.copies"].value,
        eviction: args.eviction ?? RedisEviction.NoEviction,
        snapshotDays: args.snapshotDays ?? LIMITS["redis.global.snapshotDays"].value,
        partitions: args.partitions ?? REDIS_DEFAULTS.partitions,
        maxLagMs: args.maxLagMs ?? LIMITS["redis.global.maxLagMs"].value,
        credentialGeneration: args.credentialGeneration ?? REDIS_DEFAULTS.credentialGeneration,
    };
}

/** Every mistake in the arguments. */
export function globalProblems(args: RedisGlobalDatastoreArgs): Problem[] {
    const options = chooseGlobal(args);
    const { found, refuse, within } = collectProblems();
    const regions = Object.keys(args.regions);
    if (!regions.includes(args.primaryRegion)) {
        refuse("primaryRegion", args.primaryRegion, `one of regions: ${regions.join(", ")}`);
    }
    const { min, max } = AWS_RULES["elasticache.globalSecondaries"];
    const secondaries = regions.length - 1;
    if (secondaries < min || secondaries > max) {
        refuse("regions", regions, because("elasticache.globalSecondaries"));
    }
    if (!GLOBAL_NODE_TYPE.test(args.nodeType)) {
        refuse("nodeType", args.nodeType, because("elasticache.globalNodeType"));
    }
    if (!options.family) {
        refuse("engineVersion", options.engineVersion, versionsText(options.engine));
    }
    const evictions = ROLE_EVICTIONS[RedisRole.Store];
    if (!evictions.includes(options.eviction)) {
        const why = "what all regions read is never dropped while it has no TTL";
        refuse("eviction", options.eviction, `${evictions.join(" or ")}: ${why}`);
    }
    within("shards", options.shards, "redis.global.shards");
    within("copies", options.copies, "redis.global.copies");
    within("snapshotDays", options.snapshotDays, "redis.global.snapshotDays");
    within("maxLagMs", options.maxLagMs, "redis.global.maxLagMs");
    within("credentialGeneration", options.credentialGeneration, "redis.role.credentialGeneration");
    for (const why of partitionCountProblems(options.partitions)) {
        refuse("partitions", options.partitions, why);
    }
    return found;
}
