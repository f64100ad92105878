import * as assert from "node:assert/strict";
import { type RecordSet, type World, resolve } from "logcaster-model/recovery";

const to = (name: string, evaluateTargetHealth = true) => ({
    type: "A",
    aliases: [{ name, zoneId: "Z", evaluateTargetHealth }],
});
const world = (records: RecordSet[], rest: Partial<World> = {}): World => ({
    records,
    failing: new Set(),
    empty: new Set(),
    byLatency: [],
    ...rest,
});
const geo = (name: string, area: object, target: string): RecordSet => ({
    name,
    geolocationRoutingPolicies: [area],
    ...to(target),
});

describe("the resolver of the tests", () => {
    it("prefers a state to its country, that to its continent, and that to everybody", () => {
        const w = world([
            geo("x", { country: "*" }, "lb-all"),
            geo("x", { continent: "NA" }, "lb-na"),
            geo("x", { country: "US" }, "lb-us"),
            geo("x", { country: "US", subdivision: "CA" }, "lb-ca"),
        ]);
        const ask = (continent: string, country: string, subdivision?: string) =>
            resolve(w, "x", { continent, country, subdivision });
        assert.equal(ask("NA", "US", "CA"), "lb-ca");
        assert.equal(ask("NA", "US", "NY"), "lb-us");
        assert.equal(ask("NA", "MX"), "lb-na");
        assert.equal(ask("EU", "DE"), "lb-all");
        assert.equal(resolve(w, "x"), "lb-all");
    });

    it("answers nothing to a place without an area where there is no default", () => {
        const w = world([geo("x", { country: "US" }, "lb")]);
        assert.equal(resolve(w, "x", { country: "DE" }), undefined);
        assert.equal(resolve(w, "y"), undefined);
    });

    it("takes the wider area when the closer one is not healthy", () => {
        const w = world(
            [geo("x", { country: "*" }, "lb-all"), geo("x", { country: "US" }, "lb-us")],
            { empty: new Set(["lb-us"]) },
        );
        assert.equal(resolve(w, "x", { country: "US" }), "lb-all");
    });

    it("takes the secondary only while the primary fails, and the primary when both do", () => {
        const records: RecordSet[] = [
            {
                name: "x",
                failoverRoutingPolicies: [{ type: "SECONDARY" }],
                healthCheckId: "s",
                ...to("lb-2"),
            },
            {
                name: "x",
                failoverRoutingPolicies: [{ type: "PRIMARY" }],
                healthCheckId: "p",
                ...to("lb-1"),
            },
        ];
        const ask = (...failing: string[]) =>
            resolve(world(records, { failing: new Set(failing) }), "x");
        assert.equal(ask(), "lb-1");
        assert.equal(ask("p"), "lb-2");
        assert.equal(ask("s"), "lb-1");
        assert.equal(ask("p", "s"), "lb-1");
    });

    it("takes the nearest healthy region by latency", () => {
        const records = ["r1", "r2", "r3"].map((region): RecordSet => ({
            name: "x",
            latencyRoutingPolicies: [{ region }],
            ...to(`lb-${region}`),
        }));
        const ask = (byLatency: string[], empty: string[]) =>
            resolve(world(records, { byLatency, empty: new Set(empty) }), "x");
        assert.equal(ask(["r2", "r3", "r1"], []), "lb-r2");
        assert.equal(ask(["r2", "r3", "r1"], ["lb-r2"]), "lb-r3");
        assert.equal(ask(["r2", "r3", "r1"], ["lb-r1", "lb-r2", "lb-r3"]), "lb-r2");
    });

    it("looks through an alias that evaluates its target, and only then", () => {
        const inner: RecordSet = { name: "inner", ...to("lb-inner") };
        const ask = (evaluate: boolean) =>
            resolve(
                world(
                    [
                        {
                            name: "x",
                            failoverRoutingPolicies: [{ type: "PRIMARY" }],
                            ...to("inner", evaluate),
                        },
                        {
                            name: "x",
                            failoverRoutingPolicies: [{ type: "SECONDARY" }],
                            ...to("lb-2"),
                        },
                        inner,
                    ],
                    { empty: new Set(["lb-inner"]) },
                ),
                "x",
            );
        assert.equal(ask(true), "lb-2");
        assert.equal(ask(false), "lb-inner");
    });

    it("refuses a policy it does not know", () => {
        const record = { name: "x", ...to("lb"), weightedRoutingPolicies: [{ weight: 1 }] };
        assert.throws(() => resolve(world([record]), "x"), /does not know weightedRoutingPolicies/);
    });
});
