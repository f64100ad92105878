import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

// What the compliant stack costs is 34 USD: of what it holds, two load balancers, a key and a zone have a price. A gateway is 33.
const WHAT = "projected cost of a month at the desired size, USD,";

export const COST_CASES: Cases = {
    "logcaster-cost-budget-forecast": {
        "no budget": {
            change: (s) => s.remove("budget"),
            says: ["group: the stack has no cost budget"],
        },
        "a budget of hours alone": {
            change: (s) => s.set("budget", "budgetType", "RI_COVERAGE"),
            says: ["group: the stack has no cost budget"],
        },
        "an alarm on what is spent alone": {
            change: (s) => s.set("budget", "notifications.0.notificationType", "ACTUAL"),
            says: [
                "group: no cost budget of the stack has an alarm on the forecast that reaches somebody",
            ],
        },
        "an alarm that reaches nobody": {
            change: (s) => s.set("budget", "notifications.0.subscriberEmailAddresses", []),
            says: [
                "group: no cost budget of the stack has an alarm on the forecast that reaches somebody",
            ],
        },
        "an alarm to a topic not known yet": {
            change: (s) =>
                s
                    .set("budget", "notifications.0.subscriberEmailAddresses", undefined)
                    .set("budget", "notifications.0.subscriberSnsTopicArns", [UNKNOWN]),
        },
        "notifications not known yet": {
            change: (s) => s.set("budget", "notifications", UNKNOWN),
        },
    },
    "logcaster-cost-stay-inside-budget": {
        "a limit below what the stack costs": {
            change: (s) => s.set("budget", "limitAmount", "30"),
            says: [`budget: ${WHAT} is 34, limit 30 (the budget's limitAmount)`],
        },
        "a limit just above": { change: (s) => s.set("budget", "limitAmount", "34") },
        "a budget of something else than cost": {
            change: (s) =>
                s.set("budget", "budgetType", "RI_UTILIZATION").set("budget", "limitAmount", "1"),
        },
        "a gateway more than the setting allows": {
            change: (s) => s.add("aws:ec2/natGateway:NatGateway", "nat", { region: "us-east-1" }),
            config: { maxMonthlyUsd: 67 },
        },
        "two gateways more than the setting allows": {
            change: (s) =>
                s
                    .add("aws:ec2/natGateway:NatGateway", "nat-a", { region: "us-east-1" })
                    .add("aws:ec2/natGateway:NatGateway", "nat-b", { region: "us-east-1" }),
            config: { maxMonthlyUsd: 67 },
            says: [`budget: ${WHAT} is 100, limit 67 (maxMonthlyUsd)`],
        },
        "a limit not known yet": {
            change: (s) => s.set("budget", "limitAmount", UNKNOWN),
            config: { maxMonthlyUsd: 30 },
            says: [`budget: ${WHAT} is 34, limit 30 (maxMonthlyUsd)`],
            unknown: ["limitAmount"],
        },
    },
};
