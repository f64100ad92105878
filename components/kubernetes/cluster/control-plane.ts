import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../../arn";
import { encryptedLogGroup } from "../../encrypted-log-group";
import { rotatingKey } from "../../rotating-key";
import { trustService } from "../../trust";
import type { KubernetesClusterArgs } from "./args";
import { LOG_TYPES } from "./defaults";
import type { ClusterChoice } from "./validate";

/** The control plane: logged, its secrets encrypted, reached from the VPC unless it is said otherwise. */
export function createControlPlane(
    name: string,
    parent: pulumi.Resource,
    args: KubernetesClusterArgs,
    choice: ClusterChoice,
    tags: Record<string, string>,
): eks.Cluster {
    const { region, subnetIds } = args;
    const { endpoint, protect } = choice;
    const key = rotatingKey(
        `${name}-key`,
        {
            region,
            description: `Secrets of the Kubernetes cluster ${name}`,
            tags: { ...tags, Name: `${name}-key` },
        },
        { parent, protect },
    );
    const { role, grants } = createRole(name, parent, region, key.arn, tags);
    const logs = encryptedLogGroup(`${name}-logs`, parent, {
        region,
        // EKS writes here and makes the group, without a key and for ever, where there is none.
        logGroupName: `/aws/eks/${name}/cluster`,
        what: `control-plane logs of ${name}`,
        retentionInDays: choice.logDays,
        protect,
        tags,
    });
    return new eks.Cluster(
        name,
        {
            region,
            // Nodes, kubeconfig and the autoscaler's tags name it beforehand.
            name,
            version: choice.version,
            roleArn: role.arn,
            accessConfig: {
                authenticationMode: "API",
                bootstrapClusterCreatorAdminPermissions: false,
            },
            // Each add-on is a resource with a version of its own.
            bootstrapSelfManagedAddons: false,
            enabledClusterLogTypes: [...LOG_TYPES],
            encryptionConfig: { resources: ["secrets"], provider: { keyArn: key.arn } },
            kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: choice.serviceCidr },
            vpcConfig: {
                subnetIds,
                endpointPrivateAccess: true,
                endpointPublicAccess: endpoint.public ?? false,
                publicAccessCidrs: endpoint.public ? endpoint.cidrs : undefined,
            },
            // Extended support costs six times as much: rather be upgraded.
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: protect,
            tags: {
                ...tags,
                ...(endpoint.worldReason
                    ? { "logcaster:open-to-the-world": endpoint.worldReason }
                    : {}),
            },
        },
        { parent, protect, dependsOn: [logs, ...grants] },
    );
}

function createRole(
    name: string,
    parent: pulumi.Resource,
    region: string,
    keyArn: pulumi.Output<string>,
    tags: Record<string, string>,
) {
    const role = new iam.Role(
        `${name}-role`,
        {
            description: `Control plane of ${name}`,
            assumeRolePolicy: trustService("eks.amazonaws.com"),
            tags,
        },
        { parent },
    );
    const grants = [
        new iam.RolePolicyAttachment(
            `${name}-AmazonEKSClusterPolicy`,
            {
                role: role.name,
                policyArn: `arn:${partitionOf(region)}:iam::aws:policy/AmazonEKSClusterPolicy`,
            },
            { parent },
        ),
        new iam.RolePolicy(
            `${name}-key-use`,
            { role: role.id, policy: keyArn.apply(keyUse) },
            { parent },
        ),
    ];
    return { role, grants };
}

function keyUse(keyArn: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "EncryptSecrets",
                Effect: "Allow",
                Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
                Resource: keyArn,
            },
        ],
    });
}

/** Administrators by access entry; nobody is one by having made the cluster. */
export function admit(
    name: string,
    parent: pulumi.Resource,
    { region, adminRoleArns }: KubernetesClusterArgs,
    clusterName: pulumi.Output<string>,
    tags: Record<string, string>,
): void {
    for (const principalArn of adminRoleArns) {
        const who = principalArn.split("/").at(-1)!;
        const entry = new eks.AccessEntry(
            `${name}-admin-${who}`,
            { region, clusterName, principalArn, tags },
            { parent },
        );
        new eks.AccessPolicyAssociation(
            `${name}-admin-${who}`,
            {
                region,
                clusterName,
                principalArn,
                policyArn: `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
                accessScope: { type: "cluster" },
            },
            { parent, dependsOn: [entry] },
        );
    }
}
