import * as asciichart from "asciichart";
import type { Course, Load } from "logcaster-model/capacity";

const HEIGHT = 12;
const AXIS_WIDTH = 10;
const LEAST_WIDTH = 40;
const MOST_WIDTH = 160;

/** Load (in instances it needs) and serving instances over time, as text; events as a row of marks below. */
export function terminalChart(
    load: Load,
    capacityPerInstance: number,
    course: Course,
    columns: number,
    isColoured: boolean,
): string {
    const width = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, columns - AXIS_WIDTH));
    const needed = squeeze(load.values, width, Math.max).map(
        (value) => value / capacityPerInstance,
    );
    const ready = squeeze(course.ready, width, Math.min);
    const chart = asciichart.plot([ready, needed], {
        height: HEIGHT,
        padding: "      ",
        format: (value: number) => value.toFixed(1).padStart(6),
        ...(isColoured ? { colors: [asciichart.blue, asciichart.red] } : {}),
    });
    const legend = isColoured
        ? "instances over time: filled by the load (red), serving (blue)"
        : "instances over time: one line is what the load fills, the other what serves";
    return [
        legend,
        chart,
        `${" ".repeat(AXIS_WIDTH - 2)}${events(course, width)}  scaling events: . few, : many, # most`,
        `${" ".repeat(AXIS_WIDTH - 2)}${day(load, 0).padEnd(width - 10)}${day(load, load.values.length)}`,
    ].join("\n");
}

function day(load: Load, sample: number): string {
    return new Date(load.startMs + sample * load.stepMs).toISOString().slice(0, 10);
}

/** As many values as fit, each the extreme of its share: a peak of a minute stays visible in a month. */
export function squeeze(
    values: Float64Array,
    width: number,
    extreme: (a: number, b: number) => number,
): number[] {
    const columns = Math.min(width, values.length);
    return Array.from({ length: columns }, (_, column) => {
        const from = Math.floor((column * values.length) / columns);
        const to = Math.floor(((column + 1) * values.length) / columns);
        return values.subarray(from, to).reduce((a, b) => extreme(a, b));
    });
}

function events(course: Course, width: number): string {
    const changes = course.desired.map((value, i) =>
        i > 0 && value !== course.desired[i - 1] ? 1 : 0,
    );
    const sums = squeeze(changes, width, (a, b) => a + b);
    const most = Math.max(1, ...sums);
    return sums
        .map((sum) => (sum === 0 ? " " : sum > most / 2 ? "#" : sum > most / 4 ? ":" : "."))
        .join("");
}
