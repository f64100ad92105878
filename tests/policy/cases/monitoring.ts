import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

export const MONITORING_CASES: Cases = {
    "logcaster-alarm-act": {
        "actions switched off": {
            change: (s) => s.set("CapacityLimit", "actionsEnabled", false),
            says: ["CapacityLimit: actionsEnabled is false, must be true"],
        },
        "no action": {
            change: (s) =>
                s
                    .set("CapacityLimit", "alarmActions", undefined)
                    .refer("CapacityLimit", "alarmActions"),
            says: [
                "CapacityLimit: the alarm has no alarm action, and no composite alarm looks at it",
            ],
        },
        "an empty list of actions": {
            change: (s) => s.set("outage", "alarmActions", []).refer("outage", "alarmActions"),
            says: ["outage: the alarm has no alarm action, and no composite alarm looks at it"],
        },
        "no action of its own, but a composite alarm's": {
            change: (s) =>
                s
                    .set("ScalingFailed", "alarmActions", undefined)
                    .refer("ScalingFailed", "alarmActions"),
        },
        "a composite alarm that names it": {
            change: (s) =>
                s
                    .set("CapacityLimit", "name", "capacity")
                    .set("CapacityLimit", "alarmActions", [])
                    .refer("CapacityLimit", "alarmActions")
                    .set("outage", "alarmRule", 'ALARM("capacity")'),
        },
        "actions not known yet": {
            change: (s) => s.set("CapacityLimit", "alarmActions", UNKNOWN),
        },
    },
    "logcaster-alarm-say-what-silence-means": {
        "nothing said": {
            change: (s) =>
                s
                    .set("CapacityLimit", "datapointsToAlarm", undefined)
                    .set("CapacityLimit", "treatMissingData", undefined),
            says: [
                "CapacityLimit: datapointsToAlarm is not set, must be given",
                "CapacityLimit: treatMissingData is not set, must be given",
            ],
        },
        "a treatment not known yet": {
            change: (s) => s.set("CapacityLimit", "treatMissingData", UNKNOWN),
        },
    },
    "logcaster-alarm-name-runbook": {
        "no description": {
            change: (s) => s.set("CapacityLimit", "alarmDescription", undefined),
            says: ["CapacityLimit: alarmDescription is not set, which names no runbook (runbook)"],
        },
        "a description without a runbook": {
            change: (s) => s.set("CapacityLimit", "alarmDescription", "Nearly full"),
            says: [
                "CapacityLimit: alarmDescription is Nearly full, which names no runbook (runbook)",
            ],
        },
        "runbooks elsewhere": {
            config: { runbook: "wiki/" },
            change: (s) =>
                ["ScalingFrequent", "ScalingFailed", "quiet", "lag"].forEach((name) =>
                    s.set(name, "alarmDescription", "wiki/scaling"),
                ),
            says: [
                "CapacityLimit: alarmDescription is Runbook: https://example.com/runbooks/scaling.md, which names no runbook (runbook)",
            ],
        },
        "a description not known yet": {
            change: (s) => s.set("CapacityLimit", "alarmDescription", UNKNOWN),
            unknown: ["alarmDescription"],
        },
    },
    "logcaster-alarm-cover-scaling": {
        "an alarm left out": {
            change: (s) => s.remove("ScalingFrequent"),
            says: [
                "group: the region has no alarm ScalingFrequent (alarms)",
                "node-group: the region has no alarm ScalingFrequent (alarms)",
            ],
        },
        "a group in a region without alarms": {
            change: (s) => s.set("node-group", "region", "eu-west-1"),
            config: { alarms: ["CapacityLimit"] },
            says: ["node-group: eu-west-1 has no alarm CapacityLimit (alarms)"],
        },
        "the wrong people": {
            change: (s) => s.refer("CapacityLimit", "alarmActions", "notify-ops"),
            says: [
                "group: the alarm CapacityLimit of the region does not reach a topic capacity-planning",
                "node-group: the alarm CapacityLimit of the region does not reach a topic capacity-planning",
            ],
        },
        "a page that no composite alarm sends": {
            change: (s) => s.remove("outage"),
            says: [
                "group: the alarm ScalingFailed of the region does not reach a topic page-oncall",
                "node-group: the alarm ScalingFailed of the region does not reach a topic page-oncall",
            ],
        },
        "an alarm called so by its tag": {
            change: (s) =>
                s
                    .remove("CapacityLimit")
                    .add(
                        "aws:cloudwatch/metricAlarm:MetricAlarm",
                        "nearly-full",
                        { tags: { "logcaster:alarm": "capacity-limit" }, alarmActions: [UNKNOWN] },
                        { alarmActions: ["capacity-planning"] },
                    ),
        },
        "a topic by its known ARN": {
            change: (s) =>
                s
                    .set("capacity-planning", "arn", "arn:aws:sns:us-east-1:1:capacity")
                    .set("CapacityLimit", "alarmActions", ["arn:aws:sns:us-east-1:1:capacity"])
                    .refer("CapacityLimit", "alarmActions"),
        },
        "names not known yet": {
            change: (s) => s.set("CapacityLimit", "name", UNKNOWN),
        },
    },
    "logcaster-topic-encrypt": {
        "no key": {
            change: (s) => s.set("notify-ops", "kmsMasterKeyId", undefined),
            says: ["notify-ops: kmsMasterKeyId is not set, must be a key"],
        },
        "a key not known yet": {
            change: (s) => s.set("notify-ops", "kmsMasterKeyId", UNKNOWN),
        },
    },
    "logcaster-topic-require-tls": {
        "no policy": {
            change: (s) => s.remove("notify-ops-policy"),
            says: ["notify-ops: no topic policy denies publishing with aws:SecureTransport false"],
        },
        "a policy of the topic's own": {
            change: (s) =>
                s
                    .remove("notify-ops-policy")
                    .set(
                        "notify-ops",
                        "policy",
                        '{"Statement":{"Effect":"Deny","Principal":"*","Action":"sns:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}}',
                    ),
        },
        "a policy not known yet": {
            change: (s) => s.set("notify-ops-policy", "policy", UNKNOWN),
        },
    },
};
