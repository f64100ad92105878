import type { Planned } from "./plan";
import { ofType, regionOf, type Topology, TYPES, zonesOf } from "./topology";

/** How well a part stands a loss: as before; less or worse until it has recovered; not without a change of the plan. */
export type Verdict = "holds" | "recovers" | "fails";

/** What is left of a part. */
export interface Remainder {
    readonly left: number;
    /** What there was, where other regions count too. */
    readonly before?: number;
    readonly verdict: Verdict;
    /** What happens by itself or has to be done; empty where nothing. */
    readonly note: string;
}

/** Something of the plan that stands in zones of one region. */
export interface Part {
    readonly kind:
        | "instances"
        | "proxies"
        | "nodes"
        | "front door"
        | "way out"
        | "redis"
        | "database"
        | "control plane";
    readonly part: string;
    readonly region: string;
    /** What is counted. */
    readonly unit: string;
    readonly before: number;
    /** The fewest with which it works as planned. */
    readonly needed: number;
    readonly zones: readonly string[];
    withoutZone(zone: string): Remainder;
    /** @param others the same kind of part in other regions */
    withoutRegion(others: readonly Part[]): Remainder;
    /** What may be started beyond `before`. */
    readonly headroom?: number;
    /** What ties a database or a Redis cluster to its copies in other regions. */
    readonly group?: string;
}

/** Most that one of `zones` holds of `count`, spread evenly: the worst case. */
const worstShare = (count: number, zones: number) => Math.ceil(count / Math.max(zones, 1));

/** Fleets of instances, and the node groups of a Kubernetes cluster taken together. */
export function fleetParts(resources: readonly Planned[], topology: Topology): Part[] {
    const pools = new Map<string, Planned[]>();
    for (const group of ofType(resources, TYPES.group)) {
        const name = clusterOf(group) ?? group.name;
        pools.set(name, [...(pools.get(name) ?? []), group]);
    }
    return [...pools].map(([name, groups]) => {
        const first = groups[0]!;
        const perZone = new Map<string, number>();
        for (const group of groups) {
            const zones = zonesOf(group.texts("vpcZoneIdentifiers"), topology);
            const share = worstShare(desiredOf(group), zones.length);
            for (const zone of zones) perZone.set(zone, (perZone.get(zone) ?? 0) + share);
        }
        const sum = (of: (group: Planned) => number) =>
            groups.reduce((n, group) => n + of(group), 0);
        const before = sum(desiredOf);
        const headroom = sum((group) => (group.count("maxSize") ?? 0) - desiredOf(group));
        const needed = sum((group) => group.count("minSize") ?? 0);
        const isNodes = clusterOf(first) !== undefined;
        const kind = isNodes ? "nodes" : name.endsWith("-proxy") ? "proxies" : "instances";
        return {
            kind,
            part: isNodes ? `nodes of ${name}` : name,
            region: regionOf(first),
            unit: kind,
            before,
            needed,
            headroom,
            zones: [...perZone.keys()],
            withoutZone(zone) {
                const left = Math.max(before - (perZone.get(zone) ?? 0), 0);
                if (left >= needed) return { left, verdict: "holds", note: "" };
                if (left === 0) {
                    const why =
                        perZone.size === 1
                            ? "it is in one zone"
                            : "the lost zone may have held all of it";
                    return {
                        left,
                        verdict: "fails",
                        note: `${why}: spread it, or raise its minimum`,
                    };
                }
                return {
                    left,
                    verdict: "recovers",
                    note: `${needed - left} more start in the other zones`,
                };
            },
            withoutRegion(others) {
                const room = others.reduce((n, other) => n + (other.headroom ?? 0), 0);
                if (others.length === 0) {
                    return { left: 0, verdict: "fails", note: "no other region runs it" };
                }
                const left = others.reduce((n, other) => n + other.before, 0);
                const all = { left, before: before + left };
                return room >= before
                    ? {
                          ...all,
                          verdict: "recovers",
                          note: `the other regions start ${before} of the ${room} that their maximums allow`,
                      }
                    : {
                          ...all,
                          verdict: "fails",
                          note: `the other regions' maximums allow ${room} of the ${before} that are lost`,
                      };
            },
        } satisfies Part;
    });
}

/** The Kubernetes cluster whose nodes a group holds, from the tag that its nodes need to join. */
function clusterOf(group: Planned): string | undefined {
    const tags = group.value("tags");
    if (!Array.isArray(tags)) return undefined;
    const prefix = "kubernetes.io/cluster/";
    return (tags as { key?: string }[])
        .find(({ key }) => key?.startsWith(prefix))
        ?.key?.slice(prefix.length);
}

const desiredOf = (group: Planned) => group.count("desiredCapacity") ?? group.count("minSize") ?? 0;

/** Load balancers and control planes: one of each in every zone they have. */
export function frontParts(resources: readonly Planned[], topology: Topology): Part[] {
    const hasDns = ofType(resources, TYPES.record).length > 0;
    const balancers = ofType(resources, TYPES.loadBalancer).map((balancer) =>
        zonal({
            kind: "front door",
            part: balancer.name,
            region: regionOf(balancer),
            zones: zonesOf(balancer.texts("subnets"), topology),
            withoutRegion: (others: readonly Part[]): Remainder =>
                others.length > 0 && hasDns
                    ? { left: 0, verdict: "holds", note: "DNS answers with other regions" }
                    : {
                          left: 0,
                          verdict: "fails",
                          note:
                              others.length > 0
                                  ? "no DNS name falls over"
                                  : "no other region has one",
                      },
        }),
    );
    const planes = ofType(resources, TYPES.kubernetes).map((cluster) =>
        zonal({
            kind: "control plane",
            part: cluster.name,
            region: regionOf(cluster),
            zones: zonesOf(subnetsOfCluster(cluster), topology),
            withoutRegion: (others: readonly Part[]): Remainder =>
                others.length > 0
                    ? { left: 0, verdict: "holds", note: "the other regions have their own" }
                    : { left: 0, verdict: "fails", note: "no other region has one" },
        }),
    );
    return [...balancers, ...planes];
}

function subnetsOfCluster(cluster: Planned): string[] {
    const { subnetIds } = (cluster.value("vpcConfig") ?? {}) as { subnetIds?: unknown };
    return Array.isArray(subnetIds) ? subnetIds.map(String) : [];
}

function zonal(part: Pick<Part, "kind" | "part" | "region" | "zones" | "withoutRegion">): Part {
    return {
        ...part,
        unit: "zones",
        before: part.zones.length,
        needed: 1,
        withoutZone: () =>
            part.zones.length > 1
                ? { left: part.zones.length - 1, verdict: "holds", note: "" }
                : { left: 0, verdict: "fails", note: "it is in one zone" },
    };
}

/** Ways from private subnets to the internet: a zone's subnets may go through another zone's NAT gateway. */
export function wayOutParts(resources: readonly Planned[], topology: Topology): Part[] {
    const zoneOfNat = new Map(
        ofType(resources, TYPES.natGateway).map((nat) => [
            nat.id,
            topology.zoneOfSubnet.get(nat.text("subnetId") ?? ""),
        ]),
    );
    const natOfTable = new Map(
        ofType(resources, TYPES.route)
            .filter((route) => route.input("natGatewayId"))
            .map((route) => [route.text("routeTableId"), route.input("natGatewayId")!]),
    );
    /** By region, the zone of the NAT gateway that each zone's subnets use. */
    const ways = new Map<string, Map<string, string>>();
    for (const association of ofType(resources, TYPES.routeTableAssociation)) {
        const zone = topology.zoneOfSubnet.get(association.text("subnetId") ?? "");
        const through = zoneOfNat.get(natOfTable.get(association.text("routeTableId")) ?? "");
        if (!zone || !through) continue;
        const region = regionOf(association);
        ways.set(region, (ways.get(region) ?? new Map<string, string>()).set(zone, through));
    }
    return [...ways].map(([region, throughOf]) => {
        const zones = [...throughOf.keys()].sort();
        return {
            kind: "way out",
            part: "NAT gateways",
            region,
            unit: "zones",
            before: zones.length,
            needed: Math.max(zones.length - 1, 1),
            zones,
            withoutZone(zone) {
                const cut = zones.filter(
                    (other) => other !== zone && throughOf.get(other) === zone,
                );
                const left = zones.filter(
                    (other) => other !== zone && throughOf.get(other) !== zone,
                ).length;
                return cut.length === 0 && left > 0
                    ? { left, verdict: "holds", note: "" }
                    : {
                          left,
                          verdict: "fails",
                          note:
                              cut.length > 0
                                  ? `${cut.join(", ")} go out through the lost zone: one NAT gateway a zone`
                                  : "it is in one zone",
                      };
            },
            withoutRegion: () => ({
                left: 0,
                verdict: "holds",
                note: "used by its own region only",
            }),
        } satisfies Part;
    });
}

/**
 * What a part's copies in other regions are worth without its own; undefined where there are none.
 * @param writes whether the part's region is the one that writes
 * @param runbook what says how another becomes it
 */
function copiesElsewhere(
    { group, before }: Part,
    others: readonly Part[],
    writes: boolean,
    runbook: string,
): Remainder | undefined {
    const copies = others.filter((other) => group !== undefined && other.group === group);
    const left = copies.reduce((n, other) => n + other.before, 0);
    if (left === 0) return undefined;
    const all = { left, before: before + left };
    return writes
        ? {
              ...all,
              verdict: "recovers",
              note: `no writes until a person promotes a secondary: docs/runbooks/${runbook}.md`,
          }
        : { ...all, verdict: "holds", note: "the other regions have their copies" };
}

/** Copies of a Redis shard. */
export function redisParts(resources: readonly Planned[], topology: Topology): Part[] {
    /** The datastore of its primary, by the primary's id; the others name theirs. */
    const datastoreOf = new Map(
        ofType(resources, TYPES.globalRedis).map((store) => [
            store.input("primaryReplicationGroupId"),
            store.id,
        ]),
    );
    return ofType(resources, TYPES.redis).map((cluster) => {
        const copies = 1 + (cluster.count("replicasPerNodeGroup") ?? 0);
        const zones = zonesOf(
            topology.subnetsOfGroup.get(cluster.text("subnetGroupName") ?? "") ?? [],
            topology,
        );
        const spread = cluster.is("multiAzEnabled") && cluster.is("automaticFailoverEnabled");
        const left = spread ? copies - worstShare(copies, zones.length) : 0;
        const role = (cluster.value("tags") as Record<string, string> | undefined)?.[
            "logcaster:redis-role"
        ];
        const datastore = cluster.input("globalReplicationGroupId");
        const group = datastore ?? datastoreOf.get(cluster.id);
        const writes = datastore === undefined;
        return {
            kind: "redis",
            part: cluster.name,
            region: regionOf(cluster),
            unit: "copies of a shard",
            before: copies,
            needed: 1,
            zones,
            ...(group ? { group } : {}),
            withoutZone: () =>
                left > 0
                    ? {
                          left,
                          verdict: "recovers",
                          note: "replicas take over the lost zone's primaries",
                      }
                    : {
                          left,
                          verdict: "fails",
                          note: spread
                              ? "all copies may have been there: more copies or zones"
                              : "no automatic failover over several zones",
                      },
            withoutRegion(others) {
                const shared = copiesElsewhere(this, others, writes, "redis-failover");
                if (shared) return shared;
                if (role === "cache")
                    return {
                        left: 0,
                        verdict: "holds",
                        note: "a cache: other regions fill their own",
                    };
                return others.length > 0
                    ? {
                          left: 0,
                          verdict: "recovers",
                          note: "its keys come back with the region: data of one region, by design (docs/recovery.md)",
                      }
                    : { left: 0, verdict: "fails", note: "no other region stores anything" };
            },
        } satisfies Part;
    });
}

/** Instances of a database's cluster in one region. */
export function databaseParts(resources: readonly Planned[], topology: Topology): Part[] {
    const instances = ofType(resources, TYPES.databaseInstance);
    return ofType(resources, TYPES.database).map((cluster) => {
        const id = cluster.text("clusterIdentifier") ?? cluster.id;
        const region = regionOf(cluster);
        const before = instances.filter(
            (one) => one.text("clusterIdentifier") === id && regionOf(one) === region,
        ).length;
        const zones = zonesOf(
            topology.subnetsOfGroup.get(cluster.text("dbSubnetGroupName") ?? "") ?? [],
            topology,
        );
        const left = before - worstShare(before, zones.length);
        const group = cluster.input("globalClusterIdentifier");
        const writes = cluster.input("masterUsername") !== undefined;
        return {
            kind: "database",
            part: cluster.name,
            region,
            unit: "instances",
            before,
            needed: 1,
            zones,
            ...(group ? { group } : {}),
            withoutZone: () =>
                left > 0
                    ? {
                          left,
                          verdict: "recovers",
                          note: "a reader is promoted when the writer was there",
                      }
                    : { left, verdict: "fails", note: "no instance in another zone" },
            withoutRegion(others) {
                return (
                    copiesElsewhere(this, others, writes, "database-promotion") ?? {
                        left: 0,
                        verdict: "fails",
                        note: "no other region has a copy",
                    }
                );
            },
        } satisfies Part;
    });
}
