import assert from "node:assert/strict";
import { AWS_RULES } from "logcaster-model/aws-rules";
import { LIMITS } from "logcaster-model/limits";
import { SECRETS, SettingsError, parseSettings } from "logcaster-model/settings";
import { BAD_SETTINGS } from "./bad-settings";
import { setAt, settingsOf } from "./stack-files";

function problemsOf(changes: Readonly<Record<string, unknown>>, stack = "prod") {
    const tree = settingsOf(stack);
    for (const [path, value] of Object.entries(changes)) setAt(tree, path, value);
    const secrets = Object.fromEntries(
        Object.keys(SECRETS)
            .filter((name) => name in tree)
            .map((name) => [name, "plain" as const]),
    );
    for (const name of Object.keys(secrets)) delete tree[name];
    try {
        parseSettings(tree, secrets);
        return [];
    } catch (error) {
        assert(error instanceof SettingsError, String(error));
        return error.problems;
    }
}

describe("a stack's settings", () => {
    for (const stack of ["dev", "prod", "eks"]) {
        it(`of ${stack} are accepted as they are`, () => {
            parseSettings(settingsOf(stack));
        });
    }

    for (const { mistake, stack, set, path, says, also = [] } of BAD_SETTINGS) {
        it(`refuse ${mistake}, naming ${path} and what is allowed`, () => {
            const problems = problemsOf(set, stack);
            assert.deepEqual(
                problems.map((p) => p.path),
                [path, ...also],
            );
            assert.ok(
                problems[0]!.allowed.includes(says),
                `${problems[0]!.allowed} should say ${says}`,
            );
        });
    }

    it("have a mistake for every limit and every AWS rule, and at least 60", () => {
        const covered = new Set(BAD_SETTINGS.flatMap((row) => row.covers ?? []));
        const rows = [...Object.keys(LIMITS), ...Object.keys(AWS_RULES)];
        assert.deepEqual([...covered].sort(), rows.sort());
        assert.ok(BAD_SETTINGS.length >= 60, String(BAD_SETTINGS.length));
    });

    it("report every mistake in one error, those of values and those between values", () => {
        const problems = problemsOf({
            "scaling.max": 80,
            "scaling.foo": 1,
            "dns.host": "logs.example.org",
        });
        assert.deepEqual(
            problems.map((p) => p.path),
            ["scaling.max", "scaling.foo", "dns.host"],
        );
    });

    it("say path, value, what is allowed and where the limit comes from in one sentence", () => {
        assert.throws(
            () => {
                const tree = settingsOf("prod");
                setAt(tree, "scaling.max", 80);
                parseSettings(tree);
            },
            {
                name: "SettingsError",
                message:
                    "logcaster:scaling.max is 80; allowed: a whole number from 3 to 50 (instances; brief 1.1: 20 instances; brief 6.1: a hard ceiling of 50)",
            },
        );
    });
});
