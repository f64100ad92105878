import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { Outage, Target, kebab, runbook, type AlarmPlace, type AlarmSpec } from "./alarm";
import type { AlertArgs } from "./args";

/** What each outage follows from: while that one lasts, it pages nobody. */
const FOLLOWS: Readonly<Partial<Record<Outage, Outage>>> = {
    [Outage.FrontDoor]: Outage.Data,
    [Outage.Scaling]: Outage.FrontDoor,
};

/** How long a page waits to learn whether it is a consequence, and how long a consequence outlives its cause. */
const WAIT_SECONDS = 120;
const EXTENSION_SECONDS = 180;

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
        const cause = FOLLOWS[outage] && made.get(FOLLOWS[outage]);
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
                        extensionPeriod: EXTENSION_SECONDS,
                    },
                    tags: { ...tags, Name: name, "logcaster:alarm": title },
                },
                { parent: place.parent },
            ),
        );
    }
    return [...made.values()].map(({ arn }) => arn);
}
