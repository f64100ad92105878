import { LIMITS } from "logcaster-model/limits";

export const BUDGET_DEFAULTS = Object.freeze({
    warnPercent: LIMITS["budget.warnPercent"].value,
    anomalyUsd: LIMITS["budget.anomalyUsd"].value,
    coveragePercent: LIMITS["budget.coveragePercent"].value,
    utilizationPercent: LIMITS["budget.utilizationPercent"].value,
});

/** The tag, of the provider's default tags, by which the stack's costs are told apart. It must be activated once as a cost allocation tag. */
export const COST_TAG = "environment";

/** The account's reservations and savings plans. AWS takes one service a reservation budget, and none of these by tag. */
export const COMMITMENTS = [
    { role: "node-coverage", budgetType: "RI_COVERAGE", service: "Amazon ElastiCache" },
    { role: "node-utilization", budgetType: "RI_UTILIZATION", service: "Amazon ElastiCache" },
    { role: "savings-plan-coverage", budgetType: "SAVINGS_PLANS_COVERAGE" },
    { role: "savings-plan-utilization", budgetType: "SAVINGS_PLANS_UTILIZATION" },
] as const;
