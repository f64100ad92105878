/** Made-up loads, the same for the same seed; amounts are of no unit in particular. */
import { DAY_MS, HOUR_MS, type Load, type World } from "../../../model/capacity";
import { Random } from "./random";

function gauss(random: Random): number {
    return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

const daily = (hour: number): number => 1 + 0.7 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
const office = (hour: number): number =>
    0.2 + (1 / (1 + Math.exp(-6 * (hour - 9)))) * (hour < 18 ? 1 : Math.exp(18 - hour));

/** Midnight of a Monday, so that days and weeks of the load are those of the calendar. */
const MONDAY_MS = Date.UTC(2026, 0, 5);

type Shape = (hour: number, weekday: number, random: Random, memory: { value: number }) => number;

/** A load a name: with a season, or without. */
export const SHAPES = {
    "day and noise": (hour, _, random, memory) => {
        memory.value = 0.95 * memory.value + 0.05 * gauss(random);
        return daily(hour) * Math.exp(0.5 * memory.value + 0.03 * gauss(random));
    },
    "day and week": (hour, weekday, random) =>
        daily(hour) * (weekday >= 5 ? 0.6 : 1) * Math.exp(0.05 * gauss(random)),
    "office hours": (hour, weekday, random) =>
        office(hour) * (weekday >= 5 ? 0.6 : 1) * Math.exp(0.05 * gauss(random)),
    "batch jobs": (hour, _, random) =>
        (0.5 * daily(hour) + (hour % 1 < 1 / 6 && Math.floor(hour) % 2 === 0 ? 0.9 : 0)) *
        Math.exp(0.05 * gauss(random)),
    "random walk": (_hour, _day, random, memory) => {
        memory.value += 0.02 * gauss(random) - 0.001 * memory.value;
        return 0.8 * Math.exp(memory.value);
    },
    "flat and noise": (_hour, _day, random) => Math.exp(0.1 * gauss(random)),
    "rare bursts": (_hour, _day, random, memory) => {
        if (random.chance(0.004)) memory.value = 2 + 3 * random.next();
        memory.value *= 0.9;
        return 0.4 * (1 + memory.value) * Math.exp(0.05 * gauss(random));
    },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;
export const SEASONAL: readonly ShapeName[] = [
    "day and noise",
    "day and week",
    "office hours",
    "batch jobs",
];

export function madeLoad(name: ShapeName, days: number, stepMs: number, seed: number): Load {
    const random = new Random(seed);
    const memory = { value: 0 };
    const values = Float64Array.from({ length: (days * DAY_MS) / stepMs }, (_, i) => {
        const ms = i * stepMs;
        return SHAPES[name]((ms / HOUR_MS) % 24, Math.floor(ms / DAY_MS) % 7, random, memory);
    });
    return { startMs: MONDAY_MS, stepMs, values };
}

/** A fleet in which the load's 99th percentile fills `instances`; the brief's 3 to 50, booting for three minutes. */
export function worldFor(load: Load, instances = 20): World {
    const sorted = load.values.slice().sort();
    const high = sorted[Math.floor(0.99 * (sorted.length - 1))] as number;
    return {
        load,
        capacityPerInstance: high / instances,
        min: 3,
        max: 50,
        initial: 3,
        bootMs: 180_000,
        drainMs: 420_000,
    };
}
