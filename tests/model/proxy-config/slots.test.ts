import * as assert from "node:assert/strict";
import fc from "fast-check";
import {
    due,
    excess,
    imbalance,
    planSlots,
    type ProxyBackend,
    type ProxySlot,
    type SlotStep,
} from "logcaster-model/proxy-config";

const PORT = 9999;
const backend = (n: number, state: ProxyBackend["state"] = "ready"): ProxyBackend => ({
    address: `10.0.0.${n}`,
    port: PORT,
    state,
});
const slot = (n: number, change: Partial<ProxySlot> = {}): ProxySlot => ({
    name: `line${n}`,
    address: "127.0.0.1",
    port: PORT,
    state: "empty",
    isUp: false,
    connections: 0,
    ...change,
});
const held = (n: number, by: number, change: Partial<ProxySlot> = {}) =>
    slot(n, { address: `10.0.0.${by}`, state: "ready", isUp: true, ...change });

/** What HAProxy would show after the steps. */
function after(slots: readonly ProxySlot[], steps: readonly SlotStep[]): ProxySlot[] {
    return slots.map((one) => {
        const step = steps.find(({ slot: name }) => name === one.name);
        if (!step) return one;
        const state = (
            { fill: "ready", ready: "ready", drain: "draining", empty: "empty" } as const
        )[step.do];
        return step.do === "fill"
            ? { ...one, state, address: step.address, port: step.port, isUp: true }
            : { ...one, state };
    });
}

describe("the plan of server slots", () => {
    it("fills empty slots with new backends and leaves the others where they are", () => {
        const { steps, unplaced } = planSlots(
            [held(1, 11), slot(2), slot(3)],
            [backend(12), backend(11)],
        );
        assert.deepEqual(steps, [{ do: "fill", slot: "line2", address: "10.0.0.12", port: PORT }]);
        assert.deepEqual(unplaced, []);
    });

    it("drains a backend that leaves, and one that is listed no more while it has connections", () => {
        const slots = [
            held(1, 11, { connections: 5 }),
            held(2, 12, { connections: 5 }),
            held(3, 13),
        ];
        assert.deepEqual(planSlots(slots, [backend(11, "draining"), backend(13)]).steps, [
            { do: "drain", slot: "line1" },
            { do: "drain", slot: "line2" },
        ]);
    });

    it("empties the slot of a backend that is gone only when its last connection has ended", () => {
        const busy = held(1, 11, { state: "draining", connections: 1 });
        assert.deepEqual(planSlots([busy, held(2, 12)], [backend(12)]).steps, []);
        const quiet = { ...busy, connections: 0 };
        assert.deepEqual(planSlots([quiet, held(2, 12)], [backend(12)]).steps, [
            { do: "empty", slot: "line1" },
        ]);
    });

    it("makes a backend that comes back ready in its old slot", () => {
        assert.deepEqual(planSlots([held(1, 11, { state: "draining" })], [backend(11)]).steps, [
            { do: "ready", slot: "line1" },
        ]);
    });

    it("changes nothing when there is no backend: discovery is away, the fleet is not", () => {
        assert.deepEqual(planSlots([held(1, 11)], []), { steps: [], unplaced: [] });
    });

    it("says which backends have no slot", () => {
        const { steps, unplaced } = planSlots([held(1, 11)], [backend(11), backend(12)]);
        assert.deepEqual(steps, []);
        assert.deepEqual(unplaced, [backend(12)]);
    });

    it("never cuts or mixes connections, and holds exactly the listed backends once it has settled", () => {
        const lists = fc.array(
            fc.uniqueArray(
                fc.record({
                    n: fc.integer({ min: 1, max: 12 }),
                    leaves: fc.boolean(),
                }),
                { minLength: 1, maxLength: 8, selector: ({ n }) => n },
            ),
            { minLength: 1, maxLength: 8 },
        );
        fc.assert(
            fc.property(lists, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (steps, load) => {
                let slots: ProxySlot[] = Array.from({ length: 24 }, (_, i) => slot(i + 1));
                for (const list of steps) {
                    const backends = list.map(({ n, leaves }) =>
                        backend(n, leaves ? "draining" : "ready"),
                    );
                    slots = slots.map((one) => ({
                        ...one,
                        connections: one.state === "empty" ? 0 : load.next().value!,
                    }));
                    const plan = planSlots(slots, backends);
                    for (const step of plan.steps) {
                        const one = slots.find(({ name }) => name === step.slot)!;
                        if (step.do === "empty" || step.do === "fill") {
                            assert.equal(one.connections, 0);
                        }
                        if (step.do === "fill") assert.equal(one.state, "empty");
                    }
                    slots = after(slots, plan.steps);
                    const ready = (all: readonly { state: string; address: string }[]) =>
                        all.filter(({ state }) => state === "ready").map(({ address }) => address);
                    assert.deepEqual(ready(slots).sort(), ready(backends).sort());
                    const again = planSlots(slots, backends).steps;
                    assert.ok(again.every(({ do: what }) => what === "empty"));
                }
            }),
        );
    });
});

describe("rebalancing", () => {
    const OPTIONS = { tolerancePercent: 10, withinSeconds: 300 };

    it("ends what is above the fair share and its tolerance, after the backends have doubled", () => {
        const slots = [100, 100, 0, 0].map((connections, i) => held(i, i, { connections }));
        assert.deepEqual(excess(slots, OPTIONS), [
            { slot: "line0", connections: 45, quietOnly: false },
            { slot: "line1", connections: 45, quietOnly: false },
        ]);
        assert.equal(imbalance([100, 100, 0, 0]), 2);
    });

    it("leaves alone what divides unevenly or is within the tolerance", () => {
        const of = (...counts: number[]) =>
            excess(
                counts.map((connections, i) => held(i, i, { connections })),
                OPTIONS,
            );
        assert.deepEqual(of(2, 1, 0), []);
        assert.deepEqual(of(110, 100, 90), []);
        assert.deepEqual(of(), []);
        assert.deepEqual(of(0, 0), []);
        assert.equal(imbalance([0, 0]), 1);
    });

    it("ends only quiet connections of a backend that drains, and counts them for the others", () => {
        const slots = [
            held(1, 1, { connections: 60, state: "draining" }),
            held(2, 2, { connections: 90 }),
            held(3, 3, { connections: 90 }),
        ];
        assert.deepEqual(excess(slots, OPTIONS), [
            { slot: "line1", connections: 60, quietOnly: true },
        ]);
    });

    it("ends nothing while there is no backend to go to", () => {
        const slots = [
            held(1, 1, { connections: 60, state: "draining" }),
            held(2, 2, { connections: 9, isUp: false }),
        ];
        assert.deepEqual(excess(slots, OPTIONS), []);
    });

    it("is done by the end of its time, in even steps", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 10_000 }),
                fc.integer({ min: 1, max: 60 }),
                fc.integer({ min: 60, max: 900 }),
                (all, stepSeconds, withinSeconds) => {
                    let left = all;
                    let largest = 0;
                    for (let at = 0; at < withinSeconds; at += stepSeconds) {
                        const [one] = due(
                            [{ slot: "a", connections: left, quietOnly: false }],
                            { elapsedSeconds: at, stepSeconds },
                            { withinSeconds },
                        );
                        largest = Math.max(largest, one!.connections);
                        left -= one!.connections;
                        if (left === 0) break;
                    }
                    assert.equal(left, 0);
                    const steps = Math.floor(withinSeconds / stepSeconds);
                    assert.equal(largest, Math.ceil(all / steps));
                },
            ),
        );
    });
});
