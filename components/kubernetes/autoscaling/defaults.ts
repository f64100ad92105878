import { LIMITS } from "logcaster-model/limits";
import { PodPolicySelect, PodPolicyType, PodScalingMode, VpaMode } from "./args";

/** Names of the metrics, as the service exports them. */
export const CONNECTIONS_METRIC = "logcaster_active_connections";
export const QUEUE_METRIC = "queue_size";
/** Label of the queue's series. Brief 2.1. */
export const QUEUE_LABELS = Object.freeze({ queue: "logs" });

/** Brief 2.1, section by section. */
export const AUTOSCALING_DEFAULTS = Object.freeze({
    mode: PodScalingMode.Keda,
    containerName: "logcaster",
    minReplicas: 3,
    maxReplicas: 50,
    targetCpuPercent: LIMITS["scaling.targetCpuPercent"].value,
    targetMemoryPercent: LIMITS["scaling.targetMemoryPercent"].value,
    connectionsPerPod: 100,
    queueEntriesPerPod: 1000,
    behavior: {
        scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [
                { type: PodPolicyType.Percent, value: 50, periodSeconds: 60 },
                { type: PodPolicyType.Pods, value: 2, periodSeconds: 60 },
            ],
            selectPolicy: PodPolicySelect.Min,
        },
        scaleUp: {
            stabilizationWindowSeconds: 0,
            policies: [
                { type: PodPolicyType.Percent, value: 100, periodSeconds: 15 },
                { type: PodPolicyType.Pods, value: 5, periodSeconds: 15 },
            ],
            selectPolicy: PodPolicySelect.Max,
        },
    },
});

/** Brief 2.2; its mode Auto is the one its documentation forbids beside an HPA on the same resources. */
export const VPA_DEFAULTS = Object.freeze({
    mode: VpaMode.Off,
    minCpuMilli: 100,
    minMemoryMebibytes: 128,
    maxCpuMilli: 4000,
    maxMemoryMebibytes: 8192,
});

export const KEDA_DEFAULTS = Object.freeze({ pollingIntervalSeconds: 15, failureThreshold: 3 });

/** Bounds of our own: the brief's 50 pods are a ceiling, three spread over three zones. */
export const REPLICAS = Object.freeze({
    min: AUTOSCALING_DEFAULTS.minReplicas,
    max: AUTOSCALING_DEFAULTS.maxReplicas,
});

/** Bounds of the API server. Source: k8s.io/kubernetes 1.36, pkg/apis/autoscaling/validation/validation.go. */
export const API_BOUNDS = Object.freeze({ maxPeriodSeconds: 1800, maxWindowSeconds: 3600 });
