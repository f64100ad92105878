import { HOUR_MS } from "../defaults";
import type { Load } from "../world";
import { type Forecaster, seasonalNaive } from "./forecaster";
import { holtWinters } from "./holt-winters";

export const HOURS_A_DAY = 24;
export const HOURS_A_WEEK = 168;

/**
 * Means of whole hours since the start of a load; an hour that is not over is left out.
 * @param samples how many samples are known
 */
export function hourlyMeans(load: Load, samples = load.values.length): Float64Array {
    const hours = Math.floor((samples * load.stepMs) / HOUR_MS);
    const sums = new Float64Array(hours);
    const counts = new Float64Array(hours);
    for (let i = 0; i < samples; i++) {
        const hour = Math.floor((i * load.stepMs) / HOUR_MS);
        if (hour >= hours) break;
        sums[hour] = (sums[hour] as number) + (load.values[i] as number);
        counts[hour] = (counts[hour] as number) + 1;
    }
    return sums.map((sum, hour) => sum / Math.max(1, counts[hour] as number));
}

/**
 * The forecaster that suits a history of hours: by day from two days on; by week where that has forecast the days of the
 * last week better or, with too little history to try it, has fitted it better.
 */
export function forecasterFor(history: Float64Array): Forecaster {
    const daily = holtWinters(HOURS_A_DAY);
    const weekly = holtWinters(HOURS_A_WEEK);
    if (history.length < daily.least) return seasonalNaive(HOURS_A_DAY);
    if (history.length < weekly.least) return daily;
    const canTry = history.length >= weekly.least + HOURS_A_WEEK;
    const error = (forecaster: Forecaster): number =>
        canTry
            ? lastWeeksError(forecaster, history)
            : (forecaster.fitError?.(history, HOURS_A_WEEK) ?? Infinity);
    return error(weekly) < error(daily) ? weekly : daily;
}

/** Sum of absolute errors of a forecast for each day of the last week, made the evening before. */
function lastWeeksError(forecaster: Forecaster, history: Float64Array): number {
    let sum = 0;
    for (let day = HOURS_A_WEEK / HOURS_A_DAY; day >= 1; day--) {
        const origin = history.length - day * HOURS_A_DAY;
        const { centre } = forecaster.forecast(history.subarray(0, origin), HOURS_A_DAY);
        for (let h = 0; h < HOURS_A_DAY; h++) {
            sum += Math.abs((history[origin + h] as number) - (centre[h] as number));
        }
    }
    return sum;
}
