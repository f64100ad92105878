import { type Forecaster, quantileOfSorted } from "./forecaster";

/** Weights tried; the pair with the least squared error a day ahead over the history is used. */
const ALPHAS = [0.02, 0.05, 0.15, 0.3, 0.6];
const GAMMAS = [0.05, 0.15, 0.3, 0.6];
/** Added to a series before its logarithm, as a share of its mean, so that zeros do not dominate. */
const OFFSET_SHARE = 0.1;
/** Steps ahead at which weights are judged: a day of hours. */
const LEAD = 24;

interface Fit {
    readonly level: number;
    readonly seasonals: Float64Array;
    /** Of one step ahead, and of `lead` steps ahead. */
    readonly nextErrors: Float64Array;
    readonly leadErrors: Float64Array;
    readonly leadSquares: number;
}

/**
 * Holt-Winters without trend (ETS(A,N,A)) of logarithms: level and season multiply. A trend is left out because two
 * days ahead it costs more than it brings. Weights are those that would have forecast a day ahead best, and intervals are
 * the quantiles of the errors made then: from those of one step to those of a day, in proportion. Source of the
 * recursion: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 8.3. Ours because JavaScript has no
 * maintained forecaster without native code or WebAssembly.
 */
export function holtWinters(season: number): Forecaster {
    const lead = Math.min(season, LEAD);
    return {
        name: `Holt-Winters (${season})`,
        least: 2 * season,
        fitError: (history, steps) => {
            const errors = bestFit(logarithms(history).logs, season, lead).leadErrors.subarray(
                -steps,
            );
            return errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
        },
        forecast: (history, horizon) => {
            const { logs, offset } = logarithms(history);
            const { level, seasonals, nextErrors, leadErrors } = bestFit(logs, season, lead);
            const near = nextErrors.slice().sort();
            const far = leadErrors.slice().sort();
            const next = logs.length;
            const at = (h: number): number => level + (seasonals[(next + h) % season] as number);
            const back = (log: number): number => Math.max(0, Math.exp(log) - offset);
            return {
                centre: Float64Array.from({ length: horizon }, (_, h) => back(at(h))),
                quantile: (h, p) => {
                    const share = Math.min(1, (h + 1) / lead);
                    const error =
                        (1 - share) * quantileOfSorted(near, p) + share * quantileOfSorted(far, p);
                    return back(at(h) + error);
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

function bestFit(logs: Float64Array, season: number, lead: number): Fit {
    let best: Fit | undefined;
    for (const alpha of ALPHAS) {
        for (const gamma of GAMMAS) {
            const fit = fitWith(logs, season, lead, alpha, gamma);
            if (!best || fit.leadSquares < best.leadSquares) best = fit;
        }
    }
    return best as Fit;
}

function fitWith(
    logs: Float64Array,
    season: number,
    lead: number,
    alpha: number,
    gamma: number,
): Fit {
    let level = logs.subarray(0, season).reduce((a, b) => a + b, 0) / season;
    const start = level;
    const seasonals = logs.slice(0, season).map((value) => value - start);
    const levels = new Float64Array(logs.length).fill(level);
    const nextErrors = new Float64Array(logs.length - season);
    const leadErrors = new Float64Array(logs.length - season);
    let leadSquares = 0;
    for (let i = season; i < logs.length; i++) {
        const slot = i % season;
        // What is left of the value after its season; the season's slot was last learnt a season ago, before the lead.
        const rest = (logs[i] as number) - (seasonals[slot] as number);
        const error = rest - level;
        const leadError = rest - (levels[i - lead] as number);
        nextErrors[i - season] = error;
        leadErrors[i - season] = leadError;
        leadSquares += leadError * leadError;
        level += alpha * error;
        levels[i] = level;
        seasonals[slot] = (seasonals[slot] as number) + gamma * error;
    }
    return { level, seasonals, nextErrors, leadErrors, leadSquares };
}
