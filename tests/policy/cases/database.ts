import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const LAG = "AuroraGlobalDBReplicationLag";
const NONE = `no alarm of its region looks at ${LAG} of the member`;
const LOWEST = `the lowest threshold on ${LAG}, in ms,`;

/** A single instance, as some programs have. */
const instance = (more: object) => ({
    region: "us-east-1",
    engine: "postgres",
    storageEncrypted: true,
    deletionProtection: true,
    backupRetentionPeriod: 7,
    iamDatabaseAuthenticationEnabled: true,
    tags: { "logcaster:runbook": "docs/runbooks/x.md" },
    ...more,
});
const INSTANCE = "aws:rds/instance:Instance";

export const DATABASE_CASES: Cases = {
    "logcaster-database-encrypt": {
        "a cluster in the clear": {
            change: (s) => s.set("writer", "storageEncrypted", false),
            says: ["writer: storageEncrypted is false, must be true"],
        },
        "a global cluster that does not say": {
            change: (s) => s.set("global-database", "storageEncrypted", undefined),
            says: ["global-database: storageEncrypted is not set, must be true"],
        },
        "an instance in the clear": {
            change: (s) => s.add(INSTANCE, "single", instance({ storageEncrypted: false })),
            says: ["single: storageEncrypted is false, must be true"],
        },
        "a cluster made from a snapshot, whose encryption it has": {
            change: (s) =>
                s
                    .set("writer", "storageEncrypted", undefined)
                    .set("writer", "snapshotIdentifier", UNKNOWN),
        },
        "encryption not known yet": {
            change: (s) => s.set("writer", "storageEncrypted", UNKNOWN),
            unknown: ["storageEncrypted"],
        },
    },
    "logcaster-database-protect-from-deletion": {
        "a cluster that can be deleted": {
            change: (s) => s.set("follower", "deletionProtection", false),
            says: ["follower: deletionProtection is false, must be true"],
        },
        "a global cluster that does not say": {
            change: (s) => s.set("global-database", "deletionProtection", undefined),
            says: ["global-database: deletionProtection is not set, must be true"],
        },
        "protection not known yet": {
            change: (s) => s.set("follower", "deletionProtection", UNKNOWN),
            unknown: ["deletionProtection"],
        },
    },
    "logcaster-database-back-up": {
        "two days": {
            change: (s) => s.set("writer", "backupRetentionPeriod", 2),
            says: ["writer: backupRetentionPeriod is 2, limit 3 (minDays)"],
        },
        "a cluster that does not say, which AWS keeps for a day": {
            change: (s) => s.set("writer", "backupRetentionPeriod", undefined),
            says: ["writer: backupRetentionPeriod is 1, limit 3 (minDays)"],
        },
        "an instance that does not say, which AWS does not back up": {
            change: (s) =>
                s.add(INSTANCE, "single", instance({ backupRetentionPeriod: undefined })),
            says: ["single: backupRetentionPeriod is 0, limit 3 (minDays)"],
        },
        "fewer days than the setting wants": {
            config: { minDays: 8 },
            says: [
                "writer: backupRetentionPeriod is 7, limit 8 (minDays)",
                "follower: backupRetentionPeriod is 7, limit 8 (minDays)",
            ],
        },
        "days not known yet": {
            change: (s) => s.set("writer", "backupRetentionPeriod", UNKNOWN),
            unknown: ["backupRetentionPeriod"],
        },
    },
    "logcaster-database-log-in-by-iam": {
        "passwords alone": {
            change: (s) => s.set("writer", "iamDatabaseAuthenticationEnabled", undefined),
            says: ["writer: iamDatabaseAuthenticationEnabled is not set, must be true"],
        },
        "an engine without tokens": {
            change: (s) =>
                s
                    .set("writer", "engine", "sqlserver-ee")
                    .set("writer", "iamDatabaseAuthenticationEnabled", undefined),
        },
        "not known yet": {
            change: (s) => s.set("writer", "iamDatabaseAuthenticationEnabled", UNKNOWN),
            unknown: ["iamDatabaseAuthenticationEnabled"],
        },
    },
    "logcaster-replication-alarm-on-lag": {
        "no alarm": { change: (s) => s.remove("lag"), says: [`follower: ${NONE}`] },
        "an alarm on another metric": {
            change: (s) => s.set("lag", "metricName", "AuroraReplicaLag"),
            says: [`follower: ${NONE}`],
        },
        "an alarm on the writer instead": {
            change: (s) => s.refer("lag", "dimensions", "writer"),
            says: [`follower: ${NONE}`],
        },
        "an alarm in the writer's region": {
            change: (s) => s.set("lag", "region", "us-east-1"),
            says: [`follower: ${NONE}`],
        },
        "an alarm that names the member": {
            change: (s) =>
                s
                    .refer("lag", "dimensions")
                    .set("lag", "dimensions", { DBClusterIdentifier: "follower" }),
        },
        "an alarm by a formula": {
            change: (s) =>
                s
                    .set("lag", "metricName", undefined)
                    .set("lag", "dimensions", undefined)
                    .refer("lag", "dimensions")
                    .refer("lag", "metricQueries", "follower")
                    .set("lag", "metricQueries", [
                        { id: "m", metric: { metricName: LAG, dimensions: {} } },
                    ]),
        },
        "a threshold of a thousand seconds": {
            change: (s) => s.set("lag", "threshold", 1_000_000),
            says: [`follower: ${LOWEST} is 1000000, limit 1000 (maxLagMs)`],
        },
        "a threshold in seconds": {
            change: (s) => s.set("lag", "threshold", 1),
            says: [`follower: ${LOWEST} is 1, limit 100 (minLagMs)`],
        },
        "a threshold above the setting": {
            config: { maxLagMs: 500 },
            says: [`follower: ${LOWEST} is 1000, limit 500 (maxLagMs)`],
        },
        "a threshold below the setting": {
            config: { minLagMs: 2000, maxLagMs: 5000 },
            says: [`follower: ${LOWEST} is 1000, limit 2000 (minLagMs)`],
        },
        "a cluster of which AWS will tell whether it is a member, not known yet": {
            change: (s) => s.set("store", "globalReplicationGroupId", UNKNOWN),
        },
        "a member of a Global Datastore without an alarm": {
            change: (s) => s.set("store", "globalReplicationGroupId", "ldgnf-logcaster"),
            says: [
                "store: no alarm of its region looks at GlobalDatastoreReplicationLag of the member",
            ],
        },
        "a member of a Global Datastore with a threshold in ms, where the metric is in seconds": {
            change: (s) =>
                s
                    .set("store", "globalReplicationGroupId", UNKNOWN)
                    .refer("store", "globalReplicationGroupId", "global-database")
                    .set("lag", "region", "us-east-1")
                    .set("lag", "metricName", "GlobalDatastoreReplicationLag")
                    .refer("lag", "dimensions", "store"),
            says: [
                `follower: ${NONE}`,
                "store: the lowest threshold on GlobalDatastoreReplicationLag, in s, is 1000, limit 1 (maxLagMs)",
            ],
        },
        "a threshold not known yet": { change: (s) => s.set("lag", "threshold", UNKNOWN) },
    },
};
