import type { CostProjection, Total } from "./projection";
import type { Spread } from "./rules";

/** How the cost of one component of one region changes; a lower bound on either side makes it one. */
export interface CostDifference {
    readonly region: string;
    readonly component: string;
    readonly usd: Spread;
    readonly incomplete: boolean;
}

/** Difference in USD a month by region and component, those that change, and of the whole under component `total`. */
export function differenceOf(before: CostProjection, after: CostProjection): CostDifference[] {
    const keys = [
        ...new Set([...Object.keys(before.components), ...Object.keys(after.components)]),
    ].sort();
    const parts = keys.map((key) => {
        const [region = "", component = ""] = key.split("/");
        return difference(region, component, before.components[key], after.components[key]);
    });
    return [
        ...parts.filter(({ usd }) => Object.values(usd).some((value) => value !== 0)),
        difference("all", "total", before.total, after.total),
    ];
}

function difference(region: string, component: string, from?: Total, to?: Total): CostDifference {
    const change = (size: keyof Spread) => {
        const cents = ((to?.usd[size] ?? 0) - (from?.usd[size] ?? 0)) * 100;
        return Math.round(cents) / 100;
    };
    return {
        region,
        component,
        usd: {
            minimum: change("minimum"),
            desired: change("desired"),
            maximum: change("maximum"),
        },
        incomplete: (from?.lowerBound ?? false) || (to?.lowerBound ?? false),
    };
}
