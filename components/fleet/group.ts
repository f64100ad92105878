import * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { typesOf } from "logcaster-model/instance-types";
import { type AutoscalingFleetArgs, MaxBreach, type NodeModeArgs, PredictiveMode } from "./args";
import { DRAIN_HOOK, GROUP_METRICS, REFRESH } from "./defaults";

/** The group itself. Its physical name is the component's: metrics, the drain agent and its permission name it beforehand. */
export function createGroup(
    name: string,
    parent: pulumi.Resource,
    args: AutoscalingFleetArgs,
    template: ec2.LaunchTemplate,
    tags: Record<string, string>,
    dependsOn: pulumi.Resource[],
): autoscaling.Group {
    const { region, scaling, nodeMode } = args;
    const { spot, warmupSeconds } = scaling;
    return new autoscaling.Group(
        name,
        {
            region,
            name,
            minSize: scaling.min,
            maxSize: scaling.max,
            desiredCapacity: args.desired,
            vpcZoneIdentifiers: args.subnetIds,
            targetGroupArns: args.targetGroupArns,
            mixedInstancesPolicy: {
                launchTemplate: {
                    launchTemplateSpecification: {
                        launchTemplateId: template.id,
                        // Pinned: $Latest would never roll instances, and could not be rolled back.
                        version: template.latestVersion.apply(String),
                    },
                    overrides: instanceTypesOf(args).map((instanceType) => ({ instanceType })),
                },
                instancesDistribution: {
                    onDemandAllocationStrategy: "prioritized",
                    onDemandBaseCapacity: spot.onDemandBase,
                    onDemandPercentageAboveBaseCapacity: spot.enabled
                        ? spot.onDemandPercentAboveBase
                        : 100,
                    spotAllocationStrategy: "price-capacity-optimized",
                },
            },
            capacityRebalance: spot.enabled,
            healthCheckType: nodeMode ? "EC2" : "ELB",
            healthCheckGracePeriod: scaling.healthCheckGraceSeconds,
            defaultInstanceWarmup: warmupSeconds,
            defaultCooldown: warmupSeconds,
            enabledMetrics: [...GROUP_METRICS],
            metricsGranularity: "1Minute",
            // Kubernetes' autoscaler owns the size: a node that AWS moves to another zone is a node lost.
            suspendedProcesses: nodeMode ? ["AZRebalance"] : undefined,
            instanceRefresh: {
                strategy: "Rolling",
                preferences: {
                    ...REFRESH,
                    autoRollback: true,
                    skipMatching: true,
                    instanceWarmup: String(warmupSeconds),
                    scaleInProtectedInstances: "Ignore",
                    standbyInstances: "Ignore",
                },
            },
            tags: Object.entries({ ...tags, ...autoscalerTags(nodeMode) }).map(([key, value]) => ({
                key,
                value,
                propagateAtLaunch: true,
            })),
        },
        { parent, dependsOn, ignoreChanges: ownedByAws(args) },
    );
}

/** The instance types of the group: the caller's, or all of the tier that the region offers. */
export function instanceTypesOf({ region, scaling }: AutoscalingFleetArgs): string[] {
    return scaling.spot.instanceTypes ?? typesOf(scaling.tier, region).map(({ type }) => type);
}

/** What scaling, a schedule or a forecast changes after creation; docs/fleet.md says how a change then reaches AWS. */
function ownedByAws({ scaling: { schedule, predictive } }: AutoscalingFleetArgs): string[] {
    const raisesMax =
        predictive.mode === PredictiveMode.ForecastAndScale &&
        predictive.maxBreach === MaxBreach.IncreaseMax;
    return [
        "desiredCapacity",
        ...(schedule.enabled ? ["minSize"] : []),
        ...(raisesMax ? ["maxSize"] : []),
    ];
}

/** How Kubernetes' autoscaler finds the group, and what a node would look like while there is none. */
function autoscalerTags(node: NodeModeArgs | undefined): Record<string, string> {
    if (!node) return {};
    const { clusterName, labels = {}, taints = [], autoscalerTags: more = {} } = node;
    const prefix = "k8s.io/cluster-autoscaler";
    const template = `${prefix}/node-template`;
    return {
        [`kubernetes.io/cluster/${clusterName}`]: "owned",
        [`${prefix}/enabled`]: "true",
        [`${prefix}/${clusterName}`]: "owned",
        ...Object.fromEntries(
            Object.entries(labels).map(([key, value]) => [`${template}/label/${key}`, value]),
        ),
        ...Object.fromEntries(
            taints.map(({ key, value, effect }) => [
                `${template}/taint/${key}`,
                `${value}:${effect}`,
            ]),
        ),
        ...more,
    };
}

/**
 * Keeps a terminating instance until its drain agent says that it is done. A resource of its own, because AWS honours a
 * hook given inline at the group's creation only. When nobody answers in time, the default result lets it go.
 */
export function createDrainHook(
    name: string,
    parent: pulumi.Resource,
    { region, scaling }: AutoscalingFleetArgs,
    group: autoscaling.Group,
): void {
    new autoscaling.LifecycleHook(
        `${name}-drain`,
        {
            region,
            name: DRAIN_HOOK,
            autoscalingGroupName: group.name,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeatTimeout: scaling.drainSeconds,
            defaultResult: "CONTINUE",
        },
        { parent },
    );
}
