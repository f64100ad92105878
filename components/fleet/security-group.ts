import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { AutoscalingFleetArgs } from "./args";
import { HEALTH_PORT } from "./defaults";

const HTTPS_PORT = 443;
const ANYWHERE = "0.0.0.0/0";
/** Ports of data stores and their nodes; below are those of the system. */
const STORE_PORTS = { from: 1024, to: 65_535 } as const;

export interface FleetSecurityGroup {
    id: pulumi.Output<string>;
    /** What must stand before an instance boots. */
    rules: pulumi.Resource[];
}

/** Who reaches an instance: the load balancers, on their own port and the health port. What it reaches: AWS and the VPC's stores. */
export function createSecurityGroup(
    name: string,
    parent: pulumi.Resource,
    args: AutoscalingFleetArgs,
    tags: Record<string, string>,
): FleetSecurityGroup {
    const { region, vpcId, vpcCidr, service, loadBalancerSecurityGroupIds: balancers } = args;
    const group = new ec2.SecurityGroup(
        `${name}-sg`,
        { region, vpcId, description: `Instances of ${name}`, tags },
        { parent },
    );
    const from = (key: string, source: pulumi.Input<string>, port: number, description: string) =>
        new vpc.SecurityGroupIngressRule(
            `${name}-${key}`,
            {
                region,
                securityGroupId: group.id,
                referencedSecurityGroupId: source,
                ipProtocol: "tcp",
                fromPort: port,
                toPort: port,
                description,
                tags,
            },
            { parent },
        );
    const to = (
        key: string,
        cidrIpv4: pulumi.Input<string>,
        ports: { from: number; to: number },
        description: string,
    ) =>
        new vpc.SecurityGroupEgressRule(
            `${name}-${key}`,
            {
                region,
                securityGroupId: group.id,
                cidrIpv4,
                ipProtocol: "tcp",
                fromPort: ports.from,
                toPort: ports.to,
                description,
                tags,
            },
            { parent },
        );
    const rules: pulumi.Resource[] = [
        to("to-https", ANYWHERE, { from: HTTPS_PORT, to: HTTPS_PORT }, "AWS and image registries"),
        to("to-stores", vpcCidr, STORE_PORTS, "Data stores in the VPC"),
    ];
    if (balancers) {
        const { nlb, alb, proxy } = balancers;
        const open = (
            key: string,
            source: pulumi.Input<string> | undefined,
            port: number,
            what: string,
            who: string,
        ) => {
            if (source === undefined) return;
            rules.push(
                from(`from-${key}`, source, port, `${what} from the ${who}`),
                from(`from-${key}-health`, source, HEALTH_PORT, `Health checks of the ${who}`),
            );
        };
        open("nlb", nlb, service.port, "Line protocol", "NLB");
        open("alb", alb, service.httpPort, "HTTP", "ALB");
        open("proxy", proxy, service.port, "Line protocol", "proxies");
    }
    return { id: group.id, rules };
}
