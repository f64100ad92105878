import type * as pulumi from "@pulumi/pulumi";

/** How private subnets reach the internet. */
export const NatMode = {
    /** Not at all: instances reach AWS through the interface endpoints alone. */
    None: "none",
    /** Through one gateway in the first zone: cheaper, and its zone takes the way out of the others with it. */
    Single: "single",
    /** Through a gateway in each zone. */
    PerZone: "per-zone",
} as const;
export type NatMode = (typeof NatMode)[keyof typeof NatMode];

/** A VPC that exists: nothing is created in it. */
export interface ExistingNetworkArgs {
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Public subnet of each zone, by the zone's name; for the load balancers. */
    publicSubnetIds: { [zone: string]: pulumi.Input<string> };
    /** Private subnet of each zone; for the instances. */
    privateSubnetIds: { [zone: string]: pulumi.Input<string> };
    /** Isolated subnet of each zone; for the data stores. */
    isolatedSubnetIds: { [zone: string]: pulumi.Input<string> };
}

/** Arguments of Network. */
export interface NetworkArgs {
    /** Region of every resource. */
    region: string;
    /** IPv4 block of the VPC, /16 to /19; of the existing one where `existing` is given. */
    cidr: string;
    /** Zones by name, region and a letter a to h, 2 to 8 of them; a single NAT gateway stands in the first. */
    zones: string[];
    /** NAT gateways. @default per-zone */
    nat?: NatMode;
    /** Interface endpoints for what an instance needs to boot. @default false */
    interfaceEndpoints?: boolean;
    /** Days that flow logs are kept, one of CloudWatch's retentions. @default 365 */
    flowLogDays?: number;
    /** Protect flow logs and their key from deletion by Pulumi. @default true */
    protect?: boolean;
    /** Use this VPC instead of creating one. */
    existing?: ExistingNetworkArgs;
}
