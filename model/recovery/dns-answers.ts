/**
 * What Route 53 answers, from the records of a zone and what is healthy: pure, from the documentation of routing policies and
 * of how health checks work in complex configurations
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html). It knows the policies that
 * GeoDns uses; weights, proximity, multiple values and CIDR routing it refuses. It does not prove that Route 53 agrees.
 */
/** One record set, as its resource's inputs have it. */
export interface RecordSet {
    name: string;
    type: string;
    setIdentifier?: string;
    aliases?: { name: string; zoneId: string; evaluateTargetHealth: boolean }[];
    healthCheckId?: string;
    failoverRoutingPolicies?: { type: "PRIMARY" | "SECONDARY" }[];
    geolocationRoutingPolicies?: { continent?: string; country?: string; subdivision?: string }[];
    latencyRoutingPolicies?: { region: string }[];
}

/** Where the asking resolver is, as far as AWS knows. */
export interface Place {
    continent?: string;
    country?: string;
    subdivision?: string;
}

export interface World {
    records: readonly RecordSet[];
    /** Ids of the health checks that fail. */
    failing: ReadonlySet<string>;
    /** DNS names of load balancers with a target group that has no healthy target. */
    empty: ReadonlySet<string>;
    /** Regions from the nearest to the farthest, as AWS measured for this resolver. */
    byLatency: readonly string[];
}

/** The load balancer's name that a query is answered with; undefined for no answer. */
export function resolve(world: World, name: string, place: Place = {}): string | undefined {
    const found = world.records.filter((r) => r.name === name);
    const candidates = order(found, world, place);
    // Where none is healthy, all are treated as healthy.
    const chosen = candidates.find((r) => healthy(r, world)) ?? candidates[0];
    const alias = chosen?.aliases?.[0];
    if (!alias) return undefined;
    return inZone(alias.name, world) ? resolve(world, alias.name, place) : alias.name;
}

/** The records that may answer, the preferred first. */
function order(records: readonly RecordSet[], world: World, place: Place): RecordSet[] {
    const [first] = records;
    if (!first) return [];
    const other = Object.keys(first).find(
        (key) => /RoutingPolic/.test(key) && !/^(failover|geolocation|latency)/.test(key),
    );
    if (other) throw new Error(`this resolver does not know ${other}`);
    if (first.geolocationRoutingPolicies) {
        return records
            .map((record) => ({ record, rank: specificity(record, place) }))
            .filter(({ rank }) => rank >= 0)
            .sort((a, b) => b.rank - a.rank)
            .map(({ record }) => record);
    }
    if (first.failoverRoutingPolicies) {
        const role = (type: string) =>
            records.filter((r) => r.failoverRoutingPolicies?.[0]?.type === type);
        return [...role("PRIMARY"), ...role("SECONDARY")];
    }
    if (first.latencyRoutingPolicies) {
        const rank = (r: RecordSet) =>
            world.byLatency.indexOf(r.latencyRoutingPolicies?.[0]?.region ?? "");
        return [...records].sort((a, b) => rank(a) - rank(b));
    }
    return [...records];
}

/** How closely an area fits a place: state, country, continent, everybody; below zero where it does not. */
function specificity(record: RecordSet, place: Place): number {
    const { continent, country, subdivision } = record.geolocationRoutingPolicies?.[0] ?? {};
    if (country === "*") return 0;
    if (continent) return continent === place.continent ? 1 : -1;
    if (country !== place.country) return -1;
    if (subdivision) return subdivision === place.subdivision ? 3 : -1;
    return 2;
}

/** A record is healthy when its own check passes and, where it evaluates its target, that is healthy. */
function healthy(record: RecordSet, world: World): boolean {
    if (record.healthCheckId && world.failing.has(record.healthCheckId)) return false;
    return (record.aliases ?? []).every(
        (alias) => !alias.evaluateTargetHealth || targetHealthy(alias.name, world),
    );
}

/** A load balancer is healthy unless a target group is empty; a name, when any record of it is. */
function targetHealthy(name: string, world: World): boolean {
    if (!inZone(name, world)) return !world.empty.has(name);
    return world.records.some((r) => r.name === name && healthy(r, world));
}

const inZone = (name: string, world: World) => world.records.some((r) => r.name === name);
