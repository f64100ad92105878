/** Recursive least squares that forgets: a linear model which follows the data, one observation at a time. */
export class Regression {
    private readonly covariance: Float64Array;
    private readonly gain: Float64Array;

    /**
     * @param weights where it starts, one a feature
     * @param forgetting share of old evidence kept at each observation, just below 1
     */
    constructor(
        private readonly weights: Float64Array,
        private readonly forgetting: number,
        initialVariance: number,
    ) {
        const n = weights.length;
        this.covariance = new Float64Array(n * n);
        for (let i = 0; i < n; i++) this.covariance[i * n + i] = initialVariance;
        this.gain = new Float64Array(n);
    }

    predict(features: Float64Array): number {
        let sum = 0;
        for (let i = 0; i < features.length; i++) {
            sum += (this.weights[i] as number) * (features[i] as number);
        }
        return sum;
    }

    learn(features: Float64Array, outcome: number): void {
        const { weights, covariance, gain, forgetting } = this;
        const n = weights.length;
        let spread = forgetting;
        for (let i = 0; i < n; i++) {
            let sum = 0;
            for (let j = 0; j < n; j++) {
                sum += (covariance[i * n + j] as number) * (features[j] as number);
            }
            gain[i] = sum;
            spread += sum * (features[i] as number);
        }
        const error = outcome - this.predict(features);
        let trace = 0;
        for (let i = 0; i < n; i++) {
            weights[i] = (weights[i] as number) + ((gain[i] as number) / spread) * error;
            for (let j = 0; j < n; j++) {
                const reduced =
                    (covariance[i * n + j] as number) -
                    ((gain[i] as number) * (gain[j] as number)) / spread;
                covariance[i * n + j] = reduced / forgetting;
            }
            trace += covariance[i * n + i] as number;
        }
        // Features that hardly vary let the covariance grow without bound; evidence is then kept, not forgotten.
        if (trace > MAX_MEAN_VARIANCE * n) {
            for (let i = 0; i < covariance.length; i++)
                covariance[i] = (covariance[i] as number) * 0.9;
        }
    }
}

const MAX_MEAN_VARIANCE = 50;
