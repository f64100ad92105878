/** What a region's cluster also runs where its settings ask for it: proxies before the pods, a Valkey cluster. */
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { isIPv4 } from "node:net";
import { KubernetesProxy, type KubernetesWorkload, ValkeyCluster } from "../kubernetes";
import { headlessName } from "../kubernetes/workload/access";
import { PORT_NAMES, WORKLOAD_DEFAULTS } from "../kubernetes/workload/defaults";
import { LOAD_BALANCER_DEFAULTS } from "../load-balancer/defaults";
import type { RegionArgs } from "./args";
import type { KubernetesParts } from "./kubernetes";
import type { RegionKubernetesArgs } from "./kubernetes-args";

/** A backend takes this many times its share from one proxy before connections wait: a guard, not a balance. */
const HEADROOM = 2;
/** EKS gives its DNS the tenth address of the services' block. https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
const DNS_HOST = 10;
const DNS_PORT = 53;

/** Proxies that join the network load balancer in the place of the pods; none with flow-hash. */
export function createProxies(
    name: string,
    args: RegionArgs,
    { proxy, serviceCidr, autoscaling }: RegionKubernetesArgs,
    { balancer, network }: KubernetesParts,
    app: KubernetesWorkload,
    namespace: string,
    options: pulumi.ComponentResourceOptions,
): void {
    if (!proxy) return;
    const { loadBalancer, scaling, service } = args;
    const fleet = loadBalancer.proxy;
    new KubernetesProxy(
        `${name}-proxy`,
        {
            namespace,
            engine: fleet?.engine,
            image: proxy.image,
            nginxVersion: proxy.nginxVersion,
            srvName: `_${PORT_NAMES.line}._tcp.${headlessName(WORKLOAD_DEFAULTS.serviceName)}.${namespace}.svc.cluster.local`,
            nameservers: [`${dnsAddress(serviceCidr)}:${DNS_PORT}`],
            port: service.port,
            slots: HEADROOM * autoscaling.max,
            connectionsPerProxy: fleet?.connectionsPerInstance,
            connectionsPerPod: HEADROOM * autoscaling.connectionsPerPod,
            connectionsPerSource: fleet?.connectionsPerSource,
            idleTimeoutSeconds: loadBalancer.tcpIdleTimeoutSeconds,
            drainSeconds: loadBalancer.deregistrationDelaySeconds,
            minReplicas: fleet?.min,
            maxReplicas: fleet?.max,
            targetCpuPercent: scaling.targetCpuPercent,
            targetGroup: {
                tcpArn: balancer.tcpTargetGroupArn,
                nlbSecurityGroupId: balancer.nlbSecurityGroupId,
            },
            ingressCidrs: [
                network.cidr,
                ...(loadBalancer.allowedCidrs ?? LOAD_BALANCER_DEFAULTS.allowedCidrs),
            ],
        },
        { ...options, dependsOn: [app] },
    );
}

/** The cluster's name server, by the block of its services. */
export function dnsAddress(serviceCidr: string): string {
    const [base = ""] = serviceCidr.split("/");
    const address = base.replace(/\d+$/, (last) => String(Number(last) + DNS_HOST));
    if (!isIPv4(address)) throw new Error(`${serviceCidr} is no block of IPv4 addresses`);
    return address;
}

/** A Valkey cluster in a namespace of its own; none without its settings. */
export function createValkey(
    name: string,
    args: RegionArgs,
    { valkey, namespace: clients }: RegionKubernetesArgs,
    { parent, provider }: { parent: pulumi.Resource; provider: pulumi.ProviderResource },
): void {
    if (!valkey) return;
    const namespace = new core.Namespace(
        `${name}-valkey-namespace`,
        {
            metadata: {
                name: valkey.namespace,
                labels: { "pod-security.kubernetes.io/enforce": "restricted" },
            },
        },
        { parent, provider },
    );
    new ValkeyCluster(
        `${name}-valkey`,
        { ...valkey, clientNamespaces: [clients], protect: args.protect },
        { parent, providers: [provider], dependsOn: [namespace] },
    );
}
