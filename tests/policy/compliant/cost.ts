import type * as budgets from "@pulumi/aws/budgets";
import type { TestStack } from "../stack";
import { of } from "./of";

export function cost(stack: TestStack): void {
    stack.add(
        "aws:budgets/budget:Budget",
        "budget",
        of<budgets.BudgetArgs>({
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: "100000",
            limitUnit: "USD",
            notifications: [
                {
                    notificationType: "FORECASTED",
                    comparisonOperator: "GREATER_THAN",
                    threshold: 100,
                    thresholdType: "PERCENTAGE",
                    subscriberEmailAddresses: ["ops@example.com"],
                },
            ],
        }),
    );
}
