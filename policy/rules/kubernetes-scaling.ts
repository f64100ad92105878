/** What scales pods: how far, on what, and that nobody else does. */
import { haveOneTarget, scales, type Scaler } from "./kubernetes-relations";
import {
    isPodScaler,
    isScaledObject,
    kindOf,
    type HelmRelease,
    type HorizontalPodAutoscaler,
    type PodResource,
    quantity,
    runningContainers,
    type ScaledObject,
    type VerticalPodAutoscaler,
    type Workload,
    podOf,
} from "./kubernetes-shape";
import {
    NOT_APPLICABLE,
    atLeast,
    atMost,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { POD_SCALER, SCALABLE_WORKLOAD } from "./types";
import { independently, known } from "./unknown";

/** What the API, and KEDA, take where a property is left out. */
const DEFAULTS = {
    minReplicas: 1,
    cpuPercent: 80,
    minReplicaCount: 0,
    maxReplicaCount: 100,
    updateMode: "Auto",
} as const;

export type PodScaler = HorizontalPodAutoscaler | ScaledObject;

/** Names and values of a scaler's bounds, read when asked. */
interface Bounds {
    readonly minName: string;
    readonly maxName: string;
    readonly min: () => number;
    readonly max: () => number;
    /** Beside the minimum, what KEDA falls to while nothing happens. */
    readonly idle?: () => number | undefined;
}

export function* boundsInsideLimits(
    resource: Resource<PodScaler | HelmRelease>,
    { min, max }: { readonly min: number; readonly max: number },
): Verdict {
    const bounds = boundsOf(resource);
    if (!bounds) return NOT_APPLICABLE;
    const { minName, maxName } = bounds;
    yield* independently(
        () => atMost(maxName, bounds.max(), max, "max"),
        () => atLeast(minName, bounds.min(), min, "min"),
        function* () {
            const most = bounds.max();
            if (bounds.min() > most)
                yield wrong(minName, bounds.min(), `at most ${maxName} ${most}`);
        },
        function* () {
            const idle = bounds.idle?.();
            if (idle !== undefined) yield* atLeast("idleReplicaCount", idle, min, "min");
        },
    );
}

function boundsOf(resource: Resource<PodScaler | HelmRelease>): Bounds | undefined {
    if (!isPodScaler(resource)) return chartBounds(resource.props as HelmRelease);
    if (isScaledObject(resource)) {
        const spec = () => resource.props.spec;
        return {
            minName: "minReplicaCount",
            maxName: "maxReplicaCount",
            min: () => spec()?.minReplicaCount ?? DEFAULTS.minReplicaCount,
            max: () => spec()?.maxReplicaCount ?? DEFAULTS.maxReplicaCount,
            idle: () => spec()?.idleReplicaCount,
        };
    }
    const spec = () => (resource.props as HorizontalPodAutoscaler).spec;
    return {
        minName: "minReplicas",
        maxName: "maxReplicas",
        min: () => spec()?.minReplicas ?? DEFAULTS.minReplicas,
        max: () => spec()!.maxReplicas,
    };
}

/** By the values that charts made by `helm create` have; what other charts make of theirs cannot be seen. */
function chartBounds({ values }: HelmRelease): Bounds | undefined {
    const given = values?.["autoscaling"] as
        { enabled?: unknown; minReplicas?: number; maxReplicas?: number } | undefined;
    if (given?.enabled !== true || given.maxReplicas === undefined) return undefined;
    return {
        minName: "values.autoscaling.minReplicas",
        maxName: "values.autoscaling.maxReplicas",
        min: () => given.minReplicas ?? DEFAULTS.minReplicas,
        max: () => given.maxReplicas!,
    };
}

interface Watched {
    /** What is measured, in words to match. */
    readonly metric: string;
    /** `percent` of what pods request, or so much each pod. */
    readonly per: "percent" | "pod" | "all pods";
    readonly value: number;
    /** Of one container alone. */
    readonly container?: string;
}

const percent = (metric: string, value: number, container?: string): Watched => ({
    metric,
    per: "percent",
    value,
    ...(container === undefined ? {} : { container }),
});

/** Everything a scaler watches. */
function watched(scaler: Resource<PodScaler>): Watched[] {
    if (isScaledObject(scaler)) return (scaler.props.spec?.triggers ?? []).map(trigger);
    const { spec } = scaler.props as HorizontalPodAutoscaler;
    if (scaler.type.includes(":autoscaling/v1:") || !spec?.metrics?.length) {
        return [percent("cpu", spec?.targetCPUUtilizationPercentage ?? DEFAULTS.cpuPercent)];
    }
    return spec.metrics.flatMap((metric): Watched[] => {
        const resource = metric.resource ?? metric.containerResource;
        if (resource) {
            const share = resource.target?.averageUtilization ?? resource.targetAverageUtilization;
            return share === undefined
                ? [{ metric: resource.name, per: "pod", value: NaN }]
                : [percent(resource.name, share, resource.container)];
        }
        const named = metric.pods ?? metric.external;
        if (!named) return [];
        const average = named.target?.averageValue ?? named.targetAverageValue;
        const total = named.target?.value ?? named.targetValue;
        return [
            {
                metric: named.metric?.name ?? named.metricName ?? "",
                per: average === undefined && total !== undefined ? "all pods" : "pod",
                value: quantity(average ?? total ?? NaN),
            },
        ];
    });
}

function trigger({ type, name, metricType, metadata = {} }: ScaledTrigger): Watched {
    if (type === "cpu" || type === "memory") {
        const kind = metricType ?? metadata["type"] ?? "Utilization";
        const value = Number(metadata["value"]);
        return kind === "Utilization"
            ? percent(type, value, metadata["containerName"])
            : { metric: type, per: "pod", value: NaN };
    }
    const words = [name, metadata["metricName"], metadata["query"]].filter(Boolean).join(" ");
    return {
        metric: words || type,
        per: metricType === "Value" ? "all pods" : "pod",
        value: quantity(metadata["threshold"] ?? metadata["value"] ?? NaN),
    };
}

type ScaledTrigger = NonNullable<NonNullable<ScaledObject["spec"]>["triggers"]>[number];

interface TargetLimits {
    readonly maxCpuPercent: number;
    readonly maxMemoryPercent: number;
    readonly maxConnections: number;
    readonly maxProxyConnections: number;
    readonly proxyNames: string;
}

export function* targetsInsideLimits(scaler: Resource<PodScaler>, config: TargetLimits): Verdict {
    /** A proxy passes connections on, and carries many times what a service's pod does. */
    const proxy = new RegExp(config.proxyNames, "i").test(scaler.name);
    for (const { metric, per, value, container } of watched(scaler)) {
        const what = `the target of ${metric}${container === undefined ? "" : ` of ${container}`}`;
        if (per === "percent" && metric === "cpu") {
            yield* atMost(what, value, config.maxCpuPercent, "maxCpuPercent");
        } else if (per === "percent" && metric === "memory") {
            yield* atMost(what, value, config.maxMemoryPercent, "maxMemoryPercent");
        } else if (/connections/i.test(metric)) {
            const key = proxy ? "maxProxyConnections" : "maxConnections";
            yield* atMost(what, value, config[key], key);
        }
    }
}

/** The controller multiplies a total by the pods that are ready, at each sync: a backlog then asks for more and more. */
export function* externalByPod(scaler: Resource<PodScaler>): Verdict {
    for (const { metric, per } of watched(scaler)) {
        if (per === "all pods") {
            yield wrong(`the target type of ${metric}`, "Value", "AverageValue");
        }
    }
}

const named = (scaler: Resource) => `${kindOf(scaler.type)} ${scaler.name}`;

export function* oneScaler(scaler: StackResource, _config: object, stack: Stack): Verdict {
    const others = stack
        .of<object>(POD_SCALER)
        .filter((other) => other.urn !== scaler.urn && haveOneTarget(scaler, other));
    if (others.length > 0) {
        yield `what it scales is also scaled by ${others.map(named).join(", ")}, must be one scaler a workload`;
    }
}

export function* verticalOnlyAdvises(
    vertical: StackResource<VerticalPodAutoscaler>,
    _config: object,
    stack: Stack,
): Verdict {
    const mode = vertical.props.spec?.updatePolicy?.updateMode ?? DEFAULTS.updateMode;
    if (mode === "Off") return NOT_APPLICABLE;
    const beside = stack.of<PodScaler>(POD_SCALER).filter((s) => haveOneTarget(vertical, s));
    for (const scaler of beside) {
        const changed = controlled(vertical, stack);
        const both = watched(scaler)
            .map(({ metric }) => metric)
            .filter((metric) => changed.includes(metric));
        if (both.length > 0) {
            yield wrong(
                "updateMode",
                `${mode}, which changes ${[...new Set(both)].join(" and ")} that ${named(scaler)} scales on`,
                "Off",
            );
        }
    }
}

const ALL: readonly PodResource[] = ["cpu", "memory"];

/** Resources that a vertical scaler changes. */
function controlled(
    vertical: StackResource<VerticalPodAutoscaler>,
    stack: Stack,
): readonly string[] {
    const policies = vertical.props.spec?.resourcePolicy?.containerPolicies ?? [];
    const said = policies.flatMap(({ mode, controlledResources }) =>
        mode === "Off" ? [] : (controlledResources ?? ALL),
    );
    const names = policies.map(({ containerName }) => containerName);
    const workload = stack
        .of<Workload>(SCALABLE_WORKLOAD)
        .find((candidate) => scales(vertical, candidate));
    const containers = workload && runningContainers(known(() => podOf(workload)?.spec));
    const everyOneSaid =
        names.includes("*") || containers?.every(({ name }) => names.includes(name)) === true;
    return everyOneSaid ? said : ALL;
}

/** The scalers of a workload. */
function scalersOf(workload: StackResource<Workload>, stack: Stack) {
    return stack
        .of<PodScaler>(POD_SCALER)
        .filter((scaler) => scales(scaler as unknown as Scaler, workload));
}

/** Paths that leave the number of pods to the scaler. */
const OWNED: readonly string[] = ["spec", "spec.replicas"];

/** An update would put the number back, whatever the load. */
export function* replicasLeftAlone(
    workload: StackResource<Workload>,
    _config: object,
    stack: Stack,
): Verdict {
    const scalers = scalersOf(workload, stack);
    const ignored = workload.ignoreChanges.some((path) => OWNED.includes(path));
    if (scalers.length === 0 || ignored) return NOT_APPLICABLE;
    const replicas = workload.props.spec?.replicas;
    if (replicas === undefined) return;
    for (const scaler of scalers) {
        yield wrong("replicas", replicas, `left out, since ${named(scaler)} owns it`);
    }
}

/** Where one container requests nothing, the controller cannot compute the pod's utilization, and does not scale on it. */
export function* requestsEverywhere(
    workload: StackResource<Workload>,
    _config: object,
    stack: Stack,
): Verdict {
    const scalers = scalersOf(workload, stack);
    if (scalers.length === 0) return NOT_APPLICABLE;
    const pod = podOf(workload)?.spec;
    for (const scaler of scalers) {
        const shares = watched(scaler).filter(({ per }) => per === "percent");
        for (const { metric, container } of shares) {
            const resource = metric as PodResource;
            /** A request of the whole pod takes the place of the containers'. */
            if (container === undefined && pod?.resources?.requests?.[resource]) continue;
            for (const { name, resources } of runningContainers(pod)) {
                if (container !== undefined && container !== name) continue;
                /** A limit alone is also the request. */
                if (resources?.requests?.[resource] ?? resources?.limits?.[resource]) continue;
                yield `container ${name} requests no ${metric}, of which ${named(scaler)} scales on a share`;
            }
        }
    }
}

/** The fewest pods that a workload has, or undefined where the cluster decides. */
export function fewestPods(workload: StackResource<Workload>, stack: Stack): number | undefined {
    if (!SCALABLE_WORKLOAD.includes(workload.type)) return undefined;
    const [scaler] = scalersOf(workload, stack);
    return scaler ? boundsOf(scaler)?.min() : (workload.props.spec?.replicas ?? 1);
}
