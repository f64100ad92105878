import { hex } from "../model";
import { arn, ec2Id, number, string, type Made, type Rows } from "./row";
import type { JsonObject } from "../wire";

const GROUP_NAME = { property: "name", maxLength: 255 };

function desiredCapacity({ inputs }: Made, prior?: JsonObject): number {
    const min = number(inputs.minSize, 0);
    const max = number(inputs.maxSize, min);
    const wanted = number(inputs.desiredCapacity, number(prior?.desiredCapacity, min));
    return Math.min(max, Math.max(min, wanted));
}

/** Changes of these make no new version of a launch template. */
const NO_NEW_VERSION = new Set(["tags", "updateDefaultVersion", "defaultVersion"]);

/** Auto Scaling, Application Auto Scaling and launch templates. */
export const COMPUTE: Rows = {
    "aws:autoscaling/group:Group": {
        autoname: GROUP_NAME,
        replaces: ["name", "namePrefix"],
        unique: ["name"],
        defaults: {
            forceDelete: false,
            forceDeleteWarmPool: false,
            healthCheckGracePeriod: 300,
            ignoreFailedScalingActivities: false,
            metricsGranularity: "1Minute",
            protectFromScaleIn: false,
            waitForCapacityTimeout: "10m",
        },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn(
                "autoscaling",
                made,
                `autoScalingGroup:${hex(8)}:autoScalingGroupName/${made.name}`,
            ),
            desiredCapacity: desiredCapacity(made),
            defaultCooldown: 300,
            healthCheckType: "EC2",
            predictedCapacity: 0,
            warmPoolSize: 0,
        }),
        onUpdate: (made, prior) => ({ desiredCapacity: desiredCapacity(made, prior) }),
    },
    "aws:autoscaling/policy:Policy": {
        autoname: GROUP_NAME,
        replaces: ["name", "autoscalingGroupName"],
        unique: ["autoscalingGroupName", "name"],
        defaults: { enabled: true, policyType: "SimpleScaling" },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn(
                "autoscaling",
                made,
                `scalingPolicy:${hex(8)}:autoScalingGroupName/${string(made.inputs.autoscalingGroupName)}:policyName/${made.name}`,
            ),
        }),
    },
    "aws:autoscaling/schedule:Schedule": {
        replaces: ["autoscalingGroupName", "scheduledActionName"],
        unique: ["autoscalingGroupName", "scheduledActionName"],
        id: ({ inputs }) => string(inputs.scheduledActionName),
        outputs: (made) => ({
            arn: arn(
                "autoscaling",
                made,
                `scheduledUpdateGroupAction:${hex(8)}:autoScalingGroupName/${string(made.inputs.autoscalingGroupName)}:scheduledActionName/${string(made.inputs.scheduledActionName)}`,
            ),
            desiredCapacity: -1,
            maxSize: -1,
            minSize: -1,
        }),
    },
    "aws:autoscaling/lifecycleHook:LifecycleHook": {
        autoname: GROUP_NAME,
        replaces: ["name", "autoscalingGroupName"],
        unique: ["autoscalingGroupName", "name"],
        id: ({ name }) => name,
        outputs: () => ({ defaultResult: "ABANDON" }),
    },
    "aws:autoscaling/notification:Notification": {
        replaces: ["topicArn"],
        id: ({ inputs }) => string(inputs.topicArn),
    },
    "aws:autoscaling/attachment:Attachment": {
        replaces: ["autoscalingGroupName", "elb", "lbTargetGroupArn"],
        id: ({ inputs }) => `${string(inputs.autoscalingGroupName)}-${hex(26)}`,
    },
    "aws:autoscaling/tag:Tag": {
        replaces: ["autoscalingGroupName", "tag.key"],
        id: ({ inputs }) => `${string(inputs.autoscalingGroupName)},${hex(8)}`,
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        autoname: { property: "name", maxLength: 128 },
        replaces: ["name", "namePrefix"],
        unique: ["name"],
        id: () => ec2Id("lt"),
        outputs: (made) => ({
            arn: arn("ec2", made, `launch-template/${made.id}`),
            latestVersion: 1,
            defaultVersion: 1,
        }),
        onUpdate: ({ inputs }, prior, found) => {
            const bump = found.some(({ path }) => !NO_NEW_VERSION.has(String(path[0])));
            const latestVersion = number(prior.latestVersion, 1) + (bump ? 1 : 0);
            const defaultVersion =
                inputs.updateDefaultVersion === true
                    ? latestVersion
                    : number(inputs.defaultVersion, number(prior.defaultVersion, 1));
            return { latestVersion, defaultVersion };
        },
        unknownOnUpdate: (found) =>
            found.some(({ path }) => !NO_NEW_VERSION.has(String(path[0])))
                ? ["latestVersion", "defaultVersion"]
                : [],
    },
    "aws:appautoscaling/target:Target": {
        replaces: ["resourceId", "scalableDimension", "serviceNamespace"],
        unique: ["serviceNamespace", "resourceId", "scalableDimension"],
        id: ({ inputs }) => string(inputs.resourceId),
        outputs: (made) => ({
            arn: arn("application-autoscaling", made, `scalable-target/${hex(34)}`),
            roleArn: `arn:aws:iam::123456789012:role/aws-service-role/${string(made.inputs.serviceNamespace)}.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling`,
        }),
    },
    "aws:appautoscaling/policy:Policy": {
        autoname: GROUP_NAME,
        replaces: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
        unique: ["serviceNamespace", "resourceId", "scalableDimension", "name"],
        defaults: { policyType: "StepScaling" },
        id: ({ name }) => name,
        outputs: (made) => ({
            arn: arn("autoscaling", made, `scalingPolicy:${hex(8)}:policyName/${made.name}`),
            alarmArns: [],
        }),
    },
    "aws:appautoscaling/scheduledAction:ScheduledAction": {
        replaces: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
        unique: ["serviceNamespace", "resourceId", "scalableDimension", "name"],
        id: ({ inputs, name }) =>
            `${name}-${string(inputs.serviceNamespace)}-${string(inputs.resourceId)}`,
        outputs: (made) => ({
            arn: arn("autoscaling", made, `scheduledAction:${hex(8)}:${made.name}`),
        }),
    },
};
