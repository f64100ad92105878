import type { input } from "@pulumi/kubernetes/types";

export interface RollOut {
    /** Pods, or a percentage of them, that may be more than wanted. */
    maxSurge: number | string;
    /** Pods, or a percentage of them, that may be fewer. */
    maxUnavailable: number | string;
    /** A new pod counts after so many seconds of being ready. */
    minReadySeconds: number;
}

/** How a Deployment replaces its pods. */
export function rollingUpdate({
    minReadySeconds,
    maxSurge,
    maxUnavailable,
}: RollOut): Pick<input.apps.v1.DeploymentSpec, "minReadySeconds" | "strategy"> {
    return {
        minReadySeconds,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
    };
}
