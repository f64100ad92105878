import { CAPACITY, HOUR_MS } from "../defaults";
import { forecasterFor, hourlyMeans } from "../forecast/hourly";
import type { Deployable, Policy } from "../world";

export interface HourlyFloor {
    /** Quantile of the hour's mean load that capacity follows. */
    readonly quantile: number;
    /** Load of an instance at that quantile, percent of what it carries. */
    readonly targetPercent: number;
    /** How often the forecast is made anew. */
    readonly renewHours: number;
    /** How long before an hour its instances are asked for. */
    readonly bufferMs: number;
}

/** Hourly minimums from a forecast under a reactive policy: they raise capacity and never lower it. */
export function withHourlyFloor(
    policy: Policy,
    floor: HourlyFloor,
    name: string,
    deployable: Deployable = "aws",
): Policy {
    return {
        name,
        deployable,
        start: (world) => {
            const decide = policy.start(world);
            const { load, capacityPerInstance } = world;
            let madeAt = -Infinity;
            let firstHour = 0;
            let minimums = new Float64Array(0);
            const renew = (hour: number, samples: number): void => {
                const hours = hourlyMeans(load, samples);
                madeAt = hour;
                if (hours.length < CAPACITY.predictiveLeastHours) return;
                const known = hours.subarray(-CAPACITY.predictiveHistoryHours);
                const forecaster = forecasterFor(known);
                if (known.length < forecaster.least) return;
                // From the hour after the last whole one.
                const horizon = CAPACITY.predictiveHorizonHours + hour - hours.length;
                const forecast = forecaster.forecast(known, horizon);
                firstHour = hours.length;
                minimums = Float64Array.from({ length: horizon }, (_, h) => {
                    const load = forecast.quantile(h, floor.quantile);
                    return Math.ceil((100 * load) / (floor.targetPercent * capacityPerInstance));
                });
            };
            return (view) => {
                const hour = Math.floor(view.nowMs / HOUR_MS);
                if (hour >= madeAt + floor.renewHours) renew(hour, view.seen);
                const at = (h: number): number => minimums[h - firstHour] ?? 0;
                const coming = Math.floor((view.nowMs + floor.bufferMs) / HOUR_MS);
                return Math.max(decide(view), at(hour), at(coming));
            };
        },
    };
}

/**
 * AWS predictive scaling beside another policy: the mean of each of the next 48 hours, forecast every six. AWS does not
 * publish its forecaster; this is ours in its place, so figures show the mechanism, not AWS's accuracy.
 */
export function awsPredictive(
    policy: Policy,
    targetPercent: number,
    bufferMs: number,
    name = `${policy.name} and predictive scaling`,
): Policy {
    const renewHours = CAPACITY.predictiveRenewHours;
    return withHourlyFloor(policy, { quantile: 0.5, targetPercent, renewHours, bufferMs }, name);
}
