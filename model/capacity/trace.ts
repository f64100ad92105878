import type { Load } from "./world";

/** What a trace counts: connections there are at a time, or requests within each step. */
export type TraceUnit = "connections" | "requests";

/** Bounds of a trace; finer rows are averaged to minutes, so that memory stays bounded whatever a file holds. */
export const TRACE_LIMITS = Object.freeze({
    finestMs: 60_000,
    coarsestMs: 3_600_000,
    /** Two years of minutes. */
    samples: 1_060_000,
    /** Largest share of samples that may be missing and filled in. */
    missingShare: 0.2,
    /** Mistakes listed by line; the rest is counted. */
    mistakesListed: 5,
    /** Rows from which the step is read. */
    stepRows: 10_000,
});

/** A trace that cannot be used: one sentence a mistake. */
export class TraceError extends Error {
    override readonly name = "TraceError";
}

/** A load and what had to be done to the trace to get it, one sentence each. */
export interface Trace {
    readonly load: Load;
    readonly samples: number;
    readonly repairs: readonly string[];
}

interface Bucket {
    sum: number;
    rows: number;
    lastMs: number;
}

/** Collects rows in any order, a minute a bucket, and makes an evenly spaced load of them. */
export class TraceBuilder {
    private readonly buckets = new Map<number, Bucket>();
    private readonly mistakes: string[] = [];
    private mistaken = 0;
    private rows = 0;
    private unsorted = 0;
    private duplicates = 0;
    private missing = 0;
    private previousMs = -Infinity;
    private readonly steps: number[] = [];

    /** @param where how a mistake names the row, such as "line 7" */
    add(atMs: number | undefined, value: number | undefined, where: string): void {
        this.rows++;
        if (atMs === undefined || !Number.isFinite(atMs)) {
            return this.mistake(`${where}: the timestamp is not a time`);
        }
        if (value === undefined || Number.isNaN(value)) {
            this.missing++;
            return;
        }
        if (value < 0) return this.mistake(`${where}: the value is ${value}, a load is at least 0`);
        if (value === Infinity) return this.mistake(`${where}: the value is infinite`);
        if (atMs < this.previousMs) this.unsorted++;
        else if (this.steps.length < TRACE_LIMITS.stepRows && atMs > this.previousMs) {
            if (this.previousMs > -Infinity) this.steps.push(atMs - this.previousMs);
        }
        this.previousMs = atMs;
        this.keep(atMs, value);
    }

    /** Notes a mistake in a row that could not even be read. */
    mistake(sentence: string): void {
        this.mistaken++;
        if (this.mistakes.length < TRACE_LIMITS.mistakesListed) this.mistakes.push(sentence);
    }

    private keep(atMs: number, value: number): void {
        const minute = Math.floor(atMs / TRACE_LIMITS.finestMs);
        const bucket = this.buckets.get(minute);
        if (!bucket) {
            if (this.buckets.size >= TRACE_LIMITS.samples) {
                throw new TraceError(
                    `The trace covers more than ${TRACE_LIMITS.samples} minutes with data; two years of minutes are the most that is simulated: cut it, or average it to five minutes.`,
                );
            }
            this.buckets.set(minute, { sum: value, rows: 1, lastMs: atMs });
            return;
        }
        if (bucket.lastMs === atMs) this.duplicates++;
        bucket.sum += value;
        bucket.rows++;
        bucket.lastMs = atMs;
    }

    /**
     * The load: samples at the trace's own step (a minute at the finest), gaps held at the value before.
     * @throws TraceError with every mistake found
     */
    build(unit: TraceUnit): Trace {
        if (this.mistaken > 0) {
            const more = this.mistaken - this.mistakes.length;
            const rest = more > 0 ? `\nand ${more} more` : "";
            throw new TraceError(
                `The trace has ${this.mistaken} rows that cannot be used:\n${this.mistakes.join("\n")}${rest}`,
            );
        }
        const minutes = [...this.buckets.keys()].sort((a, b) => a - b);
        if (minutes.length < 2) {
            throw new TraceError(
                `The trace has ${minutes.length} samples with a value, at least 2 are needed.`,
            );
        }
        const rowMs = median(this.steps.length > 0 ? this.steps : [TRACE_LIMITS.finestMs]);
        const stepMs = this.stepOf(minutes);
        const firstMs = (minutes[0] as number) * TRACE_LIMITS.finestMs;
        const spanMs = (minutes[minutes.length - 1] as number) * TRACE_LIMITS.finestMs - firstMs;
        const samples = Math.round(spanMs / stepMs) + 1;
        this.refuseSparse(samples, minutes.length, stepMs);

        const sums = new Float64Array(samples);
        const counts = new Float64Array(samples);
        for (const minute of minutes) {
            const { sum, rows } = this.buckets.get(minute) as Bucket;
            const i = Math.round((minute * TRACE_LIMITS.finestMs - firstMs) / stepMs);
            sums[i] = (sums[i] ?? 0) + sum;
            counts[i] = (counts[i] ?? 0) + rows;
        }
        let gaps = 0;
        let filled = 0;
        const perSecond = unit === "requests" ? 1000 / rowMs : 1;
        const values = sums;
        for (let i = 0; i < samples; i++) {
            const count = counts[i] as number;
            if (count > 0) values[i] = ((sums[i] as number) / count) * perSecond;
            else {
                if (counts[i - 1] !== 0) gaps++;
                filled++;
                values[i] = values[i - 1] as number;
            }
        }
        const load: Load = { startMs: firstMs, stepMs, values };
        return { load, samples, repairs: this.repairs(rowMs, gaps, filled) };
    }

    private stepOf(minutes: readonly number[]): number {
        const diffs = minutes.slice(1).map((minute, i) => minute - (minutes[i] as number));
        const stepMs = Math.max(1, Math.round(median(diffs))) * TRACE_LIMITS.finestMs;
        if (stepMs > TRACE_LIMITS.coarsestMs) {
            throw new TraceError(
                `The trace has a sample every ${stepMs / 60_000} minutes; at most 60 are allowed, because scaling happens within minutes: export a finer one.`,
            );
        }
        return stepMs;
    }

    private refuseSparse(samples: number, known: number, stepMs: number): void {
        const share = 1 - known / samples;
        if (samples > TRACE_LIMITS.samples || share > TRACE_LIMITS.missingShare) {
            throw new TraceError(
                `The trace covers ${samples} steps of ${stepMs / 60_000} minutes and has values for ${known}; at most ${100 * TRACE_LIMITS.missingShare} % may be missing: export it without the holes, or cut it at one.`,
            );
        }
    }

    private repairs(rowMs: number, gaps: number, filled: number): string[] {
        const says = (count: number, sentence: string) => (count > 0 ? [sentence] : []);
        const fine = rowMs < TRACE_LIMITS.finestMs ? this.rows : 0;
        return [
            ...says(this.unsorted, `${this.unsorted} rows were out of order and have been sorted.`),
            ...says(
                this.duplicates,
                `${this.duplicates} rows repeat a time; values of one time have been averaged.`,
            ),
            ...says(this.missing, `${this.missing} rows have no value and count as missing.`),
            ...says(
                filled,
                `${filled} samples in ${gaps} gaps were missing and hold the value before.`,
            ),
            ...says(fine, `Rows every ${rowMs / 1000} s have been averaged to minutes.`),
        ];
    }
}

function median(values: readonly number[]): number {
    const sorted = Float64Array.from(values).sort();
    return sorted[Math.floor((sorted.length - 1) / 2)] as number;
}
