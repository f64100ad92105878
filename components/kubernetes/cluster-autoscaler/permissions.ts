/** What the autoscaler may do, in Kubernetes and in AWS: all it needs, nothing else. */
import { partitionOf } from "../../arn";
import { AUTOSCALER_NAME, AUTOSCALER_NAMESPACE } from "./defaults";

/** A rule of a Role or ClusterRole. */
export interface RbacRule {
    apiGroups: string[];
    resources: string[];
    verbs: string[];
    resourceNames?: string[];
}

const READ = ["get", "list", "watch"];

/**
 * In every namespace. Source: the autoscaler's own example for AWS
 * (https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/cloudprovider/aws/examples), without what
 * Kubernetes no longer serves (`extensions`) and without what only its leader lock needs in one namespace.
 */
export const CLUSTER_RULES: readonly RbacRule[] = [
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    // Scale-in: taints the node, evicts its pods, deletes the node's object.
    { apiGroups: [""], resources: ["nodes"], verbs: [...READ, "update", "delete"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { apiGroups: [""], resources: ["pods/status"], verbs: ["update"] },
    // What its simulated scheduler reads.
    {
        apiGroups: [""],
        resources: [
            "namespaces",
            "pods",
            "services",
            "replicationcontrollers",
            "persistentvolumeclaims",
            "persistentvolumes",
        ],
        verbs: READ,
    },
    { apiGroups: ["apps"], resources: ["daemonsets", "replicasets", "statefulsets"], verbs: READ },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: READ },
    { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: READ },
    {
        apiGroups: ["storage.k8s.io"],
        resources: [
            "storageclasses",
            "csinodes",
            "csidrivers",
            "csistoragecapacities",
            "volumeattachments",
        ],
        verbs: READ,
    },
    {
        apiGroups: ["resource.k8s.io"],
        resources: ["deviceclasses", "resourceclaims", "resourceslices"],
        verbs: READ,
    },
];

/** In its own namespace: the leader's lock and its status. */
export const NAMESPACE_RULES: readonly RbacRule[] = [
    { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
    {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: [AUTOSCALER_NAME],
        verbs: ["get", "update"],
    },
    { apiGroups: [""], resources: ["configmaps"], verbs: ["create", "list", "watch"] },
    {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["cluster-autoscaler-status", "cluster-autoscaler-priority-expander"],
        verbs: ["get", "update", "delete", "watch"],
    },
];

/** Who may take the role by the cluster's OIDC provider: the one service account. */
export function irsaTrust(provider: { arn: string; issuer: string }): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: provider.arn },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        [`${provider.issuer}:sub`]: `system:serviceaccount:${AUTOSCALER_NAMESPACE}:${AUTOSCALER_NAME}`,
                        [`${provider.issuer}:aud`]: "sts.amazonaws.com",
                    },
                },
            },
        ],
    });
}

/** Reads every group, since these calls know no resource; changes only those that carry the cluster's tag. */
export function awsPolicy(region: string, clusterName: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "Read",
                Effect: "Allow",
                Action: [
                    "autoscaling:DescribeAutoScalingGroups",
                    "autoscaling:DescribeAutoScalingInstances",
                    "autoscaling:DescribeLaunchConfigurations",
                    "autoscaling:DescribeScalingActivities",
                    "autoscaling:DescribeTags",
                    "ec2:DescribeImages",
                    "ec2:DescribeInstanceTypes",
                    "ec2:DescribeLaunchTemplateVersions",
                    "ec2:GetInstanceTypesFromInstanceRequirements",
                ],
                Resource: "*",
                Condition: { StringEquals: { "aws:RequestedRegion": region } },
            },
            {
                Sid: "ChangeNodeGroupsOfTheCluster",
                Effect: "Allow",
                Action: [
                    "autoscaling:SetDesiredCapacity",
                    "autoscaling:TerminateInstanceInAutoScalingGroup",
                ],
                Resource: `arn:${partitionOf(region)}:autoscaling:${region}:*:autoScalingGroup:*`,
                Condition: {
                    StringEquals: {
                        [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned",
                    },
                },
            },
        ],
    });
}
