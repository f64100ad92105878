/** The scaling policy that a stack's settings describe, and the world it acts in. */
import type { ScalingSettings, Settings } from "../settings";
import { PODS_AN_INSTANCE, TIERS } from "../instance-types";
import { CAPACITY } from "./defaults";
import { awsPredictive } from "./policies/hourly-floor";
import { BRIEF_BEHAVIOR, hpaPolicy } from "./policies/hpa";
import { withSchedule } from "./policies/schedule";
import { stepRule } from "./policies/step";
import { together } from "./policies/together";
import { targetTracking } from "./policies/tracking";
import type { Load, NodePool, Policy, SpotMix, World } from "./world";

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

/** What one instance of a stack carries, or one pod: its share of an instance's connections. */
export function connectionsOf({ service, kubernetes }: Settings): number {
    const { connectionsPerInstance } = service;
    return kubernetes ? connectionsPerInstance / PODS_AN_INSTANCE : connectionsPerInstance;
}

/**
 * The fleet of a stack's region under a load: instances, or pods on nodes. Instances and nodes take as long to boot as the
 * settings let instances warm up. What a node's own agents take of it is left out.
 */
export function stackWorld(settings: Settings, options: WorldOptions): World {
    const { scaling, kubernetes } = settings;
    if (kubernetes) return podWorld(settings, kubernetes, options);
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

function podWorld(
    { scaling, regions, loadBalancer }: Settings,
    { autoscaling, nodeGroups, podTier }: NonNullable<Settings["kubernetes"]>,
    { load, capacityPerInstance, initial }: WorldOptions,
): World {
    const zones = Math.max(...Object.values(regions).map((region) => region.zones.length));
    const pod = TIERS[podTier];
    // The first group's nodes stand for all.
    const [group] = Object.values(nodeGroups);
    const node = group && TIERS[group.tier];
    const nodes: NodePool | undefined = node && {
        podsPerNode: Math.floor(
            PODS_AN_INSTANCE * Math.min(node.vcpus / pod.vcpus, node.memoryGiB / pod.memoryGiB),
        ),
        min: group.minPerZone * zones,
        bootMs: scaling.warmupSeconds * 1000,
    };
    return {
        load,
        capacityPerInstance,
        initial: Math.max(initial, autoscaling.min),
        min: autoscaling.min,
        max: autoscaling.max,
        bootMs: CAPACITY.podBootMs,
        drainMs: loadBalancer.deregistrationDelaySeconds * 1000,
        ...(nodes ? { nodes } : {}),
    };
}

/**
 * The scaler of a stack's pods. It wants the most of what CPU and connections ask for: the lower of their two shares of what a
 * pod carries decides. Memory and the queue are left out.
 */
function podPolicy(
    { scaling }: Settings,
    { autoscaling }: NonNullable<Settings["kubernetes"]>,
    capacityPerPod: number,
    countsConnections: boolean,
): Policy {
    const byConnections = (100 * autoscaling.connectionsPerPod) / capacityPerPod;
    const target = countsConnections
        ? Math.min(scaling.targetCpuPercent, byConnections)
        : scaling.targetCpuPercent;
    return hpaPolicy(target, BRIEF_BEHAVIOR, STACK_POLICY);
}

/**
 * The policy of a stack. CPU is taken to grow with the load and to be full when an instance carries all it can, so the
 * CPU target is the one that decides; memory is left out.
 */
export function stackPolicy(
    settings: Settings,
    timeZone: string,
    load: { capacityPerInstance: number; countsConnections: boolean },
): Policy {
    const { scaling, kubernetes } = settings;
    if (kubernetes) {
        return podPolicy(settings, kubernetes, load.capacityPerInstance, load.countsConnections);
    }
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
