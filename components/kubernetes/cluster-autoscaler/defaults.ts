/** Name of the Deployment, the service account and their roles. */
export const AUTOSCALER_NAME = "cluster-autoscaler";
export const AUTOSCALER_NAMESPACE = "kube-system";

export const AUTOSCALER_DEFAULTS = Object.freeze({
    /** Brief 2.3 names k8s.gcr.io, which is frozen. */
    repository: "registry.k8s.io/autoscaling/cluster-autoscaler",
    identity: "pod-identity",
    replicas: 2,
} as const);

/** Enough for a thousand nodes. Source: the autoscaler's FAQ, "How much memory does it need?". */
export const AUTOSCALER_RESOURCES = Object.freeze({ cpu: "100m", memory: "600Mi" });

export const HEALTH_PATH = "/health-check";
export const METRICS_PORT = 8085;
export const RUN_AS_NOBODY = 65534;
/** A class of every cluster: the pod that adds nodes must never wait for one. */
export const AUTOSCALER_PRIORITY_CLASS = "system-cluster-critical";

/** The brief's flags (2.3), with the cluster's own tag, a leader per cluster and room for slow EC2 answers. */
export function autoscalerFlags(clusterName: string): string[] {
    const tags = `k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/${clusterName}`;
    return [
        "--v=4",
        "--stderrthreshold=info",
        "--cloud-provider=aws",
        "--skip-nodes-with-local-storage=false",
        "--expander=least-waste",
        `--node-group-auto-discovery=asg:tag=${tags}`,
        "--balance-similar-node-groups",
        "--skip-nodes-with-system-pods=false",
        `--address=:${METRICS_PORT}`,
    ];
}
