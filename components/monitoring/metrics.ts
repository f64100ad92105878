import type * as pulumi from "@pulumi/pulumi";
import type { Unit } from "logcaster-model/alarms";
import { GROUP_DIMENSION, METRIC_NAMESPACE } from "../fleet/defaults";
import type { MonitoredBalancerArgs, MonitoredRedisArgs } from "./args";
import { MAX_METRICS_PER_ALARM } from "./defaults";

/** A metric of one resource, by the statistic that its maker documents as meaningful. */
export interface Metric<U extends Unit = Unit> {
    readonly namespace: string;
    readonly metricName: string;
    readonly statistic: string;
    readonly unit: U;
    readonly dimensions: Record<string, pulumi.Input<string>>;
}

type Dimensions = Metric["dimensions"];

/** Metrics of one resource: each by its name, statistic and unit. */
const metricsOf =
    (namespace: string, dimensions: Dimensions) =>
    <U extends Unit>(metricName: string, statistic: string, unit: U): Metric<U> => ({
        namespace,
        metricName,
        statistic,
        unit,
        dimensions,
    });

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html, and what the instances publish. */
export function groupMetrics(groupName: pulumi.Input<string>) {
    const dimensions = { [GROUP_DIMENSION]: groupName };
    const group = metricsOf("AWS/AutoScaling", dimensions);
    const instances = metricsOf(METRIC_NAMESPACE, dimensions);
    return {
        inService: group("GroupInServiceInstances", "Average", "Count"),
        desired: group("GroupDesiredCapacity", "Average", "Count"),
        max: group("GroupMaxSize", "Maximum", "Count"),
        cpuPercent: metricsOf("AWS/EC2", dimensions)("CPUUtilization", "Average", "Percent"),
        memoryPercent: instances("mem_used_percent", "Average", "Percent"),
        /** A gauge of each instance. */
        connections: instances("ActiveConnections", "Average", "Count"),
        /** How often it was published, of which every instance does so once a minute. */
        heartbeats: instances("ActiveConnections", "SampleCount", "Count"),
    };
}

/** Instances that the forecast asks for, an hour at a time: https://docs.aws.amazon.com/autoscaling/ec2/userguide/predictive-scaling-monitoring.html */
export function forecastMetric(
    groupName: pulumi.Input<string>,
    policyName: pulumi.Input<string>,
): Metric<"Count"> {
    const dimensions = { [GROUP_DIMENSION]: groupName, PolicyName: policyName };
    return metricsOf("AWS/AutoScaling", dimensions)(
        "PredictiveScalingCapacityForecast",
        "Maximum",
        "Count",
    );
}

/** How often a rule of the default bus matched; absent until it did: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export function eventMetric(ruleName: pulumi.Input<string>): Metric<"Count"> {
    return metricsOf("AWS/Events", { RuleName: ruleName })("TriggeredRules", "Sum", "Count");
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html */
export function nlbMetrics({ nlbArnSuffix, tcpTargetGroupArnSuffix }: MonitoredBalancerArgs) {
    const balancer = metricsOf("AWS/NetworkELB", { LoadBalancer: nlbArnSuffix });
    const targets = metricsOf("AWS/NetworkELB", {
        LoadBalancer: nlbArnSuffix,
        TargetGroup: tcpTargetGroupArnSuffix,
    });
    return {
        ...targetMetrics(targets),
        newFlows: balancer("NewFlowCount", "Sum", "Count"),
        activeFlows: balancer("ActiveFlowCount", "Average", "Count"),
        targetResets: balancer("TCP_Target_Reset_Count", "Sum", "Count"),
        balancerResets: balancer("TCP_ELB_Reset_Count", "Sum", "Count"),
        clientResets: balancer("TCP_Client_Reset_Count", "Sum", "Count"),
        portAllocationErrors: balancer("PortAllocationErrorCount", "Sum", "Count"),
    };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export function albMetrics({ albArnSuffix, httpTargetGroupArnSuffix }: MonitoredBalancerArgs) {
    const balancer = metricsOf("AWS/ApplicationELB", { LoadBalancer: albArnSuffix });
    const targets = metricsOf("AWS/ApplicationELB", {
        LoadBalancer: albArnSuffix,
        TargetGroup: httpTargetGroupArnSuffix,
    });
    return {
        ...targetMetrics(targets),
        requests: balancer("RequestCount", "Sum", "Count"),
        /** Absent while there are none. */
        balancerErrors: balancer("HTTPCode_ELB_5XX_Count", "Sum", "Count"),
        targetErrors: balancer("HTTPCode_Target_5XX_Count", "Sum", "Count"),
        latency: balancer("TargetResponseTime", "p99", "Seconds"),
    };
}

/** Nodes of the balancer count on their own; the most and the fewest of them say what is certain. Absent without targets. */
function targetMetrics(targets: ReturnType<typeof metricsOf>) {
    return {
        unhealthy: targets("UnHealthyHostCount", "Maximum", "Count"),
        healthy: targets("HealthyHostCount", "Maximum", "Count"),
    };
}

/** Names that one alarm takes, of a run of whole shards: by the first shard's number. */
export interface RedisNodes {
    readonly key: string;
    readonly ids: readonly pulumi.Output<string>[];
}

const four = (shard: number) => String(shard).padStart(4, "0");

/** The nodes of a cluster, in as few groups as alarms need, each of whole shards so that an alarm names them. */
export function redisNodes(
    { shards, copies }: MonitoredRedisArgs,
    replicationGroupId: pulumi.Output<string>,
): RedisNodes[] {
    const perAlarm = Math.floor(MAX_METRICS_PER_ALARM / copies);
    return Array.from({ length: Math.ceil(shards / perAlarm) }, (_, i) => {
        const first = i * perAlarm + 1;
        const last = Math.min(first + perAlarm - 1, shards);
        const numbers = Array.from({ length: last - first + 1 }, (_, j) => first + j);
        return {
            // Not by the last one: an alarm stays what it is when shards are added to it.
            key: `shards-from-${four(first)}`,
            ids: numbers.flatMap((shard) =>
                Array.from({ length: copies }, (_, node) =>
                    replicationGroupId.apply(
                        (id) => `${id}-${four(shard)}-${String(node + 1).padStart(3, "0")}`,
                    ),
                ),
            ),
        };
    });
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html */
export function redisMetrics(nodeId: pulumi.Input<string>) {
    const node = metricsOf("AWS/ElastiCache", { CacheClusterId: nodeId });
    return {
        engineCpu: node("EngineCPUUtilization", "Average", "Percent"),
        memory: node("DatabaseMemoryUsagePercentage", "Average", "Percent"),
        evictions: node("Evictions", "Sum", "Count"),
        connections: node("CurrConnections", "Maximum", "Count"),
        /** Of replicas only; a primary publishes none. */
        replicationLag: node("ReplicationLag", "Maximum", "Seconds"),
    };
}
