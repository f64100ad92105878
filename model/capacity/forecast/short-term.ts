import { DAY_MS } from "../defaults";
import { Regression } from "./regression";
import { Residuals } from "./residuals";

/** How the short-term forecaster learns; one set for every trace. */
const LEARNING = Object.freeze({
    /** Added to the load, in instances, before the logarithm: errors far below one instance do not matter. */
    offset: 0.5,
    forgetting: 0.9995,
    initialVariance: 0.3,
    fastMs: 15 * 60_000,
    slowMs: 2 * 60 * 60_000,
    /** Weight of today in the profile of a day. */
    today: 0.3,
    /** Half width of the smoothing of the day's profile. */
    smoothMs: 15 * 60_000,
    volatility: 0.02,
    initialVolatility: 0.1,
    leastVolatility: 0.01,
    errorMemory: 0.9995,
    /** Neighbours on each side over which the day's profile of errors is averaged. */
    errorNeighbours: 3,
    /** Samples before anything is forecast. */
    leastSamples: 20,
});

/** What the highest load until new instances serve will be, as a distribution. */
export interface Outlook {
    /** The load, in instances, that is exceeded with probability 1 - p. */
    readonly quantile: (p: number) => number;
    /** Probability that the load exceeds what `instances` carry. */
    readonly exceeds: (instances: number) => number;
}

/**
 * Forecasts the highest load over the next few samples from the last ones, the day's and the week's profile, by a linear
 * model of logarithms that keeps learning, with errors scaled by how volatile the load is now and at this time of day.
 * It sees each sample once, in order, and nothing later.
 */
export class ShortTermForecaster {
    private readonly logs: number[] = [];
    private readonly model = new Regression(
        Float64Array.of(0, 1, 0, 0, 0, 0, 0),
        LEARNING.forgetting,
        LEARNING.initialVariance,
    );
    private readonly residuals = new Residuals(LEARNING.errorMemory);
    private readonly daySamples: number;
    private readonly dayProfile: Float64Array;
    private readonly dayErrors: Float64Array;
    /** Forecasts whose outcome is not known yet, by sample modulo the horizon's length. */
    private readonly pending: (
        { features: Float64Array; mean: number; scale: number } | undefined
    )[];
    private readonly smooth: number;
    private readonly alphaFast: number;
    private readonly alphaSlow: number;
    private fast = 0;
    private slow = 0;
    private volatility: number = LEARNING.initialVolatility;

    /**
     * @param stepMs time between two samples
     * @param ahead samples over which the highest load counts
     */
    constructor(
        stepMs: number,
        private readonly ahead: number,
    ) {
        this.daySamples = Math.max(1, Math.round(DAY_MS / stepMs));
        this.dayProfile = new Float64Array(this.daySamples).fill(NaN);
        this.dayErrors = new Float64Array(this.daySamples).fill(NaN);
        this.pending = new Array(ahead + 1);
        this.smooth = Math.max(1, Math.round(LEARNING.smoothMs / stepMs));
        this.alphaFast = 1 - Math.exp(-stepMs / LEARNING.fastMs);
        this.alphaSlow = 1 - Math.exp(-stepMs / LEARNING.slowMs);
    }

    /** Takes the next sample, in instances; the outlook, or undefined while there is too little to go by. */
    next(instances: number): Outlook | undefined {
        const i = this.logs.length;
        const log = Math.log(LEARNING.offset + instances);
        this.logs.push(log);
        if (i === 0) this.fast = this.slow = log;
        this.learn(i);
        this.fast += this.alphaFast * (log - this.fast);
        this.slow += this.alphaSlow * (log - this.slow);
        const features = this.features(i, log);
        const mean = this.model.predict(features);
        const scale = this.scale(i);
        this.pending[i % this.pending.length] = { features, mean, scale };
        update(this.dayProfile, i % this.daySamples, log);
        if (i < LEARNING.leastSamples) return undefined;
        const { residuals } = this;
        return {
            quantile: (p) => Math.exp(mean + scale * residuals.quantile(p)) - LEARNING.offset,
            exceeds: (n) => residuals.above((Math.log(LEARNING.offset + n) - mean) / scale),
        };
    }

    /** The outcome of the forecast made `ahead` samples ago is known now. */
    private learn(i: number): void {
        const made = i - this.ahead;
        const forecast =
            this.pending[
                ((made % this.pending.length) + this.pending.length) % this.pending.length
            ];
        if (made < 0 || !forecast) return;
        let highest = -Infinity;
        for (let k = made + 1; k <= i; k++) highest = Math.max(highest, this.logs[k] as number);
        const error = highest - forecast.mean;
        this.residuals.add(error / forecast.scale);
        this.model.learn(forecast.features, highest);
        this.volatility += LEARNING.volatility * (Math.abs(error) - this.volatility);
        update(this.dayErrors, made % this.daySamples, Math.abs(error));
    }

    private features(i: number, log: number): Float64Array {
        const recent = [1, log, this.fast - log, this.slow - log] as const;
        if (i < this.daySamples) return Float64Array.of(...recent, 0, 0, 0);
        const now = this.profileAt(i);
        let coming = -Infinity;
        for (let h = 1; h <= this.ahead; h++) coming = Math.max(coming, this.profileAt(i + h));
        const weekAgo = i - 7 * this.daySamples;
        const back = weekAgo >= 0 ? weekAgo : i - this.daySamples;
        const then = this.logs[Math.min(i, back + this.ahead)] as number;
        return Float64Array.of(...recent, coming - log, coming - now, then - log);
    }

    private profileAt(i: number): number {
        return meanAround(this.dayProfile, i, this.smooth, this.smooth);
    }

    private scale(i: number): number {
        const n = LEARNING.errorNeighbours;
        const seasonal =
            i < this.daySamples ? NaN : meanAround(this.dayErrors, i, n, n + this.ahead);
        const scale = Number.isNaN(seasonal) ? this.volatility : (this.volatility + seasonal) / 2;
        return Math.max(LEARNING.leastVolatility, scale);
    }
}

function update(profile: Float64Array, slot: number, value: number): void {
    const old = profile[slot] as number;
    profile[slot] = Number.isNaN(old) ? value : old + LEARNING.today * (value - old);
}

/** Mean of the known slots around `at` on a circle. */
function meanAround(profile: Float64Array, at: number, before: number, after: number): number {
    const { length } = profile;
    let sum = 0;
    let known = 0;
    let slot = (((at - before) % length) + length) % length;
    for (let k = -before; k <= after; k++) {
        const value = profile[slot] as number;
        if (value === value) {
            sum += value;
            known++;
        }
        if (++slot === length) slot = 0;
    }
    return known > 0 ? sum / known : NaN;
}
