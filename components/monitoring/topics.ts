import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../arn";
import { accountAdministers, rotatingKey } from "../rotating-key";
import { tlsOnly } from "../tls-only";
import { Target } from "./alarm";
import type { AlertArgs } from "./args";

/** Who publishes: alarms, and rules of EventBridge. */
const PUBLISHERS = ["cloudwatch.amazonaws.com", "events.amazonaws.com"];

/** The three topics of a region, encrypted, closed to other accounts and to plain HTTP, with their subscribers. Answers ARNs. */
export function createTopics(
    name: string,
    parent: pulumi.Resource,
    region: string,
    alerts: AlertArgs,
    tags: Record<string, string>,
): Record<Target, pulumi.Output<string>> {
    // A key of its own: AWS's own key for SNS lets no service publish.
    const key = rotatingKey(
        `${name}-alerts-key`,
        {
            region,
            description: `Alerts of ${name}`,
            tags: { ...tags, Name: `${name}-alerts-key` },
        },
        { parent },
    );
    const keyPolicy = new kms.KeyPolicy(
        `${name}-alerts-key-policy`,
        { region, keyId: key.id, policy: key.arn.apply((arn) => keyPolicyOf(arn, region)) },
        { parent },
    );
    const topic = (target: Target, addresses: readonly string[] = []) => {
        const created = new sns.Topic(
            `${name}-${target}`,
            {
                region,
                displayName: `LogCaster ${target} ${name}`,
                kmsMasterKeyId: key.id,
                tags: { ...tags, Name: `${name}-${target}`, "logcaster:target": target },
            },
            { parent },
        );
        const policy = new sns.TopicPolicy(
            `${name}-${target}-policy`,
            { region, arn: created.arn, policy: created.arn.apply(topicPolicyOf) },
            { parent, dependsOn: keyPolicy },
        );
        for (const address of addresses) subscribe(created, `${name}-${target}`, address);
        // Whoever publishes waits until it may.
        return pulumi.all([created.arn, policy.id]).apply(([arn]) => arn);
    };
    const subscribe = (to: sns.Topic, child: string, address: string) => {
        const email = address.startsWith("mailto:");
        const endpoint = email ? address.slice("mailto:".length) : address;
        new sns.TopicSubscription(
            `${child}-${endpoint}`,
            {
                region,
                topic: to.arn,
                protocol: email ? "email" : "https",
                endpoint,
                endpointAutoConfirms: email ? undefined : true,
            },
            { parent },
        );
    };
    const topics = {
        [Target.NotifyOps]: topic(Target.NotifyOps, alerts.notifyOps),
        [Target.PageOncall]: topic(Target.PageOncall, alerts.pageOncall),
        [Target.CapacityPlanning]: topic(Target.CapacityPlanning, alerts.capacityPlanning),
    };
    if (alerts.pageOncallUrl !== undefined) {
        new sns.TopicSubscription(
            `${name}-${Target.PageOncall}-webhook`,
            {
                region,
                topic: topics[Target.PageOncall],
                protocol: "https",
                // A token is in it.
                endpoint: pulumi.secret(alerts.pageOncallUrl),
                endpointAutoConfirms: true,
            },
            { parent, additionalSecretOutputs: ["endpoint"] },
        );
    }
    return topics;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services */
function keyPolicyOf(keyArn: string, region: string): string {
    const account = accountOf(keyArn);
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            accountAdministers(keyArn, region),
            {
                Sid: "AlarmsAndRulesPublish",
                Effect: "Allow",
                Principal: { Service: PUBLISHERS },
                Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
                Resource: "*",
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            },
        ],
    });
}

function topicPolicyOf(topicArn: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AlarmsAndRulesPublish",
                Effect: "Allow",
                Principal: { Service: PUBLISHERS },
                Action: "sns:Publish",
                Resource: topicArn,
                Condition: { StringEquals: { "aws:SourceAccount": accountOf(topicArn) } },
            },
            tlsOnly("sns:Publish", topicArn),
        ],
    });
}
