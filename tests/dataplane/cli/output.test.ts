import { strict as assert } from "node:assert";
import { PassThrough } from "node:stream";
import { progressBars } from "../../../dataplane/cli/output";
import type { MigrationEvent } from "../../../dataplane/migrate/unit-context";

describe("the progress bars of a migration", () => {
    /** The last line of each unit, without the bar and the rate; the time left once it is over. */
    function linesAfter(events: readonly MigrationEvent[]): string[] {
        const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
        const bars = progressBars(terminal);
        for (const event of events) bars.emit(event);
        bars.end();
        const text = String(terminal.read());
        const form = /(u\d) (\w+) \[.*?\] (\d+% \d+\/\d+) keys, \d+ keys\/s,\s+(\S+ left)/g;
        const last = new Map<string, string>();
        for (const [, unit, what, count, left] of text.matchAll(form)) {
            const rest = what === "copying" ? "" : `, ${left}`;
            last.set(unit!, `${unit} ${what} ${count}${rest}`);
        }
        return [...last.values()];
    }
    const state = (unit: string, to: "copying" | "done" | "undone"): MigrationEvent => {
        return { event: "state", unit, state: to, from: "a", to: "b" };
    };
    const progress = (unit: string, keys: number, keysTotal: number): MigrationEvent => {
        return { event: "progress", unit, keys, bytes: 0, keysTotal };
    };

    it("show how much of what is expected is there", () => {
        const events = [state("u1", "copying"), progress("u1", 30, 40)];
        assert.deepEqual(linesAfter(events), ["u1 copying 75% 30/40"]);
    });

    it("end at 100 %, however many keys were expected, or none came", () => {
        const events = [
            ...[state("u1", "copying"), progress("u1", 5_084, 5_147), state("u1", "done")],
            ...[state("u2", "copying"), progress("u2", 7, 7), state("u2", "undone")],
            ...[progress("u3", 0, 9), state("u3", "done")],
        ];
        assert.deepEqual(linesAfter(events), [
            "u1 done 100% 5084/5084, 0s left",
            "u2 undone 100% 7/7, 0s left",
            "u3 done 100% 0/0, 0s left",
        ]);
    });
});
