/** The cost of a plan for people and machines: a section of the preview. */
import type { Plan } from "logcaster-preview";
import {
    differenceOf,
    projectCost,
    type CostDifference,
    type CostProjection,
    type PlannedResource,
    type PriceOverrides,
    type Spread,
    type Total,
} from "logcaster-model/prices";

interface Budget {
    readonly monthlyLimitUsd?: number;
    readonly prices?: PriceOverrides;
}

export interface PlanCost extends CostProjection {
    /** The stack's limit, where its settings have one, and whether the cost at the desired size is within. */
    readonly limit?: { readonly monthlyUsd: number; readonly within: boolean };
    readonly difference?: readonly CostDifference[];
}

/** Projects a plan's cost; with `earlier`, also how it differs from that plan's. */
export function planCost(plan: Plan, earlier?: Plan): PlanCost {
    const budget = budgetOf(plan);
    const cost = projectCost(resourcesOf(plan), budget.prices);
    const limit = budget.monthlyLimitUsd;
    return {
        ...cost,
        ...(limit === undefined
            ? {}
            : { limit: { monthlyUsd: limit, within: cost.total.usd.desired <= limit } }),
        ...(earlier
            ? {
                  difference: differenceOf(
                      projectCost(resourcesOf(earlier), budgetOf(earlier).prices),
                      cost,
                  ),
              }
            : {}),
    };
}

function resourcesOf(plan: Plan): PlannedResource[] {
    return plan.steps
        .filter(({ op }) => op !== "delete")
        .map(({ newState }) => newState as unknown as PlannedResource);
}

/** The settings were read by the program already, so what is wrong with them was said. */
function budgetOf(plan: Plan): Budget {
    const raw = Object.entries(plan.config ?? {}).find(([key]) => key.endsWith(":budget"))?.[1];
    if (raw === undefined) return {};
    try {
        return JSON.parse(raw) as Budget;
    } catch {
        return {};
    }
}

const SIZES: readonly (keyof Spread)[] = ["minimum", "desired", "maximum"];
const WIDTH = 14;

const usd = (value: number): string =>
    value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const cells = (texts: readonly string[]): string =>
    texts.map((text) => text.padStart(WIDTH)).join("");
const spread = (value: Spread): string => cells(SIZES.map((size) => usd(value[size])));
const signed = (value: Spread): string =>
    cells(SIZES.map((size) => `${value[size] > 0 ? "+" : ""}${usd(value[size])}`));
const bound = ({ lowerBound }: Total): string => (lowerBound ? "  lower bound" : "");

/** A table by region and component, its lines, and what it leaves out. */
export function costText(cost: PlanCost): string {
    const width = Math.max(
        ...cost.lines.map(({ what }) => what.length + "    ".length),
        ...Object.keys(cost.components).map((key) => key.length),
        "at desired size".length,
    );
    const row = (label: string, values: string) => `  ${label.padEnd(width)}${values}`;
    const regions = Object.entries(cost.regions).flatMap(([region, total]) => [
        row(region, spread(total.usd)) + bound(total),
        ...Object.entries(cost.components)
            .filter(([key]) => key.startsWith(`${region}/`))
            .flatMap(([key, part]) => [
                row(`  ${key.slice(region.length + 1)}`, spread(part.usd)) + bound(part),
                ...cost.lines
                    .filter((line) => `${line.region}/${line.component}` === key)
                    .map((line) =>
                        row(
                            `    ${line.what}`,
                            line.usd ? spread(line.usd) : cells(SIZES.map(() => "unknown")),
                        ),
                    ),
            ]),
    ]);
    return [
        `Cost of ${cost.stack}, USD a month of ${cost.hoursPerMonth} hours`,
        row("", cells(SIZES)),
        ...regions,
        row("total", spread(cost.total.usd)) + bound(cost.total),
        ...limitText(cost),
        ...alwaysOnText(cost),
        ...usageText(cost),
        ...cost.assumptions.map((assumption) => `  ${assumption}`),
        ...differenceText(cost, width),
        "",
    ].join("\n");
}

function limitText({ limit, total }: PlanCost): string[] {
    if (!limit) return [];
    const { monthlyUsd, within } = limit;
    const verdict = within
        ? total.lowerBound
            ? "within it, as far as prices are known"
            : "within it"
        : "above it";
    return [
        `  Limit ${usd(monthlyUsd)} (logcaster:budget.monthlyLimitUsd): desired is ${verdict}.`,
    ];
}

function alwaysOnText({ alwaysOn }: PlanCost): string[] {
    if (alwaysOn.length === 0) return [];
    return [
        "  Always on, what a reservation or savings plan is worth for (docs/cost.md):",
        ...alwaysOn.map(
            ({ region, what, count, usd: price }) =>
                `    ${region}: ${count} ${what}, ${price === null ? "unknown" : usd(price)}`,
        ),
    ];
}

function usageText({ usage }: PlanCost): string[] {
    const regions = new Map<string, string[]>();
    for (const { region, what, unitUsd, unit } of usage) {
        const known = unitUsd === null ? what : `${what} (${unitUsd} a ${unit})`;
        regions.set(known, [...(regions.get(known) ?? []), region]);
    }
    return [
        "  In no total, because it is billed by use that a plan does not know:",
        ...[...regions].map(([what, where]) => `    ${what}: ${where.join(", ")}`),
    ];
}

function differenceText({ difference }: PlanCost, width: number): string[] {
    if (!difference) return [];
    const rows = difference.map(
        ({ region, component, usd: change, incomplete }) =>
            `  ${(component === "total" ? "total" : `${region}/${component}`).padEnd(width)}` +
            `${signed(change)}${incomplete ? "  prices incomplete" : ""}`,
    );
    return ["", "Difference to the earlier plan, USD a month", ...rows];
}
