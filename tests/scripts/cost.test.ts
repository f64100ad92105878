import assert from "node:assert/strict";
import type { Plan } from "logcaster-preview";
import { costText, planCost } from "../../scripts/cost";

const NAT = "aws:ec2/natGateway:NatGateway";
const FLEET = "logcaster-scaling:index:Region$logcaster-scaling:index:Network";

/** A plan with NAT gateways of these regions. */
function plan(regions: readonly string[], budget?: object): Plan {
    return {
        config: budget ? { "logcaster:budget": JSON.stringify(budget) } : {},
        steps: regions.map((region, i) => {
            const urn = `urn:pulumi:prod::logcaster::${FLEET}$${NAT}::nat-${i}`;
            const newState = { urn, custom: true, type: NAT, inputs: { region }, outputs: {} };
            return { op: "create", urn, newState };
        }),
        diagnostics: [],
        duration: 0,
        changeSummary: {},
        policyViolations: [],
        policyRemediations: [],
    };
}

const rowsOf = (text: string, label: string) =>
    text
        .split("\n")
        .filter((line) => line.trim().startsWith(label))
        .map((line) => line.trim().replace(/ {2,}/g, " | "));

describe("the cost section of the preview", () => {
    it("shows a region, a component, a line and the total at three sizes", () => {
        const text = costText(planCost(plan(["us-east-1", "us-east-1"])));
        for (const label of ["us-east-1 ", "Network ", "NAT gateways ", "total "]) {
            assert.deepEqual(rowsOf(text, label), [`${label.trim()} | 65.70 | 65.70 | 65.70`]);
        }
    });

    it("prints unknown where there is no price, and lower bound behind each total above", () => {
        const text = costText(planCost(plan(["sa-east-1"])));
        assert.deepEqual(rowsOf(text, "NAT gateways "), [
            "NAT gateways | unknown | unknown | unknown",
        ]);
        for (const label of ["sa-east-1 ", "Network ", "total "]) {
            assert.deepEqual(rowsOf(text, label), [
                `${label.trim()} | 0.00 | 0.00 | 0.00 | lower bound`,
            ]);
        }
    });

    it("takes limit and prices of the stack's settings", () => {
        const prices = { "sa-east-1": { "nat.hour": 0.1 } };
        const cost = planCost(plan(["sa-east-1"], { monthlyLimitUsd: 72, prices }));
        assert.equal(Math.round(cost.total.usd.desired), 73);
        assert.deepEqual(cost.limit, { monthlyUsd: 72, within: false });
        assert.match(costText(cost), /Limit 72\.00 .*: desired is above it\./);
    });

    it("does not call a lower bound within the limit without saying so", () => {
        const text = costText(planCost(plan(["sa-east-1"], { monthlyLimitUsd: 72 })));
        assert.match(text, /desired is within it, as far as prices are known\./);
    });

    it("shows the difference to an earlier plan", () => {
        const now = planCost(plan(["us-east-1"]), plan(["us-east-1", "eu-west-1"]));
        const text = costText(now);
        assert.deepEqual(rowsOf(text, "eu-west-1/Network"), [
            "eu-west-1/Network | -35.04 | -35.04 | -35.04",
        ]);
        assert.deepEqual(rowsOf(text, "total").at(-1), "total | -35.04 | -35.04 | -35.04");
        assert.equal(now.difference?.length, 2);
    });
});
