/** What ElastiCache offers of each engine. */

interface Engine {
    /** Version at creation where none is given. */
    readonly version: string;
    /** Parameter group family by major version, docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html */
    readonly families: Readonly<Record<string, string>>;
}

/**
 * A newer default version reaches no existing cluster (the version is then ignored), so a new major here needs a note in the
 * changelog: an existing cluster's parameter group would be of another family than its engine.
 */
export const REDIS_ENGINES = {
    valkey: { version: "9.0", families: { "7": "valkey7", "8": "valkey8", "9": "valkey9" } },
    redis: { version: "7.1", families: { "6": "redis6.x", "7": "redis7" } },
} as const satisfies Record<string, Engine>;

export type RedisEngineName = keyof typeof REDIS_ENGINES;

/** Where a write can be kept in a log of several zones: Valkey from a major version on, nodes of some families. */
const DURABLE = {
    engine: "valkey",
    fromMajor: 9,
    nodeFamilies: ["r8g", "r7g", "r6g", "m8g", "m7g", "m6g", "c8gn", "c7gn"],
} as const;

const majorOf = (version: string) => /^(\d+)\.\d+$/.exec(version)?.[1] ?? "";

/** The parameter group family of a version `<major>.<minor>`; undefined where there is none. */
export function parameterGroupFamily(engine: RedisEngineName, version: string): string | undefined {
    const { families }: Engine = REDIS_ENGINES[engine];
    return families[majorOf(version)];
}

/** Whether the engine has the durability option at all. */
export function hasDurability(engine: RedisEngineName, version: string): boolean {
    return engine === DURABLE.engine && Number(majorOf(version)) >= DURABLE.fromMajor;
}

/** Whether nodes of a type, such as cache.r7g.large, can be durable. */
export function isDurableNode(nodeType: string): boolean {
    const family = nodeType.split(".")[1] ?? "";
    return DURABLE.nodeFamilies.some((each) => each === family);
}

/** Nodes that auto scaling of a cluster takes: size large or more of families M, R and C. */
export const AUTO_SCALING_NODE_TYPE = /^cache\.[mrc]\d\w*\.\d*x?large$/;

/** Nodes that a Global Datastore takes. */
export const GLOBAL_NODE_TYPE = /^cache\.(m[5-9]\w*|r[5-9]\w*|c7gn)\.\d*x?large$/;

/** What is allowed as a version, in words. */
export function versionsText(engine: RedisEngineName): string {
    const majors = Object.keys(REDIS_ENGINES[engine].families).join(", ");
    return `<major>.<minor> of ${engine} with major ${majors}: other versions have no parameter group family`;
}
