/**
 * Own defaults of a migration. What an operator may want to turn has a flag of `logcaster shards
 * migrate`; all of them are options of a Session.
 */
export const MIGRATE_DEFAULTS = Object.freeze({
    /** Partitions of one source and target that travel together. */
    partitionsPerUnit: 16,
    /** Units a worker has under way at a time, of different sources where there are any. */
    unitsAtATime: 3,
    /** Keys a batch. */
    batchKeys: 500,
    /** Bytes a batch. */
    batchBytes: 2 * 1024 * 1024,
    /** Keys above this travel in chunks. */
    bigKeyBytes: 4 * 1024 * 1024,
    /** Bytes of a chunk of a big key. */
    chunkBytes: 1024 * 1024,
    /** Elements of a chunk of a big hash, list, set or sorted set. */
    chunkElements: 1_000,
    /** Longest a fence may hold writers up. */
    maxPauseMs: 500,
    /** Catch-up ends when so few keys are left to copy under the fence. */
    fenceBelowKeys: 64,
    /** Fences that may run out before the unit gives up. */
    maxFences: 20,
    /** A worker's right to a unit ends so long after it was last heard of. */
    leaseMs: 10_000,
    /** How long lost connections are tried again before the command gives up. */
    retryForMs: 60_000,
    /** Time for routers to take a new table over. */
    routerWaitMs: 30_000,
    /** Time for the nodes of a cluster to agree. */
    agreeMs: 30_000,
    /** Above this answer time of the source the migrator slows down. */
    maxSourceLatencyMs: 50,
});

/** What may be set of a migration. */
export type MigrateOptions = { readonly [K in keyof typeof MIGRATE_DEFAULTS]: number } & {
    /** Keys a second over the whole worker; 0 is no limit. */
    readonly maxKeysPerSecond: number;
    /** Bytes a second over the whole worker; 0 is no limit. */
    readonly maxBytesPerSecond: number;
};

/** Defaults, then what is given. */
export function migrateOptions(given: Partial<MigrateOptions> = {}): MigrateOptions {
    const set = Object.entries(given).filter(([, value]) => value !== undefined);
    return {
        ...MIGRATE_DEFAULTS,
        maxKeysPerSecond: 0,
        maxBytesPerSecond: 0,
        ...Object.fromEntries(set),
    };
}
