import * as assert from "node:assert/strict";
import { StackBudget, type StackBudgetArgs } from "logcaster-scaling/budget";
import { orphans } from "../placed";
import { record } from "../recorder";

const ARGS: StackBudgetArgs = {
    environment: "prod",
    monthlyLimitUsd: 2000,
    emails: ["ops@example.com"],
};
const BUDGET = "aws:budgets/budget:Budget";
const create = (args: Partial<StackBudgetArgs> = {}) =>
    record(() => new StackBudget("budget", { ...ARGS, ...args }));

describe("StackBudget", () => {
    it("creates its budgets and its detection of anomalies, all under itself", async () => {
        const { resources } = await create();
        const made = resources.filter(({ custom }) => custom).map((r) => `${r.type} ${r.name}`);
        assert.deepEqual(made.sort(), [
            `${BUDGET} budget-cost`,
            `${BUDGET} budget-node-coverage`,
            `${BUDGET} budget-node-utilization`,
            `${BUDGET} budget-savings-plan-coverage`,
            `${BUDGET} budget-savings-plan-utilization`,
            "aws:costexplorer/anomalyMonitor:AnomalyMonitor budget-anomalies",
            "aws:costexplorer/anomalySubscription:AnomalySubscription budget-anomalies",
        ]);
        assert.deepEqual(orphans(resources, "budget"), []);
    });

    it("holds what is spent and what is forecast against the limit, for this environment alone", async () => {
        const { resources } = await create({ warnPercent: 70 });
        const { inputs } = resources.find(({ name }) => name === "budget-cost")!;
        assert.equal(inputs["limitAmount"], "2000");
        assert.deepEqual(inputs["costFilters"], [
            { name: "TagKeyValue", values: ["user:environment$prod"] },
        ]);
        const alarm = (notificationType: string, threshold: number) => ({
            notificationType,
            comparisonOperator: "GREATER_THAN",
            threshold,
            thresholdType: "PERCENTAGE",
            subscriberEmailAddresses: ["ops@example.com"],
        });
        assert.deepEqual(inputs["notifications"], [
            alarm("ACTUAL", 70),
            alarm("ACTUAL", 100),
            alarm("FORECASTED", 100),
        ]);
    });

    it("tells when coverage and utilisation fall below their thresholds", async () => {
        const { resources } = await create({ coveragePercent: 50, utilizationPercent: 90 });
        const thresholds = resources
            .filter(({ inputs }) => inputs["limitUnit"] === "PERCENTAGE")
            .map(({ inputs }) => {
                const [one] = inputs["notifications"] as Record<string, unknown>[];
                return [inputs["budgetType"], one?.["comparisonOperator"], one?.["threshold"]];
            });
        assert.deepEqual(thresholds.sort(), [
            ["RI_COVERAGE", "LESS_THAN", 50],
            ["RI_UTILIZATION", "LESS_THAN", 90],
            ["SAVINGS_PLANS_COVERAGE", "LESS_THAN", 50],
            ["SAVINGS_PLANS_UTILIZATION", "LESS_THAN", 90],
        ]);
    });

    it("refuses nobody to tell, too many, and no limit, at once", async () => {
        await assert.rejects(create({ emails: [], monthlyLimitUsd: 0 }), (error: Error) => {
            assert.match(error.message, /emails is \[\]; allowed: 1 to 10 addresses/);
            assert.match(error.message, /monthlyLimitUsd is 0; allowed: above 0 USD/);
            return true;
        });
        const eleven = Array.from({ length: 11 }, (_, i) => `ops${i}@example.com`);
        await assert.rejects(create({ emails: eleven }), /emails is/);
    });
});
