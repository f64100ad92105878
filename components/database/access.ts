import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "../arn";
import { trustService } from "../trust";
import type { DatabaseRegionArgs } from "./args";
import { DATABASE_DEFAULTS, DATABASE_PORT, SERVICE_USER } from "./defaults";

type Tags = Record<string, string>;

/** Who reaches a region's instances: the fleet, on the one port. There is no way out. */
export function closeGroup(
    name: string,
    parent: pulumi.Resource,
    region: string,
    { vpcId, fleetSecurityGroupId }: DatabaseRegionArgs,
    tags: Tags,
): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(
        `${name}-sg`,
        { region, vpcId, description: `Database of ${region}; no way out`, tags },
        { parent },
    );
    new vpc.SecurityGroupIngressRule(
        `${name}-from-fleet`,
        {
            region,
            securityGroupId: group.id,
            referencedSecurityGroupId: fleetSecurityGroupId,
            ipProtocol: "tcp",
            fromPort: DATABASE_PORT,
            toPort: DATABASE_PORT,
            description: "PostgreSQL over TLS from the instances",
            tags,
        },
        { parent },
    );
    return group;
}

/** Lets Aurora's agents on the instances write to CloudWatch. IAM is global: one role for all regions. */
export function monitoringRole(
    name: string,
    parent: pulumi.Resource,
    region: string,
    tags: Tags,
): { arn: pulumi.Output<string>; ready: pulumi.Resource } {
    const role = new iam.Role(
        `${name}-monitoring`,
        {
            description: "Enhanced monitoring of the database's instances",
            assumeRolePolicy: trustService("monitoring.rds.amazonaws.com"),
            tags,
        },
        { parent },
    );
    const ready = new iam.RolePolicyAttachment(
        `${name}-monitoring`,
        {
            role: role.name,
            policyArn: `arn:${partitionOf(region)}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
        },
        { parent },
    );
    return { arn: role.arn, ready };
}

/** The administrator's login in a region, so that it can be read there when the writer's region is lost. */
export function keepMaster(
    name: string,
    parent: pulumi.Resource,
    region: string,
    password: pulumi.Output<string>,
    tags: Tags,
): void {
    const username = DATABASE_DEFAULTS.masterUsername;
    const secret = new secretsmanager.Secret(
        `${name}-master-secret`,
        { region, description: `User ${username} of the database, for administrators`, tags },
        { parent },
    );
    new secretsmanager.SecretVersion(
        `${name}-master-secret-value`,
        {
            region,
            secretId: secret.id,
            secretString: pulumi.jsonStringify({ username, password }),
        },
        { parent },
    );
}

/** Lets a region's instances log in, with a token, as the service's user at any member: the writer may be any of them. */
export function allowLogin(
    name: string,
    parent: pulumi.Resource,
    role: pulumi.Input<string>,
    clusters: readonly { arn: pulumi.Output<string>; clusterResourceId: pulumi.Output<string> }[],
): void {
    const users = clusters.map(({ arn, clusterResourceId }) =>
        pulumi.all([arn, clusterResourceId]).apply(([of, id]) => serviceUserArn(of, id)),
    );
    new iam.RolePolicy(
        `${name}-connect`,
        { role, policy: pulumi.all(users).apply(loginPolicy) },
        { parent },
    );
}

/** The service's user at a cluster, as IAM names it. */
function serviceUserArn(clusterArn: string, resourceId: string): string {
    const region = clusterArn.split(":")[3] ?? "";
    return `arn:${partitionOf(region)}:rds-db:${region}:${accountOf(clusterArn)}:dbuser:${resourceId}/${SERVICE_USER}`;
}

function loginPolicy(users: readonly string[]): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "DatabaseLogin",
                Effect: "Allow",
                Action: ["rds-db:connect"],
                Resource: users,
            },
        ],
    });
}
