const PER_UNIT = 20;
const LOWEST = -4;
const BINS = 241;
const RESCALE_ABOVE = 1e100;

/** The distribution of standardised forecast errors, recent ones weighing more: a histogram that decays. */
export class Residuals {
    private readonly weights = new Float64Array(BINS);
    private total = 0;
    private increment = 1;

    /** @param memory share of an error's weight left after the next one, just below 1 */
    constructor(private readonly memory: number) {}

    add(error: number): void {
        const bin = clampBin(Math.round((error - LOWEST) * PER_UNIT));
        this.weights[bin] = (this.weights[bin] as number) + this.increment;
        this.total += this.increment;
        this.increment /= this.memory;
        if (this.increment < RESCALE_ABOVE) return;
        for (let i = 0; i < BINS; i++)
            this.weights[i] = (this.weights[i] as number) / RESCALE_ABOVE;
        this.total /= RESCALE_ABOVE;
        this.increment /= RESCALE_ABOVE;
    }

    /** Share of errors above `error`; 0 before the first one. */
    above(error: number): number {
        let sum = 0;
        const from = clampBin(Math.floor((error - LOWEST) * PER_UNIT)) + 1;
        for (let i = from; i < BINS; i++) sum += this.weights[i] as number;
        return this.total > 0 ? sum / this.total : 0;
    }

    /** The error that a share `p` of errors does not exceed. */
    quantile(p: number): number {
        let sum = 0;
        for (let i = 0; i < BINS; i++) {
            sum += this.weights[i] as number;
            if (sum >= p * this.total) return LOWEST + i / PER_UNIT;
        }
        return LOWEST + (BINS - 1) / PER_UNIT;
    }
}

function clampBin(bin: number): number {
    return Math.max(0, Math.min(BINS - 1, bin));
}
