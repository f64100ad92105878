import type { Policy } from "../world";
import { Minutes } from "./minutes";

/** One band of a step scaling policy: between its bounds, relative to the alarm's threshold, `change` instances are added. */
export interface StepBand {
    readonly lower: number;
    readonly upper: number;
    readonly change: number;
}

/** An alarm and what its breach does. Percents are of what one instance carries. */
export interface StepAlarm {
    readonly thresholdPercent: number;
    readonly above: boolean;
    /** Whole minutes in a row that must breach. */
    readonly periods: number;
    /** Percentage points beyond the threshold; a band of a scale-in alarm has bounds at most 0. */
    readonly bands: readonly StepBand[];
}

/** Timing of an action: step scaling warms up, simple scaling cools down. */
export interface StepTiming {
    readonly warmupMs: number;
    /** Time after an action during which nothing else happens; 0 for step scaling. */
    readonly cooldownMs: number;
}

/**
 * AWS step scaling. While instances warm up, a breach adds only what goes beyond what was added already, and nothing
 * scales in. A missing datapoint breaches nothing.
 * Source: EC2 Auto Scaling user guide, "Step and simple scaling policies", "Instance warmup".
 */
export function stepScaling(
    alarms: readonly StepAlarm[],
    timing: StepTiming,
    name = "step scaling",
): Policy {
    const keep = Math.max(1, ...alarms.map((alarm) => alarm.periods));
    return {
        name,
        deployable: "aws",
        start: ({ capacityPerInstance }) => {
            const minutes = new Minutes(keep, ({ load, ready }) =>
                ready > 0 ? (100 * load) / (ready * capacityPerInstance) : undefined,
            );
            let warming: { from: number; untilMs: number } | undefined;
            let coolUntilMs = 0;
            return (view) => {
                const { nowMs, desired } = view;
                if (!minutes.take(view) || nowMs < coolUntilMs) return desired;
                if (warming && nowMs >= warming.untilMs) warming = undefined;
                for (const alarm of alarms) {
                    const { thresholdPercent: threshold, above } = alarm;
                    const breach = (value: number) =>
                        above ? value > threshold : value < threshold;
                    if (!minutes.all(alarm.periods, breach)) continue;
                    const beyond = (minutes.last ?? threshold) - threshold;
                    const band = alarm.bands.find(({ lower, upper }) =>
                        above
                            ? beyond >= lower && beyond < upper
                            : beyond > lower && beyond <= upper,
                    );
                    if (!band) continue;
                    if (band.change < 0 && warming) continue;
                    const from = warming?.from ?? desired;
                    const wanted =
                        band.change > 0
                            ? Math.max(desired, from + band.change)
                            : desired + band.change;
                    if (wanted === desired) continue;
                    if (wanted > desired) warming = { from, untilMs: nowMs + timing.warmupMs };
                    coolUntilMs = nowMs + timing.cooldownMs;
                    return wanted;
                }
                return desired;
            };
        },
    };
}

/** The step rule of a stack's settings: two plain alarms on the average load of an instance. */
export function stepRule(
    rule: { outPercent: number; outInstances: number; inPercent: number; inInstances: number },
    timing: StepTiming,
    minutes: { out: number; in: number },
): Policy {
    return stepScaling(
        [
            {
                thresholdPercent: rule.outPercent,
                above: true,
                periods: minutes.out,
                bands: [{ lower: 0, upper: Infinity, change: rule.outInstances }],
            },
            {
                thresholdPercent: rule.inPercent,
                above: false,
                periods: minutes.in,
                bands: [{ lower: -Infinity, upper: 0, change: -rule.inInstances }],
            },
        ],
        timing,
        "step rule",
    );
}
