/** The price table: a row names its SKU, region, unit and source. */
import { INSTANCE_PRICES, NODE_PRICES, PRICED_REGIONS } from "./instances";
import { SOURCES, type SourceId } from "./sources";

/** What a unit of something costs. */
export interface Price {
    /** `<service>.<what>`, as `nat.hour` or `ec2.m6in.xlarge.hour`. */
    readonly sku: string;
    /** A region's name, or EVERYWHERE where the source states one price for all. */
    readonly region: string;
    /** USD a unit; percent where the unit says so. */
    readonly usd: number;
    readonly unit: string;
    /** ISO day, see Source. */
    readonly date: string;
    readonly url: string;
}

export const EVERYWHERE = "*";
/** The region of what AWS runs once for the world, such as Route 53. */
export const GLOBAL = "global";

const VIRGINIA = "us-east-1";
const IRELAND = "eu-west-1";
const TOKYO = "ap-northeast-1";

function price(sku: string, region: string, usd: number, unit: string, from: SourceId): Price {
    const { date, url } = SOURCES[from];
    return { sku, region, usd, unit, date, url };
}

function* byRegion(
    sku: string,
    usd: readonly (number | null)[],
    unit: string,
    from: (region: string) => SourceId,
): Generator<Price> {
    for (const [i, value] of usd.entries()) {
        const region = PRICED_REGIONS[i];
        if (value !== null && region) yield price(sku, region, value, unit, from(region));
    }
}

function* instances(): Generator<Price> {
    const source = (region: string) => (region === VIRGINIA ? "ec2Virginia" : "ec2");
    for (const [type, { usd, savings }] of Object.entries(INSTANCE_PRICES)) {
        yield* byRegion(`ec2.${type}.hour`, usd, "instance-hour", source);
        const unit = "percent below on demand";
        yield* byRegion(`ec2.${type}.spotSavings`, savings ?? [], unit, () => "spotSavings");
    }
}

function* nodes(): Generator<Price> {
    for (const [engine, type, usd] of NODE_PRICES) {
        yield* byRegion(
            `elasticache.${engine}.${type}.hour`,
            usd,
            "node-hour",
            () => "elastiCache",
        );
    }
}

/** Out to the internet (its first 10 TB), and between zones, counted on both sides. */
function* transfer(): Generator<Price> {
    const internet = [0.09, 0.09, 0.09, 0.09, 0.114, 0.126, 0.12];
    yield* byRegion("transfer.internetGb", internet, "GB out", () => "transfer");
    const zones = PRICED_REGIONS.map(() => 0.01);
    yield* byRegion("transfer.zonesGb", zones, "GB in or out", () => "transfer");
}

// prettier-ignore
const SERVICES: readonly Price[] = [
    price("elasticache.syncDurability.cache.r7g.large.hour", TOKYO, 0.0379, "node-hour", "syncDurabilityTokyo"),
    price("nat.hour", VIRGINIA, 0.045, "gateway-hour", "natVirginia"),
    price("nat.hour", IRELAND, 0.048, "gateway-hour", "natIreland"),
    price("nat.hour", TOKYO, 0.062, "gateway-hour", "vpcTokyo"),
    price("nat.gb", VIRGINIA, 0.045, "GB", "natVirginia"),
    price("nat.gb", IRELAND, 0.048, "GB", "natIreland"),
    price("nat.gb", TOKYO, 0.062, "GB", "vpcTokyo"),
    price("publicIpv4.hour", EVERYWHERE, 0.005, "address-hour", "publicIpv4"),
    price("balancer.network.hour", VIRGINIA, 0.0225, "balancer-hour", "balancerVirginia"),
    price("balancer.network.hour", IRELAND, 0.0252, "balancer-hour", "balancerIreland"),
    price("balancer.network.hour", TOKYO, 0.0243, "balancer-hour", "balancerTokyo"),
    price("balancer.application.hour", VIRGINIA, 0.0225, "balancer-hour", "balancerVirginia"),
    price("balancer.application.hour", TOKYO, 0.0243, "balancer-hour", "balancerTokyo"),
    price("balancer.network.lcuHour", VIRGINIA, 0.006, "NLCU-hour", "balancerVirginia"),
    price("balancer.network.lcuHour", TOKYO, 0.006, "NLCU-hour", "balancerTokyo"),
    price("balancer.application.lcuHour", VIRGINIA, 0.008, "LCU-hour", "balancerVirginia"),
    price("balancer.application.lcuHour", TOKYO, 0.008, "LCU-hour", "balancerTokyo"),
    price("endpoint.interface.hour", VIRGINIA, 0.01, "endpoint-hour", "endpointVirginia"),
    price("endpoint.interface.hour", TOKYO, 0.014, "endpoint-hour", "vpcTokyo"),
    price("volume.gp3.gbMonth", VIRGINIA, 0.08, "GiB-month", "volumesVirginia"),
    price("volume.gp3.gbMonth", IRELAND, 0.088, "GiB-month", "volumesIreland"),
    price("volume.gp3.gbMonth", TOKYO, 0.096, "GiB-month", "volumesTokyo"),
    price("volume.gp3.iopsMonth", VIRGINIA, 0.005, "IOPS-month", "volumesVirginia"),
    price("volume.gp3.iopsMonth", IRELAND, 0.0055, "IOPS-month", "volumesIreland"),
    price("volume.gp3.iopsMonth", TOKYO, 0.006, "IOPS-month", "volumesTokyo"),
    price("volume.gp3.mibpsMonth", VIRGINIA, 0.04, "MiB/s-month", "volumesVirginia"),
    price("volume.gp3.mibpsMonth", IRELAND, 0.044, "MiB/s-month", "volumesIreland"),
    price("volume.gp3.mibpsMonth", TOKYO, 0.048, "MiB/s-month", "volumesTokyo"),
    price("monitoring.metricMonth", VIRGINIA, 0.3, "metric-month", "detailedMonitoringVirginia"),
    price("alarm.metricMonth", VIRGINIA, 0.1, "alarm-metric-month", "alarmVirginia"),
    price("alarm.compositeMonth", VIRGINIA, 0.5, "alarm-month", "compositeAlarm"),
    price("dashboard.month", GLOBAL, 3, "dashboard-month", "dashboardVirginia"),
    price("logs.gb", VIRGINIA, 0.5, "GB taken in", "logsVirginia"),
    price("logs.gb", IRELAND, 0.57, "GB taken in", "logsIreland"),
    price("kms.keyMonth", EVERYWHERE, 1, "key-month", "kms"),
    price("secret.month", VIRGINIA, 0.4, "secret-month", "secretVirginia"),
    price("route53.zoneMonth", GLOBAL, 0.5, "zone-month", "zone"),
    price("route53.healthCheckMonth", GLOBAL, 0.5, "check-month", "healthCheck"),
    price("route53.healthCheckFeatureMonth", GLOBAL, 1, "feature-month", "healthCheck"),
    price("eks.cluster.hour", EVERYWHERE, 0.1, "cluster-hour", "eks"),
    price("aurora.serverlessV2.acuHour", VIRGINIA, 0.12, "ACU-hour", "auroraVirginia"),
];

export const PRICES: readonly Price[] = [...instances(), ...nodes(), ...transfer(), ...SERVICES];

/** Prices that a stack knows better, USD a unit: by region (or `global`, `*`), then by SKU. */
export type PriceOverrides = Readonly<Record<string, Readonly<Record<string, number>>>>;

export type PriceOf = (sku: string, region: string) => Price | undefined;

/** Finds prices: the stack's own first, a region's before one for all regions. */
export function priceBook(overrides: PriceOverrides = {}): PriceOf {
    const rows = new Map(PRICES.map((row) => [`${row.region}/${row.sku}`, row]));
    const own = (sku: string, region: string): Price | undefined => {
        const usd = overrides[region]?.[sku];
        if (usd === undefined) return undefined;
        const unit = PRICES.find((row) => row.sku === sku)?.unit ?? "unit";
        return { sku, region, usd, unit, date: "", url: "logcaster:budget.prices" };
    };
    return (sku, region) =>
        own(sku, region) ??
        own(sku, EVERYWHERE) ??
        rows.get(`${region}/${sku}`) ??
        rows.get(`${EVERYWHERE}/${sku}`);
}
