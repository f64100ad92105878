import { PODS_AN_INSTANCE, TIERS, type TierName } from "logcaster-model/instance-types";
import { LIMITS, PRE_STOP_SECONDS } from "logcaster-model/limits";
import { SERVICE_USER } from "logcaster-model/user-data/layout";
import { VPA_DEFAULTS } from "../autoscaling/defaults";

export const WORKLOAD_DEFAULTS = Object.freeze({
    /** Brief 2.1. */
    namespace: "production",
    serviceName: "logcaster",
    port: LIMITS["service.port"].value,
    httpPort: LIMITS["service.httpPort"].value,
    tier: "small",
    preStopSeconds: PRE_STOP_SECONDS,
    drainSeconds: LIMITS["loadBalancer.deregistrationDelaySeconds"].value,
    /** A fifth at once: one of three pods, ten of fifty. */
    maxUnavailablePercent: 20,
    monitoringNamespace: "monitoring",
} as const);

/** What a pod is killed after beyond preStop and drain: the service writes what it holds. */
export const GRACE_MARGIN_SECONDS = 30;

/** Names of ports; a headless Service publishes them as SRV records. */
export const PORT_NAMES = Object.freeze({ line: "line", http: "http", health: "health" });

/** The user that the service runs as on an instance too. */
export const RUN_AS = SERVICE_USER.uid;

/** Above ordinary pods (0), below the cluster's own (2,000,000,000). */
export const PRIORITY = 1_000_000;

/** More pods than before at once during a roll-out; none less. */
export const ROLLOUT = Object.freeze({ maxSurge: "25%", maxUnavailable: 0, minReadySeconds: 10 });

/** Intervals of brief 3.2 (every 2 s, rise 2, fall 3); a start may take two minutes. */
export const PROBES = Object.freeze({
    periodSeconds: 2,
    timeoutSeconds: 1,
    successThreshold: 2,
    failureThreshold: 3,
    startupFailureThreshold: 60,
    liveness: { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
});

/** What the health agent needs: HAProxy with one backend. */
export const HEALTH_AGENT = Object.freeze({ cpuRequestMilli: 10, memoryRequestMebibytes: 32 });

/** Ports below it are privileged, where a kernel is not told otherwise. */
export const FIRST_UNPRIVILEGED_PORT = 1024;

const MEBIBYTES_A_GIBIBYTE = 1024;
const BURST = 2;

/** What a pod of a tier requests and may use at most. */
export interface PodSize {
    readonly cpuRequestMilli: number;
    /** CPU above the request is lent, up to twice of it. */
    readonly cpuLimitMilli: number;
    /** Request and limit are equal: memory cannot be taken back. */
    readonly memoryMebibytes: number;
}

/** An eighth of an instance of the tier, within what the vertical autoscaler may recommend (brief 2.2). */
export function podSize(tier: TierName): PodSize {
    const { vcpus, memoryGiB } = TIERS[tier];
    const cpu = Math.min((vcpus * 1000) / PODS_AN_INSTANCE, VPA_DEFAULTS.maxCpuMilli);
    const memory = (memoryGiB * MEBIBYTES_A_GIBIBYTE) / PODS_AN_INSTANCE;
    return {
        cpuRequestMilli: cpu,
        cpuLimitMilli: cpu * BURST,
        memoryMebibytes: Math.min(memory, VPA_DEFAULTS.maxMemoryMebibytes),
    };
}
