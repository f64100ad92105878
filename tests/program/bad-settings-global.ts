/** Rows of bad-settings.ts for what spans regions. */
import type { BadSettings } from "./bad-settings";
import { outside } from "./outside";

export const BAD_GLOBAL_SETTINGS: readonly BadSettings[] = [
    outside(
        "database.instances",
        "database.instances",
        17,
        "a writer and 15 readers",
        "aurora.instances",
    ),
    outside("database.instances", "database.instances", 1, "from 2 to 16"),
    outside("database.backupDays", "database.backupDays", 2, "from 3 to 35"),
    outside(
        "database.backupDays",
        "database.backupDays",
        36,
        "kept 1 to 35 days",
        "aurora.backupDays",
    ),
    outside("database.maxLagMs", "database.maxLagMs", 1, "from 100 to 60000"),
    outside("database.readers.max", "database.readers.max", 16, "15 readers", "aurora.readers"),
    outside(
        "database.readers.targetCpuPercent",
        "database.readers.targetCpuPercent",
        95,
        "from 20 to 90",
    ),
    outside("database.credentialGeneration", "database.credentialGeneration", 0, "from 1 to 10000"),
    {
        mistake: "a version that takes no part in a global database",
        set: { "database.engineVersion": "13.9" },
        path: "database.engineVersion",
        says: "Aurora PostgreSQL 16 and 17",
        covers: ["aurora.engineVersion"],
    },
    {
        mistake: "a burstable class in a global database",
        set: { "database.instanceClass": "db.t4g.medium" },
        path: "database.instanceClass",
        says: "memory-optimised classes of size large or more from db.r5 on",
        covers: ["aurora.globalInstanceClass"],
    },
    {
        mistake: "a database's name that PostgreSQL would have to quote",
        set: { "database.name": "Log-Caster" },
        path: "database.name",
        says: "lower-case letters",
    },
    {
        mistake: "fewer readers at most than there are",
        set: { "database.instances": 4, "database.readers.max": 2 },
        path: "database.readers.max",
        says: "at least database.instances less the writer, 3",
    },
    outside("recovery.keepDays", "recovery.keepDays", 6, "from 7 to 36500"),
    outside(
        "recovery.copyDays",
        "recovery.copyDays",
        36_501,
        "1 to 36,500 days",
        "backup.retentionDays",
    ),
    {
        mistake: "copies beside the backups",
        set: { "recovery.copyRegion": "us-east-1" },
        path: "recovery.copyRegion",
        says: "a region other than primaryRegion",
    },
    {
        mistake: "a copy in no region",
        set: { "recovery.copyRegion": "Frankfurt" },
        path: "recovery.copyRegion",
        says: "a region's name",
    },
    {
        mistake: "backups of nothing",
        set: { database: undefined },
        path: "database",
        says: "AWS Backup takes that alone",
    },
    {
        mistake: "a lock that nobody could take away",
        set: { "recovery.lock": "compliance" },
        path: "recovery.lock",
        says: "one of none, governance",
    },
];
