import { type LimitId } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { given } from "../../given";
import { isAllowed, wholeProblems } from "../../problems";
import { MetricSource, type MetricSourcesArgs } from "../metrics/args";
import {
    type KubernetesAutoscalingArgs,
    PodPolicySelect,
    type PodScalingBehaviorArgs,
    PodScalingMode,
    type PodScalingRulesArgs,
    type VpaArgs,
    VpaMode,
} from "./args";
import {
    API_BOUNDS,
    AUTOSCALING_DEFAULTS,
    KEDA_DEFAULTS,
    REPLICAS,
    VPA_DEFAULTS,
} from "./defaults";

/** The arguments with every default filled in. */
export type AutoscalingChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: KubernetesAutoscalingArgs) {
    const minReplicas = args.minReplicas ?? AUTOSCALING_DEFAULTS.minReplicas;
    const behavior: PodScalingBehaviorArgs = args.behavior ?? AUTOSCALING_DEFAULTS.behavior;
    return {
        ...AUTOSCALING_DEFAULTS,
        resourceMetrics: true,
        ...given(args),
        minReplicas,
        behavior,
        mode: args.mode ?? AUTOSCALING_DEFAULTS.mode,
        vpa: args.vpa && { ...VPA_DEFAULTS, ...given(args.vpa) },
        keda: args.keda && {
            ...KEDA_DEFAULTS,
            fallbackReplicas: minReplicas,
            ...given(args.keda),
        },
    };
}

/** Every mistake in the arguments. */
export function autoscalingProblems(args: KubernetesAutoscalingArgs): Problem[] {
    const choice = choose(args);
    return [
        ...replicas(choice),
        ...targets(choice),
        ...rules("scaleDown", choice.behavior.scaleDown),
        ...rules("scaleUp", choice.behavior.scaleUp),
        ...neverStops(choice),
        ...vertical(choice),
        ...keda(choice),
        ...sources(choice, args.sources),
    ];
}

function replicas({ minReplicas: min, maxReplicas: max }: AutoscalingChoice): Problem[] {
    const range = { ...REPLICAS, why: "brief 2.1: 3 to 50 pods" };
    const found = [
        ...wholeProblems("minReplicas", min, range),
        ...wholeProblems("maxReplicas", max, range),
    ];
    if (min > max) {
        found.push({ path: "minReplicas", value: min, allowed: `at most maxReplicas, ${max}` });
    }
    return found;
}

function targets(choice: AutoscalingChoice): Problem[] {
    const percent = (path: "targetCpuPercent" | "targetMemoryPercent", id: LimitId): Problem[] => {
        const value = choice[path];
        return isAllowed(id, value) ? [] : [{ path, value, allowed: allowedText(id) }];
    };
    return [
        ...percent("targetCpuPercent", "scaling.targetCpuPercent"),
        ...percent("targetMemoryPercent", "scaling.targetMemoryPercent"),
        ...positive("connectionsPerPod", choice.connectionsPerPod),
        ...positive("queueEntriesPerPod", choice.queueEntriesPerPod),
    ];
}

function rules(direction: string, given: PodScalingRulesArgs): Problem[] {
    const path = `behavior.${direction}`;
    const why = "the API server's bounds";
    return [
        ...wholeProblems(`${path}.stabilizationWindowSeconds`, given.stabilizationWindowSeconds, {
            min: 0,
            max: API_BOUNDS.maxWindowSeconds,
            why,
        }),
        ...(given.policies.length === 0
            ? [{ path: `${path}.policies`, value: [], allowed: "at least one policy" }]
            : []),
        ...given.policies.flatMap(({ value, periodSeconds }, i) => [
            ...positive(`${path}.policies[${i}].value`, value),
            ...wholeProblems(`${path}.policies[${i}].periodSeconds`, periodSeconds, {
                min: 1,
                max: API_BOUNDS.maxPeriodSeconds,
                why,
            }),
        ]),
    ];
}

/** A scaler that cannot scale out is none. */
function neverStops({ behavior }: AutoscalingChoice): Problem[] {
    const value = behavior.scaleUp.selectPolicy;
    if (value !== PodPolicySelect.Disabled) return [];
    const allowed = "Max or Min: with Disabled the workload would never grow";
    return [{ path: "behavior.scaleUp.selectPolicy", value, allowed }];
}

function vertical({ vpa, resourceMetrics }: AutoscalingChoice): Problem[] {
    if (!vpa) return [];
    const found: Problem[] = [];
    if (vpa.mode !== VpaMode.Off && resourceMetrics) {
        found.push({
            path: "vpa.mode",
            value: vpa.mode,
            allowed:
                "Off while the scaler holds CPU and memory: two scalers of one resource chase each other " +
                "(https://kubernetes.io/docs/concepts/workloads/autoscaling/vertical-pod-autoscale/); " +
                "set resourceMetrics to false to let it act",
        });
    }
    const bounds: [keyof VpaArgs, keyof VpaArgs][] = [
        ["minCpuMilli", "maxCpuMilli"],
        ["minMemoryMebibytes", "maxMemoryMebibytes"],
    ];
    for (const [low, high] of bounds) {
        const [min, max] = [Number(vpa[low]), Number(vpa[high])];
        found.push(...positive(`vpa.${low}`, min), ...positive(`vpa.${high}`, max));
        if (min > max) {
            found.push({ path: `vpa.${low}`, value: min, allowed: `at most vpa.${high}, ${max}` });
        }
    }
    return found;
}

function keda({ mode, keda: given, minReplicas, maxReplicas }: AutoscalingChoice): Problem[] {
    if (mode !== PodScalingMode.Keda) {
        if (!given) return [];
        const allowed = "mode keda; one workload has one scaler";
        return [{ path: "keda", value: given, allowed }];
    }
    if (!given) {
        const allowed = "prometheusUrl at least, since mode keda asks Prometheus";
        return [{ path: "keda", value: undefined, allowed }];
    }
    return [
        ...wholeProblems("keda.fallbackReplicas", given.fallbackReplicas, {
            min: minReplicas,
            max: maxReplicas,
            why: "minReplicas to maxReplicas",
        }),
        ...positive("keda.pollingIntervalSeconds", given.pollingIntervalSeconds),
        ...positive("keda.failureThreshold", given.failureThreshold),
    ];
}

function sources(
    { mode, vpa, resourceMetrics }: AutoscalingChoice,
    given: MetricSourcesArgs,
): Problem[] {
    const byKeda = mode === PodScalingMode.Keda;
    const needed: [keyof MetricSourcesArgs, boolean, string][] = [
        ["metricsServer", resourceMetrics, "CPU and memory are read from metrics.k8s.io"],
        ["keda", byKeda, "mode keda is a ScaledObject, whose definition KEDA brings"],
        ["prometheus", byKeda, "KEDA asks Prometheus for connections and queue"],
        ["metricsAdapter", !byKeda, "mode hpa reads connections and queue from the metric APIs"],
        [
            "verticalPodAutoscaler",
            vpa !== undefined,
            "vpa is a VerticalPodAutoscaler, whose definition the recommender brings",
        ],
    ];
    return needed
        .filter(([source, wanted]) => wanted && (given[source] ?? "none") === MetricSource.None)
        .map(([source, , why]) => ({
            path: `sources.${source}`,
            value: given[source],
            allowed: `create or existing: ${why}`,
        }));
}

function positive(path: string, value: number): Problem[] {
    return Number.isInteger(value) && value >= 1
        ? []
        : [{ path, value, allowed: "a whole number of at least 1" }];
}
