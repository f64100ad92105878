import assert from "node:assert/strict";
import { comparePlans, type Plan, type PlannedState } from "logcaster-preview";
import { inOrder } from "logcaster-preview/plan";
import type { ResourceState } from "logcaster-preview/resources";

function plan(...states: Partial<PlannedState>[]): Plan {
    const steps = states.map((state) => ({
        op: "create",
        urn: state.urn!,
        newState: { custom: true, type: "t", inputs: {}, outputs: {}, ...state } as PlannedState,
    }));
    return {
        config: {},
        steps,
        diagnostics: [],
        duration: 0,
        changeSummary: {},
        policyViolations: [],
        policyRemediations: [],
    };
}

describe("comparing two plans", () => {
    it("names each changed input by its path, with what it was and becomes", () => {
        const before = plan({
            urn: "a",
            inputs: { l: [1, { p: 1 }], gone: true, "x.y": 1, same: "s" },
        });
        const after = plan({
            urn: "a",
            inputs: { l: [1, { p: 2 }, 3], "x.y": 2, same: "s", o: { n: 1 } },
        });
        assert.deepEqual(comparePlans(before, after), [
            {
                op: "update",
                urn: "a",
                changes: [
                    { path: "l[1].p", from: 1, to: 2 },
                    { path: "l[2]", to: 3 },
                    { path: "gone", from: true },
                    { path: '["x.y"]', from: 1, to: 2 },
                    { path: "o", to: { n: 1 } },
                ],
            },
        ]);
    });

    it("follows a renamed resource through its aliases instead of deleting and creating it", () => {
        const changes = comparePlans(
            plan({ urn: "old" }),
            plan({ urn: "new", aliases: ["older", "old"] }),
        );
        assert.deepEqual(changes, [{ op: "same", urn: "new", changes: [] }]);
    });

    it("counts outputs of components, not those a cloud computes", () => {
        const at = (value: number) =>
            plan(
                { urn: "component", custom: false, outputs: { n: value } },
                { urn: "custom", outputs: { n: value } },
            );
        assert.deepEqual(comparePlans(at(1), at(2)), [
            { op: "update", urn: "component", changes: [{ path: "(outputs).n", from: 1, to: 2 }] },
            { op: "same", urn: "custom", changes: [] },
        ]);
    });

    it("counts protection given or taken", () => {
        assert.deepEqual(comparePlans(plan({ urn: "a", protect: true }), plan({ urn: "a" })), [
            { op: "update", urn: "a", changes: [{ path: "(protect)", from: true }] },
        ]);
    });
});

describe("the order of steps", () => {
    it("puts parents and dependencies first, then goes by URN, whatever the order of registration", () => {
        const state = (urn: string, parent = "", dependencies: string[] = []) =>
            [urn, { urn, parent, dependencies } as unknown as ResourceState] as const;
        const states = [
            state("a", "root", ["z"]),
            state("z", "root"),
            state("root"),
            state("b", "root"),
        ];
        const order = (list: typeof states) => inOrder(new Map(list)).map(({ urn }) => urn);
        assert.deepEqual(order(states), ["root", "z", "a", "b"]);
        assert.deepEqual(order([...states].reverse()), ["root", "z", "a", "b"]);
    });

    it("survives a cycle", () => {
        const loop = { urn: "a", parent: "", dependencies: ["a"] } as unknown as ResourceState;
        assert.deepEqual(inOrder(new Map([["a", loop]])), [loop]);
    });
});
