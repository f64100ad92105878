import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { inUnit, type Measure, type Quantity, type Unit } from "logcaster-model/alarms";
import type { Metric } from "./metrics";
import { RUNBOOKS_URL } from "./defaults";

export const Level = { Warning: "Warning", Critical: "Critical" } as const;
export type Level = (typeof Level)[keyof typeof Level];

/** The topics, in the brief's words (8.1). */
export const Target = {
    NotifyOps: "notify-ops",
    PageOncall: "page-oncall",
    CapacityPlanning: "alert-capacity-planning",
} as const;
export type Target = (typeof Target)[keyof typeof Target];

/** What breaks together and pages once: data first, because the front door fails with it, and scaling with both. */
export const Outage = { Data: "Data", FrontDoor: "FrontDoor", Scaling: "Scaling" } as const;
export type Outage = (typeof Outage)[keyof typeof Outage];

/** What an alarm looks at: one metric, or an expression over several. */
export interface Signal<U extends Unit = Unit> {
    readonly periodSeconds: number;
    readonly unit: U;
    /** By the name that the expression gives it. */
    readonly metrics: Record<string, Metric>;
    /** Metric math; absent where there is one metric alone. */
    readonly expression?: string;
}

export const MissingData = { Breaching: "breaching", NotBreaching: "notBreaching" } as const;
export type MissingData = (typeof MissingData)[keyof typeof MissingData];

const OPERATORS = {
    ">": "GreaterThanThreshold",
    ">=": "GreaterThanOrEqualToThreshold",
    "<": "LessThanThreshold",
} as const;

/** One alarm, before it has a region. */
export interface AlarmSpec<U extends Unit = Unit> {
    /** What it is called, the runbook too. */
    readonly alarm: string;
    /** Which of several, by a stable key. */
    readonly of?: string;
    readonly level: Level;
    /** What it means, in a sentence without its end. */
    readonly says: string;
    readonly signal: Signal<U>;
    readonly comparison: keyof typeof OPERATORS;
    /** In any unit of the metric's kind. */
    readonly threshold: Quantity<Measure<U>>;
    /** Of so many periods. */
    readonly periods: number;
    /** so many must breach. @default all */
    readonly datapoints?: number;
    /** What a period without data counts as; never a way to scale in. */
    readonly missing: MissingData;
    /** Who is told at once. */
    readonly target: Target;
    /** The outage that it is a sign of, which then pages. */
    readonly outage?: Outage;
}

/** Checks a spec's units and forgets them. */
export function alarm<U extends Unit>(spec: AlarmSpec<U>): AlarmSpec {
    return spec as unknown as AlarmSpec;
}

/** One metric as a signal. */
export function signal<U extends Unit>(metric: Metric<U>, periodSeconds: number): Signal<U> {
    return { periodSeconds, unit: metric.unit, metrics: { m: metric } };
}

/** NoHealthyTargets is no-healthy-targets in names of resources and of runbooks. */
export function kebab(name: string): string {
    return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}

/** Where an alarm's runbook is. */
export function runbook(name: string, runbooksUrl: string | undefined): string {
    return `${runbooksUrl ?? RUNBOOKS_URL}/${kebab(name)}.md`;
}

export interface AlarmPlace {
    readonly name: string;
    readonly parent: pulumi.Resource;
    readonly region: string;
    /** `logcaster-<environment>-<region>`, the first part of physical names, by which alarms are read in pages. */
    readonly prefix: string;
    readonly runbooksUrl?: string;
    readonly topics: Record<Target, pulumi.Output<string>>;
}

/** Topics as components take them. */
interface TopicArns {
    notifyOpsTopicArn: pulumi.Input<string>;
    pageOncallTopicArn: pulumi.Input<string>;
    capacityPlanningTopicArn: pulumi.Input<string>;
}

/** A component's place of alarms on topics that are given. */
export function alarmPlace(
    name: string,
    parent: pulumi.Resource,
    region: string,
    { environment, runbooksUrl }: { environment: string; runbooksUrl?: string },
    topics: TopicArns,
): AlarmPlace {
    return {
        name,
        parent,
        region,
        prefix: `logcaster-${environment}-${region}`,
        runbooksUrl,
        topics: {
            [Target.NotifyOps]: pulumi.output(topics.notifyOpsTopicArn),
            [Target.PageOncall]: pulumi.output(topics.pageOncallTopicArn),
            [Target.CapacityPlanning]: pulumi.output(topics.capacityPlanningTopicArn),
        },
    };
}

/** The alarm in CloudWatch; its physical name says environment, region, alarm, which and level. */
export function createAlarm(place: AlarmPlace, spec: AlarmSpec): cloudwatch.MetricAlarm {
    const { level, target } = spec;
    const parts = [spec.of ?? [], level].flat();
    const name = [place.name, kebab(spec.alarm), ...parts.map((p) => p.toLowerCase())].join("-");
    const topic = place.topics[target];
    return new cloudwatch.MetricAlarm(
        name,
        {
            region: place.region,
            name: [place.prefix, spec.alarm, ...parts].join("-"),
            alarmDescription: `${level}: ${spec.says}. Runbook: ${runbook(spec.alarm, place.runbooksUrl)}`,
            ...lookingAt(spec.signal),
            evaluationPeriods: spec.periods,
            datapointsToAlarm: spec.datapoints ?? spec.periods,
            comparisonOperator: OPERATORS[spec.comparison],
            threshold: inUnit(spec.threshold, spec.signal.unit),
            treatMissingData: spec.missing,
            alarmActions: [topic],
            okActions: [topic],
            tags: {
                Name: name,
                "logcaster:component": "monitoring",
                "logcaster:alarm": spec.alarm,
                "logcaster:level": level,
            },
        },
        { parent: place.parent },
    );
}

function lookingAt({
    metrics,
    expression,
    periodSeconds,
}: Signal): Partial<
    Pick<
        cloudwatch.MetricAlarmArgs,
        | "namespace"
        | "metricName"
        | "dimensions"
        | "period"
        | "statistic"
        | "extendedStatistic"
        | "metricQueries"
    >
> {
    if (expression !== undefined) {
        return {
            metricQueries: [
                { id: "value", expression, label: "value", returnData: true },
                ...Object.entries(metrics).map(([id, metric]) => ({
                    id,
                    returnData: false,
                    metric: {
                        namespace: metric.namespace,
                        metricName: metric.metricName,
                        dimensions: metric.dimensions,
                        period: periodSeconds,
                        stat: metric.statistic,
                    },
                })),
            ],
        };
    }
    const [metric] = Object.values(metrics);
    const { namespace, metricName, dimensions, statistic } = metric!;
    const kind = /^p\d/.test(statistic) ? "extendedStatistic" : "statistic";
    return { namespace, metricName, dimensions, period: periodSeconds, [kind]: statistic };
}
