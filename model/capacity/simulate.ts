import { CAPACITY, HOUR_MS } from "./defaults";
import { Fleet } from "./fleet";
import { type Policy, type View, type World, sampleAt } from "./world";

/** What a policy would have done with a load. */
export interface Outcome {
    readonly policy: string;
    readonly deployable: Policy["deployable"];
    readonly hours: number;
    /** Time during which the load was above what the serving instances carry. */
    readonly overloadedMinutes: number;
    readonly overloadedPercent: number;
    readonly longestOverloadMinutes: number;
    /** Load above capacity, in the load's unit times minutes. */
    readonly excessUnitMinutes: number;
    readonly onDemandHours: number;
    readonly spotHours: number;
    readonly instanceHours: number;
    readonly interruptions: number;
    readonly scalingEvents: number;
    readonly mostScalingEventsInAnHour: number;
    /** Largest number of instances asked for. */
    readonly peak: number;
}

/** The course of a simulation, one value a sample of the load. */
export interface Course {
    /** Fewest serving instances during the sample. */
    readonly ready: Float64Array;
    /** Instances asked for at the end of the sample. */
    readonly desired: Float64Array;
}

/** Runs a policy over a load in steps of CAPACITY.tickMs; `course` is filled where it is wanted. */
export function simulate(world: World, policy: Policy, course?: Course): Outcome {
    const { load, capacityPerInstance, min, max } = world;
    const { tickMs } = CAPACITY;
    const endMs = load.values.length * load.stepMs;
    const decide = policy.start(world);
    const fleet = new Fleet(world);
    const view: View = {
        nowMs: 0,
        seen: 0,
        load: load.values[0] ?? 0,
        ready: fleet.ready,
        booting: 0,
        desired: world.initial,
    };
    const events: number[] = [];
    let overloadedMs = 0;
    let streakMs = 0;
    let longestMs = 0;
    let excess = 0;
    let peak = world.initial;
    course?.ready.fill(Infinity);

    for (let nowMs = 0; nowMs < endMs; nowMs += tickMs) {
        fleet.pass(nowMs, nowMs === 0 ? 0 : tickMs);
        // Metrics are one tick old.
        view.nowMs = nowMs;
        view.seen = sampleAt(load, nowMs - tickMs);
        view.load = load.values[view.seen] ?? 0;
        view.ready = fleet.ready;
        view.booting = fleet.starting;
        const desired = Math.min(max, Math.max(min, Math.trunc(decide(view))));
        if (desired !== view.desired) events.push(nowMs);
        view.desired = desired;
        peak = Math.max(peak, desired);
        fleet.resize(desired + fleet.noticed, nowMs);

        const sample = sampleAt(load, nowMs);
        const above = (load.values[sample] ?? 0) - fleet.ready * capacityPerInstance;
        if (above > 0) {
            overloadedMs += tickMs;
            streakMs += tickMs;
            longestMs = Math.max(longestMs, streakMs);
            excess += above * tickMs;
        } else streakMs = 0;
        if (course) {
            course.ready[sample] = Math.min(course.ready[sample] ?? Infinity, fleet.ready);
            course.desired[sample] = desired;
        }
    }
    fleet.pass(endMs, tickMs);
    const minute = 60_000;
    return {
        policy: policy.name,
        deployable: policy.deployable,
        hours: endMs / HOUR_MS,
        overloadedMinutes: overloadedMs / minute,
        overloadedPercent: (100 * overloadedMs) / endMs,
        longestOverloadMinutes: longestMs / minute,
        excessUnitMinutes: excess / minute,
        onDemandHours: fleet.onDemandHours,
        spotHours: fleet.spotHours,
        instanceHours: fleet.onDemandHours + fleet.spotHours,
        interruptions: fleet.interruptions,
        scalingEvents: events.length,
        mostScalingEventsInAnHour: mostWithinAnHour(events),
        peak,
    };
}

function mostWithinAnHour(events: readonly number[]): number {
    let most = 0;
    let first = 0;
    for (const [last, atMs] of events.entries()) {
        while (atMs - (events[first] as number) >= HOUR_MS) first++;
        most = Math.max(most, last - first + 1);
    }
    return most;
}
