import * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../problems";
import { type SubnetKind, subnetCidr, zoneLetter } from "./address-plan";
import { NatMode, type NetworkArgs } from "./args";
import { ANYWHERE, NETWORK_DEFAULTS } from "./defaults";
import { openEndpoints } from "./endpoints";
import { writeFlowLogs } from "./flow-logs";
import { networkProblems } from "./validate";

/**
 * One region's VPC: public, private and isolated subnets keyed by zone, NAT, endpoints, flow logs and a closed default
 * security group; or an existing VPC given by ids, in which nothing is created.
 *
 * The ids of a subnet resolve when its way out works (internet gateway, NAT, endpoints, routes), so that nothing boots
 * before. A zone's blocks depend on its letter alone (address-plan.ts): adding a zone moves no other.
 *
 * **Cost** an hour, us-east-1: a NAT gateway 0.045 USD and its address 0.005 USD, a zone or once, beside 0.045 USD a GB
 * through it; an interface endpoint 0.01 USD a zone, so ten in three zones are 0.30 USD; S3's gateway endpoint is free;
 * the flow logs' key 1 USD a month, their entries 0.50 USD a GB.
 * **Limits**: 5 VPCs and 5 NAT gateways a zone and account first (both can be raised); 5 Elastic IP addresses a region, one
 * each NAT gateway; 507 instances a zone in a /19. IPv4 only.
 */
export class Network extends pulumi.ComponentResource {
    /** The VPC. */
    readonly vpcId: pulumi.Output<string>;
    /** Its IPv4 block. */
    readonly cidr: pulumi.Output<string>;
    /** Subnets for load balancers, in the order of the zones. */
    readonly publicSubnetIds: pulumi.Output<string[]>;
    /** Subnets for instances, in the order of the zones. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** Subnets for data stores, in the order of the zones: no route leaves the VPC. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:Network", name, {}, opts);
        refuse(this, name, networkProblems(args));
        const subnets = args.existing
            ? existingSubnets(args.zones, args.existing)
            : createSubnets(name, this, args);

        this.vpcId = subnets.vpcId;
        this.cidr = pulumi.output(args.cidr);
        this.publicSubnetIds = subnets.public;
        this.privateSubnetIds = subnets.private;
        this.isolatedSubnetIds = subnets.isolated;
        this.registerOutputs({
            vpcId: this.vpcId,
            cidr: this.cidr,
            publicSubnetIds: this.publicSubnetIds,
            privateSubnetIds: this.privateSubnetIds,
            isolatedSubnetIds: this.isolatedSubnetIds,
        });
    }
}

interface Subnets extends Record<SubnetKind, pulumi.Output<string[]>> {
    vpcId: pulumi.Output<string>;
}

function existingSubnets(zones: string[], existing: NonNullable<NetworkArgs["existing"]>): Subnets {
    const inOrder = (ids: { [zone: string]: pulumi.Input<string> }) =>
        pulumi.output(zones.map((zone) => ids[zone] ?? ""));
    return {
        vpcId: pulumi.output(existing.vpcId),
        public: inOrder(existing.publicSubnetIds),
        private: inOrder(existing.privateSubnetIds),
        isolated: inOrder(existing.isolatedSubnetIds),
    };
}

/** A subnet, what routes it, and everything that must stand before it is of use. */
interface Routed {
    subnet: ec2.Subnet;
    table: ec2.RouteTable;
    ready: pulumi.Output<string>[];
}

function createSubnets(name: string, parent: pulumi.Resource, args: NetworkArgs): Subnets {
    const { region, cidr, zones } = args;
    const nat = args.nat ?? NETWORK_DEFAULTS.nat;
    const tags = { "logcaster:component": "network" };
    const tagged = (child: string) => ({ ...tags, Name: child });

    const vpc = new ec2.Vpc(
        `${name}-vpc`,
        {
            region,
            cidrBlock: cidr,
            enableDnsSupport: true,
            enableDnsHostnames: true,
            tags: tagged(name),
        },
        { parent },
    );
    // AWS makes one in each VPC, open within itself; without rules nothing that forgets its group gets any traffic.
    new ec2.DefaultSecurityGroup(
        `${name}-default`,
        { region, vpcId: vpc.id, ingress: [], egress: [], tags: tagged(`${name}-default-closed`) },
        { parent },
    );
    writeFlowLogs(name, parent, vpc.id, {
        region,
        days: args.flowLogDays ?? NETWORK_DEFAULTS.flowLogDays,
        protect: args.protect ?? NETWORK_DEFAULTS.protect,
        tags,
    });
    const internet = new ec2.InternetGateway(
        `${name}-internet`,
        { region, vpcId: vpc.id, tags: tagged(name) },
        { parent },
    );

    const route = (key: string, table: ec2.RouteTable, via: Partial<ec2.RouteArgs>) =>
        new ec2.Route(
            `${name}-${key}`,
            { region, routeTableId: table.id, destinationCidrBlock: ANYWHERE, ...via },
            { parent },
        ).id;
    const table = (key: string) =>
        new ec2.RouteTable(
            `${name}-${key}`,
            { region, vpcId: vpc.id, tags: tagged(`${name}-${key}`) },
            { parent },
        );
    const place = (kind: SubnetKind, zone: string, routes: ec2.RouteTable): Routed => {
        const child = `${name}-${kind}-${zone}`;
        const subnet = new ec2.Subnet(
            child,
            {
                region,
                vpcId: vpc.id,
                availabilityZone: zone,
                cidrBlock: subnetCidr(cidr, zoneLetter(region, zone) ?? "", kind),
                mapPublicIpOnLaunch: false,
                tags: { ...tagged(child), "logcaster:subnet": kind },
            },
            { parent },
        );
        const association = new ec2.RouteTableAssociation(
            child,
            { region, subnetId: subnet.id, routeTableId: routes.id },
            { parent },
        );
        return { subnet, table: routes, ready: [association.id] };
    };

    const publicTable = table("public");
    const publicRoute = route("public", publicTable, { gatewayId: internet.id });
    const publicSubnets = zones.map((zone) => place("public", zone, publicTable));
    publicSubnets.forEach((p) => p.ready.push(publicRoute));

    const gatewayZones =
        nat === NatMode.None ? [] : nat === NatMode.Single ? zones.slice(0, 1) : zones;
    const gateways = gatewayZones.map((zone, i) => {
        const child = `${name}-nat-${zone}`;
        const address = new ec2.Eip(
            child,
            { region, domain: "vpc", tags: tagged(child) },
            { parent, dependsOn: internet },
        );
        return new ec2.NatGateway(
            child,
            {
                region,
                subnetId: firstOf(publicSubnets[i]!),
                allocationId: address.id,
                tags: tagged(child),
            },
            { parent },
        );
    });

    const privateSubnets = zones.map((zone, i) => {
        const placed = place("private", zone, table(`private-${zone}`));
        const gateway = gateways[i] ?? gateways[0];
        if (gateway) {
            placed.ready.push(route(`private-${zone}`, placed.table, { natGatewayId: gateway.id }));
        }
        return placed;
    });
    const endpoints = openEndpoints(name, parent, {
        region,
        vpcId: vpc.id,
        cidr,
        routeTableIds: privateSubnets.map((p) => p.table.id),
        subnetIds: privateSubnets.map((p) => p.subnet.id),
        interfaces: args.interfaceEndpoints ?? NETWORK_DEFAULTS.interfaceEndpoints,
        tags,
    });
    privateSubnets.forEach((p) => p.ready.push(...endpoints));

    const isolatedTable = table("isolated");
    const isolatedSubnets = zones.map((zone) => place("isolated", zone, isolatedTable));

    return {
        vpcId: vpc.id,
        public: pulumi.all(publicSubnets.map(firstOf)),
        private: pulumi.all(privateSubnets.map(firstOf)),
        isolated: pulumi.all(isolatedSubnets.map(firstOf)),
    };
}

/** The id of the subnet, once everything it needs stands. */
function firstOf({ subnet, ready }: Routed): pulumi.Output<string> {
    return pulumi.all([subnet.id, ...ready]).apply(([id]) => id!);
}
