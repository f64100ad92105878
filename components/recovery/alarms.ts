import type * as pulumi from "@pulumi/pulumi";
import { count } from "logcaster-model/alarms";
import {
    alarm,
    createAlarm,
    Level,
    MissingData,
    signal,
    Target,
    type AlarmPlace,
} from "../monitoring/alarm";
import { FIVE_MINUTES_SECONDS, HOUR_SECONDS } from "../monitoring/defaults";
import { eventRule, notifyOps } from "../monitoring/event-rule";
import { eventMetric } from "../monitoring/metrics";
import { RECOVERY_DEFAULTS } from "./defaults";

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
const BACKUP_JOB = "Backup Job State Change";
const COPY_JOB = "Copy Job State Change";
const FAILED = ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"];

/** Tells who must hear that a backup or its copy failed, and that there was no copy when one was due. */
export function watchBackups(
    place: AlarmPlace,
    vaultArn: pulumi.Output<string>,
    tags: Record<string, string>,
): void {
    const rule = (key: string, description: string, pattern: object) =>
        eventRule(place, key, description, pattern, tags);
    const failed = rule("backup-failed", "Backups and copies that did not come about", {
        source: ["aws.backup"],
        "detail-type": [BACKUP_JOB, COPY_JOB],
        detail: {
            state: FAILED,
            $or: [{ backupVaultArn: [vaultArn] }, { sourceBackupVaultArn: [vaultArn] }],
        },
    });
    notifyOps(place, "backup-failed", failed, {
        alarm: "BackupFailed",
        says: "<what> of <resource> is <state>: <why>",
        paths: {
            what: "$.detail-type",
            resource: "$.detail.resourceArn",
            state: "$.detail.state",
            why: "$.detail.statusMessage",
        },
    });
    const copied = rule("backup-copied", "Backups that have a copy in another region", {
        source: ["aws.backup"],
        "detail-type": [COPY_JOB],
        detail: { state: ["COMPLETED"], sourceBackupVaultArn: [vaultArn] },
    });
    createAlarm(
        place,
        alarm<"Count">({
            alarm: "BackupFailed",
            level: Level.Warning,
            says: "A backup, or its copy in another region, did not come about",
            signal: signal(eventMetric(failed.name), FIVE_MINUTES_SECONDS),
            comparison: ">=",
            threshold: count(1),
            periods: 1,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
        }),
    );
    createAlarm(
        place,
        alarm<"Count">({
            alarm: "BackupMissing",
            level: Level.Warning,
            says: `No backup reached another region in ${RECOVERY_DEFAULTS.copyOverdueHours} hours`,
            signal: signal(eventMetric(copied.name), HOUR_SECONDS),
            comparison: "<",
            threshold: count(1),
            periods: RECOVERY_DEFAULTS.copyOverdueHours,
            // No plan, no job, no event: silence is what is looked for.
            missing: MissingData.Breaching,
            target: Target.NotifyOps,
        }),
    );
}
