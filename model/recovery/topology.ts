import type { Planned } from "./plan";

/** Where things of a plan stand. */
export interface Topology {
    readonly regions: ReadonlySet<string>;
    /** Availability zone by subnet id. */
    readonly zoneOfSubnet: ReadonlyMap<string, string>;
    /** Subnet ids by the name of a subnet group of Redis or of the database. */
    readonly subnetsOfGroup: ReadonlyMap<string, readonly string[]>;
}

export const TYPES = {
    subnet: "aws:ec2/subnet:Subnet",
    route: "aws:ec2/route:Route",
    routeTableAssociation: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    natGateway: "aws:ec2/natGateway:NatGateway",
    group: "aws:autoscaling/group:Group",
    loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
    redis: "aws:elasticache/replicationGroup:ReplicationGroup",
    redisSubnets: "aws:elasticache/subnetGroup:SubnetGroup",
    globalRedis: "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
    database: "aws:rds/cluster:Cluster",
    databaseInstance: "aws:rds/clusterInstance:ClusterInstance",
    databaseSubnets: "aws:rds/subnetGroup:SubnetGroup",
    kubernetes: "aws:eks/cluster:Cluster",
    record: "aws:route53/record:Record",
    healthCheck: "aws:route53/healthCheck:HealthCheck",
} as const;

export const ofType = (resources: readonly Planned[], type: string) =>
    resources.filter((resource) => resource.type === type);

/** Reads regions, zones and subnet groups. @throws PlanError where an id is unknown */
export function topologyOf(resources: readonly Planned[]): Topology {
    const groups = [
        ...ofType(resources, TYPES.redisSubnets),
        ...ofType(resources, TYPES.databaseSubnets),
    ];
    const placed = [TYPES.group, TYPES.loadBalancer, TYPES.redis, TYPES.database, TYPES.kubernetes];
    return {
        regions: new Set(placed.flatMap((type) => ofType(resources, type)).map(regionOf)),
        zoneOfSubnet: new Map(
            ofType(resources, TYPES.subnet).map((subnet) => [
                subnet.id,
                subnet.text("availabilityZone") ?? "",
            ]),
        ),
        subnetsOfGroup: new Map(groups.map((group) => [group.id, group.texts("subnetIds")])),
    };
}

/** The region a resource is in; every regional resource of ours names it. */
export function regionOf(resource: Planned): string {
    return resource.text("region") ?? "";
}

/** The distinct zones of some subnets, sorted; subnets of a network that the plan does not make are unknown zones of their own. */
export function zonesOf(subnets: readonly string[], { zoneOfSubnet }: Topology): string[] {
    return [...new Set(subnets.map((id) => zoneOfSubnet.get(id) ?? id))].sort();
}
