import type * as pulumi from "@pulumi/pulumi";

/** Where something that scaling needs comes from. */
export const MetricSource = {
    /** KubernetesMetrics installs it. */
    Create: "create",
    /** The cluster has it already. */
    Existing: "existing",
    /** The cluster does not have it. */
    None: "none",
} as const;
export type MetricSource = (typeof MetricSource)[keyof typeof MetricSource];

/** What a cluster has for scaling, and what is to be installed. */
export interface MetricSourcesArgs {
    /** metrics.k8s.io: CPU and memory of pods. @default none */
    metricsServer?: MetricSource;
    /** Prometheus and its operator: PodMonitor and the series of the service. @default none */
    prometheus?: MetricSource;
    /** custom.metrics.k8s.io and external.metrics.k8s.io out of Prometheus; for mode hpa. @default none */
    metricsAdapter?: MetricSource;
    /** KEDA and its definitions; for mode keda. @default none */
    keda?: MetricSource;
    /** The vertical autoscaler's recommender and definitions. @default none */
    verticalPodAutoscaler?: MetricSource;
}

/** Arguments of KubernetesMetrics. */
export interface KubernetesMetricsArgs {
    /** What to install; `existing` and `none` install nothing. */
    sources: MetricSourcesArgs;
    /** Namespace of what is installed; created. @default monitoring */
    namespace?: string;
    /** Namespace of the service. */
    workloadNamespace: pulumi.Input<string>;
    /** Label app.kubernetes.io/name of the service's pods. @default logcaster */
    workloadName?: string;
    /** Name of the service's container port that answers /metrics. @default http */
    metricsPortName?: string;
    /** Seconds between two scrapes. @default 15 */
    scrapeIntervalSeconds?: number;
}
