import type * as pulumi from "@pulumi/pulumi";
import type { FleetTier } from "../fleet";
import type {
    AddonVersionsArgs,
    AppendFsync,
    ClusterEndpointArgs,
    MetricSource,
    NodeGroupArgs,
    PodScalingMode,
    ValkeyRole,
} from "../kubernetes";

/** The one scaler of a region's pods; its CPU and memory targets are those of `scaling`. */
export interface RegionPodScalingArgs {
    /** Who owns the number of pods. */
    mode: PodScalingMode;
    /** Fewest pods. Brief 2.1: 3. */
    min: number;
    /** Most pods. Brief 2.1: 50. */
    max: number;
    /** Average connections to hold. Brief 2.1: 100. */
    connectionsPerPod: number;
    /** Entries of the queue outstanding per pod. */
    queueEntriesPerPod: number;
    /** A vertical recommender beside the scaler. */
    recommendations: boolean;
}

/** What is installed into the cluster, and what it has already. */
export interface RegionSourcesArgs {
    metricsServer: MetricSource;
    prometheus: MetricSource;
    /** In mode hpa. */
    metricsAdapter: MetricSource;
    /** In mode keda. */
    keda: MetricSource;
    /** With recommendations. */
    verticalPodAutoscaler: MetricSource;
    loadBalancerController: MetricSource;
}

/** A cluster that somebody else made. */
export interface ExistingClusterArgs {
    /** Name of the EKS cluster. */
    clusterName: string;
    /** Security group of its pods: data stores let it in. */
    securityGroupId: string;
    /** How to reach it, secret. */
    kubeconfig?: pulumi.Input<string>;
}

/** Proxies before the pods; their bounds and engine are those of `loadBalancer.proxy`. */
export interface RegionPodProxyArgs {
    /** HAProxy's or NGINX's image by digest. */
    image: string;
    /** Version of NGINX in it; needed with engine nginx. */
    nginxVersion?: string;
}

/** A Valkey cluster beside the service. */
export interface RegionValkeyArgs {
    /** Namespace, created. */
    namespace: string;
    /** Image by digest. */
    image: string;
    /** Secret of the namespace with tls.crt, tls.key and ca.crt. */
    tlsSecretName: string;
    role: ValkeyRole;
    shards: number;
    copies: number;
    appendFsync: AppendFsync;
    storageGibibytes: number;
    /** @default the cluster's default class */
    storageClassName?: string;
    cpuRequestMilli: number;
    memoryMebibytes: number;
    credentialGeneration: number;
}

/** The service on Kubernetes. */
export interface RegionKubernetesArgs {
    /** Minor version of the cluster, such as 1.36. */
    version: string;
    /** Roles that administer the cluster. */
    adminRoleArns: string[];
    endpoint: ClusterEndpointArgs;
    /** IPv4 block of the cluster's services. */
    serviceCidr: string;
    /** Days that the control plane's logs are kept. */
    logDays: number;
    addonVersions?: AddonVersionsArgs;
    /** Version of the cluster autoscaler. @default the minor's first */
    clusterAutoscalerVersion?: string;
    /** Node groups by name. */
    nodeGroups: Record<string, NodeGroupArgs>;
    /** Namespace of the service. */
    namespace: string;
    /** HAProxy's image by digest, for the health agent. */
    healthAgentImage: string;
    /** A pod requests an eighth of an instance of this tier. */
    podTier: FleetTier;
    autoscaling: RegionPodScalingArgs;
    sources: RegionSourcesArgs;
    /** Needed with the strategy least-connections. @default pods join the load balancer themselves */
    proxy?: RegionPodProxyArgs;
    /** @default none */
    valkey?: RegionValkeyArgs;
    /** Use this cluster instead of creating one. @default one is created */
    existing?: ExistingClusterArgs;
}
