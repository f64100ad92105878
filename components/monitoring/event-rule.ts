import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { Target, runbook, type AlarmPlace } from "./alarm";

/** A rule on what services report to EventBridge. */
export function eventRule(
    { name, parent, region }: AlarmPlace,
    key: string,
    description: string,
    pattern: object,
    tags: Record<string, string>,
): cloudwatch.EventRule {
    return new cloudwatch.EventRule(
        `${name}-${key}`,
        {
            region,
            description,
            eventPattern: pulumi.jsonStringify(pattern),
            tags: { ...tags, Name: `${name}-${key}` },
        },
        { parent },
    );
}

/** In which words operators hear of an event. */
export interface EventWords {
    /** The alarm on the same events, whose runbook is named. */
    readonly alarm: string;
    /** A sentence without its end; what it has in angle brackets is of the event. */
    readonly says: string;
    /** Where in the event that is. */
    readonly paths: Record<string, string>;
}

/** Tells operators of each event that a rule finds. */
export function notifyOps(
    { name, parent, region, topics, runbooksUrl }: AlarmPlace,
    key: string,
    rule: cloudwatch.EventRule,
    { alarm, says, paths }: EventWords,
): void {
    new cloudwatch.EventTarget(
        `${name}-${key}-notify`,
        {
            region,
            rule: rule.name,
            targetId: "notify-ops",
            arn: topics[Target.NotifyOps],
            inputTransformer: {
                inputPaths: paths,
                inputTemplate: JSON.stringify(
                    `${alarm}: ${says}. Runbook: ${runbook(alarm, runbooksUrl)}`,
                ),
            },
        },
        { parent },
    );
}
