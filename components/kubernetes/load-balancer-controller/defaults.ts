/** Name of the release, its service account and its role. */
export const CONTROLLER_NAME = "aws-load-balancer-controller";
export const CONTROLLER_NAMESPACE = "kube-system";

export const CONTROLLER_DEFAULTS = Object.freeze({
    chartVersion: "3.4.1",
    repository: "https://aws.github.io/eks-charts",
    replicas: 2,
});

/** What it asks for: a few hundred targets. */
export const CONTROLLER_RESOURCES = Object.freeze({ cpu: "100m", memory: "256Mi" });
