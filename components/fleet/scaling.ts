import * as autoscaling from "@pulumi/aws/autoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as pulumi from "@pulumi/pulumi";
import { type AutoscalingFleetArgs, MaxBreach, PredictiveMode, ScalingMode } from "./args";
import { FLEET_DEFAULTS, GROUP_DIMENSION, METRIC_NAMESPACE, STEP_ALARMS } from "./defaults";
import { scheduledMinimums } from "./schedule";

const PERCENT = 100;

interface Scaled {
    name: string;
    parent: pulumi.Resource;
    args: AutoscalingFleetArgs;
    groupName: pulumi.Output<string>;
}

/**
 * Everything that changes the group's size; nothing in node mode, where Kubernetes' autoscaler does. Answers the name of the
 * predictive policy, where there is one.
 */
export function scale(scaled: Scaled): pulumi.Output<string> | undefined {
    const { scaling } = scaled.args;
    const stepped = scaling.mode === ScalingMode.Step;
    track(scaled, "cpu", {
        targetValue: scaling.targetCpuPercent,
        disableScaleIn: stepped,
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
    });
    // Memory rarely falls when load does: as an owner of scale-in it would never let go.
    track(scaled, "memory", {
        targetValue: scaling.targetMemoryPercent,
        disableScaleIn: true,
        customizedMetricSpecification: average(scaled, "mem_used_percent"),
    });
    if (stepped) {
        stepOnConnections(scaled);
    } else {
        track(scaled, "connections", {
            targetValue: scaled.args.service.connectionsPerInstance,
            disableScaleIn: false,
            customizedMetricSpecification: average(scaled, "ActiveConnections"),
        });
    }
    schedule(scaled);
    return predict(scaled);
}

/** A gauge of each instance, averaged over the instances that report; never a sum of samples. */
function average({ groupName }: Scaled, metricName: string) {
    return {
        namespace: METRIC_NAMESPACE,
        metricName,
        metricDimensions: [{ name: GROUP_DIMENSION, value: groupName }],
        statistic: "Average",
    };
}

function track(
    { name, parent, args, groupName }: Scaled,
    key: string,
    targetTrackingConfiguration: autoscaling.PolicyArgs["targetTrackingConfiguration"],
): void {
    new autoscaling.Policy(
        `${name}-track-${key}`,
        {
            region: args.region,
            autoscalingGroupName: groupName,
            policyType: "TargetTrackingScaling",
            estimatedInstanceWarmup: args.scaling.warmupSeconds,
            targetTrackingConfiguration,
        },
        { parent },
    );
}

/**
 * The brief's rule: needed = connections / 1,000 against capacity is the average per instance against 1,000. A minute
 * without data counts as not breaching, so five minutes of data, all of them low, are needed to take an instance away.
 */
function stepOnConnections({ name, parent, args, groupName }: Scaled): void {
    const { region, scaling, service } = args;
    const { step } = scaling;
    const rule = (
        key: string,
        adjustment: { metricIntervalLowerBound?: string; metricIntervalUpperBound?: string },
        scalingAdjustment: number,
        alarm: { comparisonOperator: string; percent: number; minutes: number; says: string },
    ) => {
        const policy = new autoscaling.Policy(
            `${name}-step-${key}`,
            {
                region,
                autoscalingGroupName: groupName,
                policyType: "StepScaling",
                adjustmentType: "ChangeInCapacity",
                metricAggregationType: "Average",
                estimatedInstanceWarmup: scaling.warmupSeconds,
                stepAdjustments: [{ ...adjustment, scalingAdjustment }],
            },
            { parent },
        );
        new cloudwatch.MetricAlarm(
            `${name}-connections-${key}`,
            {
                region,
                alarmDescription: `${alarm.says} (docs/fleet.md, mode step)`,
                namespace: METRIC_NAMESPACE,
                metricName: "ActiveConnections",
                dimensions: { [GROUP_DIMENSION]: groupName },
                statistic: "Average",
                period: STEP_ALARMS.periodSeconds,
                evaluationPeriods: alarm.minutes,
                datapointsToAlarm: alarm.minutes,
                comparisonOperator: alarm.comparisonOperator,
                threshold: (service.connectionsPerInstance * alarm.percent) / PERCENT,
                treatMissingData: "notBreaching",
                alarmActions: [policy.arn],
                tags: { Name: `${name}-connections-${key}`, "logcaster:component": "fleet" },
            },
            { parent },
        );
    };
    rule("out", { metricIntervalLowerBound: "0" }, step.outInstances, {
        comparisonOperator: "GreaterThanThreshold",
        percent: step.outPercent,
        minutes: STEP_ALARMS.outMinutes,
        says: `Connections an instance above ${step.outPercent} % of the target: adds ${step.outInstances}`,
    });
    rule("in", { metricIntervalUpperBound: "0" }, -step.inInstances, {
        comparisonOperator: "LessThanThreshold",
        percent: step.inPercent,
        minutes: STEP_ALARMS.inMinutes,
        says: `Connections an instance below ${step.inPercent} % of the target: removes ${step.inInstances}`,
    });
}

const PREDICTIVE_MODES = {
    [PredictiveMode.ForecastOnly]: "ForecastOnly",
    [PredictiveMode.ForecastAndScale]: "ForecastAndScale",
} as const;

/** Starts instances ahead of a forecast hour; it only ever raises the capacity. */
function predict({ name, parent, args, groupName }: Scaled): pulumi.Output<string> | undefined {
    const { predictive, targetCpuPercent } = args.scaling;
    if (predictive.mode === PredictiveMode.Off) return undefined;
    const increase = predictive.maxBreach === MaxBreach.IncreaseMax;
    const policy = new autoscaling.Policy(
        `${name}-predict`,
        {
            region: args.region,
            autoscalingGroupName: groupName,
            policyType: "PredictiveScaling",
            predictiveScalingConfiguration: {
                mode: PREDICTIVE_MODES[predictive.mode],
                schedulingBufferTime: String(predictive.bufferSeconds),
                maxCapacityBreachBehavior: increase ? "IncreaseMaxCapacity" : "HonorMaxCapacity",
                maxCapacityBuffer: increase ? String(predictive.maxBufferPercent) : undefined,
                metricSpecification: {
                    targetValue: targetCpuPercent,
                    predefinedMetricPairSpecification: {
                        predefinedMetricType: "ASGCPUUtilization",
                    },
                },
            },
        },
        { parent },
    );
    return policy.name;
}

/** AWS leaves a value alone that is -1; 0 would be zero instances. */
const LEAVE_ALONE = -1;

/** Raises and lowers the minimum by hour of the region's day; capacity itself stays with the policies. */
function schedule({ name, parent, args, groupName }: Scaled): void {
    if (!args.scaling.schedule.enabled) return;
    for (const { hour, min } of scheduledMinimums(args.scaling.schedule)) {
        const key = `min-at-${String(hour).padStart(2, "0")}`;
        new autoscaling.Schedule(
            `${name}-${key}`,
            {
                region: args.region,
                autoscalingGroupName: groupName,
                scheduledActionName: key,
                recurrence: `0 ${hour} * * *`,
                timeZone: args.timeZone ?? FLEET_DEFAULTS.timeZone,
                minSize: min,
                maxSize: LEAVE_ALONE,
                desiredCapacity: LEAVE_ALONE,
            },
            { parent },
        );
    }
}
