import assert from "node:assert/strict";
import { bind } from "../../policy/bind";
import { define, flag } from "../../policy/definition";
import { DEFINITIONS } from "../../policy/policies";
import { ROWS } from "../../policy/rows";
import { urn } from "./stack";
import { compliantStack } from "./compliant";

const GROUP = urn("aws:autoscaling/group:Group", "group");
const POLICY = "logcaster-capacity-stay-inside-limits";
const SAYS = "group: maxSize is 80, limit 50 (max)";

function tooLarge(exception: object, today?: string): readonly string[] {
    const stack = compliantStack().set("group", "maxSize", 80);
    return stack.judge(POLICY, { exceptions: [exception] }, today).says;
}

describe("a recorded exception", () => {
    const exception = { urn: GROUP, reason: "launch week", until: "2026-02-28" };

    it("accepts a violation up to its last day", () => {
        assert.deepEqual(tooLarge(exception, "2026-02-28"), []);
    });

    it("is a violation again the day after, and says so", () => {
        assert.deepEqual(tooLarge(exception, "2026-03-01"), [
            `${SAYS}; its exception ended on 2026-02-28 (launch week)`,
        ]);
    });

    it("holds for its resource only", () => {
        assert.deepEqual(tooLarge({ ...exception, urn: `${GROUP}-2` }), [SAYS]);
        assert.deepEqual(tooLarge({ ...exception, urn: GROUP.slice(0, -1) }), [SAYS]);
    });

    it("takes * for any run of characters, and every other character for itself", () => {
        assert.deepEqual(tooLarge({ ...exception, urn: "*::gr*p" }), []);
        assert.deepEqual(tooLarge({ ...exception, urn: "*::gr..p" }), [SAYS]);
    });

    it("stands in for an ended one of the same resource", () => {
        const stack = compliantStack().set("group", "maxSize", 80);
        const ended = { ...exception, until: "2025-01-01" };
        assert.deepEqual(stack.judge(POLICY, { exceptions: [ended, exception] }).says, []);
    });

    it("of a stack policy covers the resource in question", () => {
        const stack = compliantStack().remove("step-in");
        const accepted = { exceptions: [{ ...exception, urn: GROUP }] };
        assert.deepEqual(stack.judge("logcaster-scaling-own-scale-in-once", accepted).says, []);
    });
});

describe("a definition handed to the policy SDK", () => {
    const definition = define<object, { strict: boolean }>({
        name: "logcaster-test",
        displayName: "Test",
        description: "A test.",
        severity: "low",
        rows: ["1", "capacity"],
        remediationSteps: "Pass it",
        url: "https://example.com",
        config: { strict: flag(true, "Whether to refuse") },
        enforcementLevel: "advisory",
        types: ["a:b:C"],
        resource: function* (_resource, { strict }) {
            if (strict) yield "refused";
        },
    });

    it("carries what the policy is, and takes exceptions beside its own settings", () => {
        const { configSchema, ...policy } = bind(definition);
        assert.deepEqual(
            Object.fromEntries(Object.entries(policy).filter(([, v]) => typeof v !== "function")),
            {
                name: "logcaster-test",
                displayName: "Test",
                description: "A test.",
                severity: "low",
                tags: ["rule-1", "capacity"],
                remediationSteps: "Pass it",
                url: "https://example.com",
                enforcementLevel: "advisory",
            },
        );
        assert.deepEqual(Object.keys(configSchema?.properties ?? {}), ["strict", "exceptions"]);
    });
});

describe("the pack", () => {
    it("covers every row in scope", () => {
        const covered = new Set<string>(DEFINITIONS.flatMap(({ rows }) => rows));
        assert.deepEqual(
            Object.keys(ROWS).filter((row) => !covered.has(row)),
            [],
        );
    });

    it("has in scope the public rows 1 to 48, and fifteen areas of its own", () => {
        const numbers = Object.keys(ROWS)
            .filter((row) => /^\d+$/.test(row))
            .map(Number);
        assert.deepEqual(
            numbers,
            Array.from({ length: 48 }, (_, i) => i + 1),
        );
        assert.equal(Object.keys(ROWS).length - numbers.length, 15);
    });

    it("names each policy once, logcaster-<area>-<what it does>", () => {
        const names = DEFINITIONS.map(({ name }) => name);
        assert.deepEqual(names.length, new Set(names).size);
        assert.deepEqual(
            names.filter((name) => !/^logcaster(-[a-z0-9]+){2,}$/.test(name)),
            [],
        );
    });

    it("says of each policy what to do and where to read on", () => {
        for (const { name, remediationSteps, url, description } of DEFINITIONS) {
            assert.match(url, /^https:\/\//, name);
            assert.match(description, /\.$/, name);
            assert.match(remediationSteps, /[^.]$/, name);
        }
    });
});
