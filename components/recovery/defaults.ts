import { LIMITS } from "logcaster-model/limits";
import { VaultLock } from "./args";

export const RECOVERY_DEFAULTS = Object.freeze({
    keepDays: LIMITS["recovery.keepDays"].value,
    copyDays: LIMITS["recovery.copyDays"].value,
    lock: VaultLock.None,
    /** Daily, UTC, after the database's own backup window. */
    schedule: "cron(0 5 ? * * *)",
    /** A job that has not started within the first, or ended within the second, counts as failed. */
    startWithinMinutes: 60,
    endWithinMinutes: 360,
    /** A daily copy may be this late before somebody is told: the day, and the two windows' hours rounded down. */
    copyOverdueHours: 30,
});
