import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../arn";
import type { AutoscalingFleetArgs } from "./args";
import { NODE_POLICIES, SESSION_MANAGER_POLICY } from "./defaults";
import { ASSUME_ROLE_POLICY, instancePolicy } from "./permissions";

export interface InstanceRole {
    role: iam.Role;
    profile: iam.InstanceProfile;
    /** What must stand before an instance boots. */
    grants: pulumi.Resource[];
}

/** The role that instances wear, with the least they need. IAM is global: nothing here has a region. */
export function createRole(
    name: string,
    parent: pulumi.Resource,
    args: AutoscalingFleetArgs,
    tags: Record<string, string>,
): InstanceRole {
    const role = new iam.Role(
        `${name}-role`,
        { description: `Instances of ${name}`, assumeRolePolicy: ASSUME_ROLE_POLICY, tags },
        { parent },
    );
    const grants: pulumi.Resource[] = managedPolicies(args).map(
        (policyArn) =>
            new iam.RolePolicyAttachment(
                `${name}-${policyArn.split("/").at(-1)}`,
                { role: role.name, policyArn },
                { parent },
            ),
    );
    if (!args.nodeMode) {
        const { region, service, runtimeConfig } = args;
        const policy = pulumi
            .all([runtimeConfig?.parameterArns ?? [], runtimeConfig?.secretArns ?? []])
            .apply(([parameterArns, secretArns]) =>
                instancePolicy({
                    region,
                    groupName: name,
                    image: service.image,
                    parameterArns,
                    secretArns,
                    isProxy: args.proxy !== undefined,
                }),
            );
        grants.push(new iam.RolePolicy(`${name}-policy`, { role: role.id, policy }, { parent }));
    }
    const profile = new iam.InstanceProfile(
        `${name}-profile`,
        { role: role.name, tags },
        { parent },
    );
    return { role, profile, grants };
}

function managedPolicies({ region, nodeMode, sessionManager }: AutoscalingFleetArgs): string[] {
    const aws = (policy: string) => `arn:${partitionOf(region)}:iam::aws:policy/${policy}`;
    return [
        ...(nodeMode ? (nodeMode.managedPolicyArns ?? NODE_POLICIES.map(aws)) : []),
        ...(sessionManager ? [aws(SESSION_MANAGER_POLICY)] : []),
    ];
}
