import {
    BACKTEST_QUANTILES,
    CAPACITY,
    type Backtest,
    type Compared,
    type Course,
    HOURS_A_DAY,
    type Policy,
    type Prices,
    type SuggestedSchedule,
    type Trace,
    type TraceUnit,
    type World,
    backtest,
    compare,
    connectionsOf,
    forecasterFor,
    forecasting,
    hourlyMeans,
    peers,
    seasonalNaive,
    simulate,
    stackPolicy,
    stackWorld,
    suggestSchedule,
} from "logcaster-model/capacity";
import { instanceHourOf } from "logcaster-model/prices";
import type { Settings } from "logcaster-model/settings";
import { BadInput } from "../migrate/errors";

const SUGGESTION = { quantile: 0.9, targetPercent: 80 };
/** A load this many times what the largest fleet carries is not in the unit that was named. */
const ABSURD_RATIO = 100;
/** Seed of the spot interruptions, so that the same command prints the same figures. */
const SEED = 0x5eed;

export interface SimulateInput {
    readonly trace: Trace;
    readonly unit: TraceUnit;
    readonly settings: Settings;
    readonly region?: string;
    readonly capacityPerInstance?: number;
    readonly interruptionsPerHour: number;
    /** Instead of the prices of the stack's instances. */
    readonly prices?: Prices;
}

export interface Report {
    readonly region: string;
    readonly timeZone: string;
    readonly unit: TraceUnit;
    readonly start: string;
    readonly stepSeconds: number;
    readonly samples: number;
    readonly capacityPerInstance: number;
    /** Most instances the load fills. */
    readonly peakInstances: number;
    readonly repairs: readonly string[];
    readonly notes: readonly string[];
    /** USD where the prices are known. */
    readonly costUnit: "instance-hours" | "USD";
    /** USD an hour; null where not known. */
    readonly prices: Prices | null;
    /** A sentence a price, with its day and source, or why there is none. */
    readonly priceSources: readonly string[];
    readonly stack: string;
    readonly policies: readonly Compared[];
    readonly forecasts: readonly Backtest[];
    /** For `logcaster:scaling.schedule`; null on Kubernetes, and where no forecast has beaten the day before. */
    readonly suggestedSchedule: SuggestedSchedule | null;
}

/** Simulates the stack's policy and every other on the trace; what the command prints, and what it draws. */
export function simulateStack(input: SimulateInput): {
    report: Report;
    world: World;
    course: Course;
} {
    const { trace, unit, settings } = input;
    const { name, timeZone, desired } = regionOf(settings, input.region);
    const capacityPerInstance = capacityOf(input);
    const { prices, priceSources } = pricesOf(input, name);
    const world = stackWorld(settings, {
        load: trace.load,
        capacityPerInstance,
        initial: desired,
        interruptionsPerHour: input.interruptionsPerHour,
        random: seeded(SEED),
    });
    const peakInstances =
        trace.load.values.reduce((a, b) => Math.max(a, b), 0) / capacityPerInstance;
    refuseWrongUnit(peakInstances, world, unit);
    const stack = stackPolicy(settings, timeZone, {
        capacityPerInstance,
        countsConnections: unit === "connections",
    });
    const policies: Policy[] = [stack, ...peers(world, timeZone), ...forecasting(world)];
    const course = courseOf(world, stack);
    const hours = hourlyMeans(trace.load);
    const tested = [seasonalNaive(HOURS_A_DAY), forecasterFor(hours)].map((forecaster) =>
        backtest(hours, forecaster, {
            season: HOURS_A_DAY,
            horizon: CAPACITY.predictiveHorizonHours,
            every: HOURS_A_DAY,
        }),
    );
    const report: Report = {
        region: name,
        timeZone,
        unit,
        start: new Date(trace.load.startMs).toISOString(),
        stepSeconds: trace.load.stepMs / 1000,
        samples: trace.samples,
        capacityPerInstance,
        peakInstances,
        repairs: trace.repairs,
        notes: notes(settings, peakInstances, world),
        costUnit: prices ? "USD" : "instance-hours",
        prices: prices ?? null,
        priceSources,
        stack: stack.name,
        policies: compare(world, policies, prices),
        forecasts: tested.filter((result) => result !== undefined),
        // Pods have no scheduled minimums in the settings.
        suggestedSchedule: settings.kubernetes
            ? null
            : (suggestSchedule(world, timeZone, SUGGESTION) ?? null),
    };
    return { report, world, course };
}

function courseOf(world: World, policy: Policy): Course {
    const { length } = world.load.values;
    const course = { ready: new Float64Array(length), desired: new Float64Array(length) };
    simulate(world, policy, course);
    return course;
}

function regionOf(settings: Settings, wanted: string | undefined) {
    const names = Object.keys(settings.regions);
    const name = wanted ?? settings.primaryRegion;
    const region = settings.regions[name];
    if (!region) {
        throw new BadInput(
            `--region is ${wanted}; the stack has ${names.join(", ")}: name one of them.`,
        );
    }
    return { name, timeZone: region.timeZone, desired: region.desired ?? settings.scaling.min };
}

function pricesOf(
    { prices, settings }: SimulateInput,
    region: string,
): { prices?: Prices; priceSources: readonly string[] } {
    if (prices) {
        const { onDemandPerHour, spotPerHour } = prices;
        return {
            prices,
            priceSources: [
                `Price: ${onDemandPerHour} USD an hour on demand and ${spotPerHour} of spot, as given.`,
            ],
        };
    }
    const known = instanceHourOf(settings, region);
    if (typeof known === "string") {
        return {
            priceSources: [
                `${known} Cost is in instance-hours: give --price-per-hour and --spot-price-per-hour, or logcaster:budget.prices.`,
            ],
        };
    }
    const { onDemandPerHour, spotPerHour, sources } = known;
    return { prices: { onDemandPerHour, spotPerHour }, priceSources: sources };
}

function capacityOf({ unit, settings, capacityPerInstance }: SimulateInput): number {
    if (capacityPerInstance !== undefined) return capacityPerInstance;
    if (unit === "connections") return connectionsOf(settings);
    throw new BadInput(
        "--unit requests needs --capacity-per-instance, the requests a second that one instance or pod serves: the settings know connections only.",
    );
}

function refuseWrongUnit(peakInstances: number, { max }: World, unit: TraceUnit): void {
    if (peakInstances > ABSURD_RATIO * max) {
        throw new BadInput(
            `The load peaks at ${Math.round(peakInstances)} instances and the stack may have ${max}: the trace does not look like ${unit}; check --unit and --capacity-per-instance.`,
        );
    }
}

function notes(settings: Settings, peakInstances: number, { min, max }: World): string[] {
    const round = peakInstances.toFixed(2);
    return [
        ...(peakInstances < min
            ? [
                  `The load never fills more than ${round} instances, fewer than the minimum of ${min}: no policy has anything to decide; is --unit or --capacity-per-instance right?`,
              ]
            : []),
        ...(peakInstances > max
            ? [
                  `The load fills up to ${round} instances, more than the maximum of ${max}: no policy can serve its peak.`,
              ]
            : []),
        ...(settings.kubernetes
            ? [
                  "This stack runs pods: what is counted are pods, what is paid for are its nodes, and policies that run on AWS are yardsticks only.",
              ]
            : []),
        ...(settings.scaling.predictive.mode === "forecast-only"
            ? ["Predictive scaling is forecast-only in this stack: it forecasts and does not act."]
            : []),
    ];
}

/** Reproducible numbers in [0, 1) for spot interruptions (mulberry32). */
function seeded(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

/** The quantiles of a back-test, in the order tables show them. */
export const REPORTED_QUANTILES = BACKTEST_QUANTILES;
