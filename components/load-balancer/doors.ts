import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";

export interface DoorArgs {
    region: string;
    vpcId: pulumi.Input<string>;
    vpcCidr: pulumi.Input<string>;
    /** What stands behind the door, for the group's description. */
    what: string;
    /** Blocks that may come in. */
    allowedCidrs: readonly string[];
    /** Ports that are open to them, by what they are for. */
    open: { [what: string]: number };
    /** Ports of the targets, by what they are for. */
    targets: { [what: string]: number };
    tags: Record<string, string>;
}

/** A load balancer's security group: in from the allowed blocks to the open ports, out to the targets' ports in the VPC. */
export function door(name: string, parent: pulumi.Resource, args: DoorArgs): ec2.SecurityGroup {
    const { region, tags } = args;
    const group = new ec2.SecurityGroup(
        name,
        { region, vpcId: args.vpcId, description: args.what, tags: { ...tags, Name: name } },
        { parent },
    );
    const rule = { region, securityGroupId: group.id, ipProtocol: "tcp", tags };
    for (const [what, port] of Object.entries(args.open)) {
        for (const cidrIpv4 of args.allowedCidrs) {
            new vpc.SecurityGroupIngressRule(
                `${name}-in-${port}-${cidrIpv4.replace("/", "-")}`,
                {
                    ...rule,
                    description: `${what} from ${cidrIpv4}`,
                    fromPort: port,
                    toPort: port,
                    cidrIpv4,
                },
                { parent },
            );
        }
    }
    for (const [what, port] of Object.entries(args.targets)) {
        new vpc.SecurityGroupEgressRule(
            `${name}-out-${port}`,
            {
                ...rule,
                description: `${what} of the instances`,
                fromPort: port,
                toPort: port,
                cidrIpv4: args.vpcCidr,
            },
            { parent },
        );
    }
    return group;
}
