import assert from "node:assert/strict";
import {
    CAPACITY,
    type Decide,
    type Policy,
    type World,
    briefHours,
    briefRule,
    hpaPolicy,
    scheduledMinimum,
    stepRule,
    stepScaling,
    targetTracking,
    together,
    withHourlyFloor,
    withSchedule,
} from "../../../model/capacity";
import { madeLoad, worldFor } from "./loads";

const MINUTE_MS = 60_000;
const WORLD: World = {
    load: { startMs: 0, stepMs: MINUTE_MS, values: new Float64Array(1) },
    capacityPerInstance: 1000,
    min: 1,
    max: 50,
    initial: 3,
    bootMs: 0,
    drainMs: 0,
};

/** Runs a policy minute by minute on a fleet that follows at once; `loads` gives the load of each minute. */
function play(policy: Policy, loads: readonly number[], initial = 3, ready?: number): number[] {
    const decide: Decide = policy.start({ ...WORLD, initial });
    let desired = initial;
    return loads.map((load, minute) => {
        for (let tick = 0; tick < 4; tick++) {
            const nowMs = minute * MINUTE_MS + tick * CAPACITY.tickMs;
            const serving = ready ?? desired;
            const booting = Math.max(0, desired - serving);
            desired = decide({ nowMs, seen: minute, load, ready: serving, booting, desired });
        }
        return desired;
    });
}

const times = (count: number, load: number): number[] => new Array<number>(count).fill(load);

describe("model/capacity: AWS policies", () => {
    it("tracks out in proportion after three minutes above the target, not before", () => {
        const policy = targetTracking(70, 3 * MINUTE_MS);
        assert.deepEqual(play(policy, times(5, 3500)), [3, 3, 3, 5, 5]);
    });

    it("counts warming instances and adds only the difference", () => {
        assert.equal(play(targetTracking(70, 3 * MINUTE_MS), times(12, 3500), 3, 3).at(-1), 5);
    });

    it("tracks in after fifteen minutes below nine tenths of the target", () => {
        const course = play(targetTracking(70, MINUTE_MS), times(20, 1300), 5);
        assert.deepEqual(course.slice(13, 17), [5, 5, 2, 2]);
        const between = play(targetTracking(70, MINUTE_MS), times(40, 3300), 5);
        assert.equal(between.at(-1), 5, "66 % is above 63 %");
    });

    it("never scales in with scale-in disabled or without data", () => {
        assert.equal(play(targetTracking(70, MINUTE_MS, false), times(40, 0), 5).at(-1), 5);
        assert.equal(play(targetTracking(70, MINUTE_MS), times(40, 100), 5, 0).at(-1), 5);
    });

    it("steps by the rule's two alarms, and scales in only when nothing warms up", () => {
        const rule = { outPercent: 120, outInstances: 2, inPercent: 60, inInstances: 1 };
        const timing = { warmupMs: 3 * MINUTE_MS, cooldownMs: 0 };
        const policy = stepRule(rule, timing, { out: 3, in: 5 });
        assert.deepEqual(play(policy, times(5, 3700)), [3, 3, 3, 5, 5]);
        assert.deepEqual(play(policy, times(8, 1500)), [3, 3, 3, 3, 3, 2, 2, 2]);
        const boot = play(policy, [...times(4, 3700), ...times(3, 0)]);
        assert.deepEqual(boot.slice(3), [5, 5, 5, 5]);
    });

    it("adds only what a higher band goes beyond while instances warm up", () => {
        const bands = [
            { lower: 0, upper: 20, change: 1 },
            { lower: 20, upper: Infinity, change: 3 },
        ];
        const alarm = { thresholdPercent: 100, above: true, periods: 1, bands };
        const policy = stepScaling([alarm], { warmupMs: 5 * MINUTE_MS, cooldownMs: 0 });
        assert.deepEqual(
            play(policy, [3300, 3300, 3300, 4500, 4500, 4500], 3, 3),
            [3, 4, 4, 4, 6, 6],
        );
    });

    it("does nothing during the cooldown of simple scaling", () => {
        const bands = [{ lower: 0, upper: Infinity, change: 1 }];
        const alarm = { thresholdPercent: 100, above: true, periods: 1, bands };
        const policy = stepScaling([alarm], { warmupMs: 0, cooldownMs: 3 * MINUTE_MS });
        assert.deepEqual(play(policy, times(8, 99_000)), [3, 4, 4, 4, 5, 5, 5, 6]);
    });

    it("lets the largest wish to grow win over a wish to shrink", () => {
        const always = (size: number): Policy => ({
            name: "",
            deployable: "aws",
            start: () => () => size,
        });
        const view = { nowMs: 0, seen: 0, load: 0, ready: 3, booting: 0, desired: 3 };
        const wish = (...sizes: number[]) => together("", sizes.map(always)).start(WORLD)(view);
        assert.equal(wish(2, 7, 5), 7);
        assert.equal(wish(2, 3), 2);
    });
});

describe("model/capacity: schedules and the brief", () => {
    const schedule = {
        periods: [{ from: 9, to: 12, min: 10 }],
        otherwise: 5,
        timeZone: "America/New_York",
    };

    it("reads hours in the schedule's own zone, summer and winter", () => {
        const at = (iso: string) => scheduledMinimum(schedule, Date.parse(iso));
        assert.equal(at("2026-07-01T13:00:00Z"), 10);
        assert.equal(at("2026-01-15T13:00:00Z"), 5);
        assert.equal(at("2026-01-15T14:00:00Z"), 10);
        assert.equal(at("2026-01-15T16:59:59Z"), 10);
        assert.equal(at("2026-01-15T17:00:00Z"), 5);
    });

    it("raises a policy and never lowers it", () => {
        const inNewYork = {
            ...WORLD,
            load: { ...WORLD.load, startMs: Date.parse("2026-01-15T14:00:00Z") },
        };
        const decide = (size: number) =>
            withSchedule({ name: "", deployable: "aws", start: () => () => size }, schedule).start(
                inNewYork,
            )({ nowMs: 0, seen: 0, load: 0, ready: 3, booting: 0, desired: 3 });
        assert.equal(decide(3), 10);
        assert.equal(decide(12), 12);
    });

    it("follows the brief's loop: 2 out above 1.2, 1 in below 0.6, five minutes apart", () => {
        assert.deepEqual(play(briefRule, times(8, 9000)), [3, 5, 5, 5, 5, 5, 7, 7]);
        assert.deepEqual(play(briefRule, times(8, 2000), 8), [8, 7, 7, 7, 7, 7, 6, 6]);
        assert.deepEqual(play(briefRule, times(3, 4500), 5), [5, 5, 5]);
    });

    it("pins the brief's fixed hours", () => {
        const decide = briefHours("UTC").start(WORLD);
        const at = (hour: number) =>
            decide({ nowMs: hour * 3_600_000, seen: 0, load: 0, ready: 3, booting: 0, desired: 3 });
        const hours = Array.from({ length: 24 }, (_, hour) => at(hour));
        assert.deepEqual(hours, [
            ...times(6, 3),
            5,
            5,
            5,
            10,
            10,
            10,
            5,
            5,
            10,
            10,
            10,
            ...times(7, 5),
        ]);
    });

    it("holds the HPA's target on the load of a pod", () => {
        assert.equal(play(hpaPolicy(70), times(3, 6900)).at(-1), 10);
    });

    it("forecasts hourly minimums that raise and never lower", () => {
        const world = worldFor(madeLoad("office hours", 5, MINUTE_MS, 2));
        const floor = { quantile: 0.9, targetPercent: 80, renewHours: 24, bufferMs: 300_000 };
        const one: Policy = { name: "", deployable: "aws", start: () => () => 1 };
        const many: Policy = { name: "", deployable: "aws", start: () => () => 40 };
        const at = (policy: Policy, day: number, hour: number) => {
            const decide = withHourlyFloor(policy, floor, "").start(world);
            let size = 0;
            for (let h = 0; h <= day * 24 + hour; h++) {
                size = decide({
                    nowMs: h * 3_600_000,
                    seen: h * 60,
                    load: 0,
                    ready: 3,
                    booting: 0,
                    desired: 3,
                });
            }
            return size;
        };
        assert.equal(at(one, 0, 12), 1, "a first day has no forecast");
        assert.ok(at(one, 3, 12) > 3 * at(one, 3, 4));
        assert.equal(at(many, 3, 4), 40);
    });
});
