import type * as pulumi from "@pulumi/pulumi";
import { milliseconds } from "logcaster-model/alarms";
import {
    alarm,
    createAlarm,
    Level,
    MissingData,
    signal,
    Target,
    type AlarmPlace,
} from "../monitoring/alarm";
import { MINUTE_SECONDS } from "../monitoring/defaults";
import type { Metric } from "../monitoring/metrics";
import { DATABASE_DEFAULTS } from "./defaults";

/**
 * How far a secondary is behind, published by the secondary, in ms, by itself and the writer's region:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
 */
const lagMetric = (
    clusterIdentifier: pulumi.Input<string>,
    primaryRegion: string,
): Metric<"Milliseconds"> => ({
    namespace: "AWS/RDS",
    metricName: "AuroraGlobalDBReplicationLag",
    statistic: "Maximum",
    unit: "Milliseconds",
    dimensions: { DBClusterIdentifier: clusterIdentifier, SourceRegion: primaryRegion },
});

/** Two levels on a secondary's lag. A secondary that says nothing does not replicate: silence alarms. */
export function lagAlarms(
    place: AlarmPlace,
    clusterIdentifier: pulumi.Input<string>,
    primaryRegion: string,
    maxLagMs: number,
): void {
    const { criticalFactor, lagMinutes } = DATABASE_DEFAULTS;
    const levels = [
        { level: Level.Warning, lagMs: maxLagMs, target: Target.NotifyOps },
        { level: Level.Critical, lagMs: maxLagMs * criticalFactor, target: Target.PageOncall },
    ];
    for (const { level, lagMs, target } of levels) {
        createAlarm(
            place,
            alarm<"Milliseconds">({
                alarm: "DatabaseReplicationLag",
                level,
                says: `The database in ${place.region} is more than ${lagMs} ms behind its writer, or says nothing`,
                signal: signal(lagMetric(clusterIdentifier, primaryRegion), MINUTE_SECONDS),
                comparison: ">",
                threshold: milliseconds(lagMs),
                periods: lagMinutes,
                missing: MissingData.Breaching,
                target,
            }),
        );
    }
}
