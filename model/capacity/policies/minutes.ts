import { CAPACITY } from "../defaults";
import type { View } from "../world";

/** Averages of the last whole minutes, as CloudWatch keeps them; a minute without a serving instance has no data. */
export class Minutes {
    private sum = 0;
    private samples = 0;
    private readonly averages: (number | undefined)[] = [];

    constructor(
        private readonly keep: number,
        private readonly metric: (view: View) => number | undefined,
    ) {}

    /** Takes a tick in; true when a minute has just become whole. */
    take(view: View): boolean {
        const whole = view.nowMs > 0 && view.nowMs % CAPACITY.alarmPeriodMs === 0;
        if (whole) {
            this.averages.push(this.samples > 0 ? this.sum / this.samples : undefined);
            if (this.averages.length > this.keep) this.averages.shift();
            this.sum = this.samples = 0;
        }
        const value = this.metric(view);
        if (value !== undefined) {
            this.sum += value;
            this.samples++;
        }
        return whole;
    }

    get last(): number | undefined {
        return this.averages[this.averages.length - 1];
    }

    /** Mean of the newest `minutes` that have data. */
    mean(minutes: number): number | undefined {
        const known = this.averages.slice(-minutes).filter((value) => value !== undefined);
        return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : undefined;
    }

    /** Whether each of the newest `minutes` has data and meets the condition; missing data breaches nothing. */
    all(minutes: number, condition: (average: number) => boolean): boolean {
        if (this.averages.length < minutes) return false;
        return this.averages
            .slice(-minutes)
            .every((average) => average !== undefined && condition(average));
    }
}
