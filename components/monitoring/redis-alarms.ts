import * as pulumi from "@pulumi/pulumi";
import { count, milliseconds, percent } from "logcaster-model/alarms";
import type { Measure, Quantity, Unit } from "logcaster-model/alarms";
import { RedisRole } from "../redis";
import { alarm, Level, MissingData, Outage, Target, type AlarmSpec } from "./alarm";
import type { MonitoredRedisArgs } from "./args";
import { MINUTE_SECONDS, THRESHOLDS } from "./defaults";
import { redisMetrics, redisNodes, type Metric, type RedisNodes } from "./metrics";

/** What is critical shows within the time that the front door's page waits for its cause (outages.ts). */
const LEVELS = [
    { level: Level.Warning, key: "warning", periods: 5, outage: undefined },
    { level: Level.Critical, key: "critical", periods: 3, outage: Outage.Data },
] as const;

/** Alarms on the worst node of a cluster: an average over nodes would hide the one that is full. */
export function redisAlarms(role: RedisRole, cluster: MonitoredRedisArgs): AlarmSpec[] {
    const id = pulumi.output(cluster.replicationGroupId);
    return redisNodes(cluster, id).flatMap((nodes) => [
        ...LEVELS.map(({ level, key, periods, outage }) =>
            ofWorst(nodes, role, "engineCpu", {
                alarm: "RedisEngineCpu",
                level,
                says: `A node of the ${role} uses more than ${THRESHOLDS.engineCpuPercent[key]} % of its one engine thread`,
                threshold: percent(THRESHOLDS.engineCpuPercent[key]),
                periods,
                outage,
            }),
        ),
        ...(role === RedisRole.Store ? storeAlarms(nodes) : [cacheEvictions(nodes)]),
        ofWorst(nodes, role, "connections", {
            alarm: "RedisConnections",
            level: Level.Warning,
            says: `A node of the ${role} has more than ${THRESHOLDS.connections} of its 65,000 connections`,
            threshold: count(THRESHOLDS.connections),
        }),
        ...LEVELS.map(({ level, key, periods, outage }) =>
            ofWorst(nodes, role, "replicationLag", {
                alarm: "RedisReplicationLag",
                level,
                says: `A replica of the ${role} is more than ${THRESHOLDS.replicationLagMs[key]} ms behind`,
                threshold: milliseconds(THRESHOLDS.replicationLagMs[key]),
                periods,
                outage,
            }),
        ),
    ]);
}

/** A store that is full refuses writes, and one that evicts loses data: a single key is one too many. */
function storeAlarms(nodes: RedisNodes): AlarmSpec[] {
    return [
        ...LEVELS.map(({ level, key, periods, outage }) =>
            ofWorst(nodes, RedisRole.Store, "memory", {
                alarm: "RedisMemory",
                level,
                says: `A node of the store uses more than ${THRESHOLDS.memoryPercent[key]} % of its memory`,
                threshold: percent(THRESHOLDS.memoryPercent[key]),
                periods,
                outage,
            }),
        ),
        ofWorst(nodes, RedisRole.Store, "evictions", {
            alarm: "RedisEvictions",
            level: Level.Critical,
            says: "The store evicted a key, which it must never do",
            threshold: count(0),
            periods: 1,
            outage: Outage.Data,
        }),
    ];
}

function cacheEvictions(nodes: RedisNodes): AlarmSpec {
    return ofWorst(nodes, RedisRole.Cache, "evictions", {
        alarm: "RedisEvictions",
        level: Level.Warning,
        says: `A node of the cache evicts more than ${THRESHOLDS.cacheEvictionsPerMinute} keys a minute: it is too small`,
        threshold: count(THRESHOLDS.cacheEvictionsPerMinute),
    });
}

type NodeMetrics = ReturnType<typeof redisMetrics>;
type UnitOf<K extends keyof NodeMetrics> = NodeMetrics[K] extends Metric<infer U> ? U : never;

/** The highest of a metric of all nodes, above a threshold for minutes on end. */
function ofWorst<K extends keyof NodeMetrics, U extends Unit = UnitOf<K>>(
    { key, ids }: RedisNodes,
    role: RedisRole,
    metric: K,
    spec: Pick<AlarmSpec, "alarm" | "level" | "says" | "outage"> & {
        threshold: Quantity<Measure<U>>;
        periods?: number;
    },
): AlarmSpec {
    const metrics = Object.fromEntries(
        ids.map((id, i) => [`m${i + 1}`, redisMetrics(id)[metric] as Metric]),
    );
    return alarm<U>({
        periods: 5,
        ...spec,
        of: `${role}-${key}`,
        signal: {
            periodSeconds: MINUTE_SECONDS,
            unit: Object.values(metrics)[0]!.unit as U,
            metrics,
            expression: `MAX([${Object.keys(metrics).join(", ")}])`,
        },
        comparison: ">",
        missing: MissingData.NotBreaching,
        target: Target.NotifyOps,
    });
}
