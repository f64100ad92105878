import { LIMITS } from "logcaster-model/limits";

/** What a cluster is for. */
export const ValkeyRole = {
    /** Holds data: never evicts. */
    Store: "store",
    /** Evicts what was not used for long. */
    Cache: "cache",
} as const;
export type ValkeyRole = (typeof ValkeyRole)[keyof typeof ValkeyRole];

/** When a write is on disk. */
export const AppendFsync = {
    /** Before it is acknowledged. */
    Always: "always",
    /** Within a second. */
    EverySecond: "everysec",
} as const;
export type AppendFsync = (typeof AppendFsync)[keyof typeof AppendFsync];

export const VALKEY_DEFAULTS = Object.freeze({
    clusterName: "valkey",
    role: ValkeyRole.Store,
    shards: LIMITS["kubernetes.valkey.shards"].value,
    /** Brief 1.1: a replication factor of 3 counts copies. */
    copies: LIMITS["kubernetes.valkey.copies"].value,
    appendFsync: AppendFsync.Always,
    storageGibibytes: LIMITS["kubernetes.valkey.storageGibibytes"].value,
    cpuRequestMilli: LIMITS["kubernetes.valkey.cpuRequestMilli"].value,
    memoryMebibytes: LIMITS["kubernetes.valkey.memoryMebibytes"].value,
    credentialGeneration: LIMITS["kubernetes.valkey.credentialGeneration"].value,
    monitoringNamespace: "monitoring",
    protect: true,
} as const);

/** Arguments whose bounds are limits of the settings. */
export const VALKEY_NUMBERS = [
    "shards",
    "copies",
    "storageGibibytes",
    "cpuRequestMilli",
    "memoryMebibytes",
    "credentialGeneration",
] as const;

export const PORT = 6379;
/** Fixed by the protocol: 10,000 above the port. */
export const BUS_PORT = PORT + 10_000;
export const METRICS_PORT = 9121;

/** Numbers of the servers that no argument changes. */
export const SERVER = Object.freeze({
    keepAliveSeconds: 60,
    /** A primary that is silent for so long is replaced. */
    nodeTimeoutMs: 5_000,
    /** What a copy may miss and still catch up without a full copy. */
    backlogBytes: 64 * 1024 * 1024,
    shutdownSeconds: 20,
    /** The rest is for copies of pages while the append-only file is rewritten, and for clients. */
    dataShareOfMemory: 0.6,
});

/** Timing of the scripts. */
export const SCRIPTS = Object.freeze({
    /** One question to a server. */
    answerSeconds: 5,
    /** Between two looks. */
    pauseSeconds: 1,
    /** Until a copy has taken over from a primary that leaves. */
    handOverSeconds: 30,
    /** Until a new cluster is whole; then the Job starts again. */
    createSeconds: 300,
});

/** Longer than handing over, and than the shutdown that follows. */
export const GRACE_SECONDS = 120;
export const JOB_RETRIES = 20;

/** The user of the official image. */
export const RUN_AS = 999;

export const PROBES = Object.freeze({
    startup: { periodSeconds: 5, timeoutSeconds: 6, failureThreshold: 360 },
    readiness: { periodSeconds: 5, timeoutSeconds: 6, failureThreshold: 2 },
    liveness: { periodSeconds: 10, timeoutSeconds: 6, failureThreshold: 6 },
});

export const EXPORTER = Object.freeze({ cpuRequestMilli: 20, memoryMebibytes: 64 });
export const SCRAPE_SECONDS = 15;
export const PASSWORD_LENGTH = 40;

/** What each user may do. */
export const ACCESS = Object.freeze({
    /** LogCaster itself, as on ElastiCache. */
    service: "~* &* +@all -@dangerous +info",
    /** `logcaster shards migrate`: all data and where it lies, but nothing that destroys it at once or changes users. */
    migrator:
        "~* &* +@all -acl -shutdown -debug -module -flushall -flushdb -replicaof -failover -cluster|reset",
    /** Copies, and nodes that hand slots to each other. */
    replication: "~* &* +@all -acl -shutdown -debug -module -config",
    /** Scripts of the pods: the cluster's shape, no key. */
    operator:
        "resetkeys +ping +info +role +cluster|info +cluster|nodes +cluster|myid +cluster|meet +cluster|replicate +cluster|addslotsrange +cluster|failover +cluster|forget",
    /** The exporter: numbers, no key. */
    monitor:
        "resetkeys +ping +info +client|setname +client|list +config|get +cluster|info +cluster|slots +cluster|nodes +latency|latest +latency|histogram +slowlog|len +slowlog|get +select",
});
