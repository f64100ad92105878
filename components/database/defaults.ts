import { LIMITS } from "logcaster-model/limits";

export const ENGINE = "aurora-postgresql";
export const DATABASE_PORT = 5432;
/** The user of the service: made once by an administrator, who grants it rds_iam (docs/global-data.md). */
export const SERVICE_USER = "logcaster";

export const DATABASE_DEFAULTS = Object.freeze({
    databaseName: "logcaster",
    engineVersion: "16.6",
    instanceClass: "db.r7g.large",
    instances: LIMITS["database.instances"].value,
    backupDays: LIMITS["database.backupDays"].value,
    writeForwarding: false,
    maxLagMs: LIMITS["database.maxLagMs"].value,
    credentialGeneration: LIMITS["database.credentialGeneration"].value,
    /** An administrator's; the service has its own user. */
    masterUsername: "logcaster_admin",
    passwordLength: 64,
    /** Daily, UTC; before the maintenance window, so that a backup precedes what maintenance does. */
    backupWindow: "03:00-04:00",
    maintenanceWindow: "sun:05:30-sun:06:30",
    /** Of CPU, memory, disk and processes, by an agent on the instance. */
    monitoringSeconds: 60,
    /** Statements slower than this are logged, with their text: the log group is encrypted. */
    slowStatementMs: 1000,
    logDays: 30,
    /** Seconds between two steps of auto scaling: a reader takes minutes to start and fills its cache first. */
    scaleOutCooldownSeconds: 300,
    scaleInCooldownSeconds: 900,
    suffixBytes: 4,
});
