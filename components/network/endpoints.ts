import * as ec2 from "@pulumi/aws/ec2";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { BOOT_ENDPOINTS, HTTPS_PORT } from "./defaults";

export interface EndpointArgs {
    region: string;
    vpcId: pulumi.Output<string>;
    /** Block of the VPC: who may use the interface endpoints. */
    cidr: string;
    /** Route tables that lead to S3. */
    routeTableIds: pulumi.Output<string>[];
    /** Subnets that have the interfaces, one a zone. */
    subnetIds: pulumi.Output<string>[];
    /** Whether to open the interface endpoints beside S3's gateway. */
    interfaces: boolean;
    tags: Record<string, string>;
}

/** Opens S3's gateway endpoint, and interface endpoints where asked for; returns the ids to wait for. */
export function openEndpoints(
    name: string,
    parent: pulumi.Resource,
    args: EndpointArgs,
): pulumi.Output<string>[] {
    const { region, vpcId, tags } = args;
    const service = (short: string) =>
        `${region.startsWith("cn-") ? "cn." : ""}com.amazonaws.${region}.${short}`;
    const s3 = new ec2.VpcEndpoint(
        `${name}-s3`,
        {
            region,
            vpcId,
            serviceName: `com.amazonaws.${region}.s3`,
            vpcEndpointType: "Gateway",
            routeTableIds: args.routeTableIds,
            tags: { ...tags, Name: `${name}-s3` },
        },
        { parent },
    );
    if (!args.interfaces) return [s3.id];

    const group = new ec2.SecurityGroup(
        `${name}-endpoints`,
        {
            region,
            vpcId,
            description: "Interface endpoints of AWS services",
            tags: { ...tags, Name: `${name}-endpoints` },
        },
        { parent },
    );
    const rule = new vpc.SecurityGroupIngressRule(
        `${name}-endpoints-https`,
        {
            region,
            securityGroupId: group.id,
            description: "HTTPS from the VPC",
            ipProtocol: "tcp",
            fromPort: HTTPS_PORT,
            toPort: HTTPS_PORT,
            cidrIpv4: args.cidr,
            tags,
        },
        { parent },
    );
    const interfaces = Object.keys(BOOT_ENDPOINTS).map((short) => {
        const child = `${name}-${short.replace(".", "-")}`;
        return new ec2.VpcEndpoint(
            child,
            {
                region,
                vpcId,
                serviceName: service(short),
                vpcEndpointType: "Interface",
                privateDnsEnabled: true,
                subnetIds: args.subnetIds,
                securityGroupIds: [group.id],
                tags: { ...tags, Name: child },
            },
            { parent },
        ).id;
    });
    return [s3.id, rule.id, ...interfaces];
}
