import type { input } from "@pulumi/kubernetes/types";

type Constraint = input.core.v1.TopologySpreadConstraint;

export const ZONE = "topology.kubernetes.io/zone";
export const HOST = "kubernetes.io/hostname";

/** Pods as even as may be over zones or hosts; where they must be, over those alone that have nodes in service. */
export function spread(
    topologyKey: string,
    whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway",
    matchLabels: Record<string, string>,
): Constraint {
    return {
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable,
        labelSelector: { matchLabels },
        ...(whenUnsatisfiable === "DoNotSchedule" ? { nodeTaintsPolicy: "Honor" } : {}),
    };
}

/** The pods of a Deployment evenly over zones, and over hosts as far as there are any. */
export function spreadDeployment(matchLabels: Record<string, string>): Constraint[] {
    // A roll-out spreads its own pods, not the old ones'.
    const matchLabelKeys = ["pod-template-hash"];
    return [
        { ...spread(ZONE, "DoNotSchedule", matchLabels), matchLabelKeys },
        { ...spread(HOST, "ScheduleAnyway", matchLabels), matchLabelKeys },
    ];
}
