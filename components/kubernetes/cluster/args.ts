import type * as pulumi from "@pulumi/pulumi";
import type { FleetTier, NodeTaintArgs } from "../../fleet/args";

/** Who reaches the cluster's API server. */
export interface ClusterEndpointArgs {
    /** Also from outside the VPC. @default false: from inside alone */
    public?: boolean;
    /** IPv4 blocks that may, where it is public. @default none */
    cidrs?: string[];
    /** Why everybody may, where `cidrs` has 0.0.0.0/0: the recorded exception, kept as a tag. @default none */
    worldReason?: string;
}

/** Nodes of one size: an auto scaling group in each zone, so that the autoscaler can add a node where pods wait for one. */
export interface NodeGroupArgs {
    /** Vertical size of a node (model/instance-types.ts). Brief 1.2. */
    tier: FleetTier;
    /** Fewest nodes of a zone; where the group starts. */
    minPerZone: number;
    /** Most nodes of a zone. */
    maxPerZone: number;
    /** Labels of the nodes. @default none but the group's own */
    labels?: { [key: string]: string };
    /** Taints of the nodes. @default none */
    taints?: NodeTaintArgs[];
}

/** Versions of the add-ons, as EKS names them: v1.2.3-eksbuild.1. */
export interface AddonVersionsArgs {
    /** Amazon VPC CNI: addresses of pods, network policies. */
    vpcCni?: string;
    /** Names of services. */
    coredns?: string;
    /** Virtual addresses of services; of the cluster's minor. */
    kubeProxy?: string;
    /** Roles of pods. */
    podIdentityAgent?: string;
    /** Volumes of pods; with `blockStorage`. */
    ebsCsi?: string;
}

/** Arguments of KubernetesCluster. */
export interface KubernetesClusterArgs {
    /** Region of every resource. */
    region: string;
    /** Minor version of Kubernetes, such as 1.36. @default the newest whose add-ons are pinned */
    version?: string;
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Its IPv4 block. */
    vpcCidr: pulumi.Input<string>;
    /** Private subnets, one a zone, in the order of `zones`. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** The zones of these subnets, two at least. */
    zones: string[];
    /** IPv4 block of the cluster's services; not of the VPC. @default 172.20.0.0/16 */
    serviceCidr?: string;
    /** @default private */
    endpoint?: ClusterEndpointArgs;
    /** Roles that administer the cluster, the deploying one among them: nobody else may, not even who made it. */
    adminRoleArns: string[];
    /** Days that the control plane's logs are kept. @default 365 */
    logDays?: number;
    /** Node groups by name. */
    nodeGroups: Record<string, NodeGroupArgs>;
    /** Machine image of the nodes by id: EKS' Amazon Linux 2023 for the cluster's minor. */
    imageId: pulumi.Input<string>;
    /** Versions over the pinned ones; needed with a minor that has none. @default those pinned for the minor */
    addonVersions?: AddonVersionsArgs;
    /** Give pods EBS volumes; a StorageClass is made in the cluster. @default false */
    blockStorage?: boolean;
    /** Protect key, logs and the cluster from deletion. @default true */
    protect?: boolean;
}
