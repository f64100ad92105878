/**
 * Every number of this project, once: defaults and bounds of the stack's settings, with unit and origin.
 * A key is the setting's path; `region` and `role` stand for any region and for redis.store or redis.cache.
 * Ranges that AWS dictates live in aws-rules.ts and are named here by `aws`.
 */
import { AWS_RULES, type AwsRule, type AwsRuleId } from "./aws-rules";
import { GLOBAL_LIMITS } from "./global-limits";
import { KUBERNETES_LIMITS } from "./limits-kubernetes";

export interface Limit {
    /** The default of the setting. */
    readonly value: number;
    readonly unit: string;
    /** Lowest value our settings take. */
    readonly min?: number;
    /** Highest value our settings take. */
    readonly max?: number;
    /** The AWS restriction that bounds it, where AWS does. */
    readonly aws?: AwsRuleId;
    /** Where the number comes from. */
    readonly origin: string;
}

export const LIMITS = {
    "service.port": {
        value: 9999,
        unit: "port",
        min: 1,
        max: 65535,
        origin: "brief 3.2: PING/PONG line protocol on TCP 9999",
    },
    "service.httpPort": {
        value: 80,
        unit: "port",
        min: 1,
        max: 65535,
        origin: "brief 3.1: HTTP on port 80",
    },
    "service.connectionsPerInstance": {
        value: 1000,
        unit: "connections",
        min: 1,
        max: 50_000,
        origin: "brief 6.1: 1,000 connections an instance; brief 3.2: maxconn 50,000",
    },
    "scaling.min": {
        value: 3,
        unit: "instances",
        min: 3,
        max: 50,
        origin: "brief 1.1: at least 3 instances",
    },
    "scaling.max": {
        value: 20,
        unit: "instances",
        min: 3,
        max: 50,
        origin: "brief 1.1: 20 instances; brief 6.1: a hard ceiling of 50",
    },
    "scaling.targetCpuPercent": {
        value: 70,
        unit: "percent",
        min: 10,
        max: 90,
        origin: "brief 1.1: CPU target 70 %; above 90 % a tracked average leaves no room to boot",
    },
    "scaling.targetMemoryPercent": {
        value: 80,
        unit: "percent",
        min: 10,
        max: 95,
        origin: "brief 1.1: memory target 80 %",
    },
    "scaling.warmupSeconds": {
        value: 180,
        unit: "seconds",
        min: 30,
        max: 3600,
        origin: "boot, image pull and two health checks; never 0, or metrics of booting instances scale",
    },
    "scaling.healthCheckGraceSeconds": {
        value: 240,
        unit: "seconds",
        aws: "group.healthCheckGraceSeconds",
        min: 30,
        origin: "longer than a boot, so that no instance is replaced while it starts",
    },
    "scaling.drainSeconds": {
        value: 420,
        unit: "seconds",
        aws: "group.lifecycleHookSeconds",
        origin: "longer than the deregistration delay, so that connections end before the instance does",
    },
    "scaling.step.outPercent": {
        value: 120,
        unit: "percent of connections per instance",
        min: 101,
        max: 300,
        origin: "brief 6.1: scale up above 1.2 x capacity",
    },
    "scaling.step.outInstances": {
        value: 2,
        unit: "instances",
        min: 1,
        max: 10,
        origin: "brief 6.1: add 2",
    },
    "scaling.step.inPercent": {
        value: 60,
        unit: "percent of connections per instance",
        min: 1,
        max: 99,
        origin: "brief 6.1: scale down below 0.6 x capacity",
    },
    "scaling.step.inInstances": {
        value: 1,
        unit: "instances",
        min: 1,
        max: 10,
        origin: "brief 6.1: remove 1",
    },
    "scaling.schedule.periodMin": {
        value: 10,
        unit: "instances",
        min: 3,
        max: 50,
        origin: "brief 6.1: 10 instances at peak hours, 3 at night; never under the smallest fleet",
    },
    "scaling.schedule.otherwise": {
        value: 5,
        unit: "instances",
        min: 3,
        max: 50,
        origin: "brief 6.1: 5 instances at all other hours",
    },
    "scaling.schedule.hour": {
        value: 0,
        unit: "hour of the day",
        min: 0,
        max: 24,
        origin: "a day has 24 hours; a period starts at `from` and ends before `to`",
    },
    "scaling.predictive.bufferSeconds": {
        value: 300,
        unit: "seconds",
        aws: "predictive.bufferSeconds",
        origin: "longer than warm-up, so that capacity is in service when the forecast hour starts",
    },
    "scaling.predictive.maxBufferPercent": {
        value: 0,
        unit: "percent",
        aws: "predictive.maxBufferPercent",
        origin: "the group's maximum is honoured unless the setting says otherwise",
    },
    "scaling.spot.onDemandBase": {
        value: 2,
        unit: "instances",
        min: 0,
        max: 50,
        origin: "brief 6.2: on-demand base capacity 2",
    },
    "scaling.spot.onDemandPercentAboveBase": {
        value: 30,
        unit: "percent",
        min: 0,
        max: 100,
        origin: "brief 6.2: 30 % on demand above the base",
    },
    "regions.region.desired": {
        value: 3,
        unit: "instances",
        min: 3,
        max: 50,
        origin: "brief 7.1: 5, 3 and 4 instances in the three regions, each between min and max",
    },
    "regions.region.zones": {
        value: 3,
        unit: "zones",
        min: 2,
        max: 8,
        origin: "Security Hub AutoScaling.2: a group spans at least two zones; the address plan has room for eight",
    },
    "regions.region.flowLogDays": {
        value: 365,
        unit: "days",
        aws: "logs.retentionDays",
        origin: "Checkov CKV_AWS_338: audit logs are kept for a year",
    },
    "loadBalancer.healthCheck.intervalSeconds": {
        value: 5,
        unit: "seconds",
        aws: "targetGroup.intervalSeconds",
        origin: "brief 1.1: health check every 5 s",
    },
    "loadBalancer.healthCheck.timeoutSeconds": {
        value: 3,
        unit: "seconds",
        aws: "targetGroup.timeoutSeconds",
        origin: "under the interval, over a slow answer of the local agent",
    },
    "loadBalancer.healthCheck.healthyThreshold": {
        value: 2,
        unit: "checks",
        aws: "targetGroup.threshold",
        origin: "brief 3.2: rise 2",
    },
    "loadBalancer.healthCheck.unhealthyThreshold": {
        value: 3,
        unit: "checks",
        aws: "targetGroup.threshold",
        origin: "brief 3.2: fall 3",
    },
    "loadBalancer.deregistrationDelaySeconds": {
        value: 300,
        unit: "seconds",
        aws: "targetGroup.deregistrationDelaySeconds",
        origin: "AWS's default: five minutes for long log connections to end",
    },
    "loadBalancer.tcpIdleTimeoutSeconds": {
        value: 3600,
        unit: "seconds",
        aws: "nlb.tcpIdleTimeoutSeconds",
        origin: "an hour, so that a quiet log connection is not cut",
    },
    "loadBalancer.httpIdleTimeoutSeconds": {
        value: 60,
        unit: "seconds",
        aws: "alb.idleTimeoutSeconds",
        origin: "brief 3.1: keepalive 60 s",
    },
    "loadBalancer.accessLogDays": {
        value: 365,
        unit: "days",
        min: 1,
        max: 3653,
        origin: "a year of access logs, then they expire",
    },
    "loadBalancer.proxy.min": {
        value: 3,
        unit: "proxies",
        min: 3,
        max: 50,
        origin: "one a zone, so that a zone can fail",
    },
    "loadBalancer.proxy.max": {
        value: 10,
        unit: "proxies",
        min: 3,
        max: 50,
        origin: "10 proxies of 10,000 connections carry twice what 50 instances of 1,000 do (brief 6.1)",
    },
    "loadBalancer.proxy.connectionsPerInstance": {
        value: 10_000,
        unit: "connections",
        min: 1,
        max: 50_000,
        origin: "a fifth of brief 3.2's maxconn 50,000: room for the connections of a zone's other proxies",
    },
    "loadBalancer.proxy.connectionsPerSource": {
        value: 1000,
        unit: "connections of one address",
        min: 1,
        max: 50_000,
        origin: "a tenth of a proxy, so that no single source fills it; senders behind one gateway count as one",
    },
    "loadBalancer.proxy.rebalanceSeconds": {
        value: 300,
        unit: "seconds",
        min: 10,
        max: 3600,
        origin: "as long as leaving connections get: loadBalancer.deregistrationDelaySeconds",
    },
    "redis.partitions": {
        value: 128,
        unit: "partitions",
        min: 16,
        max: 16_384,
        origin: "brief 1.1: 128 partitions; a power of two, so that the 16,384 slots divide evenly",
    },
    "redis.role.shards": {
        value: 4,
        unit: "shards",
        aws: "elasticache.shards",
        origin: "four shards divide 128 partitions evenly",
    },
    "redis.store.copies": {
        value: 3,
        unit: "copies",
        min: 3,
        aws: "elasticache.copies",
        origin: "brief 1.1: replication factor 3, the primary included",
    },
    "redis.cache.copies": {
        value: 2,
        unit: "copies",
        min: 2,
        aws: "elasticache.copies",
        origin: "brief 5.2: one replica a primary",
    },
    "redis.role.imbalancePercent": {
        value: 10,
        unit: "percent",
        min: 0,
        max: 100,
        origin: "the fullest shard holds at most this much more than the mean",
    },
    "redis.role.nodes": {
        value: 12,
        unit: "nodes",
        aws: "elasticache.nodes",
        origin: "shards times copies",
    },
    "redis.role.snapshotDays": {
        value: 7,
        unit: "days",
        aws: "elasticache.snapshotDays",
        origin: "Checkov CKV_AWS_134: automatic backups",
    },
    "redis.role.credentialGeneration": {
        value: 1,
        unit: "rotations",
        min: 1,
        max: 10_000,
        origin: "it counts the rotations of the passwords, and starts at 1",
    },
    "redis.role.autoScaling.targetPercent": {
        value: 60,
        unit: "percent",
        aws: "elasticache.autoScalingTargetPercent",
        origin: "room for a shard to be added before memory or engine CPU runs out",
    },
    ...GLOBAL_LIMITS,
    "dns.healthCheckIntervalSeconds": {
        value: 10,
        unit: "seconds",
        aws: "route53.healthCheckIntervalSeconds",
        origin: "the faster of the two intervals: a region is left within half a minute",
    },
    "dns.failureThreshold": {
        value: 3,
        unit: "checks",
        aws: "route53.failureThreshold",
        origin: "brief 3.2: fall 3",
    },
    "alerts.maxScalingEventsPerHour": {
        value: 10,
        unit: "changes of the group's size an hour",
        min: 1,
        max: 59,
        origin: "brief 8.1: ScalingFrequent above 10 events in 1 h; the alarm looks at 60 minutes, one change in each at most",
    },
    "alerts.maxCapacityPercent": {
        value: 90,
        unit: "percent of scaling.max",
        min: 50,
        max: 99,
        origin: "brief 8.1: CapacityLimit at 90 % of the maximum",
    },
    "budget.monthlyLimitUsd": {
        value: 1000,
        unit: "USD a month",
        min: 1,
        max: 10_000_000,
        origin: "ours: whole dollars, and a number mistyped by a factor of a thousand is refused",
    },
    "budget.warnPercent": {
        value: 80,
        unit: "percent of budget.monthlyLimitUsd",
        min: 1,
        max: 99,
        origin: "ours: early enough to act in the same month; at 100 there is an alarm of its own",
    },
    "budget.anomalyUsd": {
        value: 100,
        unit: "USD above what is usual",
        min: 1,
        max: 1_000_000,
        origin: "ours: less is noise beside the cost of a region",
    },
    "budget.coveragePercent": {
        value: 60,
        unit: "percent of hours under a reservation or savings plan",
        min: 1,
        max: 100,
        origin: "ours: where to start; what is always on is in the preview (docs/cost.md)",
    },
    "budget.utilizationPercent": {
        value: 95,
        unit: "percent of what is reserved",
        min: 1,
        max: 100,
        origin: "ours: below it, the discount of a reservation is lost",
    },
    ...KUBERNETES_LIMITS,
} as const satisfies Record<string, Limit>;

export { EDGE_PATH, EDGE_PATHS } from "./global-limits";
export { PRE_STOP_SECONDS, VALKEY_NAME, VALKEY_NAME_SAYS } from "./limits-kubernetes";

export type LimitId = keyof typeof LIMITS;

/** Minimums by hour of a region's day: peak at hours 9-11 and 14-16, low at 0-5 (brief 6.1). */
export const SCHEDULE_PERIODS = [
    { from: 0, to: 6, min: LIMITS["scaling.min"].value },
    { from: 9, to: 12, min: LIMITS["scaling.schedule.periodMin"].value },
    { from: 14, to: 17, min: LIMITS["scaling.schedule.periodMin"].value },
] as const;

/** The whole numbers a limit allows: its own bounds, tightened by those of AWS. */
export function allowed(id: LimitId): {
    min: number;
    max: number;
    oneOf?: readonly number[];
    why: string;
} {
    const limit: Limit = LIMITS[id];
    const rule: AwsRule | undefined = limit.aws && AWS_RULES[limit.aws];
    return {
        min: Math.max(limit.min ?? Number.MIN_SAFE_INTEGER, rule?.min ?? Number.MIN_SAFE_INTEGER),
        max: Math.min(limit.max ?? Number.MAX_SAFE_INTEGER, rule?.max ?? Number.MAX_SAFE_INTEGER),
        ...(rule?.oneOf ? { oneOf: rule.oneOf } : {}),
        why: rule ? `${rule.says}, ${rule.url}` : limit.origin,
    };
}
