export const MIGRATION_JOB_DEFAULTS = Object.freeze({
    jobName: "logcaster-migration",
    metadataSecretKey: "url",
    workers: 3,
    restartsPerWorker: 10,
    maxKeysPerSecond: 0,
    maxBytesPerSecond: 0,
    cpuRequestMilli: 500,
    memoryMebibytes: 512,
    keepSeconds: 604_800,
});

/** What the arguments may be. */
export const MIGRATION_JOB_BOUNDS = Object.freeze({
    workers: [1, 64],
    restartsPerWorker: [0, 100],
    maxKeysPerSecond: [0, Number.MAX_SAFE_INTEGER],
    maxBytesPerSecond: [0, Number.MAX_SAFE_INTEGER],
    cpuRequestMilli: [1, 64_000],
    // A worker was measured at about 200 MiB with the biggest keys.
    memoryMebibytes: [256, 65_536],
    keepSeconds: [0, 2_147_483_647],
} as const);

/** A user of its own, without rights. */
export const RUN_AS = 65_532;
export const JOURNAL_FOLDER = "/journal";
