import assert from "node:assert/strict";
import { DEFINITIONS } from "../../policy/policies";
import { BALANCER_CASES } from "./cases/balancer";
import { CAPACITY_CASES } from "./cases/capacity";
import type { Cases } from "./cases/case";
import { COST_CASES } from "./cases/cost";
import { DATA_CASES } from "./cases/data";
import { DATABASE_CASES } from "./cases/database";
import { DNS_CASES } from "./cases/dns";
import { EDGE_CASES } from "./cases/edge";
import { INSTANCE_CASES } from "./cases/instances";
import { KUBERNETES_CASES } from "./cases/kubernetes";
import { KUBERNETES_POD_CASES } from "./cases/kubernetes-pods";
import { MONITORING_CASES } from "./cases/monitoring";
import { NETWORK_CASES } from "./cases/network";
import { RECOVERY_CASES } from "./cases/recovery";
import { REDIS_CASES } from "./cases/redis";
import { SCALING_CASES } from "./cases/scaling";
import { compliantStack } from "./compliant";

const CASES: Cases = {
    ...CAPACITY_CASES,
    ...SCALING_CASES,
    ...INSTANCE_CASES,
    ...BALANCER_CASES,
    ...NETWORK_CASES,
    ...REDIS_CASES,
    ...DNS_CASES,
    ...EDGE_CASES,
    ...DATA_CASES,
    ...DATABASE_CASES,
    ...RECOVERY_CASES,
    ...MONITORING_CASES,
    ...KUBERNETES_CASES,
    ...KUBERNETES_POD_CASES,
    ...COST_CASES,
};

describe("every policy", () => {
    it("accepts the compliant stack, unknown values and all", () => {
        for (const { name } of DEFINITIONS) {
            assert.deepEqual(
                { name, ...compliantStack().judge(name) },
                { name, says: [], unknown: [] },
            );
        }
    });

    it("has a case that breaks it, one with unknown values, and one for each of its settings", () => {
        for (const { name, config } of DEFINITIONS) {
            const cases = Object.entries(CASES[name] ?? {});
            const broken = cases.some(([, { says, config: given }]) => says && !given);
            const unknown = cases.some(([title]) => title.includes("not known yet"));
            const settings = new Set(
                cases.flatMap(([, { config: given }]) => Object.keys(given ?? {})),
            );
            const untried = Object.keys(config ?? {}).filter((key) => !settings.has(key));
            assert.deepEqual(
                { name, broken, unknown, untried },
                { name, broken: true, unknown: true, untried: [] },
            );
        }
    });

    it("has cases for nothing but policies", () => {
        const names = DEFINITIONS.map(({ name }) => name);
        assert.deepEqual(
            Object.keys(CASES).filter((name) => !names.includes(name)),
            [],
        );
    });
});

for (const [policy, cases] of Object.entries(CASES)) {
    describe(policy, () => {
        for (const [title, { change, config, says = [], unknown = [] }] of Object.entries(cases)) {
            it(`${says.length > 0 ? "refuses" : "does not refuse"}: ${title}`, () => {
                const stack = compliantStack();
                change?.(stack);
                assert.deepEqual(stack.judge(policy, config), {
                    says,
                    unknown: unknown.map(
                        (path) => `string value at .${path} can't be known during preview`,
                    ),
                });
            });
        }
    });
}
