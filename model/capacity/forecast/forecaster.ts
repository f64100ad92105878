/** A forecast of an evenly spaced series: a centre and, around it, quantiles. */
export interface Forecast {
    /** The middle of what is expected, one value a step ahead. */
    readonly centre: Float64Array;
    /** The value that step `h` (0 is the next one) stays below with probability `p`, at least 0. */
    readonly quantile: (h: number, p: number) => number;
}

export interface Forecaster {
    readonly name: string;
    /** Fewest samples of history it needs. */
    readonly least: number;
    /** @param history every sample known, oldest first */
    readonly forecast: (history: Float64Array, horizon: number) => Forecast;
    /** Mean squared error of its newest `steps` forecasts of one step ahead, in the logarithm of the load. */
    readonly fitError?: (history: Float64Array, steps: number) => number;
}

/** The value that a share `p` of the sorted values does not exceed, between neighbours in proportion. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
    if (sorted.length === 0) return 0;
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    const a = sorted[low] as number;
    const b = sorted[Math.min(sorted.length - 1, low + 1)] as number;
    return a + (at - low) * (b - a);
}

/** The value one season ago; its errors are those it would have made over the history. The yardstick of MASE. */
export function seasonalNaive(season: number): Forecaster {
    return {
        name: `seasonal naive (${season})`,
        least: season + 1,
        forecast: (history, horizon) => {
            const { length: n } = history;
            const errors = new Float64Array(n - season);
            for (let i = season; i < n; i++) {
                errors[i - season] = (history[i] as number) - (history[i - season] as number);
            }
            errors.sort();
            const centre = new Float64Array(horizon);
            for (let h = 0; h < horizon; h++) {
                centre[h] = history[n - season + (h % season)] as number;
            }
            return {
                centre,
                quantile: (h, p) => {
                    const seasons = Math.floor(h / season) + 1;
                    const error = quantileOfSorted(errors, p) * Math.sqrt(seasons);
                    return Math.max(0, (centre[h] as number) + error);
                },
            };
        },
    };
}
