import type { JsonObject } from "../wire";
import { hex } from "../model";
import { arn, ec2Id, string, type Made, type Row, type Rows } from "./row";

const MANAGED = { description: "Managed by Pulumi" };

/** A plain EC2 resource: an id with a prefix, and an ARN of a kind if it has one. */
function ec2(
    prefix: string,
    kind: string | undefined,
    replaces: readonly string[],
    more?: Partial<Row>,
): Row {
    return {
        replaces,
        id: () => ec2Id(prefix),
        ...more,
        outputs: (made) => ({
            ...(kind ? { arn: arn("ec2", made, `${kind}/${made.id}`) } : {}),
            ...more?.outputs?.(made),
        }),
    };
}

/** Hosted zones of the load balancers' own names; https://docs.aws.amazon.com/general/latest/gr/elb.html */
const BALANCER_ZONES: Record<string, { network: string; application: string }> = {
    "us-east-1": { network: "Z26RNL4JYFTOTI", application: "Z35SXDOTRQ7X7K" },
    "eu-west-1": { network: "Z2IFOLAFXWLO4F", application: "Z32O12XQLNTSW2" },
    "ap-northeast-1": { network: "Z31USIVHYNEOWT", application: "Z14GRHDCWA56QT" },
    "ap-northeast-2": { network: "ZIBE1TIR4HY56", application: "ZWKZPGTI48KDX" },
};

function balancer(made: Made): JsonObject {
    const network = made.inputs.loadBalancerType === "network";
    const kind = network ? "network" : "application";
    const suffix = `${network ? "net" : "app"}/${made.name}/${made.id.split("/").at(-1)}`;
    const internal = made.inputs.internal === true ? "internal-" : "";
    return {
        arn: made.id,
        arnSuffix: suffix,
        dnsName: network
            ? `${internal}${made.name}-${hex(16)}.elb.${made.region}.amazonaws.com`
            : `${internal}${made.name}-${Math.floor(Math.random() * 1e9)}.${made.region}.elb.amazonaws.com`,
        zoneId: BALANCER_ZONES[made.region]?.[kind] ?? `Z0${hex(12).toUpperCase()}`,
        vpcId: `vpc-0${hex(16)}`,
        ipAddressType: "ipv4",
        loadBalancerType: "application",
        internal: false,
    };
}

function list(value: JsonObject[string] | undefined): string[] {
    return Array.isArray(value) ? value.map(String) : [];
}

/** VPC, EC2 networking and Elastic Load Balancing. */
export const NETWORK: Rows = {
    "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"], {
        replacesWhen: (_before, after) =>
            after.instanceTenancy === "dedicated" ? ["instanceTenancy"] : [],
        defaults: { enableDnsSupport: true, instanceTenancy: "default" },
        outputs: () => ({
            defaultNetworkAclId: ec2Id("acl"),
            defaultRouteTableId: ec2Id("rtb"),
            defaultSecurityGroupId: ec2Id("sg"),
            dhcpOptionsId: ec2Id("dopt"),
            mainRouteTableId: ec2Id("rtb"),
            enableDnsHostnames: false,
        }),
    }),
    "aws:ec2/subnet:Subnet": ec2(
        "subnet",
        "subnet",
        [
            "vpcId",
            "cidrBlock",
            "availabilityZone",
            "availabilityZoneId",
            "outpostArn",
            "ipv6Native",
        ],
        { defaults: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false } },
    ),
    "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway", []),
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ec2("eigw", undefined, [
        "vpcId",
    ]),
    "aws:ec2/natGateway:NatGateway": ec2(
        "nat",
        undefined,
        ["allocationId", "subnetId", "connectivityType", "privateIp"],
        {
            defaults: { connectivityType: "public" },
            outputs: () => ({ publicIp: "203.0.113.10", networkInterfaceId: ec2Id("eni") }),
        },
    ),
    "aws:ec2/eip:Eip": ec2(
        "eipalloc",
        "elastic-ip",
        ["domain", "networkBorderGroup", "publicIpv4Pool"],
        {
            outputs: ({ id, region }) => ({
                allocationId: id,
                publicIp: "203.0.113.10",
                publicDns: `ec2-203-0-113-10.${region}.compute.amazonaws.com`,
            }),
        },
    ),
    "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", ["vpcId"]),
    "aws:ec2/defaultRouteTable:DefaultRouteTable": ec2("rtb", "route-table", [
        "defaultRouteTableId",
    ]),
    "aws:ec2/route:Route": {
        replaces: [
            "routeTableId",
            "destinationCidrBlock",
            "destinationIpv6CidrBlock",
            "destinationPrefixListId",
        ],
        id: ({ inputs }) => `r-${string(inputs.routeTableId)}${hex(10)}`,
        outputs: () => ({ origin: "CreateRoute", state: "active" }),
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        replaces: ["subnetId", "gatewayId"],
        id: () => ec2Id("rtbassoc"),
    },
    "aws:ec2/networkAcl:NetworkAcl": ec2("acl", "network-acl", ["vpcId"]),
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": ec2("acl", "network-acl", [
        "defaultNetworkAclId",
    ]),
    "aws:ec2/networkAclRule:NetworkAclRule": {
        replaces: [
            "networkAclId",
            "ruleNumber",
            "egress",
            "protocol",
            "ruleAction",
            "cidrBlock",
            "ipv6CidrBlock",
            "fromPort",
            "toPort",
        ],
        id: () => `nacl-${hex(10)}`,
    },
    "aws:ec2/securityGroup:SecurityGroup": ec2(
        "sg",
        "security-group",
        ["name", "namePrefix", "description", "vpcId"],
        {
            autoname: { property: "name", maxLength: 255 },
            unique: ["vpcId", "name"],
            defaults: { ...MANAGED, revokeRulesOnDelete: false },
        },
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group", ["vpcId"], {
        outputs: () => ({ name: "default", description: "default VPC security group" }),
    }),
    "aws:ec2/securityGroupRule:SecurityGroupRule": {
        replaces: [
            "securityGroupId",
            "type",
            "protocol",
            "fromPort",
            "toPort",
            "cidrBlocks",
            "ipv6CidrBlocks",
            "prefixListIds",
            "self",
            "sourceSecurityGroupId",
        ],
        defaults: { self: false },
        id: () => `sgrule-${Math.floor(Math.random() * 1e9)}`,
        outputs: () => ({ securityGroupRuleId: ec2Id("sgr") }),
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2(
        "sgr",
        "security-group-rule",
        ["securityGroupId"],
        { outputs: ({ id }) => ({ securityGroupRuleId: id }) },
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2(
        "sgr",
        "security-group-rule",
        ["securityGroupId"],
        { outputs: ({ id }) => ({ securityGroupRuleId: id }) },
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ec2(
        "vpce",
        "vpc-endpoint",
        ["vpcId", "serviceName", "serviceRegion", "vpcEndpointType", "resourceConfigurationArn"],
        {
            defaults: { vpcEndpointType: "Gateway" },
            outputs: () => ({
                state: "available",
                prefixListId: `pl-${hex(8)}`,
                cidrBlocks: [],
                dnsEntries: [],
                networkInterfaceIds: [],
                requesterManaged: false,
            }),
        },
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": {
        replaces: ["routeTableId", "vpcEndpointId"],
        id: () => `a-${hex(17)}`,
    },
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": {
        replaces: ["subnetId", "vpcEndpointId"],
        id: () => `a-${hex(17)}`,
    },
    "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log", [
        "deliverCrossAccountRole",
        "destinationOptions",
        "eniId",
        "iamRoleArn",
        "logDestination",
        "logDestinationType",
        "logFormat",
        "maxAggregationInterval",
        "subnetId",
        "trafficType",
        "transitGatewayAttachmentId",
        "transitGatewayId",
        "vpcId",
    ]),
    "aws:lb/loadBalancer:LoadBalancer": {
        autoname: { property: "name", maxLength: 32 },
        replaces: ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
        // A network load balancer takes more subnets but gives none up, and keeps its choice of
        // having security groups.
        replacesWhen: (before, after) => {
            if (after.loadBalancerType !== "network") return [];
            const had = list(before.securityGroups).length > 0;
            const has = list(after.securityGroups).length > 0;
            const kept = new Set(list(after.subnets));
            const lost = list(before.subnets).some((subnet) => !kept.has(subnet));
            return [...(had === has ? [] : ["securityGroups"]), ...(lost ? ["subnets"] : [])];
        },
        unique: ["name"],
        id: (made) =>
            arn(
                "elasticloadbalancing",
                made,
                `loadbalancer/${made.inputs.loadBalancerType === "network" ? "net" : "app"}/${made.name}/${hex(16)}`,
            ),
        outputs: balancer,
    },
    "aws:lb/targetGroup:TargetGroup": {
        autoname: { property: "name", maxLength: 32 },
        replaces: [
            "name",
            "namePrefix",
            "port",
            "protocol",
            "protocolVersion",
            "targetType",
            "vpcId",
            "ipAddressType",
        ],
        unique: ["name"],
        defaults: { targetType: "instance", deregistrationDelay: 300 },
        id: (made) => arn("elasticloadbalancing", made, `targetgroup/${made.name}/${hex(16)}`),
        outputs: ({ id }) => ({
            arn: id,
            arnSuffix: id.split(":").at(-1) ?? "",
            loadBalancerArns: [],
        }),
    },
    "aws:lb/listener:Listener": {
        replaces: ["loadBalancerArn"],
        id: ({ inputs }) =>
            `${string(inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${hex(16)}`,
        outputs: ({ id }) => ({ arn: id }),
    },
    "aws:lb/listenerRule:ListenerRule": {
        replaces: ["listenerArn"],
        id: ({ inputs }) =>
            `${string(inputs.listenerArn).replace(":listener/", ":listener-rule/")}/${hex(16)}`,
        outputs: ({ id }) => ({ arn: id }),
    },
    "aws:lb/listenerCertificate:ListenerCertificate": {
        replaces: ["listenerArn", "certificateArn"],
        id: ({ inputs }) => `${string(inputs.listenerArn)}_${string(inputs.certificateArn)}`,
    },
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": {
        replaces: ["targetGroupArn", "targetId", "port", "availabilityZone"],
        id: ({ inputs }) => `${string(inputs.targetGroupArn)}-${hex(26)}`,
    },
};
