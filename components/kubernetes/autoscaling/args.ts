import type * as pulumi from "@pulumi/pulumi";
import type { MetricSourcesArgs } from "../metrics/args";

/** Who owns the number of pods; exactly one does. */
export const PodScalingMode = {
    /** A HorizontalPodAutoscaler of ours. Brief 2.1. */
    Hpa: "hpa",
    /** A KEDA ScaledObject, which owns a HorizontalPodAutoscaler. */
    Keda: "keda",
} as const;
export type PodScalingMode = (typeof PodScalingMode)[keyof typeof PodScalingMode];

/** How a rule counts pods. */
export const PodPolicyType = { Percent: "Percent", Pods: "Pods" } as const;
export type PodPolicyType = (typeof PodPolicyType)[keyof typeof PodPolicyType];

/** Which of several rules holds. */
export const PodPolicySelect = {
    /** The one that changes most. */
    Max: "Max",
    /** The one that changes least. */
    Min: "Min",
    /** None: no change in this direction. */
    Disabled: "Disabled",
} as const;
export type PodPolicySelect = (typeof PodPolicySelect)[keyof typeof PodPolicySelect];

/** What the vertical autoscaler does with its recommendation. */
export const VpaMode = {
    /** Only says it. */
    Off: "Off",
    /** Applies it to new pods. */
    Initial: "Initial",
    /** Evicts pods to apply it. */
    Recreate: "Recreate",
    /** Resizes pods in place, or evicts them. */
    InPlaceOrRecreate: "InPlaceOrRecreate",
    /** Deprecated name of Recreate. */
    Auto: "Auto",
} as const;
export type VpaMode = (typeof VpaMode)[keyof typeof VpaMode];

/** At most so many pods, or percent of the pods, within a period. */
export interface PodScalingPolicyArgs {
    type: PodPolicyType;
    /** Pods, or percent of the pods; at least 1. */
    value: number;
    /** Seconds, 1 to 1,800. */
    periodSeconds: number;
}

/** How fast the number of pods changes in one direction. */
export interface PodScalingRulesArgs {
    /** Seconds over which the most careful recommendation counts, 0 to 3,600. */
    stabilizationWindowSeconds: number;
    policies: PodScalingPolicyArgs[];
    selectPolicy: PodPolicySelect;
}

/** How fast the number of pods changes. Brief 2.1. */
export interface PodScalingBehaviorArgs {
    scaleDown: PodScalingRulesArgs;
    scaleUp: PodScalingRulesArgs;
}

/** The vertical autoscaler beside the scaler, as a recommender. Brief 2.2. */
export interface VpaArgs {
    /** Any mode but Off is refused while the scaler uses CPU and memory. @default Off */
    mode?: VpaMode;
    /** Least CPU it recommends, in thousandths. @default 100 */
    minCpuMilli?: number;
    /** Least memory it recommends. @default 128 */
    minMemoryMebibytes?: number;
    /** Most CPU it recommends, in thousandths. @default 4,000 */
    maxCpuMilli?: number;
    /** Most memory it recommends. @default 8,192 */
    maxMemoryMebibytes?: number;
}

/** Where KEDA asks, and what holds while nobody answers. */
export interface KedaArgs {
    /** URL of Prometheus, for example http://prometheus.monitoring.svc:9090. */
    prometheusUrl: pulumi.Input<string>;
    /** Name of a TriggerAuthentication of the namespace for Prometheus. @default none */
    authenticationName?: string;
    /** Seconds between two questions. @default 15 */
    pollingIntervalSeconds?: number;
    /** Failed questions until the fallback holds. @default 3 */
    failureThreshold?: number;
    /** Pods at least while Prometheus does not answer; more stay where more run. @default minReplicas */
    fallbackReplicas?: number;
}

/** Arguments of KubernetesAutoscaling. */
export interface KubernetesAutoscalingArgs {
    /** Namespace of the workload. */
    namespace: pulumi.Input<string>;
    /** Name of the Deployment to scale; it must not fix its replicas. */
    deploymentName: pulumi.Input<string>;
    /** The container whose size the vertical autoscaler recommends. @default logcaster */
    containerName?: string;
    /** Who owns the number of pods. @default keda */
    mode?: PodScalingMode;
    /** What the cluster has that scaling needs; what is missing is refused. */
    sources: MetricSourcesArgs;
    /** Fewest pods, 3 to 50. Brief 2.1. @default 3 */
    minReplicas?: number;
    /** Most pods, 3 to 50. Brief 2.1. @default 50 */
    maxReplicas?: number;
    /** Scale on CPU and memory too; without it the vertical autoscaler may act. @default true */
    resourceMetrics?: boolean;
    /** Average CPU to hold, in percent of the request. Brief 2.1. @default 70 */
    targetCpuPercent?: number;
    /** Average memory to hold, in percent of the request. Brief 2.1. @default 80 */
    targetMemoryPercent?: number;
    /** Average of logcaster_active_connections to hold. Brief 2.1. @default 100 */
    connectionsPerPod?: number;
    /**
     * Entries of the queue outstanding per pod: the entries one pod drains a second times the delay in seconds that is
     * acceptable. Brief 2.1. @default 1,000
     */
    queueEntriesPerPod?: number;
    /** Speed in both directions. Brief 2.1. @default the brief's */
    behavior?: PodScalingBehaviorArgs;
    /** A vertical recommender beside the scaler. @default none */
    vpa?: VpaArgs;
    /** Needed in mode keda. */
    keda?: KedaArgs;
}
