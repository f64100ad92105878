import { CAPACITY } from "../defaults";
import type { Policy } from "../world";
import { Minutes } from "./minutes";

/** Below this a fraction of an instance comes from adding up, not from the load. */
const ROUNDING = 1e-9;

/**
 * AWS target tracking on the load of an instance: out in proportion after three minutes above the target, in after
 * fifteen minutes below 90 % of it, never while instances warm up. How far AWS scales in at once is unpublished
 * ("more gradually"): taken as proportional, rounded up, so that the target is not exceeded again.
 * Source: EC2 Auto Scaling user guide, "Target tracking scaling policies".
 */
export function targetTracking(
    targetPercent: number,
    warmupMs: number,
    scaleIn = true,
    name = `target tracking at ${targetPercent} %`,
): Policy {
    return {
        name,
        deployable: "aws",
        start: ({ capacityPerInstance }) => {
            const target = (targetPercent / 100) * capacityPerInstance;
            const minutes = new Minutes(CAPACITY.trackingInPeriods, ({ load, ready }) =>
                ready > 0 ? load / ready : undefined,
            );
            // The metric times the instances it was measured on: the load itself.
            const loads = new Minutes(1, ({ load }) => load);
            let warmUntilMs = 0;
            return (view) => {
                const { nowMs, desired } = view;
                loads.take(view);
                if (!minutes.take(view) || minutes.last === undefined) return desired;
                const proportional = Math.ceil((loads.last ?? 0) / target - ROUNDING);
                if (minutes.all(CAPACITY.trackingOutPeriods, (value) => value > target)) {
                    // Warming instances count as capacity: only the difference is added.
                    if (proportional > desired) {
                        warmUntilMs = nowMs + warmupMs;
                        return proportional;
                    }
                    return desired;
                }
                const low = target * CAPACITY.trackingInRatio;
                const idle = minutes.all(CAPACITY.trackingInPeriods, (value) => value < low);
                const allowed = scaleIn && idle && nowMs >= warmUntilMs;
                return allowed ? Math.min(desired, Math.max(1, proportional)) : desired;
            };
        },
    };
}
