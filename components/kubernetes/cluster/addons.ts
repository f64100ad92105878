import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { EKS_ADDON_NAMES, type EksAddon, type EksAddonVersions } from "logcaster-model/eks";
import { partitionOf } from "../../arn";
import { POD_IDENTITY_TRUST } from "../pod-identity";

/** Service account of the VPC CNI, in kube-system. */
const CNI_ACCOUNT = "aws-node";
/** Service account of the driver that makes volumes, in kube-system. */
const EBS_ACCOUNT = "ebs-csi-controller-sa";

export interface AddonsOf {
    readonly region: string;
    readonly cluster: eks.Cluster;
    readonly versions: Partial<EksAddonVersions>;
    readonly tags: Record<string, string>;
}

/** What a node needs before pods can run on it: addresses, virtual addresses of services, roles of pods. */
export function createNodeAddons(
    name: string,
    parent: pulumi.Resource,
    of: AddonsOf,
): pulumi.Resource[] {
    const agent = addon(name, parent, of, "podIdentityAgent");
    const { role, grant } = addonRole(name, parent, of, "cni", "AmazonEKS_CNI_Policy");
    const cni = addon(name, parent, of, "vpcCni", {
        // Without it, NetworkPolicies are accepted and nobody enforces them.
        configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }),
        podIdentityAssociations: [{ serviceAccount: CNI_ACCOUNT, roleArn: role.arn }],
        dependsOn: [grant, agent],
    });
    return [agent, cni, addon(name, parent, of, "kubeProxy")];
}

/** What runs on nodes as pods: names of services, volumes. It is not ready before there are nodes. */
export function createPodAddons(
    name: string,
    parent: pulumi.Resource,
    of: AddonsOf,
    blockStorage: boolean,
    nodes: pulumi.Resource[],
): void {
    addon(name, parent, of, "coredns", { dependsOn: nodes });
    if (!blockStorage) return;
    const { role, grant } = addonRole(name, parent, of, "ebs", EBS_POLICY);
    addon(name, parent, of, "ebsCsi", {
        podIdentityAssociations: [{ serviceAccount: EBS_ACCOUNT, roleArn: role.arn }],
        dependsOn: [grant, ...nodes],
    });
}

const EBS_POLICY = "service-role/AmazonEBSCSIDriverPolicy";

/** A role that an add-on's pods wear, with one policy of AWS. */
function addonRole(
    name: string,
    parent: pulumi.Resource,
    { region, tags }: AddonsOf,
    key: string,
    managedPolicy: string,
) {
    const role = new iam.Role(
        `${name}-${key}-role`,
        {
            description: `Add-on ${key} of ${name}`,
            assumeRolePolicy: POD_IDENTITY_TRUST,
            tags,
        },
        { parent },
    );
    const grant = new iam.RolePolicyAttachment(
        `${name}-${managedPolicy.split("/").at(-1)}`,
        {
            role: role.name,
            policyArn: `arn:${partitionOf(region)}:iam::aws:policy/${managedPolicy}`,
        },
        { parent },
    );
    return { role, grant };
}

function addon(
    name: string,
    parent: pulumi.Resource,
    { region, cluster, versions, tags }: AddonsOf,
    which: EksAddon,
    more: Partial<eks.AddonArgs> & { dependsOn?: pulumi.Resource[] } = {},
): eks.Addon {
    const { dependsOn, ...args } = more;
    const addonName = EKS_ADDON_NAMES[which];
    return new eks.Addon(
        `${name}-${addonName}`,
        {
            region,
            clusterName: cluster.name,
            addonName,
            addonVersion: versions[which],
            // The add-on's own settings are the program's, whoever changed them in the cluster.
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            tags,
            ...args,
        },
        { parent, dependsOn },
    );
}
