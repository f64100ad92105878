import { bound, define, limit, type Definition } from "../definition";
import * as database from "../rules/database";
import * as replication from "../rules/replication";
import {
    DATABASE_CLUSTER,
    DATABASE_INSTANCE,
    GLOBAL_CLUSTER,
    REPLICATION_GROUP,
} from "../rules/types";

const AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide";
const DATABASE = [...DATABASE_CLUSTER, ...DATABASE_INSTANCE];

export const DATABASE_POLICIES: readonly Definition[] = [
    define({
        name: "logcaster-database-encrypt",
        displayName: "Databases encrypted",
        description: "Databases, regional and global, are encrypted at rest.",
        severity: "high",
        rows: ["34"],
        remediationSteps: "Set storageEncrypted to true",
        url: `${AURORA}/Overview.Encryption.html`,
        enforcementLevel: "mandatory",
        types: [...DATABASE, ...GLOBAL_CLUSTER],
        resource: database.encrypted,
    }),
    define({
        name: "logcaster-database-protect-from-deletion",
        displayName: "Databases refuse deletion",
        description: "Databases, regional and global, are protected from deletion by AWS.",
        severity: "high",
        rows: ["35"],
        remediationSteps: "Set deletionProtection to true",
        url: `${AURORA}/USER_DeleteCluster.html`,
        enforcementLevel: "mandatory",
        types: [...DATABASE, ...GLOBAL_CLUSTER],
        resource: database.protectedFromDeletion,
    }),
    define({
        name: "logcaster-database-back-up",
        displayName: "Databases backed up",
        description: "A database's own backups go back some days.",
        severity: "high",
        rows: ["36", "recovery"],
        remediationSteps: "Raise backupRetentionPeriod",
        url: `${AURORA}/Aurora.Managing.Backups.html`,
        config: { minDays: bound("database.backupDays", "min", "Fewest days") },
        enforcementLevel: "mandatory",
        types: DATABASE,
        resource: database.backedUp,
    }),
    define({
        name: "logcaster-database-log-in-by-iam",
        displayName: "Databases take IAM tokens",
        description: "One can log in to a database with a token of IAM in place of a password.",
        severity: "medium",
        rows: ["37"],
        remediationSteps: "Set iamDatabaseAuthenticationEnabled to true",
        url: `${AURORA}/UsingWithRDS.IAMDBAuth.html`,
        enforcementLevel: "mandatory",
        types: DATABASE,
        resource: database.loginByIam,
    }),
    define<object, { maxLagMs: number; minLagMs: number }>({
        name: "logcaster-replication-alarm-on-lag",
        displayName: "Lag of every secondary is watched",
        description:
            "Every member of a global database or Global Datastore that follows another region has an alarm on its lag, in its region, with a threshold in the metric's own unit.",
        severity: "high",
        rows: ["replication"],
        remediationSteps:
            "Add an alarm on AuroraGlobalDBReplicationLag (ms) or GlobalDatastoreReplicationLag (s) in the region of the member",
        url: `${AURORA}/aurora-global-database-monitoring.html`,
        config: {
            maxLagMs: limit("database.maxLagMs", "Highest threshold"),
            minLagMs: bound(
                "database.maxLagMs",
                "min",
                "Lowest threshold: below it, a unit was mistaken",
            ),
        },
        enforcementLevel: "mandatory",
        types: [...DATABASE_CLUSTER, ...REPLICATION_GROUP],
        stack: replication.alarmsOnLag,
    }),
];
