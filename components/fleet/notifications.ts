import * as autoscaling from "@pulumi/aws/autoscaling";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "../arn";
import { accountAdministers, rotatingKey } from "../rotating-key";
import { tlsOnly } from "../tls-only";
import type { AutoscalingFleetArgs } from "./args";
import { SCALING_EVENTS } from "./defaults";

/** Tells a topic of the four scaling events: the caller's, or an encrypted one of its own. Answers the topic's ARN. */
export function notify(
    name: string,
    parent: pulumi.Resource,
    args: AutoscalingFleetArgs,
    group: autoscaling.Group,
    tags: Record<string, string>,
): pulumi.Output<string> {
    const { region, notificationTopicArn } = args;
    const topic = notificationTopicArn
        ? { arn: pulumi.output(notificationTopicArn), ready: [] }
        : createTopic(name, parent, region, group, tags);
    new autoscaling.Notification(
        `${name}-notification`,
        {
            region,
            groupNames: [group.name],
            notifications: [...SCALING_EVENTS],
            topicArn: topic.arn,
        },
        { parent, dependsOn: topic.ready },
    );
    return topic.arn;
}

/** A key of its own, because AWS's own key for SNS lets no service publish. */
function createTopic(
    name: string,
    parent: pulumi.Resource,
    region: string,
    group: autoscaling.Group,
    tags: Record<string, string>,
): { arn: pulumi.Output<string>; ready: pulumi.Resource[] } {
    const key = rotatingKey(
        `${name}-events-key`,
        {
            region,
            description: `Scaling events of ${name}`,
            tags,
        },
        { parent },
    );
    const topic = new sns.Topic(
        `${name}-events`,
        { region, displayName: `Scaling of ${name}`, kmsMasterKeyId: key.id, tags },
        { parent },
    );
    // Both name Auto Scaling's service-linked role, which an account has once it has had a group.
    const afterGroup = { parent, dependsOn: [group] };
    const keyPolicy = new kms.KeyPolicy(
        `${name}-events-key-policy`,
        { region, keyId: key.id, policy: key.arn.apply((arn) => keyPolicyOf(arn, region)) },
        afterGroup,
    );
    const topicPolicy = new sns.TopicPolicy(
        `${name}-events-policy`,
        { region, arn: topic.arn, policy: topic.arn.apply((arn) => topicPolicyOf(arn, region)) },
        afterGroup,
    );
    return { arn: topic.arn, ready: [keyPolicy, topicPolicy] };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html */
function autoScalingRole(arn: string, region: string): string {
    const role = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    return `arn:${partitionOf(region)}:iam::${accountOf(arn)}:role/${role}`;
}

function keyPolicyOf(keyArn: string, region: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            accountAdministers(keyArn, region),
            {
                Sid: "AutoScalingPublishes",
                Effect: "Allow",
                Principal: { AWS: autoScalingRole(keyArn, region) },
                Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
                Resource: "*",
            },
        ],
    });
}

function topicPolicyOf(topicArn: string, region: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AutoScalingPublishes",
                Effect: "Allow",
                Principal: { AWS: autoScalingRole(topicArn, region) },
                Action: "sns:Publish",
                Resource: topicArn,
            },
            tlsOnly("sns:Publish", topicArn),
        ],
    });
}
