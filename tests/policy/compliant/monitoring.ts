import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as sns from "@pulumi/aws/sns";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

const TLS_ONLY = JSON.stringify({
    Statement: [
        {
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ],
});

export function monitoring(stack: TestStack): void {
    for (const name of ["notify-ops", "page-oncall", "capacity-planning"]) {
        stack
            .add("aws:sns/topic:Topic", name, of<sns.TopicArgs>({ kmsMasterKeyId: UNKNOWN }))
            .add(
                "aws:sns/topicPolicy:TopicPolicy",
                `${name}-policy`,
                of<sns.TopicPolicyArgs>({ arn: UNKNOWN, policy: TLS_ONLY }),
                { arn: [name] },
            );
    }
    const alarm = (name: string, topic: string) =>
        stack.add(
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            name,
            of<cloudwatch.MetricAlarmArgs>({
                alarmDescription: "Runbook: https://example.com/runbooks/scaling.md",
                comparisonOperator: "GreaterThanThreshold",
                evaluationPeriods: 5,
                datapointsToAlarm: 3,
                treatMissingData: "notBreaching",
                alarmActions: [UNKNOWN],
            }),
            { alarmActions: [topic] },
        );
    alarm("ScalingFrequent", "notify-ops");
    alarm("CapacityLimit", "capacity-planning");
    // Pages through a composite alarm.
    alarm("ScalingFailed", "notify-ops");
    stack.add(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "outage",
        of<cloudwatch.CompositeAlarmArgs>({
            alarmName: "outage",
            alarmRule: UNKNOWN,
            alarmActions: [UNKNOWN],
        }),
        { alarmRule: ["ScalingFailed"], alarmActions: ["page-oncall"] },
    );
}
