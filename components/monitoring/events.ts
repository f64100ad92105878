import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../arn";
import { encryptedLogGroup } from "../encrypted-log-group";
import type { AlarmPlace } from "./alarm";
import type { RegionMonitoringArgs } from "./args";
import { EVENT_LOG_DAYS } from "./defaults";
import { eventRule, notifyOps } from "./event-rule";
import type { EventRuleNames } from "./fleet-alarms";

/** https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-autoscaling.html */
export const FAILURES = Object.freeze([
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Terminate Unsuccessful",
    "EC2 Auto Scaling Instance Refresh Failed",
    "EC2 Auto Scaling Instance Refresh Rollback Failed",
] as const);

const SPOT_INTERRUPTION = "EC2 Spot Instance Interruption Warning";

/** Rules on what Auto Scaling and EC2 report, their log, and the words in which operators hear of a failure. */
export function watchEvents(
    place: AlarmPlace,
    { environment, fleet, proxies, nodes, protect }: RegionMonitoringArgs,
    tags: Record<string, string>,
): EventRuleNames {
    const { name, parent, region } = place;
    const groups = [fleet ?? [], proxies ?? [], Object.values(nodes ?? {})].flat();
    const log = eventLog(place, environment, protect, tags);
    const rule = (key: string, description: string, pattern: object) =>
        eventRule(place, key, description, pattern, tags);
    const toLog = (key: string, from: cloudwatch.EventRule) =>
        new cloudwatch.EventTarget(
            `${name}-${key}-log`,
            { region, rule: from.name, targetId: "log", arn: log.arn },
            { parent, dependsOn: log.ready },
        );
    const ofGroups = {
        source: ["aws.autoscaling"],
        detail: { AutoScalingGroupName: groups.map(({ groupName }) => groupName) },
    };

    toLog("scaling-events", rule("scaling-events", "What the groups do, for their log", ofGroups));
    const failed = rule("scaling-failed", "What the groups could not do", {
        ...ofGroups,
        "detail-type": FAILURES,
    });
    notifyOps(place, "scaling-failed", failed, {
        alarm: "ScalingFailed",
        says: "<what> in <group> at <time>: <why>",
        paths: {
            what: "$.detail-type",
            group: "$.detail.AutoScalingGroupName",
            time: "$.time",
            why: "$.detail.StatusMessage",
        },
    });
    if (!groups.some(({ spot }) => spot)) return { scalingFailed: failed.name };
    const interrupted = rule("spot-interrupted", "Spot instances that EC2 takes back", {
        source: ["aws.ec2"],
        "detail-type": [SPOT_INTERRUPTION],
    });
    toLog("spot-interrupted", interrupted);
    return { scalingFailed: failed.name, spotInterrupted: interrupted.name };
}

/** A log of events, in which EventBridge may write. */
function eventLog(
    { name, parent, region }: AlarmPlace,
    environment: string,
    protect: boolean,
    tags: Record<string, string>,
): { arn: pulumi.Output<string>; ready: pulumi.Resource } {
    const group = encryptedLogGroup(`${name}-scaling-log`, parent, {
        region,
        // EventBridge's targets must be named so.
        logGroupName: `/aws/events/logcaster/${environment}/${name}`,
        what: `scaling events of ${name}`,
        retentionInDays: EVENT_LOG_DAYS,
        protect,
        tags,
    });
    const ready = new cloudwatch.LogResourcePolicy(
        `${name}-scaling-log`,
        {
            region,
            policyName: `logcaster-${environment}-${name}-scaling-log`,
            policyDocument: group.arn.apply(logPolicyOf),
        },
        { parent },
    );
    return { arn: group.arn, ready };
}

function logPolicyOf(logGroupArn: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "EventBridgeWrites",
                Effect: "Allow",
                Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: `${logGroupArn}:*`,
                Condition: { StringEquals: { "aws:SourceAccount": accountOf(logGroupArn) } },
            },
        ],
    });
}
