import { DateTime } from "luxon";
import { HOUR_MS } from "./defaults";
import { backtest } from "./forecast/backtest";
import type { Forecaster } from "./forecast/forecaster";
import { holtWinters } from "./forecast/holt-winters";
import { HOURS_A_DAY, forecasterFor, hourlyMeans } from "./forecast/hourly";
import type { Period } from "./policies/schedule";
import type { World } from "./world";

/** Days that a suggested schedule looks ahead: one of each weekday. */
const DAYS_AHEAD = 7;
/** A season shows where forecasting it leaves at most this share of the errors of a forecast without one. */
const SEASON_SHOWS = 0.9;
/** Hours that share a minimum: a schedule is read by people. */
const BLOCK_HOURS = 3;

/** Scheduled minimums in the form of a stack's `scaling.schedule`. */
export interface SuggestedSchedule {
    readonly periods: readonly Period[];
    readonly otherwise: number;
}

/**
 * Scheduled minimums from a forecast: for each block of the local day the most that the quantile of the coming week
 * needs. Blocks that need the commonest minimum fall under `otherwise`.
 * @returns undefined where the load is too short to forecast from, or shows no season: forecasts of it have not beaten the day before and a level without a season
 */
export function suggestSchedule(
    world: World,
    timeZone: string,
    { quantile, targetPercent }: { quantile: number; targetPercent: number },
): SuggestedSchedule | undefined {
    const hours = hourlyMeans(world.load);
    const forecaster = forecasterFor(hours);
    const mase = (tried: Forecaster) =>
        backtest(hours, tried, {
            season: HOURS_A_DAY,
            horizon: HOURS_A_DAY,
            every: HOURS_A_DAY,
        })?.mase ?? Infinity;
    const own = mase(forecaster);
    if (own >= 1 || own >= SEASON_SHOWS * mase(holtWinters(1))) return undefined;
    const forecast = forecaster.forecast(hours, DAYS_AHEAD * HOURS_A_DAY);
    const needed = new Array<number>(HOURS_A_DAY / BLOCK_HOURS).fill(world.min);
    for (let h = 0; h < DAYS_AHEAD * HOURS_A_DAY; h++) {
        const load = forecast.quantile(h, quantile);
        const size = Math.ceil((100 * load) / (targetPercent * world.capacityPerInstance));
        const atMs = world.load.startMs + (hours.length + h) * HOUR_MS;
        const { hour } = DateTime.fromMillis(atMs, { zone: timeZone });
        const block = Math.floor(hour / BLOCK_HOURS);
        needed[block] = Math.min(world.max, Math.max(needed[block] as number, size));
    }
    const otherwise = commonest(needed);
    const periods: Period[] = [];
    for (const [block, min] of needed.entries()) {
        const from = block * BLOCK_HOURS;
        const to = from + BLOCK_HOURS;
        const last = periods[periods.length - 1];
        if (last?.to === from && last.min === min) periods[periods.length - 1] = { ...last, to };
        else if (min !== otherwise) periods.push({ from, to, min });
    }
    return { periods, otherwise };
}

function commonest(values: readonly number[]): number {
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}
