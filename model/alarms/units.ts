/**
 * Units of metrics and of thresholds. A threshold is a quantity (of time, of bytes, a share, a count); an alarm compares it in
 * its metric's own unit, and the types refuse a quantity of another kind: `maxLagMs: 1000` becomes 1 for a metric in seconds.
 */

/** CloudWatch's names of units, what each measures, and its size in the base unit of that. */
export const UNITS = {
    Milliseconds: { measures: "time", size: 1 },
    Seconds: { measures: "time", size: 1000 },
    Bytes: { measures: "data", size: 1 },
    Megabytes: { measures: "data", size: 1_000_000 },
    Percent: { measures: "share", size: 1 },
    Count: { measures: "count", size: 1 },
} as const;

export type Unit = keyof typeof UNITS;

/** What a unit measures. */
export type Measure<U extends Unit = Unit> = (typeof UNITS)[U]["measures"];

/** A value with what it measures, in that measure's base unit: milliseconds, bytes, percent, or a plain count. */
export interface Quantity<M extends Measure = Measure> {
    readonly measures: M;
    readonly inBaseUnit: number;
}

export const milliseconds = (value: number): Quantity<"time"> => of("time", value);
export const bytes = (value: number): Quantity<"data"> => of("data", value);
export const percent = (value: number): Quantity<"share"> => of("share", value);
export const count = (value: number): Quantity<"count"> => of("count", value);

/** A quantity as a number of a unit of the same kind. */
export function inUnit<U extends Unit>(quantity: Quantity<Measure<U>>, unit: U): number {
    return quantity.inBaseUnit / UNITS[unit].size;
}

function of<M extends Measure>(measures: M, inBaseUnit: number): Quantity<M> {
    return { measures, inBaseUnit };
}
