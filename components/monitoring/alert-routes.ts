import * as iam from "@pulumi/aws/iam";
import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../arn";
import { METRICS_DEFAULTS } from "../kubernetes/metrics/defaults";
import { Target } from "./alarm";
import type { AlertRoutesArgs } from "./args";

/** Where an alert without a target of ours goes. */
const NOBODY = "nobody";
const REPEAT_INTERVAL = "4h";

/** Alertmanager tells the topics of the region what Prometheus finds: by the label `target`, as a role that may do just that. */
export function routeAlerts(
    name: string,
    parent: pulumi.Resource,
    { region, roleName, namespace = METRICS_DEFAULTS.namespace, topics }: AlertRoutesArgs,
): void {
    const byTarget = {
        [Target.NotifyOps]: topics.notifyOpsTopicArn,
        [Target.PageOncall]: topics.pageOncallTopicArn,
        [Target.CapacityPlanning]: topics.capacityPlanningTopicArn,
    };
    const policy = new iam.RolePolicy(
        `${name}-alertmanager-policy`,
        {
            role: roleName,
            policy: pulumi
                .all(Object.values(byTarget))
                .apply((arns) => publishPolicy(region, arns)),
        },
        { parent },
    );
    const receivers = Object.entries(byTarget).map(([target, topicARN]) => ({
        name: target,
        snsConfigs: [
            {
                topicARN,
                sigv4: { region },
                sendResolved: true,
                subject: "{{ .Status | toUpper }}: {{ .CommonLabels.alertname }}",
                message:
                    "{{ range .Alerts }}{{ .Annotations.summary }}. Runbook: {{ .Annotations.runbook_url }}\n{{ end }}",
            },
        ],
    }));
    new apiextensions.CustomResource(
        `${name}-routes`,
        {
            apiVersion: "monitoring.coreos.com/v1alpha1",
            kind: "AlertmanagerConfig",
            metadata: { name: "logcaster", namespace },
            spec: {
                route: {
                    receiver: NOBODY,
                    groupBy: ["alertname", "severity"],
                    repeatInterval: REPEAT_INTERVAL,
                    routes: Object.keys(byTarget).map((target) => ({
                        receiver: target,
                        matchers: [{ name: "target", value: target, matchType: "=" }],
                    })),
                },
                receivers: [{ name: NOBODY }, ...receivers],
            },
        },
        { parent, dependsOn: [policy] },
    );
}

/** Publish to these topics, and use the key that encrypts them by way of SNS alone. */
function publishPolicy(region: string, topicArns: readonly string[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            { Sid: "Publish", Effect: "Allow", Action: "sns:Publish", Resource: topicArns },
            {
                Sid: "EncryptForTopics",
                Effect: "Allow",
                Action: ["kms:Decrypt", "kms:GenerateDataKey"],
                Resource: `arn:${partitionOf(region)}:kms:${region}:*:key/*`,
                Condition: {
                    StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` },
                    "ForAnyValue:StringEquals": {
                        "kms:EncryptionContext:aws:sns:topicArn": topicArns,
                    },
                },
            },
        ],
    });
}
