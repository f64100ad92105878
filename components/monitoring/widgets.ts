/** Parts of a dashboard: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
import type * as pulumi from "@pulumi/pulumi";
import { MINUTE_SECONDS } from "./defaults";
import type { Metric } from "./metrics";

/** A dashboard is 24 columns wide; three panels a row. */
const WIDTH = 8;
const HEIGHT = 6;
const COLUMNS = 3;

export interface Line {
    readonly metric?: Metric;
    readonly expression?: string;
    readonly id?: string;
    readonly label: string;
    readonly hidden?: boolean;
    /** Where the panel shows several regions. */
    readonly region?: string;
}

export interface Widget {
    readonly type: string;
    readonly properties: Record<string, unknown>;
}

export const line = (label: string, metric: Metric, more: Partial<Line> = {}): Line => ({
    label,
    metric,
    ...more,
});

/** A panel of metrics over time. */
export function panel(
    title: string,
    region: string,
    lines: readonly Line[],
    more: Record<string, unknown> = {},
): Widget {
    return {
        type: "metric",
        properties: {
            title,
            region,
            view: "timeSeries",
            period: MINUTE_SECONDS,
            yAxis: { left: { min: 0 } },
            metrics: lines.map(rowOf),
            ...more,
        },
    };
}

/** The state of alarms. */
export function states(title: string, alarms: pulumi.Input<pulumi.Input<string>[]>): Widget {
    return { type: "alarm", properties: { title, alarms } };
}

/** Panels in rows, from the top left. */
export function layOut(widgets: readonly Widget[]): { widgets: object[] } {
    return {
        widgets: widgets.map((widget, i) => ({
            ...widget,
            x: (i % COLUMNS) * WIDTH,
            y: Math.floor(i / COLUMNS) * HEIGHT,
            width: WIDTH,
            height: HEIGHT,
        })),
    };
}

function rowOf({ metric, expression, id, label, hidden, region }: Line): unknown[] {
    const common = { label, ...(id ? { id } : {}), ...(region ? { region } : {}) };
    if (!metric) return [{ ...common, expression }];
    return [
        metric.namespace,
        metric.metricName,
        ...Object.entries(metric.dimensions).flat(),
        { ...common, stat: metric.statistic, ...(hidden ? { visible: false } : {}) },
    ];
}
