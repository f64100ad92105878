import type * as pulumi from "@pulumi/pulumi";

/** The proxy's program. */
export const KubernetesProxyEngine = { Haproxy: "haproxy", Nginx: "nginx" } as const;
export type KubernetesProxyEngine =
    (typeof KubernetesProxyEngine)[keyof typeof KubernetesProxyEngine];

/** By what a connection finds its pod. */
export const KubernetesProxyBalance = {
    LeastConnections: "least-connections",
    RoundRobin: "round-robin",
    SourceHash: "source-hash",
    Random: "random",
} as const;
export type KubernetesProxyBalance =
    (typeof KubernetesProxyBalance)[keyof typeof KubernetesProxyBalance];

/** The target group that proxies join. */
export interface ProxyTargetGroupArgs {
    /** Of the line protocol, target type ip. */
    tcpArn: pulumi.Input<string>;
    /** Security group of the network load balancer. */
    nlbSecurityGroupId: pulumi.Input<string>;
}

/** Arguments of KubernetesProxy. */
export interface KubernetesProxyArgs {
    /** Namespace; it exists. */
    namespace: string;
    /** Name of the Deployment, its Service and its labels. @default logcaster-proxy */
    proxyName?: string;
    /** HAProxy 2.6 or newer, or NGINX 1.27.3 or newer, which resolves SRV records. Brief 1.1: nginx/haproxy. @default haproxy */
    engine?: KubernetesProxyEngine;
    /** The engine's image by digest. */
    image: string;
    /** Version of NGINX in the image, such as 1.29.3. @default none; needed with nginx */
    nginxVersion?: string;
    /** SRV name of the service's pods: `_line._tcp.<headless service>.<namespace>.svc.cluster.local`. */
    srvName: string;
    /** Name servers of the cluster, `address:port`, asked over TCP: 50 pods' records do not fit a datagram. */
    nameservers: string[];
    /** TCP port of the line protocol. Brief 3.2. @default 9999 */
    port?: number;
    /** Brief 1.1: least_connections. @default least-connections */
    balance?: KubernetesProxyBalance;
    /** Pods of the service that a proxy has room for; twice the most there are, for those that leave. @default 100 */
    slots?: number;
    /** Connections that a proxy should carry: twice as many are its limit. @default 10000 */
    connectionsPerProxy?: number;
    /** Connections that a proxy gives one pod at most; more wait. @default not limited */
    connectionsPerPod?: number;
    /** Connections of one source address at a time. @default 1000 */
    connectionsPerSource?: number;
    /** Quiet time after which a connection is closed. @default 350 */
    idleTimeoutSeconds?: number;
    /** Seconds that connections of a leaving proxy may last. @default 300 */
    drainSeconds?: number;
    /** Seconds a leaving proxy still takes connections while load balancers forget it. @default 15 */
    preStopSeconds?: number;
    /** Fewest proxies. @default 3 */
    minReplicas?: number;
    /** Most proxies. @default 10 */
    maxReplicas?: number;
    /** CPU that the autoscaler holds, in percent of the request. Brief 1.1: 70. @default 70 */
    targetCpuPercent?: number;
    /** CPU a proxy requests, in thousandths. @default 500 */
    cpuRequestMilli?: number;
    /** Memory a proxy requests, and its limit, in MiB. @default 1024 */
    memoryMebibytes?: number;
    /** Target group that proxies join. @default none */
    targetGroup?: ProxyTargetGroupArgs;
    /** IPv4 blocks that may connect. */
    ingressCidrs: pulumi.Input<string>[];
    /** Namespace of Prometheus, which may read HAProxy's /metrics. @default monitoring */
    monitoringNamespace?: string;
}
