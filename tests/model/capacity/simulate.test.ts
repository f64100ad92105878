import assert from "node:assert/strict";
import fc from "fast-check";
import {
    CAPACITY,
    type Course,
    Fleet,
    type Load,
    type Policy,
    type World,
    forecasting,
    onDemandOf,
    peers,
    simulate,
} from "../../../model/capacity";
import { madeLoad, worldFor } from "./loads";

const MINUTE_MS = 60_000;

const load = (values: number[], stepMs = MINUTE_MS): Load => ({
    startMs: 0,
    stepMs,
    values: Float64Array.from(values),
});

const world = (values: number[], more: Partial<World> = {}): World => ({
    load: load(values),
    capacityPerInstance: 10,
    min: 1,
    max: 50,
    initial: 1,
    bootMs: 2 * MINUTE_MS,
    drainMs: 0,
    ...more,
});

/** Equal but for the rounding of sums. */
const close = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

const fixed = (size: number): Policy => ({
    name: `always ${size}`,
    deployable: "aws",
    start: () => () => size,
});

describe("model/capacity: the simulator", () => {
    it("counts overloaded time, the longest stretch and the load above capacity", () => {
        const result = simulate(world([10, 15, 15, 10, 30, 10]), fixed(1));
        assert.equal(result.overloadedMinutes, 3);
        assert.equal(result.overloadedPercent, 50);
        assert.equal(result.longestOverloadMinutes, 2);
        assert.equal(result.excessUnitMinutes, 5 + 5 + 20);
        assert.equal(result.scalingEvents, 0);
        close(result.instanceHours, 0.1);
    });

    it("lets new instances serve after their boot and pays for them from the start", () => {
        const result = simulate(world([20, 20, 20, 20, 20, 20]), fixed(2));
        assert.equal(result.overloadedMinutes, 2);
        close(result.instanceHours, 0.2);
        assert.equal(result.scalingEvents, 1);
    });

    it("pays for an instance until it has drained, and gives it no load", () => {
        const twoThenOne: Policy = {
            name: "two then one",
            deployable: "aws",
            start: () => (view) => (view.nowMs < 3 * MINUTE_MS ? 2 : 1),
        };
        const values = [10, 10, 10, 20, 10, 10];
        const result = simulate(world(values, { initial: 2, drainMs: 2 * MINUTE_MS }), twoThenOne);
        assert.equal(result.overloadedMinutes, 1);
        assert.equal(Math.round(result.instanceHours * 60), 2 * 3 + 3 + 2);
    });

    it("keeps every policy inside the minimum and the maximum", () => {
        assert.equal(simulate(world([1, 1], { min: 3, initial: 3 }), fixed(0)).peak, 3);
        assert.equal(simulate(world([1, 1], { max: 4 }), fixed(99)).peak, 4);
    });

    it("splits instances as a mixed instances policy does, on-demand rounded up", () => {
        const mix = { onDemandBase: 2, onDemandPercentAboveBase: 30 };
        assert.deepEqual(
            [0, 1, 2, 3, 5, 12].map((total) => onDemandOf(total, mix)),
            [0, 1, 2, 3, 3, 5],
        );
        const spot = { ...mix, interruptionsPerHour: 0, random: () => 0 };
        const result = simulate(world(new Array(60).fill(1), { initial: 12, spot }), fixed(12));
        close(result.onDemandHours, 5);
        close(result.spotHours, 7);
    });

    it("replaces an interrupted spot instance, which serves until its notice ends", () => {
        const fates = [0.999, 0, 0.999];
        const random = () => fates.shift() ?? 0.999;
        const spot = {
            onDemandBase: 0,
            onDemandPercentAboveBase: 0,
            interruptionsPerHour: 1,
            random,
        };
        const inWorld = world(new Array(10).fill(20), { initial: 2, bootMs: 3 * MINUTE_MS, spot });
        const result = simulate(inWorld, fixed(2));
        assert.equal(result.interruptions, 1);
        assert.equal(result.overloadedMinutes, 1, "boot of 3 minutes less a notice of 2");
    });

    it("makes pods wait for a node, and keeps an idle node for ten minutes", () => {
        const nodes = { podsPerNode: 2, min: 0, bootMs: 3 * MINUTE_MS };
        const fleet = new Fleet(world([1], { initial: 2, bootMs: MINUTE_MS, nodes }));
        const pass = (fromMs: number, toMs: number) => {
            for (let t = fromMs; t <= toMs; t += CAPACITY.tickMs) fleet.pass(t, CAPACITY.tickMs);
        };
        fleet.resize(4, 0);
        pass(CAPACITY.tickMs, 4 * MINUTE_MS);
        assert.deepEqual([fleet.ready, fleet.starting], [2, 2], "the node has just come");
        pass(4 * MINUTE_MS + CAPACITY.tickMs, 5 * MINUTE_MS + 30_000);
        assert.deepEqual([fleet.ready, fleet.starting], [4, 0]);
        fleet.resize(2, 6 * MINUTE_MS);
        const paid = () => fleet.onDemandHours;
        pass(6 * MINUTE_MS, 15 * MINUTE_MS);
        const before = paid();
        fleet.pass(15 * MINUTE_MS + CAPACITY.tickMs, MINUTE_MS);
        assert.equal(Math.round((paid() - before) * 60), 2, "both nodes are still paid for");
        pass(16 * MINUTE_MS, 18 * MINUTE_MS);
        const after = paid();
        fleet.pass(18 * MINUTE_MS + CAPACITY.tickMs, MINUTE_MS);
        assert.equal(Math.round((paid() - after) * 60), 1);
    });

    it("keeps and pays the fewest nodes whatever pods there are", () => {
        const nodes = { podsPerNode: 4, min: 3, bootMs: MINUTE_MS };
        const fleet = new Fleet(world([1], { initial: 1, nodes }));
        for (let t = CAPACITY.tickMs; t <= 30 * MINUTE_MS; t += CAPACITY.tickMs) {
            fleet.pass(t, CAPACITY.tickMs);
        }
        assert.equal(fleet.onDemandHours.toFixed(6), "1.500000");
    });

    it("shows no policy anything of the future", () => {
        const known = 36 * 60;
        const base = worldFor(madeLoad("office hours", 2, MINUTE_MS, 5));
        const run = (values: Float64Array) => {
            const inWorld = { ...base, load: { ...base.load, values } };
            return [...peers(inWorld, "UTC"), ...forecasting(inWorld)].map((policy) => {
                const course: Course = {
                    ready: new Float64Array(values.length),
                    desired: new Float64Array(values.length),
                };
                simulate(inWorld, policy, course);
                return [...course.desired.subarray(0, known)];
            });
        };
        const original = run(base.load.values);
        fc.assert(
            fc.property(fc.double({ min: 0, max: 50, noNaN: true }), (factor) => {
                const changed = base.load.values.map((v, i) => (i < known ? v : v * factor));
                assert.deepEqual(run(changed), original);
            }),
            { numRuns: 3 },
        );
    });

    it("never counts fewer instance-hours than the minimum costs, nor more than the maximum", () => {
        const inWorld = { ...worldFor(madeLoad("rare bursts", 2, MINUTE_MS, 3)), drainMs: 0 };
        for (const policy of [...peers(inWorld, "UTC"), ...forecasting(inWorld)]) {
            const { instanceHours, hours } = simulate(inWorld, policy);
            assert.ok(instanceHours >= inWorld.min * hours - 1e-6, policy.name);
            assert.ok(instanceHours <= inWorld.max * hours + 1e-6, policy.name);
        }
    });
});
