import { type Standing, frontier, standing } from "./frontier";
import { briefHours, briefRule } from "./policies/brief";
import { awsPredictive, withHourlyFloor } from "./policies/hourly-floor";
import { hpaPolicy } from "./policies/hpa";
import { predictiveFloor } from "./policies/predictive-floor";
import { targetTracking } from "./policies/tracking";
import { type Outcome, simulate } from "./simulate";
import { warmupOf } from "./stack";
import type { Policy, World } from "./world";

/** Price of an instance an hour, by how it is bought. */
export interface Prices {
    readonly onDemandPerHour: number;
    readonly spotPerHour: number;
}

export const HPA_TARGETS = [60, 65, 70, 75, 80, 85, 90] as const;
export const TRACKING_TARGETS = [60, 70, 80, 90] as const;
const SCHEDULE_TARGET = 80;
const SCHEDULE_QUANTILE = 0.9;

/** What every comparison holds a policy against: the brief's two, HPA and target tracking at several targets. */
export function peers(world: World, timeZone: string): Policy[] {
    return [
        briefRule,
        briefHours(timeZone),
        ...HPA_TARGETS.map((target) => hpaPolicy(target)),
        ...TRACKING_TARGETS.map((target) => targetTracking(target, warmupOf(world))),
    ];
}

/** Ours: forecasts that can be deployed today, and the one that is only simulated. */
export function forecasting(world: World): Policy[] {
    const tracking = targetTracking(SCHEDULE_TARGET, warmupOf(world));
    const floor = {
        quantile: SCHEDULE_QUANTILE,
        targetPercent: SCHEDULE_TARGET,
        renewHours: 24,
        bufferMs: warmupOf(world),
    };
    return [
        awsPredictive(tracking, SCHEDULE_TARGET, warmupOf(world)),
        withHourlyFloor(tracking, floor, `${tracking.name} and forecast minimums`),
        predictiveFloor(),
    ];
}

export interface Compared extends Outcome {
    /** Price of all instance-hours; the hours themselves where no prices are known. */
    readonly cost: number;
    readonly onFrontier: boolean;
    /** Against the frontier of all the others. */
    readonly standing: Standing;
}

/** Runs every policy in the same world and says where each lies between cost and overload. */
export function compare(world: World, policies: readonly Policy[], prices?: Prices): Compared[] {
    const outcomes = policies.map((policy) => {
        const outcome = simulate(world, policy);
        return { ...outcome, cost: costOf(outcome, prices) };
    });
    const edge = new Set(frontier(outcomes));
    return outcomes.map((outcome) => ({
        ...outcome,
        onFrontier: edge.has(outcome),
        standing: standing(
            outcome,
            outcomes.filter((other) => other !== outcome),
        ),
    }));
}

export function costOf(outcome: Outcome, prices?: Prices): number {
    if (!prices) return outcome.instanceHours;
    const { onDemandHours, spotHours } = outcome;
    return onDemandHours * prices.onDemandPerHour + spotHours * prices.spotPerHour;
}
