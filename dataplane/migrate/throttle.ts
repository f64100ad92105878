import { setTimeout as sleep } from "node:timers/promises";
import type { MigrateOptions } from "./options";

const LONGEST_WAIT_MS = 1_000;
/** Weight of the newest answer in the average. */
const SMOOTHING = 0.2;

/** What a throttle measures time by, in ms, and how it waits. */
export interface Clock {
    readonly now: () => number;
    readonly sleep: (ms: number) => Promise<unknown>;
}

const REAL_CLOCK: Clock = { now: () => performance.now(), sleep: (ms) => sleep(ms) };

/** Holds a worker to its keys and bytes a second, and gives a slow source air. */
export class Throttle {
    private readonly startedAt: number;
    private keys = 0;
    private bytes = 0;
    private latencyMs = 0;

    constructor(
        private readonly options: MigrateOptions,
        private readonly clock: Clock = REAL_CLOCK,
    ) {
        this.startedAt = clock.now();
    }

    /** Counts what was moved and how long the source took to answer; waits where that was too much. */
    async after(keys: number, bytes: number, sourceMs: number): Promise<void> {
        this.keys += keys;
        this.bytes += bytes;
        this.latencyMs += SMOOTHING * (sourceMs - this.latencyMs);
        const waitMs = this.waitMs(this.clock.now() - this.startedAt);
        if (waitMs > 0) await this.clock.sleep(waitMs);
    }

    /** How long to wait when so much time has passed since the start. */
    waitMs(elapsedMs: number): number {
        const { maxKeysPerSecond, maxBytesPerSecond, maxSourceLatencyMs } = this.options;
        const due = Math.max(
            maxKeysPerSecond > 0 ? (this.keys / maxKeysPerSecond) * 1_000 : 0,
            maxBytesPerSecond > 0 ? (this.bytes / maxBytesPerSecond) * 1_000 : 0,
        );
        // A source slower than allowed gets as much rest as it is over.
        const rest = Math.min(Math.max(this.latencyMs - maxSourceLatencyMs, 0), LONGEST_WAIT_MS);
        return Math.max(due - elapsedMs, rest, 0);
    }
}
