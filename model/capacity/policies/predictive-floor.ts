import { CAPACITY } from "../defaults";
import { type Outlook, ShortTermForecaster } from "../forecast/short-term";
import type { Policy, World } from "../world";
import { hpaPolicy } from "./hpa";

export interface PredictiveFloorOptions {
    /** An overloaded hour is worth this many hours of the whole fleet: what decides how much headroom pays. */
    readonly overloadCost: number;
    /** Target of the reactive policy underneath, percent of what an instance carries. */
    readonly reactivePercent: number;
    /** The floor follows the highest of this long, so that instances are not let go and asked for again. */
    readonly holdMs: number;
}

/** One set for every trace. */
export const PREDICTIVE_FLOOR: PredictiveFloorOptions = Object.freeze({
    overloadCost: 5,
    reactivePercent: 95,
    holdMs: 300_000,
});

/**
 * A forecast floor over a reactive policy: as many instances as the cost-optimal quantile of the load until new ones
 * serve, and never fewer than an HPA close to saturation asks for.
 */
export function predictiveFloor(
    options: Partial<PredictiveFloorOptions> = {},
    name = "predictive floor over HPA",
): Policy {
    const { overloadCost, reactivePercent, holdMs } = { ...PREDICTIVE_FLOOR, ...options };
    return {
        name,
        deployable: "only simulated",
        start: (world) => {
            const { load, capacityPerInstance } = world;
            const ahead = Math.max(
                1,
                Math.ceil((world.bootMs + 2 * CAPACITY.tickMs) / load.stepMs),
            );
            const forecaster = new ShortTermForecaster(load.stepMs, ahead);
            const react = hpaPolicy(reactivePercent).start(world);
            const hold = new HighestRecently(holdMs);
            let taken = -1;
            let floor = 0;
            return (view) => {
                while (taken < view.seen) {
                    const sample = load.values[++taken] as number;
                    const outlook = forecaster.next(sample / capacityPerInstance);
                    if (outlook) floor = bestSize(outlook, world, overloadCost);
                }
                return Math.max(react(view), hold.add(view.nowMs, floor));
            };
        },
    };
}

/** The size at which one instance more costs more than the overload it prevents is worth. */
function bestSize(outlook: Outlook, { min, max }: World, overloadCost: number): number {
    const median = outlook.quantile(0.5);
    const fleet = Math.max(min, median);
    let best = min;
    let least = Infinity;
    for (let size = Math.min(max, Math.max(min, Math.ceil(median))); size <= max; size++) {
        const exceeds = outlook.exceeds(size);
        const cost = size / fleet + overloadCost * exceeds;
        if (cost < least) {
            least = cost;
            best = size;
        }
        if (exceeds === 0) break;
    }
    return best;
}

/** Highest value of the last `windowMs`: a queue whose values fall. */
class HighestRecently {
    private readonly falling: { atMs: number; value: number }[] = [];

    constructor(private readonly windowMs: number) {}

    add(nowMs: number, value: number): number {
        const { falling } = this;
        while (falling.length > 0 && (falling[falling.length - 1]?.value ?? 0) <= value)
            falling.pop();
        falling.push({ atMs: nowMs, value });
        while ((falling[0]?.atMs ?? nowMs) <= nowMs - this.windowMs) falling.shift();
        return falling[0]?.value ?? value;
    }
}
