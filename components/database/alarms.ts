import type * as pulumi from "@pulumi/pulumi";
import type { AlarmPlace } from "../monitoring/alarm";
import { lagAlarms } from "../monitoring/lag-alarms";
import type { Metric } from "../monitoring/metrics";

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

/** Watches how far a secondary is behind. */
export function watchLag(
    place: AlarmPlace,
    clusterIdentifier: pulumi.Input<string>,
    primaryRegion: string,
    maxLagMs: number,
): void {
    lagAlarms(place, {
        alarm: "DatabaseReplicationLag",
        what: `The database in ${place.region}`,
        behind: "its writer",
        metric: lagMetric(clusterIdentifier, primaryRegion),
        maxLagMs,
    });
}
