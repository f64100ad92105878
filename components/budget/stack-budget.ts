import * as budgets from "@pulumi/aws/budgets";
import * as costexplorer from "@pulumi/aws/costexplorer";
import * as pulumi from "@pulumi/pulumi";
import { AWS_RULES } from "logcaster-model/aws-rules";
import { collectProblems, refuse } from "../problems";
import type { StackBudgetArgs } from "./args";
import { BUDGET_DEFAULTS, COMMITMENTS, COST_TAG } from "./defaults";

/**
 * What a stack may cost a month, with alarms on what is spent and on what AWS forecasts; detection of unusual spending; and
 * budgets for how much of the account's hours reservations and savings plans cover, and how much of those is used. It buys nothing.
 *
 * Billing is one service for the world behind an endpoint in us-east-1: its resources take no region. The stack's costs are
 * found by the tag `environment`, which the account must activate once as a cost allocation tag (docs/cost.md).
 *
 * **Cost**: nothing: budgets without actions and anomaly detection are free.
 * **Limits**: 20,000 budgets an account; 10 addresses and 5 alarms a budget; AWS updates figures a few times a day.
 */
export class StackBudget extends pulumi.ComponentResource {
    /** Name of the cost budget. */
    readonly budgetName: pulumi.Output<string>;
    /** What detects unusual spending. */
    readonly anomalyMonitorArn: pulumi.Output<string>;

    constructor(name: string, args: StackBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:StackBudget", name, {}, opts);
        refuse(this, name, problems(args));
        const options = { ...BUDGET_DEFAULTS, ...args };
        const cost = createCostBudget(name, this, options);
        createCommitmentBudgets(name, this, options);
        const monitor = createAnomalyDetection(name, this, options);

        this.budgetName = cost.name;
        this.anomalyMonitorArn = monitor.arn;
        this.registerOutputs({
            budgetName: this.budgetName,
            anomalyMonitorArn: this.anomalyMonitorArn,
        });
    }
}

type Options = Required<StackBudgetArgs>;

function problems({ emails, monthlyLimitUsd }: StackBudgetArgs) {
    const { found, refuse } = collectProblems();
    const { min, max } = AWS_RULES["budgets.addresses"];
    if (emails.length < min || emails.length > max) {
        const allowed = `${min} to ${max} addresses: AWS Budgets refuses an alarm without or with more`;
        refuse("emails", emails, allowed);
    }
    if (!(monthlyLimitUsd > 0)) refuse("monthlyLimitUsd", monthlyLimitUsd, "above 0 USD");
    return found;
}

const tagsOf = (name: string) => ({ Name: name, "logcaster:component": "budget" });

function createCostBudget(name: string, parent: pulumi.Resource, options: Options) {
    const above = (notificationType: string, threshold: number) => ({
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold,
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: options.emails,
    });
    return new budgets.Budget(
        `${name}-cost`,
        {
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: String(options.monthlyLimitUsd),
            limitUnit: "USD",
            costFilters: [
                { name: "TagKeyValue", values: [`user:${COST_TAG}$${options.environment}`] },
            ],
            notifications: [
                above("ACTUAL", options.warnPercent),
                above("ACTUAL", 100),
                above("FORECASTED", 100),
            ],
            tags: tagsOf(`${name}-cost`),
        },
        { parent },
    );
}

/** AWS measures reservations and savings plans by the account, and forecasts neither. */
function createCommitmentBudgets(name: string, parent: pulumi.Resource, options: Options): void {
    for (const commitment of COMMITMENTS) {
        const { role, budgetType } = commitment;
        new budgets.Budget(
            `${name}-${role}`,
            {
                budgetType,
                timeUnit: "MONTHLY",
                limitAmount: "100",
                limitUnit: "PERCENTAGE",
                ...("service" in commitment
                    ? { costFilters: [{ name: "Service", values: [commitment.service] }] }
                    : {}),
                notifications: [
                    {
                        notificationType: "ACTUAL",
                        comparisonOperator: "LESS_THAN",
                        threshold: budgetType.endsWith("COVERAGE")
                            ? options.coveragePercent
                            : options.utilizationPercent,
                        thresholdType: "PERCENTAGE",
                        subscriberEmailAddresses: options.emails,
                    },
                ],
                tags: tagsOf(`${name}-${role}`),
            },
            { parent },
        );
    }
}

function createAnomalyDetection(name: string, parent: pulumi.Resource, options: Options) {
    const monitor = new costexplorer.AnomalyMonitor(
        `${name}-anomalies`,
        {
            monitorType: "CUSTOM",
            // One of the account's kind, by service, is all an account may have; by tag, each stack has its own.
            monitorSpecification: JSON.stringify({
                And: null,
                CostCategories: null,
                Dimensions: null,
                Not: null,
                Or: null,
                Tags: { Key: COST_TAG, MatchOptions: null, Values: [options.environment] },
            }),
            tags: tagsOf(`${name}-anomalies`),
        },
        { parent },
    );
    new costexplorer.AnomalySubscription(
        `${name}-anomalies`,
        {
            frequency: "DAILY",
            monitorArnLists: [monitor.arn],
            subscribers: options.emails.map((address) => ({ type: "EMAIL", address })),
            thresholdExpression: {
                dimension: {
                    key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    matchOptions: ["GREATER_THAN_OR_EQUAL"],
                    values: [String(options.anomalyUsd)],
                },
            },
            tags: tagsOf(`${name}-anomalies`),
        },
        { parent },
    );
    return monitor;
}
