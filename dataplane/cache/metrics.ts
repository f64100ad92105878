import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Tier = "l1" | "l2";

/** What a cache did, as Prometheus metrics in a registry of its own. */
export class CacheMetrics {
    readonly registry = new Registry();
    /** Plain numbers on the hot path; the registry reads them when it is scraped. */
    readonly hits: Record<Tier, number> = { l1: 0, l2: 0 };
    readonly misses: Record<Tier, number> = { l1: 0, l2: 0 };
    loads = 0;
    loadErrors = 0;
    l2Errors = 0;
    invalidations = 0;
    resets = 0;
    /** Fills refused because the key was deleted or written while it was loaded. */
    refusedFills = 0;
    readonly latency: Histogram<"tier">;

    constructor(localBytes: () => number) {
        const { registry } = this;
        const counter = (name: string, help: string, read: () => number) =>
            new Counter({
                name,
                help,
                registers: [registry],
                collect() {
                    this.reset();
                    this.inc(read());
                },
            });
        const byTier = (name: string, help: string, values: Record<Tier, number>) =>
            new Counter({
                name,
                help,
                labelNames: ["tier"],
                registers: [registry],
                collect() {
                    this.reset();
                    for (const tier of ["l1", "l2"] as const) this.inc({ tier }, values[tier]);
                },
            });
        byTier("logcaster_cache_hits_total", "Answers by tier", this.hits);
        byTier("logcaster_cache_misses_total", "Questions a tier could not answer", this.misses);
        counter("logcaster_cache_loads_total", "Calls of a loader", () => this.loads);
        counter("logcaster_cache_load_errors_total", "Loaders that failed", () => this.loadErrors);
        counter(
            "logcaster_cache_l2_errors_total",
            "Commands of L2 that failed",
            () => this.l2Errors,
        );
        counter(
            "logcaster_cache_invalidations_total",
            "Names dropped from L1 because L2 changed",
            () => this.invalidations,
        );
        counter(
            "logcaster_cache_resets_total",
            "Times L1 was emptied because changes of L2 were missed",
            () => this.resets,
        );
        counter(
            "logcaster_cache_refused_fills_total",
            "Loaded values not stored because the key changed meanwhile",
            () => this.refusedFills,
        );
        new Gauge({
            name: "logcaster_cache_l1_bytes",
            help: "Bytes held in L1",
            registers: [registry],
            collect() {
                this.set(localBytes());
            },
        });
        this.latency = new Histogram({
            name: "logcaster_cache_latency_seconds",
            help: "Time a tier took to answer; one answer of L1 in 1,024 is timed, of L2 in 16",
            labelNames: ["tier"],
            buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
            registers: [registry],
        });
    }

    /** Share of questions answered by a tier, 0 to 1; NaN before the first. */
    hitRatio(tier: Tier): number {
        return this.hits[tier] / (this.hits[tier] + this.misses[tier]);
    }
}
