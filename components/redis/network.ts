import * as ec2 from "@pulumi/aws/ec2";
import * as elasticache from "@pulumi/aws/elasticache";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { RedisShardClusterArgs } from "./args";
import { REDIS_PORT } from "./defaults";

/** Where the nodes are and who reaches them: isolated subnets, and the named client groups on the one port. */
export function closeNetwork(
    name: string,
    parent: pulumi.Resource,
    {
        region,
        vpcId,
        subnetIds,
        clientSecurityGroupIds = {},
    }: Pick<RedisShardClusterArgs, "region" | "vpcId" | "subnetIds" | "clientSecurityGroupIds">,
    tags: Record<string, string>,
): { securityGroupId: pulumi.Output<string>; subnetGroupName: pulumi.Output<string> } {
    const group = new ec2.SecurityGroup(
        `${name}-sg`,
        { region, vpcId, description: `Nodes of ${name}; no way out`, tags },
        { parent },
    );
    for (const [key, clientId] of Object.entries(clientSecurityGroupIds)) {
        new vpc.SecurityGroupIngressRule(
            `${name}-from-${key}`,
            {
                region,
                securityGroupId: group.id,
                referencedSecurityGroupId: clientId,
                ipProtocol: "tcp",
                fromPort: REDIS_PORT,
                toPort: REDIS_PORT,
                description: `Redis protocol over TLS from ${key}`,
                tags,
            },
            { parent },
        );
    }
    const subnets = new elasticache.SubnetGroup(
        `${name}-subnets`,
        { region, subnetIds, description: `Isolated subnets of ${name}`, tags },
        { parent },
    );
    return { securityGroupId: group.id, subnetGroupName: subnets.name };
}
