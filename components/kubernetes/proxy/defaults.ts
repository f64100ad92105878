import { LIMITS, PRE_STOP_SECONDS } from "logcaster-model/limits";
import { PROXY_DEFAULTS, ProxyEngine } from "logcaster-model/proxy-config";
import { KubernetesProxyBalance } from "./args";

export const KUBERNETES_PROXY_DEFAULTS = Object.freeze({
    proxyName: "logcaster-proxy",
    engine: ProxyEngine.Haproxy,
    port: LIMITS["service.port"].value,
    balance: KubernetesProxyBalance.LeastConnections,
    slots: PROXY_DEFAULTS.slots,
    connectionsPerProxy: LIMITS["loadBalancer.proxy.connectionsPerInstance"].value,
    connectionsPerSource: LIMITS["loadBalancer.proxy.connectionsPerSource"].value,
    idleTimeoutSeconds: LIMITS["loadBalancer.tcpIdleTimeoutSeconds"].value,
    drainSeconds: LIMITS["loadBalancer.deregistrationDelaySeconds"].value,
    preStopSeconds: PRE_STOP_SECONDS,
    minReplicas: LIMITS["loadBalancer.proxy.min"].value,
    maxReplicas: LIMITS["loadBalancer.proxy.max"].value,
    targetCpuPercent: LIMITS["scaling.targetCpuPercent"].value,
    cpuRequestMilli: 500,
    /** 20,000 connections, each with two buffers of 16 KiB while data passes. */
    memoryMebibytes: 1024,
    monitoringNamespace: "monitoring",
} as const);

/** A proxy takes so many times what it should carry: a zone's proxies may be gone. */
export const HEADROOM = 2;

/** What a pod is killed after beyond preStop and drain. */
export const GRACE_MARGIN_SECONDS = 30;

/** Name of the listener, of its pool and in metrics. */
export const LISTENER = "line";
export const FOLDERS = Object.freeze({ configuration: "/etc/proxy", run: "/run/proxy" });

/** How each engine starts in the foreground, and is told to end once its connections have. */
export const ENGINES = Object.freeze({
    haproxy: {
        file: "haproxy.cfg",
        command: (file: string) => ["haproxy", "-W", "-db", "-f", file],
        drainSignal: "USR1" as const,
    },
    nginx: {
        file: "nginx.conf",
        command: (file: string) => ["nginx", "-e", "stderr", "-c", file, "-g", "daemon off;"],
        drainSignal: "QUIT" as const,
    },
});

/** No rights: the number is that of the official HAProxy image, and as good for NGINX's. */
export const RUN_AS = 99;
/** Of a roll-out: one more than before, none less. */
export const ROLLOUT = Object.freeze({ maxSurge: 1, maxUnavailable: 0, minReadySeconds: 10 });
export const MAX_UNAVAILABLE = 1;
/** Brief 2.1: hold for five minutes before pods are taken away. */
export const STABILIZATION_SECONDS = 300;
export const PROBES = Object.freeze({
    readiness: { periodSeconds: 2, timeoutSeconds: 1, successThreshold: 2, failureThreshold: 3 },
    liveness: { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
});
