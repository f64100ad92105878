/** What an hour of a fleet's instance costs, counted as the projection of a plan counts it. Pure. */
import type { Settings } from "../settings";
import { typesOf } from "../instance-types";
import { spotUsd } from "./projection";
import { type Price, priceBook } from "./table";

/** An hour of an instance that scales, USD. */
export interface InstanceHour {
    readonly onDemandPerHour: number;
    readonly spotPerHour: number;
    /** A sentence a price: what it is, of which day and from where. */
    readonly sources: readonly string[];
}

/**
 * The price of an hour of what a stack scales in a region: of its instances, or of the nodes of its first node group, which are on demand.
 * Prices of `budget.prices` go before those of the table.
 * @returns a sentence naming what has no known price, where there is none
 */
export function instanceHourOf(settings: Settings, region: string): InstanceHour | string {
    const { kubernetes, scaling, budget } = settings;
    const [group] = Object.values(kubernetes?.nodeGroups ?? {});
    if (kubernetes && !group) return "The stack has no node group, and pods have no price.";
    const tier = group?.tier ?? scaling.tier;
    const types =
        (group ? undefined : scaling.spot.instanceTypes) ??
        typesOf(tier, region).map(({ type }) => type);
    const priceOf = priceBook(budget?.prices);
    const skus = types.map((type) => `ec2.${type}.hour`);
    const [first] = types;
    const onDemand = skus[0] === undefined ? undefined : priceOf(skus[0], region);
    if (!onDemand) return `No price is known of ${first ?? `tier ${tier}`} in ${region}.`;
    const { usd } = onDemand;
    const bought = `Price: ${usd} USD an hour on demand, ${first} in ${region}, ${origin(onDemand)}.`;
    if (kubernetes || !scaling.spot.enabled) {
        return { onDemandPerHour: usd, spotPerHour: usd, sources: [bought] };
    }
    const spotPerHour = spotUsd(skus, region, priceOf);
    if (spotPerHour === undefined) {
        return `No price of spot is known of ${types.join(", ")} in ${region}.`;
    }
    const savings = skus.flatMap((sku) => {
        const found = priceOf(sku.replace(/\.hour$/, ".spotSavings"), region);
        return found ? [origin(found)] : [];
    });
    const estimate = `Price: ${spotPerHour.toFixed(5)} USD an hour of spot, an estimate: the median over the group's types of on demand less what spot saves, ${[...new Set(savings)].join("; ")}.`;
    return { onDemandPerHour: usd, spotPerHour, sources: [bought, estimate] };
}

const origin = ({ date, url }: Price): string =>
    date === "" ? `from ${url}` : `of ${date} (${url})`;
