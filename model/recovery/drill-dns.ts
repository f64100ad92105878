import { type Place, type RecordSet, resolve, type World } from "./dns-answers";
import type { Remainder } from "./drill-parts";
import type { Planned } from "./plan";
import { ofType, regionOf, TYPES } from "./topology";

/** What a name answers when a region is gone. */
export interface AnswersLeft extends Remainder {
    readonly part: string;
    readonly region: "global";
    readonly unit: "areas answered";
    readonly before: number;
    readonly needed: number;
}

/**
 * Asks every name that clients use, from every area it distinguishes and from one it does not, with a region's load balancers empty
 * and its health checks failing.
 */
export function answersWithout(region: string, resources: readonly Planned[]): AnswersLeft[] {
    const balancers = ofType(resources, TYPES.loadBalancer);
    const regionOfName = new Map(
        balancers.map((one) => [one.text("dnsName") ?? "", regionOf(one)]),
    );
    const gone = new Set([...regionOfName].filter(([, at]) => at === region).map(([name]) => name));
    // Addresses of IPv6 have the same trees: one family speaks for both.
    const records = ofType(resources, TYPES.record)
        .map((record) => recordSetOf(record))
        .filter(({ type, aliases }) => type === "A" && aliases);
    const failing = ofType(resources, TYPES.healthCheck)
        .filter((check) => gone.has(check.text("fqdn") ?? ""))
        .map((check) => check.id);
    const world: World = {
        records,
        failing: new Set(failing),
        empty: gone,
        byLatency: [region, ...new Set(regionOfName.values())],
    };
    const pointedAt = new Set(
        records.flatMap(({ aliases = [] }) => aliases.map(({ name }) => name)),
    );
    const names = [...new Set(records.map(({ name }) => name))].filter(
        (name) => !pointedAt.has(name),
    );
    return names
        .filter((name) =>
            regionOfName.has(
                resolve({ ...world, failing: new Set(), empty: new Set() }, name) ?? "",
            ),
        )
        .map((name) => {
            const areas: { area: string; place: Place }[] = [
                { area: "anywhere else", place: {} },
                ...records
                    .filter((record) => record.name === name)
                    .flatMap(({ geolocationRoutingPolicies = [] }) => geolocationRoutingPolicies)
                    .filter(({ country }) => country !== "*")
                    .map((place) => ({ area: Object.values(place).join("/"), place })),
            ];
            const silent = areas.filter(({ place }) => {
                const answer = resolve(world, name, place);
                return answer === undefined || gone.has(answer);
            });
            return {
                part: name,
                region: "global",
                unit: "areas answered",
                before: areas.length,
                needed: areas.length,
                left: areas.length - silent.length,
                verdict: silent.length === 0 ? "holds" : "fails",
                note:
                    silent.length === 0
                        ? ""
                        : `sent to the lost region: ${silent.map(({ area }) => area).join(", ")}`,
            };
        });
}

/** A record's inputs; the names and ids in them are what the answers depend on. */
function recordSetOf(record: Planned): RecordSet {
    const at = <T>(key: string) => record.value(key) as T | undefined;
    const checkId = record.input("healthCheckId");
    const policies = [
        "failoverRoutingPolicies",
        "geolocationRoutingPolicies",
        "latencyRoutingPolicies",
        "weightedRoutingPolicies",
        "cidrRoutingPolicy",
        "geoproximityRoutingPolicy",
    ];
    return {
        name: record.text("name") ?? "",
        type: record.text("type") ?? "",
        ...(checkId ? { healthCheckId: checkId } : {}),
        ...(at("aliases") ? { aliases: at<NonNullable<RecordSet["aliases"]>>("aliases")! } : {}),
        ...Object.fromEntries(policies.filter((key) => at(key)).map((key) => [key, at(key)])),
    };
}
