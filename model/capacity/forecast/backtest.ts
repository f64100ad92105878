import type { Forecaster } from "./forecaster";

/** How good forecasts have been, over every origin and step ahead. */
export interface Backtest {
    readonly forecaster: string;
    readonly origins: number;
    /** Mean absolute scaled error: below 1 beats the value one season ago. Source: Hyndman and Koehler 2006. */
    readonly mase: number;
    /** Mean pinball loss by quantile, as a share of the mean load. */
    readonly pinball: Readonly<Record<string, number>>;
    /** Share of values at most the forecast quantile, by quantile. */
    readonly coverage: Readonly<Record<string, number>>;
}

export const BACKTEST_QUANTILES = [0.5, 0.9, 0.99] as const;

/**
 * Forecasts again and again with what was known then (a rolling origin) and compares with what came.
 * @param season steps of the naive forecast that MASE is scaled by
 * @returns undefined where the history is too short for one origin
 */
export function backtest(
    history: Float64Array,
    forecaster: Forecaster,
    { season, horizon, every }: { season: number; horizon: number; every: number },
): Backtest | undefined {
    const first = Math.max(forecaster.least, season + 1, 3 * season);
    const losses = new Map<number, { loss: number; below: number }>(
        BACKTEST_QUANTILES.map((p) => [p, { loss: 0, below: 0 }]),
    );
    let origins = 0;
    let absolute = 0;
    let count = 0;
    let scale = 0;
    let total = 0;
    for (let origin = first; origin + horizon <= history.length; origin += every) {
        const known = history.subarray(0, origin);
        const forecast = forecaster.forecast(known, horizon);
        origins++;
        scale += meanSeasonalDifference(known, season) * horizon;
        for (let h = 0; h < horizon; h++) {
            const actual = history[origin + h] as number;
            absolute += Math.abs(actual - (forecast.centre[h] as number));
            total += actual;
            count++;
            for (const [p, sums] of losses) {
                const error = actual - forecast.quantile(h, p);
                sums.loss += error > 0 ? p * error : (p - 1) * error;
                if (error <= 0) sums.below++;
            }
        }
    }
    if (origins === 0) return undefined;
    const each = (of: (sums: { loss: number; below: number }) => number) =>
        Object.fromEntries([...losses].map(([p, sums]) => [String(p), of(sums)]));
    return {
        forecaster: forecaster.name,
        origins,
        mase: scale > 0 ? absolute / scale : NaN,
        pinball: each(({ loss }) => loss / Math.max(total, Number.MIN_VALUE)),
        coverage: each(({ below }) => below / count),
    };
}

function meanSeasonalDifference(history: Float64Array, season: number): number {
    let sum = 0;
    for (let i = season; i < history.length; i++) {
        sum += Math.abs((history[i] as number) - (history[i - season] as number));
    }
    return sum / (history.length - season);
}
