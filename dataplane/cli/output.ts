import { Format, MultiBar, type Options, Presets } from "cli-progress";
import { isFinal } from "../migrate/journal";
import type { MigrationEvent } from "../migrate/unit-context";

/** One line of text, or one line of JSON. */
export function print(text: string): void {
    process.stdout.write(`${text}\n`);
}

/** A table with aligned columns; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
    const widths = rows[0]!.map((_, column) =>
        Math.max(...rows.map((row) => String(row[column]).length)),
    );
    const cell = (value: string | number, column: number) =>
        typeof value === "number"
            ? String(value).padStart(widths[column]!)
            : value.padEnd(widths[column]!);
    return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** Bytes as people read them. */
export function bytes(count: number): string {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let value = count;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit++;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Consecutive numbers as runs: 1-3,7. */
export function runs(numbers: readonly number[]): string {
    const parts: [number, number][] = [];
    for (const number of [...numbers].sort((a, b) => a - b)) {
        const last = parts.at(-1);
        if (last && last[1] === number - 1) last[1] = number;
        else parts.push([number, number]);
    }
    return parts.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(",");
}

/** Where a migration's events go: JSON lines, a bar a unit on a terminal, or a line a state. */
export function eventSink(isJson: boolean): {
    emit: (event: MigrationEvent) => void;
    end: () => void;
} {
    if (isJson) return { emit: (event) => print(JSON.stringify(event)), end: () => undefined };
    if (!process.stderr.isTTY) {
        const emit = (event: MigrationEvent) => {
            if (event.event === "state") print(`${event.unit}: ${event.state}`);
        };
        return { emit, end: () => undefined };
    }
    return progressBars(process.stderr);
}

type Bar = ReturnType<MultiBar["create"]>;

const options: Options = {
    hideCursor: true,
    forceRedraw: true,
    // Without a rate the time is no number: NULL with nothing left to do, INF else.
    formatTime: (time, ...more) =>
        typeof time === "number"
            ? Format.TimeFormat(time, ...more)
            : String(time) === "INF"
              ? "?"
              : "0s",
};

/** A bar a unit, on a terminal. */
export function progressBars(stream: NodeJS.WritableStream) {
    const format =
        "{unit} {state} [{bar}] {percentage}% {value}/{total} keys, {rate} keys/s, {eta_formatted} left";
    // Made with the first event: it takes the terminal over.
    let multi: MultiBar | undefined;
    const preset = process.env.NO_COLOR ? Presets.legacy : Presets.shades_classic;
    const bars = new Map<string, Bar>();
    const keysOf = new Map<Bar, number>();
    const startedAt = new Map<string, number>();
    const barOf = (unit: string) => {
        let bar = bars.get(unit);
        if (!bar) {
            multi ??= new MultiBar({ ...options, format, stream }, preset);
            bar = multi.create(1, 0, { unit, state: "planned", rate: 0 });
            bars.set(unit, bar);
            startedAt.set(unit, performance.now());
        }
        return bar;
    };
    const end = (bar: Bar) => {
        const keys = keysOf.get(bar) ?? 0;
        bar.setTotal(keys);
        bar.update(keys);
    };
    const emit = (event: MigrationEvent) => {
        const bar = barOf(event.unit);
        if (event.event === "state") {
            bar.update({ state: event.state });
            // The total was a guess: keys come and go while others move.
            if (isFinal(event.state)) end(bar);
        }
        if (event.event === "problem") bar.update({ state: "stopped" });
        if (event.event !== "progress") return;
        const seconds = (performance.now() - startedAt.get(event.unit)!) / 1_000;
        keysOf.set(bar, event.keys);
        bar.setTotal(Math.max(event.keysTotal, event.keys, 1));
        bar.update(event.keys, { rate: Math.round(event.keys / Math.max(seconds, 0.001)) });
    };
    return { emit, end: () => multi?.stop() };
}
