/**
 * How CloudWatch decides an alarm's state, one evaluation at a time:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 * It proves what an alarm makes of a series, not that AWS publishes the series.
 */

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export const MISSING_DATA = ["missing", "ignore", "breaching", "notBreaching"] as const;
export type TreatMissingData = (typeof MISSING_DATA)[number];

/** A value of one period; undefined where there is none. */
export type Datapoint = number | undefined;

export interface Threshold {
    readonly comparisonOperator: string;
    readonly threshold: number;
}

export interface Evaluation extends Threshold {
    readonly evaluationPeriods: number;
    /** @default evaluationPeriods */
    readonly datapointsToAlarm?: number;
    /** @default missing */
    readonly treatMissingData?: string;
}

/** CloudWatch looks at more periods than it evaluates, in search of data: five for three in its documentation. */
const EXTRA_PERIODS = 2;

/** How many periods an evaluation looks at. */
export const rangeOf = ({ evaluationPeriods }: Evaluation): number =>
    evaluationPeriods + EXTRA_PERIODS;

/** Whether a value is on the wrong side of the threshold. Throws on an operator that is not one of the four. */
export function breaches(value: number, { comparisonOperator, threshold }: Threshold): boolean {
    switch (comparisonOperator) {
        case "GreaterThanThreshold":
            return value > threshold;
        case "GreaterThanOrEqualToThreshold":
            return value >= threshold;
        case "LessThanThreshold":
            return value < threshold;
        case "LessThanOrEqualToThreshold":
            return value <= threshold;
        default:
            throw new Error(`comparisonOperator is ${comparisonOperator}, which has no replay`);
    }
}

/**
 * The state after one evaluation.
 * @param range the newest `rangeOf` datapoints, oldest first
 */
export function evaluate(
    alarm: Evaluation,
    range: readonly Datapoint[],
    state: AlarmState,
): AlarmState {
    const { evaluationPeriods: periods, datapointsToAlarm: needed = periods } = alarm;
    const missing = (alarm.treatMissingData ?? "missing") as TreatMissingData;
    const breaching = (value: Datapoint) => value !== undefined && breaches(value, alarm);
    const real = range.filter((value) => value !== undefined);

    if (real.length >= periods) {
        return real.slice(-periods).filter(breaching).length >= needed ? "ALARM" : "OK";
    }
    if (missing === "breaching" || missing === "notBreaching") {
        const filled = missing === "breaching" ? periods - real.length : 0;
        return real.filter(breaching).length + filled >= needed ? "ALARM" : "OK";
    }
    if (!real.every(breaching)) return real.filter(breaching).length >= needed ? "ALARM" : "OK";
    if (missing === "ignore") return state;
    if (real.length === 0) return "INSUFFICIENT_DATA";
    // Too few to tell: a lone breach waits for what comes next, until it is old.
    return breachesSince(alarm, needed, range) ? "ALARM" : state;
}

/** Whether the oldest breach is as old as the datapoints that an alarm needs, and nothing since was well. */
function breachesSince(threshold: Threshold, needed: number, range: readonly Datapoint[]): boolean {
    const first = range.findIndex((value) => value !== undefined);
    return (
        range.length - first >= needed &&
        range.every((value) => value === undefined || breaches(value, threshold))
    );
}
