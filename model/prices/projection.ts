/** What a plan costs a month: by stack, region and component, at the smallest, first and largest size. Pure. */
import { BILLING } from "./defaults";
import {
    chargesOf,
    type Neighbours,
    type PlannedResource,
    type Quantity,
    type Spread,
    type Usage,
} from "./rules";
import { GLOBAL, priceBook, type PriceOf, type PriceOverrides } from "./table";

/** One kind of thing in one component of one region. */
export interface CostLine {
    readonly region: string;
    readonly component: string;
    readonly what: string;
    /** USD a unit; null where no price is known. */
    readonly unitUsd: number | null;
    readonly unit: string;
    readonly units: Spread;
    /** USD a month; null where no price is known. */
    readonly usd: Spread | null;
    /** Where the price comes from and its day. */
    readonly source: string;
    readonly date: string;
    readonly reservable: boolean;
}

/** What runs all the time even at the smallest size: what a reservation or savings plan is worth for. */
export interface AlwaysOn {
    readonly region: string;
    readonly what: string;
    readonly count: number;
    /** List price of all of them, USD a month; null where no price is known. */
    readonly usd: number | null;
}

/** A sum that is a lower bound when something in it has no price. */
export interface Total {
    readonly usd: Spread;
    readonly lowerBound: boolean;
}

export interface UsageLine {
    readonly region: string;
    readonly what: string;
    /** USD a unit, where known. */
    readonly unitUsd: number | null;
    readonly unit: string;
}

export interface CostProjection {
    readonly stack: string;
    readonly currency: "USD";
    readonly hoursPerMonth: number;
    readonly total: Total;
    readonly regions: Readonly<Record<string, Total>>;
    /** By `<region>/<component>`. */
    readonly components: Readonly<Record<string, Total>>;
    readonly lines: readonly CostLine[];
    /** What is billed but has no price or no count. */
    readonly unknown: readonly string[];
    readonly alwaysOn: readonly AlwaysOn[];
    /** What is billed by use and is in no total. */
    readonly usage: readonly UsageLine[];
    readonly assumptions: readonly string[];
}

export const ASSUMPTIONS: readonly string[] = [
    `${BILLING.hoursPerMonth} hours a month; list prices in USD without tax, free tiers, reservations, savings plans or discounts.`,
    "On demand, the first instance type of a group; spot, the median over its types of on demand less the savings that AWS reports.",
    "Minimum and maximum are the groups' bounds held for a whole month; a schedule's hours are between them.",
];

const NOTHING: Spread = { minimum: 0, desired: 0, maximum: 0 };
const SIZES = ["minimum", "desired", "maximum"] as const;

function add(a: Spread, b: Spread): Spread {
    return {
        minimum: a.minimum + b.minimum,
        desired: a.desired + b.desired,
        maximum: a.maximum + b.maximum,
    };
}

function times(a: Spread, factor: number): Spread {
    return {
        minimum: a.minimum * factor,
        desired: a.desired * factor,
        maximum: a.maximum * factor,
    };
}

function median(values: readonly number[]): number | undefined {
    const sorted = [...values].sort((a, b) => a - b);
    const upper = sorted[Math.floor(sorted.length / 2)];
    const lower = sorted[Math.ceil(sorted.length / 2) - 1];
    return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** @param overrides prices that the stack knows better */
export function projectCost(
    resources: readonly PlannedResource[],
    overrides: PriceOverrides = {},
): CostProjection {
    const priceOf = priceBook(overrides);
    const plan = neighboursOf(resources);
    const lines = new Map<string, CostLine>();
    const usage = new Map<string, UsageLine>();
    const uncounted = new Map<string, { region: string; component: string; what: string }>();
    for (const resource of resources) {
        const region = regionOf(resource);
        const component = componentOf(resource.urn);
        const charges = chargesOf(resource, plan) ?? {
            uncounted: [`${resource.type}: no rule for this type`],
        };
        for (const quantity of charges.fixed ?? []) {
            if (SIZES.every((size) => quantity.units[size] === 0)) continue;
            const line = lineOf(quantity, quantity.region ?? region, component, priceOf);
            const key = JSON.stringify([line.region, component, line.what, line.unitUsd]);
            const before = lines.get(key);
            lines.set(key, before ? merge(before, line) : line);
        }
        for (const used of charges.usage ?? []) {
            usage.set(`${region}/${used.what}`, usageOf(used, region, priceOf));
        }
        for (const what of charges.uncounted ?? []) {
            uncounted.set(`${region}/${component}/${what}`, { region, component, what });
        }
    }
    return summarise(
        stackOf(resources),
        [...lines.values()],
        [...uncounted.values()],
        [...usage.values()],
    );
}

function summarise(
    stack: string,
    lines: readonly CostLine[],
    uncounted: readonly { region: string; component: string; what: string }[],
    usage: readonly UsageLine[],
): CostProjection {
    const totals = (key: (line: { region: string; component: string }) => string) => {
        const sums: Record<string, Total> = {};
        for (const line of lines) sums[key(line)] = plus(sums[key(line)], line.usd);
        for (const missing of uncounted) sums[key(missing)] = plus(sums[key(missing)], null);
        return Object.fromEntries(
            Object.entries(sums).sort(([a], [b]) => a.localeCompare(b)),
        ) as Record<string, Total>;
    };
    const ordered = [...lines].sort(
        (a, b) =>
            a.region.localeCompare(b.region) ||
            a.component.localeCompare(b.component) ||
            a.what.localeCompare(b.what),
    );
    return {
        stack,
        currency: "USD",
        hoursPerMonth: BILLING.hoursPerMonth,
        total: totals(() => stack)[stack] ?? { usd: NOTHING, lowerBound: false },
        regions: totals(({ region }) => region),
        components: totals(({ region, component }) => `${region}/${component}`),
        lines: ordered,
        unknown: [
            ...ordered
                .filter(({ usd }) => usd === null)
                .map(({ region, component, what }) => `${region}/${component}: ${what}`),
            ...uncounted.map(({ region, component, what }) => `${region}/${component}: ${what}`),
        ],
        alwaysOn: ordered
            .filter(({ reservable, units }) => reservable && units.minimum > 0)
            .map(({ region, what, units, usd }) => ({
                region,
                what,
                count: units.minimum / BILLING.hoursPerMonth,
                usd: usd?.minimum ?? null,
            })),
        usage,
        assumptions: ASSUMPTIONS,
    };
}

function plus(total: Total | undefined, usd: Spread | null): Total {
    return {
        usd: add(total?.usd ?? NOTHING, usd ?? NOTHING),
        lowerBound: (total?.lowerBound ?? false) || usd === null,
    };
}

function lineOf(quantity: Quantity, region: string, component: string, priceOf: PriceOf): CostLine {
    const { skus, what, units } = quantity;
    const first = skus.map((sku) => priceOf(sku, region)).find(Boolean);
    const unitUsd = (quantity.spot ? spotUsd(skus, region, priceOf) : first?.usd) ?? null;
    return {
        region,
        component,
        what,
        unitUsd,
        unit: first?.unit ?? "",
        units,
        usd: unitUsd === null ? null : times(units, unitUsd),
        source: unitUsd === null ? "" : (first?.url ?? ""),
        date: unitUsd === null ? "" : (first?.date ?? ""),
        reservable: quantity.reservable ?? false,
    };
}

/** Median over the types whose on-demand price and savings are both known. */
export function spotUsd(
    skus: readonly string[],
    region: string,
    priceOf: PriceOf,
): number | undefined {
    return median(
        skus.flatMap((sku) => {
            const onDemand = priceOf(sku, region);
            const savings = priceOf(sku.replace(/\.hour$/, ".spotSavings"), region);
            return onDemand && savings ? [onDemand.usd * (1 - savings.usd / 100)] : [];
        }),
    );
}

function merge(a: CostLine, b: CostLine): CostLine {
    return {
        ...a,
        units: add(a.units, b.units),
        usd: a.usd && b.usd ? add(a.usd, b.usd) : null,
    };
}

function usageOf({ what, sku }: Usage, region: string, priceOf: PriceOf): UsageLine {
    const price = sku === undefined ? undefined : priceOf(sku, region);
    return { region, what, unitUsd: price?.usd ?? null, unit: price?.unit ?? "" };
}

function neighboursOf(resources: readonly PlannedResource[]): Neighbours {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const byType = new Map<string, PlannedResource[]>();
    for (const resource of resources) {
        const others = byType.get(resource.type);
        if (others) others.push(resource);
        else byType.set(resource.type, [resource]);
    }
    return {
        ofType: (type) => byType.get(type) ?? [],
        behind: ({ propertyDependencies = {} }, type) =>
            [...new Set(Object.values(propertyDependencies).flat())].flatMap((urn) => {
                const found = byUrn.get(urn);
                return found?.type === type ? [found] : [];
            }),
    };
}

function regionOf({ inputs }: PlannedResource): string {
    return typeof inputs["region"] === "string" ? inputs["region"] : GLOBAL;
}

function stackOf(resources: readonly PlannedResource[]): string {
    return /^urn:pulumi:([^:]+)::/.exec(resources[0]?.urn ?? "")?.[1] ?? "";
}

/** The class of the component that a resource is a child of; `program` for one of the program itself. */
function componentOf(urn: string): string {
    const types = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
    return types.at(-1)?.split(":").at(-1) ?? "program";
}
