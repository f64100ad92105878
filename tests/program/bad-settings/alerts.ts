/** Mistakes in who is told, in secrets and in the budget. */
import { outside, type BadSettings } from "./row";

export const BAD_ALERTS: readonly BadSettings[] = [
    {
        mistake: "a budget without a limit",
        set: { budget: { warnPercent: 80 } },
        path: "budget.monthlyLimitUsd",
        says: "a whole number from 1 to 10000000",
    },
    outside("budget.monthlyLimitUsd", "budget.monthlyLimitUsd", 0, "from 1 to 10000000"),
    outside("budget.warnPercent", "budget.warnPercent", 100, "from 1 to 99"),
    outside("budget.anomalyUsd", "budget.anomalyUsd", 0, "from 1 to 1000000"),
    outside("budget.coveragePercent", "budget.coveragePercent", 101, "from 1 to 100"),
    outside("budget.utilizationPercent", "budget.utilizationPercent", 101, "from 1 to 100"),
    {
        mistake: "a price for nothing",
        set: { "budget.prices": { "eu-west-1": { "nat.hour": 0 } } },
        path: 'budget.prices["eu-west-1"]["nat.hour"]',
        says: "a price in USD, above 0",
    },
    {
        mistake: "a price somewhere unknown",
        set: { "budget.prices": { Ireland: { "nat.hour": 1 } } },
        path: "budget.prices.Ireland",
        says: "a region's name, global, or * for all",
    },
    {
        mistake: "a budget of which nobody hears",
        set: { "alerts.notifyOps": ["https://hooks.example.com/ops"] },
        path: "alerts.notifyOps",
        says: "mailto: addresses among them while budget is given",
        covers: ["budgets.addresses"],
    },
    {
        mistake: "a budget of which too many hear",
        set: {
            "alerts.notifyOps": Array.from({ length: 11 }, (_, i) => `mailto:${i}@example.com`),
        },
        path: "alerts.notifyOps",
        says: "1 to 10 mailto: addresses",
    },
    ...["notifyOps", "pageOncall", "capacityPlanning"].map((target) => ({
        mistake: `somebody twice in alerts.${target}`,
        set: { [`alerts.${target}`]: ["mailto:ops@example.com", "mailto:ops@example.com"] },
        path: `alerts.${target}[1]`,
        says: `each once; ${target}[0] is the same`,
    })),
    {
        mistake: "a target that is no address",
        set: { "alerts.notifyOps": ["ops"] },
        path: "alerts.notifyOps[0]",
        says: "mailto:",
    },
    {
        mistake: "more scaling events than an hour has minutes",
        set: { "alerts.maxScalingEventsPerHour": 60 },
        path: "alerts.maxScalingEventsPerHour",
        says: "from 1 to 59",
        covers: ["alerts.maxScalingEventsPerHour"],
    },
    {
        mistake: "a capacity alarm that comes when nothing is left",
        set: { "alerts.maxCapacityPercent": 100 },
        path: "alerts.maxCapacityPercent",
        says: "from 50 to 99",
        covers: ["alerts.maxCapacityPercent"],
    },
    {
        mistake: "a chat channel by name",
        set: { "alerts.slack": { teamId: "T0123ABCD", channelId: "#ops" } },
        path: "alerts.slack.channelId",
        says: "a channel id, such as C0123ABCD",
    },
    {
        mistake: "an incident plan that is no response plan",
        set: { "alerts.incidentResponsePlanArn": "arn:aws:sns:us-east-1:111122223333:page" },
        path: "alerts.incidentResponsePlanArn",
        says: "the ARN of a response plan",
    },
    {
        mistake: "runbooks at a plain http address",
        set: { "alerts.runbooksUrl": "http://example.com/runbooks" },
        path: "alerts.runbooksUrl",
        says: "an https:// address",
    },
    {
        mistake: "a missing secret",
        set: { "alerts.pageOncallWebhook": true },
        path: "pageOncallUrl",
        says: "a secret, because alerts.pageOncallWebhook is true",
    },
    {
        mistake: "a secret in plain text",
        set: { pageOncallUrl: "https://hooks.example.com/t0ken" },
        path: "pageOncallUrl",
        says: "a secret only",
    },
];
