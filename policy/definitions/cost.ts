import { define, integer, type Definition } from "../definition";
import * as cost from "../rules/cost";
import { BUDGET, GROUP } from "../rules/types";

const BUDGETS = "https://docs.aws.amazon.com/cost-management/latest/userguide";

export const COST: readonly Definition[] = [
    define({
        name: "logcaster-cost-budget-forecast",
        displayName: "A budget that looks ahead",
        description:
            "A stack with auto scaling groups has a cost budget with an alarm on the forecast that reaches somebody.",
        severity: "medium",
        rows: ["cost"],
        remediationSteps:
            "Set logcaster:budget, or add a COST budget with a FORECASTED notification",
        url: `${BUDGETS}/budgets-managing-costs.html`,
        enforcementLevel: "mandatory",
        types: GROUP,
        stack: cost.budgetForecasts,
    }),
    define<object, cost.CostConfig>({
        name: "logcaster-cost-stay-inside-budget",
        displayName: "Projected cost inside the budget",
        description:
            "What the stack costs a month by list prices, at the desired size, is within its cost budget. What has no price in the table counts nothing.",
        severity: "medium",
        rows: ["cost"],
        remediationSteps: "Raise the budget on purpose, or make the stack smaller",
        url: `${BUDGETS}/budgets-managing-costs.html`,
        config: {
            maxMonthlyUsd: integer(
                0,
                "Most that a month may cost, in USD, beside the budget's own limit; 0 leaves it to the budget",
            ),
        },
        enforcementLevel: "mandatory",
        types: BUDGET,
        stack: cost.projectionWithin,
    }),
];
