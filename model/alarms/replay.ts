/** Plays recorded or made-up metrics through alarms as they are deployed: series in, states out. */
import { evaluate, rangeOf, type AlarmState, type Datapoint, type Evaluation } from "./evaluate";
import { evaluateExpression, type Series } from "./expression";

/** One value that something published. */
export interface Sample {
    readonly timeSeconds: number;
    readonly value: number;
}

export interface MetricId {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: Readonly<Record<string, string>>;
}

/** What CloudWatch would have; a metric is found by exactly its dimensions, no more and no fewer. */
export interface RecordedMetric extends MetricId {
    readonly samples: readonly Sample[];
}

/** An alarm, in the words of its resource's arguments. */
export interface ReplayedAlarm extends Evaluation {
    readonly namespace?: string;
    readonly metricName?: string;
    readonly dimensions?: Readonly<Record<string, string>>;
    readonly period?: number;
    readonly statistic?: string;
    readonly extendedStatistic?: string;
    readonly metricQueries?: readonly {
        readonly id: string;
        readonly expression?: string;
        readonly returnData?: boolean;
        readonly metric?: MetricId & { readonly period: number; readonly stat: string };
    }[];
}

/** A state, and from when on it holds. */
export interface Transition {
    readonly timeSeconds: number;
    readonly state: AlarmState;
}

/** The name of a metric that tells it from every other. */
export function metricKey({ namespace, metricName, dimensions }: MetricId): string {
    return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}

/**
 * The states of an alarm, evaluated once a period between two times; it starts without knowing anything.
 * @param untilSeconds end of the last period, exclusive
 */
export function replay(
    alarm: ReplayedAlarm,
    metrics: readonly RecordedMetric[],
    { fromSeconds = 0, untilSeconds }: { fromSeconds?: number; untilSeconds: number },
): Transition[] {
    const period = periodOf(alarm);
    const length = Math.floor((untilSeconds - fromSeconds) / period);
    const series = seriesOf(alarm, metrics, { fromSeconds, period, length });
    const range = rangeOf(alarm);
    const transitions: Transition[] = [];
    let state: AlarmState = "INSUFFICIENT_DATA";
    for (let i = 0; i < length; i++) {
        const window = Array.from({ length: range }, (_, j) => series[i - range + 1 + j]);
        const next = evaluate(alarm, window, state);
        if (next !== state || transitions.length === 0) {
            transitions.push({ timeSeconds: fromSeconds + (i + 1) * period, state: next });
        }
        state = next;
    }
    return transitions;
}

/** The state that holds at a time. */
export function stateAt(transitions: readonly Transition[], timeSeconds: number): AlarmState {
    return (
        transitions.filter((t) => t.timeSeconds <= timeSeconds).at(-1)?.state ?? "INSUFFICIENT_DATA"
    );
}

/** Every metric that an alarm looks at. */
export function metricsOf(alarm: ReplayedAlarm): MetricId[] {
    const { namespace, metricName, dimensions = {} } = alarm;
    if (namespace && metricName) return [{ namespace, metricName, dimensions }];
    return (alarm.metricQueries ?? []).flatMap(({ metric }) => metric ?? []);
}

/** Seconds of a datapoint. */
export function periodOf(alarm: ReplayedAlarm): number {
    const periods = (alarm.metricQueries ?? []).flatMap(({ metric }) => metric?.period ?? []);
    const period = alarm.period ?? Math.max(...periods);
    if (!(period > 0)) throw new Error("the alarm has no period");
    return period;
}

interface Grid {
    readonly fromSeconds: number;
    readonly period: number;
    readonly length: number;
}

function seriesOf(alarm: ReplayedAlarm, metrics: readonly RecordedMetric[], grid: Grid): Series {
    const find = (id: MetricId, stat: string) =>
        aggregate(metrics.find((m) => metricKey(m) === metricKey(id))?.samples ?? [], stat, grid);
    const { namespace, metricName, dimensions = {}, metricQueries = [] } = alarm;
    if (namespace && metricName) {
        const stat = alarm.extendedStatistic ?? alarm.statistic ?? "";
        return find({ namespace, metricName, dimensions }, stat);
    }
    const named = Object.fromEntries(
        metricQueries.flatMap(({ id, metric }) =>
            metric ? [[id, find(metric, metric.stat)]] : [],
        ),
    );
    const [result, ...others] = metricQueries.filter(({ returnData }) => returnData);
    if (!result || others.length > 0) throw new Error("one query of an alarm returns data");
    if (result.expression === undefined) return named[result.id] ?? [];
    return evaluateExpression(result.expression, named, grid.length);
}

/** Samples as one datapoint a period; none where there was no sample. */
function aggregate(samples: readonly Sample[], stat: string, grid: Grid): Datapoint[] {
    const values = Array.from({ length: grid.length }, (): number[] => []);
    for (const { timeSeconds, value } of samples) {
        values[Math.floor((timeSeconds - grid.fromSeconds) / grid.period)]?.push(value);
    }
    return values.map((of) => (of.length > 0 ? statistic(of, stat) : undefined));
}

const PERCENT = 100;

function statistic(values: readonly number[], stat: string): number {
    const sum = values.reduce((a, b) => a + b, 0);
    const percentile = /^p(\d+(?:\.\d+)?)$/.exec(stat)?.[1];
    if (percentile !== undefined) {
        const sorted = [...values].sort((a, b) => a - b);
        return sorted[Math.ceil((Number(percentile) / PERCENT) * sorted.length) - 1] ?? sorted[0]!;
    }
    switch (stat) {
        case "Sum":
            return sum;
        case "Average":
            return sum / values.length;
        case "SampleCount":
            return values.length;
        case "Maximum":
            return Math.max(...values);
        case "Minimum":
            return Math.min(...values);
        default:
            throw new Error(`the statistic ${stat} has no replay`);
    }
}
