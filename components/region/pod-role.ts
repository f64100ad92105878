import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { POD_IDENTITY_TRUST } from "../kubernetes/pod-identity";

export interface PodRole {
    readonly role: iam.Role;
    /** A pod that starts before it never gets the role. */
    readonly identity: eks.PodIdentityAssociation;
}

/** What the pods of a service account may in AWS: nothing, until somebody grants their role something. */
export function createPodRole(
    name: string,
    parent: pulumi.Resource,
    of: { region: string; clusterName: string; namespace: string; serviceAccount: string },
): PodRole {
    const tags = { Name: name, "logcaster:component": "kubernetes" };
    const role = new iam.Role(
        `${name}-role`,
        {
            description: `Pods ${of.namespace}/${of.serviceAccount} of ${of.clusterName}`,
            assumeRolePolicy: POD_IDENTITY_TRUST,
            tags,
        },
        { parent },
    );
    const identity = new eks.PodIdentityAssociation(
        `${name}-identity`,
        { ...of, roleArn: role.arn, tags },
        { parent },
    );
    return { role, identity };
}
