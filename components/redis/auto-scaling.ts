import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as pulumi from "@pulumi/pulumi";
import { AWS_RULES } from "logcaster-model/aws-rules";
import { trackTarget } from "../target-tracking";
import type { RedisAutoScalingArgs, RedisShardClusterArgs } from "./args";
import { REDIS_DEFAULTS } from "./defaults";

/** What is scaled and what it follows; a shard is added for engine CPU or memory, a replica for the readers' engine CPU. */
const DIMENSIONS = [
    {
        key: "shards",
        dimension: "elasticache:replication-group:NodeGroups",
        metrics: {
            cpu: "ElastiCachePrimaryEngineCPUUtilization",
            memory: "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
        },
    },
    {
        key: "replicas",
        dimension: "elasticache:replication-group:Replicas",
        metrics: { cpu: "ElastiCacheReplicaEngineCPUUtilization" },
    },
] as const;

/** Lets AWS change the counts between what was given and their maxima. */
export function followLoad(
    name: string,
    parent: pulumi.Resource,
    { region, shards, copies }: RedisShardClusterArgs,
    { maxShards, targetPercent }: RedisAutoScalingArgs,
    replicationGroupId: pulumi.Output<string>,
    tags: Record<string, string>,
): void {
    const bounds = {
        shards: [shards, maxShards],
        replicas: [copies - 1, AWS_RULES["elasticache.copies"].max - 1],
    } as const;
    for (const { key, dimension, metrics } of DIMENSIONS) {
        const [minCapacity, maxCapacity] = bounds[key];
        const target = new appautoscaling.Target(
            `${name}-${key}`,
            {
                region,
                serviceNamespace: "elasticache",
                resourceId: pulumi.interpolate`replication-group/${replicationGroupId}`,
                scalableDimension: dimension,
                minCapacity,
                maxCapacity,
                tags,
            },
            { parent },
        );
        for (const [metric, predefinedMetricType] of Object.entries(metrics)) {
            trackTarget(`${name}-${key}-${metric}`, parent, target, {
                region,
                metric: predefinedMetricType,
                targetValue: targetPercent,
                cooldowns: REDIS_DEFAULTS,
            });
        }
    }
}
