/** Leaves a failing L2 alone for a while: closed, open, then one trial. */
export class Breaker {
    private failures = 0;
    private openUntil = 0;

    constructor(
        private readonly maxFailures: number,
        private readonly openMs: number,
        private readonly now: () => number,
    ) {}

    /** Whether a command may be sent now; after the open time one is let through as a trial. */
    allows(): boolean {
        if (this.failures < this.maxFailures) return true;
        if (this.now() < this.openUntil) return false;
        this.openUntil = this.now() + this.openMs;
        return true;
    }

    succeeded(): void {
        this.failures = 0;
    }

    failed(): void {
        if (++this.failures >= this.maxFailures) this.openUntil = this.now() + this.openMs;
    }
}
