/** One time limit for many promises with one timer: they end in the order in which they began. */
export class Deadlines {
    private readonly pending = new Map<symbol, { endsAt: number; fail: (error: Error) => void }>();
    private timer: NodeJS.Timeout | undefined;

    constructor(private readonly limitMs: number) {}

    /**
     * The promise's own outcome, or a failure after the limit.
     * @throws Error saying how long was waited
     */
    within<T>(promise: Promise<T>): Promise<T> {
        return new Promise<T>((resolve, reject) => {
            const id = Symbol();
            this.pending.set(id, { endsAt: performance.now() + this.limitMs, fail: reject });
            this.timer ??= setTimeout(() => this.sweep(), this.limitMs);
            promise.then(resolve, reject).finally(() => this.pending.delete(id));
        });
    }

    private sweep(): void {
        const now = performance.now();
        for (const [id, { endsAt, fail }] of this.pending) {
            if (endsAt > now) {
                this.timer = setTimeout(() => this.sweep(), endsAt - now);
                return;
            }
            this.pending.delete(id);
            fail(new Error(`no answer within ${this.limitMs} ms`));
        }
        this.timer = undefined;
    }
}
