import { count, milliseconds, percent } from "logcaster-model/alarms";
import { alarm, Level, MissingData, Outage, signal, Target, type AlarmSpec } from "./alarm";
import type { MonitoredBalancerArgs } from "./args";
import { MINUTE_SECONDS, THRESHOLDS } from "./defaults";
import { albMetrics, nlbMetrics, type Metric } from "./metrics";

const LEVELS = [
    { level: Level.Warning, key: "warning", outage: undefined },
    { level: Level.Critical, key: "critical", outage: Outage.FrontDoor },
] as const;

/** Alarms on what clients meet. */
export function balancerAlarms(balancer: MonitoredBalancerArgs): AlarmSpec[] {
    const nlb = nlbMetrics(balancer);
    const alb = albMetrics(balancer);
    return [
        ...targets("tcp", nlb),
        ...targets("http", alb),
        ...resets(nlb),
        alarm({
            alarm: "NlbPortAllocationErrors",
            level: Level.Critical,
            says: "The network load balancer found no port to reach a target: connections fail",
            signal: signal(nlb.portAllocationErrors, MINUTE_SECONDS),
            comparison: ">",
            threshold: count(0),
            periods: 5,
            datapoints: 3,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
            outage: Outage.FrontDoor,
        }),
        ...errors(alb),
        ...latency(alb),
    ];
}

function targets(
    of: string,
    { healthy, unhealthy }: { healthy: Metric<"Count">; unhealthy: Metric<"Count"> },
): AlarmSpec[] {
    return [
        alarm({
            alarm: "UnhealthyTargets",
            of,
            level: Level.Warning,
            says: `A target of ${of} has failed its health checks for 5 minutes`,
            signal: signal(unhealthy, MINUTE_SECONDS),
            comparison: ">",
            threshold: count(0),
            periods: 5,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
        }),
        // A target group without targets publishes nothing: silence is the worst case, not a quiet one.
        alarm({
            alarm: "NoHealthyTargets",
            of,
            level: Level.Critical,
            says: `No target of ${of} is healthy: nobody is served`,
            signal: signal(healthy, MINUTE_SECONDS),
            comparison: "<",
            threshold: count(1),
            periods: 2,
            missing: MissingData.Breaching,
            target: Target.NotifyOps,
            outage: Outage.FrontDoor,
        }),
    ];
}

function resets({ newFlows, targetResets, balancerResets }: ReturnType<typeof nlbMetrics>) {
    return LEVELS.map(({ level, key, outage }) =>
        alarm({
            alarm: "NlbResets",
            level,
            says: `More than ${THRESHOLDS.resetsPercent[key]} % of new connections are reset by targets or the balancer`,
            signal: {
                periodSeconds: MINUTE_SECONDS,
                unit: "Percent",
                metrics: { flows: newFlows, byTargets: targetResets, byBalancer: balancerResets },
                expression: `IF(flows >= ${THRESHOLDS.minFlowsPerMinute}, 100 * (FILL(byTargets, 0) + FILL(byBalancer, 0)) / flows, 0)`,
            },
            comparison: ">",
            threshold: percent(THRESHOLDS.resetsPercent[key]),
            periods: 5,
            datapoints: 3,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
            outage,
        }),
    );
}

function errors({ requests, balancerErrors, targetErrors }: ReturnType<typeof albMetrics>) {
    return LEVELS.map(({ level, key, outage }) =>
        alarm({
            alarm: "AlbErrors",
            level,
            says: `More than ${THRESHOLDS.errorsPercent[key]} % of HTTP requests are answered with 5xx`,
            signal: {
                periodSeconds: MINUTE_SECONDS,
                unit: "Percent",
                metrics: { requests, byBalancer: balancerErrors, byTargets: targetErrors },
                // Counts of errors are absent while there are none.
                expression: `IF(requests >= ${THRESHOLDS.minFlowsPerMinute}, 100 * (FILL(byBalancer, 0) + FILL(byTargets, 0)) / requests, 0)`,
            },
            comparison: ">",
            threshold: percent(THRESHOLDS.errorsPercent[key]),
            periods: 5,
            datapoints: 3,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
            outage,
        }),
    );
}

function latency({ latency: seconds }: ReturnType<typeof albMetrics>) {
    return LEVELS.map(({ level, key, outage }) =>
        alarm({
            alarm: "AlbLatency",
            level,
            says: `One HTTP answer in a hundred takes longer than ${THRESHOLDS.latencyMs[key]} ms`,
            signal: signal(seconds, MINUTE_SECONDS),
            comparison: ">",
            threshold: milliseconds(THRESHOLDS.latencyMs[key]),
            periods: 5,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
            outage,
        }),
    );
}
