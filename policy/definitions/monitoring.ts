import { define, pattern, words, type Definition } from "../definition";
import * as monitoring from "../rules/monitoring";
import { COMPOSITE_ALARM, GROUP, METRIC_ALARM, TOPIC } from "../rules/types";

const CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring";
const SNS = "https://docs.aws.amazon.com/sns/latest/dg";

export const MONITORING: readonly Definition[] = [
    define({
        name: "logcaster-alarm-act",
        displayName: "Alarms act",
        description: "An alarm tells somebody, itself or through a composite alarm.",
        severity: "high",
        rows: ["40"],
        remediationSteps: "Set alarmActions, and leave actionsEnabled true",
        url: `${CLOUDWATCH}/alarm-actions.html`,
        enforcementLevel: "mandatory",
        types: [...METRIC_ALARM, ...COMPOSITE_ALARM],
        stack: monitoring.actsOnAlarm,
    }),
    define({
        name: "logcaster-alarm-say-what-silence-means",
        displayName: "Alarms are explicit",
        description: "An alarm says how many datapoints it takes and what missing data counts as.",
        severity: "medium",
        rows: ["alarms"],
        remediationSteps: "Set datapointsToAlarm and treatMissingData",
        url: `${CLOUDWATCH}/alarms-and-missing-data.html`,
        enforcementLevel: "mandatory",
        types: METRIC_ALARM,
        resource: monitoring.explicit,
    }),
    define({
        name: "logcaster-alarm-name-runbook",
        displayName: "Alarms name a runbook",
        description: "An alarm's description says where to read what to do.",
        severity: "low",
        rows: ["alarms"],
        remediationSteps: "Name the runbook in alarmDescription",
        url: "https://docs.aws.amazon.com/wellarchitected/latest/operational-excellence-pillar/ops_ready_to_support_use_runbooks.html",
        config: { runbook: pattern("https://|docs/", "What a reference to a runbook looks like") },
        enforcementLevel: "mandatory",
        types: METRIC_ALARM,
        resource: monitoring.namesRunbook,
    }),
    define({
        name: "logcaster-alarm-cover-scaling",
        displayName: "The alarms of scaling",
        description:
            "A region with a group has the alarms ScalingFrequent, ScalingFailed and CapacityLimit, and they reach notify-ops, page-oncall and capacity-planning.",
        severity: "high",
        rows: ["alarms"],
        remediationSteps:
            "Add the alarm, called so by its name or its tag logcaster:alarm, with the topic (tag logcaster:target) as its action",
        url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-cloudwatch-monitoring.html",
        config: {
            alarms: words(
                ["ScalingFrequent", "ScalingFailed", "CapacityLimit"],
                "Alarms that a region with a group must have",
            ),
        },
        enforcementLevel: "mandatory",
        types: GROUP,
        stack: monitoring.coversScaling,
    }),
    define({
        name: "logcaster-topic-encrypt",
        displayName: "Topics encrypted",
        description: "Topics are encrypted with a key.",
        severity: "medium",
        rows: ["41"],
        remediationSteps: "Set kmsMasterKeyId to a key whose policy admits the publishers",
        url: `${SNS}/sns-server-side-encryption.html`,
        enforcementLevel: "mandatory",
        types: TOPIC,
        resource: monitoring.topicEncrypted,
    }),
    define({
        name: "logcaster-topic-require-tls",
        displayName: "Topics over TLS only",
        description: "Every topic's policy refuses to be published to without TLS.",
        severity: "medium",
        rows: ["41"],
        remediationSteps: "Deny sns:Publish where aws:SecureTransport is false",
        url: `${SNS}/sns-security-best-practices.html`,
        enforcementLevel: "mandatory",
        types: TOPIC,
        stack: monitoring.topicTlsOnly,
    }),
];
