import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { Outage, Target, kebab, runbook, type AlarmPlace, type AlarmSpec } from "./alarm";
import type { AlertArgs } from "./args";
import { FIVE_MINUTES_SECONDS } from "./defaults";

/**
 * What each outage follows from: while that one lasts, it pages nobody. A consequence outlives its cause, that of scaling by
 * the three periods for which one failure stays in sight.
 */
const FOLLOWS: Readonly<Partial<Record<Outage, { cause: Outage; outlivesBySeconds: number }>>> = {
    [Outage.FrontDoor]: { cause: Outage.Data, outlivesBySeconds: 180 },
    [Outage.Scaling]: {
        cause: Outage.FrontDoor,
        outlivesBySeconds: 3 * FIVE_MINUTES_SECONDS,
    },
};

/** How long a page waits to learn whether it is a consequence. */
const WAIT_SECONDS = 120;

const SAYS: Readonly<Record<Outage, string>> = {
    [Outage.Data]: "Redis is failing",
    [Outage.FrontDoor]: "Clients are not served",
    [Outage.Scaling]: "The number of instances cannot follow the load",
};

/** One page for all critical alarms of a kind. Answers the ARNs, causes first. */
export function createOutages(
    place: AlarmPlace,
    created: readonly (readonly [AlarmSpec, cloudwatch.MetricAlarm])[],
    { incidentResponsePlanArn }: AlertArgs,
    tags: Record<string, string>,
): pulumi.Output<string>[] {
    const topic = place.topics[Target.PageOncall];
    const made = new Map<Outage, cloudwatch.CompositeAlarm>();
    for (const outage of [Outage.Data, Outage.FrontDoor, Outage.Scaling]) {
        const signs = created.flatMap(([spec, { name }]) => (spec.outage === outage ? [name] : []));
        if (signs.length === 0) continue;
        const follows = FOLLOWS[outage];
        const cause = follows && made.get(follows.cause);
        const title = `${outage}Outage`;
        const name = `${place.name}-${kebab(title)}`;
        made.set(
            outage,
            new cloudwatch.CompositeAlarm(
                name,
                {
                    region: place.region,
                    alarmName: `${place.prefix}-${title}`,
                    alarmDescription: `${SAYS[outage]}; the alarms behind it say how. Runbook: ${runbook(title, place.runbooksUrl)}`,
                    alarmRule: pulumi
                        .all(signs)
                        .apply((names) => names.map((sign) => `ALARM("${sign}")`).join(" OR ")),
                    alarmActions: [topic, incidentResponsePlanArn ?? []].flat(),
                    okActions: [topic],
                    actionsSuppressor: cause && {
                        alarm: cause.alarmName,
                        waitPeriod: WAIT_SECONDS,
                        extensionPeriod: follows.outlivesBySeconds,
                    },
                    tags: { ...tags, Name: name, "logcaster:alarm": title },
                },
                { parent: place.parent },
            ),
        );
    }
    return [...made.values()].map(({ arn }) => arn);
}
