/** The scaling policy that a stack's settings describe, and the world it acts in. */
import type { ScalingSettings, Settings } from "../settings";
import { CAPACITY } from "./defaults";
import { awsPredictive } from "./policies/hourly-floor";
import { withSchedule } from "./policies/schedule";
import { stepRule } from "./policies/step";
import { together } from "./policies/together";
import { targetTracking } from "./policies/tracking";
import type { Load, Policy, SpotMix, World } from "./world";

/** Minutes in a row that the step rule's two alarms need, as the fleet component sets them. */
const STEP_ALARM_MINUTES = { out: 3, in: 5 };
export const STACK_POLICY = "this stack";

/** What the settings do not say. */
export interface WorldOptions {
    readonly load: Load;
    readonly capacityPerInstance: number;
    readonly initial: number;
    readonly interruptionsPerHour: number;
    readonly random: SpotMix["random"];
}

/** The fleet of a stack's region under a load. Instances take as long to boot as the settings let them warm up. */
export function stackWorld({ scaling }: Settings, options: WorldOptions): World {
    const { load, capacityPerInstance, initial, interruptionsPerHour, random } = options;
    return {
        load,
        capacityPerInstance,
        initial,
        min: scaling.min,
        max: scaling.max,
        bootMs: scaling.warmupSeconds * 1000,
        drainMs: scaling.drainSeconds * 1000,
        ...(scaling.spot.enabled
            ? {
                  spot: {
                      onDemandBase: scaling.spot.onDemandBase,
                      onDemandPercentAboveBase: scaling.spot.onDemandPercentAboveBase,
                      interruptionsPerHour,
                      random,
                  },
              }
            : {}),
    };
}

/**
 * The policy of a stack. CPU is taken to grow with the load and to be full when an instance carries all it can, so the
 * CPU target is the one that decides; memory is left out.
 */
export function stackPolicy({ scaling }: Settings, timeZone: string): Policy {
    const scheduled = scaling.schedule.enabled
        ? withSchedule(reactive(scaling), { ...scaling.schedule, timeZone }, STACK_POLICY)
        : reactive(scaling);
    const { mode, bufferSeconds } = scaling.predictive;
    return mode === "forecast-and-scale"
        ? awsPredictive(scheduled, scaling.targetCpuPercent, bufferSeconds * 1000, STACK_POLICY)
        : scheduled;
}

function reactive(scaling: ScalingSettings): Policy {
    const { mode, step, targetCpuPercent } = scaling;
    const warmupMs = scaling.warmupSeconds * 1000;
    if (mode === "target") return targetTracking(targetCpuPercent, warmupMs, true, STACK_POLICY);
    return together(STACK_POLICY, [
        stepRule(step, { warmupMs, cooldownMs: 0 }, STEP_ALARM_MINUTES),
        targetTracking(targetCpuPercent, warmupMs, false),
    ]);
}

/** Warm-up of instances in comparisons: CloudWatch's first whole minutes after a boot. */
export function warmupOf(world: World): number {
    return Math.max(world.bootMs, CAPACITY.alarmPeriodMs);
}
