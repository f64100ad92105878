/**
 * A HorizontalPodAutoscaler (autoscaling/v2) as plain numbers, and the defaulting of the API server.
 * Source: k8s.io/kubernetes 1.36, pkg/apis/autoscaling/v2/defaults.go. Amounts are thousandths ("milli"), as the controller counts.
 */

/** What a metric is held at. */
export type HpaTarget =
    | { readonly kind: "utilization"; readonly percent: number }
    | { readonly kind: "averageValue"; readonly milli: number }
    | { readonly kind: "value"; readonly milli: number };

/** One metric of an autoscaler. A container's resource is a resource whose samples and requests are that container's. */
export interface HpaMetric {
    readonly kind: "resource" | "containerResource" | "pods" | "object" | "external";
    /** Name of the resource; `cpu` alone has rules for pods that start. */
    readonly resource?: string;
    readonly target: HpaTarget;
}

/** At most `value` pods, or `value` percent of the pods, within `periodSeconds`. */
export interface HpaPolicy {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
}

export interface HpaRules {
    readonly stabilizationWindowSeconds?: number;
    readonly selectPolicy?: "Max" | "Min" | "Disabled";
    readonly policies?: readonly HpaPolicy[];
    /** Share of the target by which the ratio may differ before anything is done; the controller's flag when absent. */
    readonly toleranceRatio?: number;
}

export interface HpaSpec {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly HpaMetric[];
    readonly behavior?: { readonly scaleUp?: HpaRules; readonly scaleDown?: HpaRules };
}

/** Flags of kube-controller-manager that decide how autoscalers behave. */
export interface HpaFlags {
    readonly syncPeriodMs: number;
    readonly toleranceRatio: number;
    readonly downscaleStabilizationMs: number;
    readonly cpuInitializationPeriodMs: number;
    readonly initialReadinessDelayMs: number;
}

/** The flags' defaults: pkg/controller/podautoscaler/config/v1alpha1/defaults.go. */
export const HPA_FLAGS: HpaFlags = Object.freeze({
    syncPeriodMs: 15_000,
    toleranceRatio: 0.1,
    downscaleStabilizationMs: 300_000,
    cpuInitializationPeriodMs: 300_000,
    initialReadinessDelayMs: 30_000,
});

/** Rules with every field the API server fills in; only the scale-down window may stay open, for the flag. */
export interface CompleteRules {
    readonly stabilizationWindowSeconds: number;
    readonly selectPolicy: "Max" | "Min" | "Disabled";
    readonly policies: readonly HpaPolicy[];
    readonly toleranceRatio: number;
}

const SCALE_UP_DEFAULTS = {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
        { type: "Pods", value: 4, periodSeconds: 15 },
        { type: "Percent", value: 100, periodSeconds: 15 },
    ],
} as const satisfies HpaRules;

const SCALE_DOWN_DEFAULTS = {
    selectPolicy: "Max",
    policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
} as const satisfies HpaRules;

/** Both directions' rules, complete; undefined where the autoscaler has no `behavior` and the older rules hold. */
export function completeBehavior(
    spec: HpaSpec,
    flags: HpaFlags,
): { scaleUp: CompleteRules; scaleDown: CompleteRules } | undefined {
    if (!spec.behavior) return undefined;
    const { toleranceRatio } = flags;
    const stabilizationWindowSeconds = Math.trunc(flags.downscaleStabilizationMs / 1000);
    return {
        scaleUp: { toleranceRatio, ...SCALE_UP_DEFAULTS, ...defined(spec.behavior.scaleUp) },
        scaleDown: {
            toleranceRatio,
            stabilizationWindowSeconds,
            ...SCALE_DOWN_DEFAULTS,
            ...defined(spec.behavior.scaleDown),
        },
    };
}

function defined(rules: HpaRules = {}): HpaRules {
    return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}
