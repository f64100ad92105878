import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as ec2 from "@pulumi/aws/ec2";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

export function fleet(stack: TestStack): void {
    stack
        .add(
            "aws:ec2/launchTemplate:LaunchTemplate",
            "template",
            of<ec2.LaunchTemplateArgs>({
                imageId: "ami-0123456789abcdef0",
                metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
                monitoring: { enabled: true },
                blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
                networkInterfaces: [{ associatePublicIpAddress: "false" }],
                userData: Buffer.from("#cloud-config\nruncmd: [start]\n").toString("base64"),
            }),
        )
        .add(
            "aws:autoscaling/group:Group",
            "group",
            of<autoscaling.GroupArgs>({
                minSize: 3,
                maxSize: 20,
                desiredCapacity: 5,
                defaultInstanceWarmup: 180,
                healthCheckType: "ELB",
                healthCheckGracePeriod: 240,
                vpcZoneIdentifiers: [UNKNOWN, UNKNOWN],
                targetGroupArns: [UNKNOWN],
                capacityRebalance: true,
                tags: [{ key: "Name", value: "fleet", propagateAtLaunch: true }],
                mixedInstancesPolicy: {
                    instancesDistribution: {
                        onDemandBaseCapacity: 2,
                        onDemandPercentageAboveBaseCapacity: 30,
                        spotAllocationStrategy: "price-capacity-optimized",
                    },
                    launchTemplate: {
                        launchTemplateSpecification: {
                            launchTemplateId: UNKNOWN,
                            version: UNKNOWN,
                        },
                        overrides: [
                            { instanceType: "m7i.xlarge" },
                            { instanceType: "m7a.xlarge" },
                            { instanceType: "m6i.xlarge" },
                        ],
                    },
                },
                instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
            }),
            {
                vpcZoneIdentifiers: ["subnet-a", "subnet-b"],
                targetGroupArns: ["targets"],
                mixedInstancesPolicy: ["template"],
            },
        );
    const groupName = { autoscalingGroupName: UNKNOWN };
    const toGroup = { autoscalingGroupName: ["group"] };
    stack
        .add(
            "aws:autoscaling/lifecycleHook:LifecycleHook",
            "drain-hook",
            of<autoscaling.LifecycleHookArgs>({
                ...groupName,
                lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
                heartbeatTimeout: 420,
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "cpu",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "TargetTrackingScaling",
                targetTrackingConfiguration: {
                    targetValue: 70,
                    disableScaleIn: true,
                    predefinedMetricSpecification: {
                        predefinedMetricType: "ASGAverageCPUUtilization",
                    },
                },
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "memory",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "TargetTrackingScaling",
                targetTrackingConfiguration: {
                    targetValue: 80,
                    disableScaleIn: true,
                    customizedMetricSpecification: {
                        metrics: [
                            {
                                id: "m",
                                metricStat: {
                                    metric: {
                                        metricName: "mem_used_percent",
                                        namespace: "CWAgent",
                                    },
                                    stat: "Average",
                                },
                            },
                        ],
                    },
                },
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "step-in",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "StepScaling",
                adjustmentType: "ChangeInCapacity",
                stepAdjustments: [
                    {
                        metricIntervalLowerBound: "-200",
                        metricIntervalUpperBound: "0",
                        scalingAdjustment: -1,
                    },
                    { metricIntervalUpperBound: "-200", scalingAdjustment: -2 },
                ],
            }),
            toGroup,
        )
        .add(
            "aws:autoscaling/policy:Policy",
            "forecast",
            of<autoscaling.PolicyArgs>({
                ...groupName,
                policyType: "PredictiveScaling",
                predictiveScalingConfiguration: {
                    mode: "ForecastAndScale",
                    schedulingBufferTime: "300",
                    maxCapacityBreachBehavior: "HonorMaxCapacity",
                    metricSpecification: { targetValue: 70 },
                },
            }),
            toGroup,
        )
        .add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            "quiet",
            of<cloudwatch.MetricAlarmArgs>({
                alarmDescription: "Takes an instance away (docs/fleet.md)",
                comparisonOperator: "LessThanThreshold",
                evaluationPeriods: 5,
                datapointsToAlarm: 5,
                alarmActions: [UNKNOWN],
                treatMissingData: "notBreaching",
            }),
            { alarmActions: ["step-in"] },
        )
        .add(
            "aws:autoscaling/schedule:Schedule",
            "morning",
            of<autoscaling.ScheduleArgs>({
                ...groupName,
                scheduledActionName: "morning",
                recurrence: "0 9 * * *",
                timeZone: "Asia/Tokyo",
                minSize: 10,
                maxSize: -1,
                desiredCapacity: -1,
            }),
            toGroup,
        );
    const events = {
        groupNames: [UNKNOWN],
        topicArn: UNKNOWN,
        notifications: [
            "autoscaling:EC2_INSTANCE_LAUNCH",
            "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
            "autoscaling:EC2_INSTANCE_TERMINATE",
            "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
        ],
    };
    for (const group of ["group", "node-group"]) {
        stack.add("aws:autoscaling/notification:Notification", `events-of-${group}`, events, {
            groupNames: [group],
        });
    }
}

export function nodes(stack: TestStack): void {
    stack.add(
        "aws:autoscaling/group:Group",
        "node-group",
        of<autoscaling.GroupArgs>({
            minSize: 3,
            maxSize: 20,
            healthCheckType: "EC2",
            vpcZoneIdentifiers: [UNKNOWN, UNKNOWN],
            suspendedProcesses: ["AZRebalance"],
            tags: [
                {
                    key: "k8s.io/cluster-autoscaler/enabled",
                    value: "true",
                    propagateAtLaunch: true,
                },
            ],
            mixedInstancesPolicy: {
                launchTemplate: {
                    launchTemplateSpecification: { launchTemplateId: UNKNOWN, version: "3" },
                    overrides: [{ instanceType: "m7i.xlarge" }, { instanceType: "m7a.xlarge" }],
                },
            },
            instanceRefresh: { strategy: "Rolling", preferences: { autoRollback: true } },
        }),
        { vpcZoneIdentifiers: ["subnet-a", "subnet-b"], mixedInstancesPolicy: ["template"] },
    );
}
