import type * as pulumi from "@pulumi/pulumi";
import { count, percent } from "logcaster-model/alarms";
import { alarm, Level, MissingData, Outage, signal, Target, type AlarmSpec } from "./alarm";
import type { AlertArgs, MonitoredFleetArgs } from "./args";
import {
    FIVE_MINUTES_SECONDS,
    HOUR_SECONDS,
    MINUTE_SECONDS,
    MINUTES_PER_HOUR,
    THRESHOLDS,
} from "./defaults";
import { eventMetric, forecastMetric, groupMetrics } from "./metrics";

/** Rules of EventBridge whose matches are counted. */
export interface EventRuleNames {
    readonly scalingFailed: pulumi.Input<string>;
    /** Where some instances are spot. */
    readonly spotInterrupted?: pulumi.Input<string>;
}

/**
 * Alarms on the number of instances and on whether they are heard of.
 * @param of which group, where it is not the service's own
 */
export function fleetAlarms(
    fleet: MonitoredFleetArgs,
    alerts: AlertArgs,
    of?: string,
): AlarmSpec[] {
    const group = groupMetrics(fleet.groupName);
    return [...size(group, alerts), ...forecast(fleet, group), ...silent(group)].map((spec) => ({
        ...spec,
        of,
    }));
}

/** Alarms on a group of Kubernetes nodes, which publish no connections: pods do, to Prometheus. */
export function nodeAlarms(nodes: MonitoredFleetArgs, alerts: AlertArgs, of: string): AlarmSpec[] {
    const group = groupMetrics(nodes.groupName);
    return size(group, alerts).map((spec) => ({ ...spec, of }));
}

/** Alarms on what AWS reports of a region's instances, of whichever group. */
export function eventAlarms(rules: EventRuleNames, fleet?: MonitoredFleetArgs): AlarmSpec[] {
    return [
        alarm({
            alarm: "ScalingFailed",
            level: Level.Critical,
            says: "An instance could not be launched or ended, or an instance refresh failed",
            signal: signal(eventMetric(rules.scalingFailed), FIVE_MINUTES_SECONDS),
            comparison: ">=",
            threshold: count(1),
            periods: 1,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
            outage: Outage.Scaling,
        }),
        ...(fleet ? spot(rules, groupMetrics(fleet.groupName)) : []),
    ];
}

type GroupMetrics = ReturnType<typeof groupMetrics>;

function size(group: GroupMetrics, alerts: AlertArgs): AlarmSpec[] {
    return [
        restless(group.desired, alerts.maxScalingEventsPerHour ?? THRESHOLDS.scalingEventsPerHour),
        ...nearlyFull(group, alerts.maxCapacityPercent ?? THRESHOLDS.capacityPercent.warning),
    ];
}

/**
 * Minutes in which the desired number changed, among the last sixty. Counting launches instead would call an instance refresh
 * or a schedule's step restless.
 */
function restless(desired: GroupMetrics["desired"], maxPerHour: number): AlarmSpec {
    return alarm({
        alarm: "ScalingFrequent",
        level: Level.Warning,
        says: `The group's size changed more than ${maxPerHour} times in an hour`,
        signal: {
            periodSeconds: MINUTE_SECONDS,
            unit: "Count",
            metrics: { desired },
            expression: "ABS(DIFF(desired))",
        },
        comparison: ">",
        threshold: count(0),
        periods: MINUTES_PER_HOUR,
        datapoints: maxPerHour + 1,
        missing: MissingData.NotBreaching,
        target: Target.NotifyOps,
    });
}

function nearlyFull({ inService, max }: GroupMetrics, warningPercent: number): AlarmSpec[] {
    const used = {
        periodSeconds: MINUTE_SECONDS,
        unit: "Percent" as const,
        metrics: { inService, max },
        expression: "100 * inService / max",
    };
    const limit = {
        alarm: "CapacityLimit",
        signal: used,
        comparison: ">=" as const,
        missing: MissingData.NotBreaching,
        target: Target.CapacityPlanning,
    };
    return [
        alarm({
            ...limit,
            level: Level.Warning,
            says: `At least ${warningPercent} % of the largest number of instances is in service`,
            threshold: percent(warningPercent),
            periods: 5,
        }),
        alarm({
            ...limit,
            level: Level.Critical,
            says: "The largest number of instances is in service: nothing is left to scale out to",
            threshold: percent(THRESHOLDS.capacityPercent.critical),
            periods: 15,
            outage: Outage.Scaling,
        }),
    ];
}

function forecast(
    { groupName, predictive, predictivePolicyName }: MonitoredFleetArgs,
    { max }: GroupMetrics,
): AlarmSpec[] {
    if (!predictive || predictivePolicyName === undefined) return [];
    return [
        alarm({
            alarm: "ForecastAboveMax",
            level: Level.Warning,
            says: "The forecast asks for more instances than the group may have",
            signal: {
                periodSeconds: HOUR_SECONDS,
                unit: "Count",
                metrics: { forecast: forecastMetric(groupName, predictivePolicyName), max },
                expression: "forecast - max",
            },
            comparison: ">",
            threshold: count(0),
            periods: 1,
            missing: MissingData.NotBreaching,
            target: Target.CapacityPlanning,
        }),
    ];
}

/** Interruptions of the account's spot instances in this region: the event names an instance, not its group. */
function spot({ spotInterrupted }: EventRuleNames, { inService }: GroupMetrics): AlarmSpec[] {
    if (spotInterrupted === undefined) return [];
    const { spotInterruptionsPercent, minSpotInterruptions } = THRESHOLDS;
    return [
        alarm({
            alarm: "SpotInterruptions",
            level: Level.Warning,
            says: `More than ${spotInterruptionsPercent} % of the instances lost their spot capacity in an hour`,
            signal: {
                periodSeconds: HOUR_SECONDS,
                unit: "Percent",
                metrics: { interrupted: eventMetric(spotInterrupted), inService },
                expression: `IF(interrupted >= ${minSpotInterruptions}, 100 * interrupted / inService, 0)`,
            },
            comparison: ">",
            threshold: percent(spotInterruptionsPercent),
            periods: 1,
            missing: MissingData.NotBreaching,
            target: Target.NotifyOps,
        }),
    ];
}

/** No instance publishes its connections: scaling on them is blind, and the instances may be gone. */
function silent({ heartbeats }: GroupMetrics): AlarmSpec[] {
    const heartbeat = {
        alarm: "MetricHeartbeat",
        signal: signal(heartbeats, MINUTE_SECONDS),
        comparison: "<" as const,
        threshold: count(1),
        missing: MissingData.Breaching,
        target: Target.NotifyOps,
    };
    return [
        alarm({
            ...heartbeat,
            level: Level.Warning,
            says: "No instance has published its connections for 5 minutes",
            periods: 5,
        }),
        alarm({
            ...heartbeat,
            level: Level.Critical,
            says: "No instance has published its connections for 15 minutes",
            periods: 15,
            outage: Outage.FrontDoor,
        }),
    ];
}
