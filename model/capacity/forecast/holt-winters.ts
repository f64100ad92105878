import { type Forecaster, quantileOfSorted } from "./forecaster";

/** Weights tried; the pair with the least squared error of one step ahead over the history is used. */
const ALPHAS = [0.05, 0.15, 0.3, 0.6];
const GAMMAS = [0.05, 0.15, 0.3];
/** Added to a series before its logarithm, as a share of its mean, so that zeros do not dominate. */
const OFFSET_SHARE = 0.1;

interface Fit {
    readonly level: number;
    readonly seasonals: Float64Array;
    readonly errors: Float64Array;
    readonly squares: number;
    readonly alpha: number;
    readonly gamma: number;
}

/**
 * Holt-Winters without trend (ETS(A,N,A)) of logarithms: level and season multiply. A trend is left out because two
 * days ahead it costs more than it brings. Intervals: the errors' own quantiles, widened with the horizon as
 * 1 + alpha^2 (h-1) + gamma k (2 alpha + gamma). Source: Hyndman and Athanasopoulos, Forecasting: Principles and
 * Practice, 8.7. Ours because JavaScript has no maintained forecaster without native code or WebAssembly.
 */
export function holtWinters(season: number): Forecaster {
    return {
        name: `Holt-Winters (${season})`,
        least: 2 * season,
        fitError: (history, steps) => {
            const errors = bestFit(logarithms(history).logs, season).errors.subarray(-steps);
            return errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
        },
        forecast: (history, horizon) => {
            const { logs, offset } = logarithms(history);
            const fit = bestFit(logs, season);
            const errors = fit.errors.slice().sort();
            const { alpha, gamma, level, seasonals } = fit;
            const next = logs.length;
            const at = (h: number): number => level + (seasonals[(next + h) % season] as number);
            const back = (log: number): number => Math.max(0, Math.exp(log) - offset);
            return {
                centre: Float64Array.from({ length: horizon }, (_, h) => back(at(h))),
                quantile: (h, p) => {
                    const k = Math.floor(h / season);
                    const spread = 1 + alpha ** 2 * h + gamma * k * (2 * alpha + gamma);
                    return back(at(h) + quantileOfSorted(errors, p) * Math.sqrt(spread));
                },
            };
        },
    };
}

function logarithms(history: Float64Array): { logs: Float64Array; offset: number } {
    const mean = history.reduce((a, b) => a + b, 0) / history.length;
    const offset = OFFSET_SHARE * mean || 1;
    return { logs: history.map((value) => Math.log(value + offset)), offset };
}

function bestFit(logs: Float64Array, season: number): Fit {
    let best: Fit | undefined;
    for (const alpha of ALPHAS) {
        for (const gamma of GAMMAS) {
            const fit = fitWith(logs, season, alpha, gamma);
            if (!best || fit.squares < best.squares) best = fit;
        }
    }
    return best as Fit;
}

function fitWith(logs: Float64Array, season: number, alpha: number, gamma: number): Fit {
    let level = logs.subarray(0, season).reduce((a, b) => a + b, 0) / season;
    const start = level;
    const seasonals = logs.slice(0, season).map((value) => value - start);
    const errors = new Float64Array(logs.length - season);
    let squares = 0;
    for (let i = season; i < logs.length; i++) {
        const slot = i % season;
        const error = (logs[i] as number) - level - (seasonals[slot] as number);
        errors[i - season] = error;
        squares += error * error;
        level += alpha * error;
        seasonals[slot] = (seasonals[slot] as number) + gamma * error;
    }
    return { level, seasonals, errors, squares, alpha, gamma };
}
