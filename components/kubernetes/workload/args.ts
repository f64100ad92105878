import type * as pulumi from "@pulumi/pulumi";
import type { FleetTier } from "../../fleet/args";

/** Another container of the pod. It requests CPU and memory, or the scaler could not compute the pod's utilization. */
export interface SidecarArgs {
    /** Name of the container. */
    name: string;
    /** Container image by digest. */
    image: string;
    /** CPU it requests, in thousandths. */
    cpuRequestMilli: number;
    /** Memory it requests, and its limit. */
    memoryRequestMebibytes: number;
    /** Its arguments. @default the image's */
    args?: string[];
}

/** The target groups of the LoadBalancerTier, whose members are the pods (target type ip). */
export interface TargetGroupsArgs {
    /** Of the line protocol. @default none: proxies join it in the pods' place */
    tcpArn?: pulumi.Input<string>;
    /** Of HTTP. */
    httpArn: pulumi.Input<string>;
    /** Security group of the network load balancer. */
    nlbSecurityGroupId: pulumi.Input<string>;
    /** Security group of the application load balancer. */
    albSecurityGroupId: pulumi.Input<string>;
}

/** A place the pods may connect to. */
export interface EgressArgs {
    /** IPv4 block. */
    cidr: pulumi.Input<string>;
    /** TCP port. */
    port: number;
}

/** What the service reads at run time: the outputs of RuntimeConfig, as files. */
export interface RuntimeFilesArgs {
    /** Text of runtime.json. */
    document: pulumi.Input<string>;
    /** Text of each secret by the name of its file. */
    secrets: Record<string, pulumi.Input<string>>;
}

/** Arguments of KubernetesWorkload. */
export interface KubernetesWorkloadArgs {
    /** Namespace, created. Brief 2.1: production. @default production */
    namespace?: string;
    /** Name of the Deployment, its Services and its labels. @default logcaster */
    serviceName?: string;
    /** Container image by digest: a tag can change under running pods. */
    image: string;
    /** HAProxy's image by digest, for the agent that asks PING and answers /health. */
    healthAgentImage: string;
    /** TCP port of the line protocol. Brief 3.2. @default 9999 */
    port?: number;
    /** HTTP port, with /metrics. Brief 3.1. @default 80 */
    httpPort?: number;
    /** Vertical size; a pod requests an eighth of an instance of this tier. Brief 1.2. @default small */
    tier?: FleetTier;
    /** Pods, where no scaler owns their number. @default none: a scaler owns it */
    replicas?: number;
    /** Other containers of the pod. @default none */
    sidecars?: SidecarArgs[];
    /** Seconds a leaving pod still serves while load balancers forget it. @default 15 */
    preStopSeconds?: number;
    /** Seconds that connections of a leaving pod may last. @default 300 */
    drainSeconds?: number;
    /** Seconds until a leaving pod is killed; longer than preStopSeconds and drainSeconds together. @default both and 30 */
    terminationGraceSeconds?: number;
    /** Pods that may be away at once for a node drain, in percent, rounded up; 1 to 50. @default 20 */
    maxUnavailablePercent?: number;
    /** What the service reads at run time. @default nothing */
    runtimeFiles?: RuntimeFilesArgs;
    /** Target groups that pods join. @default none */
    targetGroups?: TargetGroupsArgs;
    /** IPv4 blocks that may connect: of the VPC, whose load balancers do. */
    ingressCidrs: pulumi.Input<string>[];
    /** Where pods may connect to beside DNS: data stores. @default nowhere */
    egress?: EgressArgs[];
    /** Namespace of Prometheus, which may read /metrics. @default monitoring */
    monitoringNamespace?: string;
}
