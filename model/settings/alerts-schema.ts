/** Settings of who is told, and of what a stack may cost. */
import { z } from "zod";
import { entry, flag, int, requiredInt, text } from "./fields";

const targets = (description: string) =>
    z
        .array(
            entry(
                /^(mailto:[^@\s]+@[^@\s]+\.[^@\s]+|https:\/\/\S+)$/,
                "mailto:<address> or an https:// address without a secret in it",
            ),
        )
        .default([])
        .meta({ description });

export const alertsSchema = z.strictObject({
    notifyOps: targets("Who hears of what can wait."),
    pageOncall: targets("Who is woken."),
    capacityPlanning: targets("Who plans capacity."),
    pageOncallWebhook: flag(
        false,
        "Also post pages to the address in the secret logcaster:pageOncallUrl.",
    ),
    slack: z
        .strictObject({
            teamId: text(/^T[0-9A-Z]{2,}$/, "a workspace id, such as T0123ABCD", "Workspace."),
            channelId: text(/^C[0-9A-Z]{2,}$/, "a channel id, such as C0123ABCD", "Channel."),
        })
        .optional()
        .meta({ description: "Also write every alert into a Slack channel." }),
    incidentResponsePlanArn: text(
        /^arn:aws[\w-]*:ssm-incidents::\d{12}:response-plan\/[\w-]+$/,
        "the ARN of a response plan, arn:aws:ssm-incidents::<account>:response-plan/<name>",
        "Incident Manager response plan that a page starts.",
    ).optional(),
    runbooksUrl: text(
        /^https:\/\/\S+[^/\s]$/,
        "an https:// address without a last slash",
        "Where the runbooks can be read; absent, alerts name docs/runbooks in the repository.",
    ).optional(),
    maxScalingEventsPerHour: int(
        "alerts.maxScalingEventsPerHour",
        "Changes of a group's size in an hour above which somebody is told.",
    ),
    maxCapacityPercent: int(
        "alerts.maxCapacityPercent",
        "Share of scaling.max in service from which capacity planning is told.",
    ),
});

export const budgetSchema = z.strictObject({
    monthlyLimitUsd: requiredInt(
        "budget.monthlyLimitUsd",
        "What the stack may cost a month; what is spent and what is forecast are held against it.",
    ),
    warnPercent: int("budget.warnPercent", "Share of the limit spent from which somebody is told."),
    anomalyUsd: int(
        "budget.anomalyUsd",
        "Unusual spending from which somebody is told, by AWS's own anomaly detection.",
    ),
    coveragePercent: int(
        "budget.coveragePercent",
        "Share of hours under a reservation or savings plan below which somebody is told.",
    ),
    utilizationPercent: int(
        "budget.utilizationPercent",
        "Use of reservations and savings plans below which somebody is told.",
    ),
    prices: z
        .record(
            entry(/^([a-z]{2}(-[a-z]+)+-\d|global|\*)$/, "a region's name, global, or * for all"),
            z.record(
                z.string(),
                z.number({ error: "a price in USD, above 0" }).positive("a price in USD, above 0"),
            ),
        )
        .default({})
        .meta({
            description:
                "Prices over those of the table, USD a unit: by region, then by SKU (docs/cost.md).",
        }),
});
