/** The rows of limits.ts for what spans regions. */
import type { Limit } from "./limits";

/** What is never kept at the edge: an answer about now. */
export const EDGE_PATHS = [
    { path: "/health", seconds: 0 },
    { path: "/metrics", seconds: 0 },
] as const;

/** A path as CloudFront matches it. */
export const EDGE_PATH = /^\/[A-Za-z0-9_\-.*$/~"'@:+&?]{0,254}$/;

export const GLOBAL_LIMITS = {
    "database.instances": {
        value: 2,
        unit: "instances a region",
        min: 2,
        aws: "aurora.instances",
        origin: "a writer and a reader in another zone; in a secondary region two readers",
    },
    "database.backupDays": {
        value: 7,
        unit: "days",
        min: 3,
        aws: "aurora.backupDays",
        origin: "Trivy AWS-0077: at least 3 days; a week covers a mistake found after the weekend",
    },
    "database.maxLagMs": {
        value: 1000,
        unit: "milliseconds",
        min: 100,
        max: 60_000,
        origin: "brief 7.1: lag_threshold 1000ms",
    },
    "database.readers.max": {
        value: 5,
        unit: "readers of the writer's region",
        aws: "aurora.readers",
        origin: "a third of what AWS allows: more readers than that want a larger class first",
    },
    "database.readers.targetCpuPercent": {
        value: 60,
        unit: "percent",
        min: 20,
        max: 90,
        origin: "room for the minutes that a reader takes to start",
    },
    "database.credentialGeneration": {
        value: 1,
        unit: "rotations",
        min: 1,
        max: 10_000,
        origin: "it counts the rotations of the master password, and starts at 1",
    },
    "recovery.keepDays": {
        value: 35,
        unit: "days",
        min: 7,
        aws: "backup.retentionDays",
        origin: "as long as AWS lets a database's own backups go back; a week at least, so that a mistake found after days can be undone",
    },
    "recovery.copyDays": {
        value: 35,
        unit: "days",
        min: 7,
        aws: "backup.retentionDays",
        origin: "as long as the backups themselves",
    },
    "edge.defaultSeconds": {
        value: 60,
        unit: "seconds",
        aws: "cloudfront.seconds",
        origin: "brief 5.1: what a cache holds expires after 60 s",
    },
    "edge.paths.seconds": {
        value: 60,
        unit: "seconds",
        aws: "cloudfront.seconds",
        origin: "brief 5.1: what a cache holds expires after 60 s; 0 keeps nothing",
    },
    "edge.requestsPerFiveMinutes": {
        value: 2000,
        unit: "requests of one address in five minutes",
        aws: "waf.rate",
        origin: "seven a second: several people behind one address; a reader that asks more often wants another way",
    },
    "edge.logDays": {
        value: 365,
        unit: "days",
        min: 1,
        max: 3653,
        origin: "a year of access logs, as those of the load balancers",
    },
    "redis.global.shards": {
        value: 1,
        unit: "shards",
        aws: "elasticache.shards",
        origin: "what all regions read is small: one shard's memory",
    },
    "redis.global.copies": {
        value: 3,
        unit: "copies in each region",
        min: 3,
        aws: "elasticache.copies",
        origin: "brief 1.1: replication factor 3, the primary included",
    },
    "redis.global.snapshotDays": {
        value: 7,
        unit: "days",
        min: 1,
        aws: "elasticache.snapshotDays",
        origin: "Checkov CKV_AWS_134: automatic backups",
    },
    "redis.global.maxLagMs": {
        value: 1000,
        unit: "milliseconds",
        min: 100,
        max: 60_000,
        origin: "brief 7.1: lag_threshold 1000ms",
    },
} as const satisfies Record<string, Limit>;
