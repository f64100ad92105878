import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { areaKey, geolocation } from "./area";
import { type AreaArgs, RoutingMode } from "./args";

/** A load balancer that a name leads to, and the health check that watches it. */
export interface Destination {
    dnsName: pulumi.Input<string>;
    zoneId: pulumi.Input<string>;
    healthCheckId: pulumi.Input<string>;
}

export interface TreeArgs {
    zoneId: pulumi.Input<string>;
    /** The name that clients use. */
    host: string;
    mode: RoutingMode;
    areas: readonly AreaArgs[];
    /** By region. */
    destinations: { [region: string]: Destination };
}

/** Names inside the tree start with an underscore, which no host's name does. */
const NEAREST = "_nearest";
const homeOf = (region: string) => `_home-${region}`;

/** The records of one host, a tree whose every leaf is a load balancer of `destinations`; see GeoDns for its form. */
export function recordTree(name: string, parent: pulumi.Resource, args: TreeArgs): void {
    const { zoneId, host, destinations } = args;
    const regions = Object.keys(destinations);
    const record = (
        key: string,
        at: string,
        extra: Omit<route53.RecordArgs, "zoneId" | "name" | "type">,
        targets: pulumi.Resource[] = [],
    ) =>
        new route53.Record(
            `${name}-${key}`,
            { zoneId, name: at, type: "A", ...extra },
            // An alias is refused while the name it points to has no record.
            { parent, dependsOn: targets },
        );
    /** To the load balancer of a region, healthy while both its targets and its Route 53 health check are. */
    const toBalancer = (region: string) => {
        const to = destinations[region]!;
        return {
            aliases: [{ name: to.dnsName, zoneId: to.zoneId, evaluateTargetHealth: true }],
            healthCheckId: to.healthCheckId,
        };
    };
    /** To a name inside the tree, healthy while any record of that name is. */
    const toName = (label: string) => ({
        aliases: [{ name: `${label}.${host}`, zoneId, evaluateTargetHealth: true }],
    });
    const nearest = (at: string) =>
        regions.map((region) =>
            record(`nearest-${region}`, at, {
                setIdentifier: region,
                latencyRoutingPolicies: [{ region }],
                ...toBalancer(region),
            }),
        );

    if (args.mode === RoutingMode.Latency) {
        nearest(host);
        return;
    }
    const area = ({ area: which }: AreaArgs) => ({
        setIdentifier: areaKey(which),
        geolocationRoutingPolicies: [geolocation(which)],
    });
    if (regions.length === 1) {
        for (const a of args.areas) {
            record(`area-${areaKey(a.area)}`, host, { ...area(a), ...toBalancer(a.region) });
        }
        return;
    }
    const others = nearest(`${NEAREST}.${host}`);
    const homes = new Map(
        regions.map((region) => [
            region,
            [
                record(`home-${region}-primary`, `${homeOf(region)}.${host}`, {
                    setIdentifier: "primary",
                    failoverRoutingPolicies: [{ type: "PRIMARY" }],
                    ...toBalancer(region),
                }),
                record(
                    `home-${region}-secondary`,
                    `${homeOf(region)}.${host}`,
                    {
                        setIdentifier: "secondary",
                        failoverRoutingPolicies: [{ type: "SECONDARY" }],
                        ...toName(NEAREST),
                    },
                    others,
                ),
            ],
        ]),
    );
    for (const a of args.areas) {
        record(
            `area-${areaKey(a.area)}`,
            host,
            { ...area(a), ...toName(homeOf(a.region)) },
            homes.get(a.region),
        );
    }
}
