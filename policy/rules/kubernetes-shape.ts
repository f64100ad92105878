/** What rules read of Kubernetes objects: their manifests, as a program of any author registers them. */
import type { Resource } from "./rule";
import { POD_SCALER, SCALED_OBJECT } from "./types";

export interface Metadata {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
}

export interface Container {
    readonly name: string;
    readonly image?: string;
    /** `Always` makes an init container a sidecar, which runs beside the others. */
    readonly restartPolicy?: string;
    readonly ports?: readonly { readonly containerPort: number }[];
    readonly resources?: Resources;
    readonly lifecycle?: {
        readonly preStop?: {
            readonly sleep?: { readonly seconds: number };
            readonly exec?: { readonly command?: readonly string[] };
        };
    };
}

export type PodResource = "cpu" | "memory";

interface Resources {
    readonly requests?: Partial<Record<PodResource, string>>;
    readonly limits?: Partial<Record<PodResource, string>>;
}

export interface PodSpec {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly terminationGracePeriodSeconds?: number;
    /** Of the pod as a whole. */
    readonly resources?: Resources;
}

export interface PodTemplate {
    readonly metadata?: Metadata;
    readonly spec?: PodSpec;
}

export interface Workload {
    readonly metadata?: Metadata;
    readonly spec?: {
        readonly replicas?: number;
        readonly template?: PodTemplate;
        readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
    };
    /** Of a PodTemplate. */
    readonly template?: PodTemplate;
}

export interface Reference {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly name: string;
}

export interface MetricTarget {
    readonly type?: string;
    readonly averageUtilization?: number;
    readonly averageValue?: string | number;
    readonly value?: string | number;
}

/** A resource by utilization or value; v2beta1 has its targets beside the name. */
interface ResourceMetric {
    readonly name: string;
    readonly container?: string;
    readonly target?: MetricTarget;
    readonly targetAverageUtilization?: number;
}

/** A metric of pods or of somewhere else. */
interface NamedMetric {
    readonly metric?: { readonly name: string };
    readonly metricName?: string;
    readonly target?: MetricTarget;
    readonly targetAverageValue?: string | number;
    readonly targetValue?: string | number;
}

export interface Metric {
    readonly type: string;
    readonly resource?: ResourceMetric;
    readonly containerResource?: ResourceMetric;
    readonly pods?: NamedMetric;
    readonly external?: NamedMetric;
}

export interface HorizontalPodAutoscaler {
    readonly metadata?: Metadata;
    readonly spec?: {
        readonly scaleTargetRef: Reference;
        readonly minReplicas?: number;
        readonly maxReplicas: number;
        readonly metrics?: readonly Metric[];
        /** Of autoscaling/v1. */
        readonly targetCPUUtilizationPercentage?: number;
    };
}

export interface Trigger {
    readonly type: string;
    readonly name?: string;
    readonly metricType?: string;
    readonly metadata?: Readonly<Record<string, string | undefined>>;
}

export interface ScaledObject {
    readonly metadata?: Metadata;
    readonly spec?: {
        readonly scaleTargetRef: Reference;
        readonly minReplicaCount?: number;
        readonly maxReplicaCount?: number;
        readonly idleReplicaCount?: number;
        readonly triggers?: readonly Trigger[];
    };
}

export interface VerticalPodAutoscaler {
    readonly metadata?: Metadata;
    readonly spec?: {
        readonly targetRef?: Reference;
        readonly updatePolicy?: { readonly updateMode?: string };
        readonly resourcePolicy?: {
            readonly containerPolicies?: readonly {
                readonly containerName?: string;
                readonly mode?: string;
                readonly controlledResources?: readonly PodResource[];
            }[];
        };
    };
}

export interface HelmRelease {
    readonly chart?: string;
    readonly values?: Readonly<Record<string, unknown>>;
    readonly repositoryOpts?: { readonly repo?: string };
}

/** `Deployment` of `kubernetes:apps/v1:DeploymentPatch`. */
export function kindOf(type: string): string {
    return type.slice(type.lastIndexOf(":") + 1).replace(/Patch$/, "");
}

export function isScaledObject(scaler: Resource): scaler is Resource<ScaledObject> {
    return SCALED_OBJECT.includes(scaler.type);
}

export function isPodScaler(resource: Resource): boolean {
    return POD_SCALER.includes(resource.type);
}

/** What a workload makes its pods from. */
export function podOf({ type, props }: Resource<Workload>): PodTemplate | undefined {
    switch (kindOf(type)) {
        case "Pod":
            return props as PodTemplate;
        case "PodTemplate":
            return props.template;
        case "CronJob":
            return props.spec?.jobTemplate?.spec?.template;
        default:
            return props.spec?.template;
    }
}

/** Containers that run as long as the pod: native sidecars with the others. */
export function runningContainers(pod: PodSpec | undefined): readonly Container[] {
    const sidecars = (pod?.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
    return [...sidecars, ...(pod?.containers ?? [])];
}

const SUFFIXES: Readonly<Record<string, number>> = {
    "": 1,
    m: 1e-3,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
};

/** A quantity such as 100, "1500m" or "2k" as a number. */
export function quantity(value: string | number): number {
    const [, digits, suffix] = /^([\d.]+)([A-Za-z]*)$/.exec(String(value)) ?? [];
    return Number(digits) * (SUFFIXES[suffix ?? ""] ?? NaN);
}
