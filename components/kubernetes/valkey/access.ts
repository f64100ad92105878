import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { DNS_PORTS, inNamespaces, tcp } from "../network-rules";
import { BUS_PORT, METRICS_PORT, PORT, SCRAPE_SECONDS } from "./defaults";
import { nodesService } from "./names";
import type { ValkeyChoice } from "./validate";

/** One name for clients to begin at, and one for each pod, ready or not: pods find each other by it. */
export function createServices(
    name: string,
    parent: pulumi.Resource,
    { clusterName, namespace }: ValkeyChoice,
    selector: Record<string, string>,
): void {
    const port = { name: "valkey", port: PORT, targetPort: "valkey", protocol: "TCP" };
    new core.Service(
        `${name}-service`,
        {
            metadata: { name: clusterName, namespace, labels: selector },
            spec: { type: "ClusterIP", selector, ports: [port] },
        },
        { parent },
    );
    new core.Service(
        `${name}-nodes`,
        {
            metadata: { name: nodesService(clusterName), namespace, labels: selector },
            spec: {
                clusterIP: "None",
                publishNotReadyAddresses: true,
                selector,
                ports: [port, { name: "bus", port: BUS_PORT, targetPort: "bus", protocol: "TCP" }],
            },
        },
        { parent },
    );
}

/** One pod of the whole cluster at a time: its shard keeps a majority of its copies, and the cluster of its primaries. */
export function createBudget(
    name: string,
    parent: pulumi.Resource,
    { clusterName, namespace }: ValkeyChoice,
    matchLabels: Record<string, string>,
): void {
    new policy.PodDisruptionBudget(
        `${name}-budget`,
        {
            metadata: { name: clusterName, namespace },
            spec: { maxUnavailable: 1, selector: { matchLabels } },
        },
        { parent },
    );
}

/** In: clients, pods of the cluster and the Job that makes it, Prometheus. Out: each other, DNS, what is asked for. */
export function closeNetwork(
    name: string,
    parent: pulumi.Resource,
    choice: ValkeyChoice,
    matchLabels: Record<string, string>,
): void {
    const { clusterName, namespace, clientNamespaces, metrics, monitoringNamespace, egress } =
        choice;
    const siblings = [{ podSelector: { matchLabels } }];
    new networking.NetworkPolicy(
        `${name}-network`,
        {
            metadata: { name: clusterName, namespace },
            spec: {
                podSelector: { matchLabels },
                policyTypes: ["Ingress", "Egress"],
                ingress: [
                    {
                        from: [{ podSelector: {} }, ...inNamespaces(...clientNamespaces)],
                        ports: tcp(PORT),
                    },
                    { from: siblings, ports: tcp(PORT, BUS_PORT) },
                    ...(metrics
                        ? [{ from: inNamespaces(monitoringNamespace), ports: tcp(METRICS_PORT) }]
                        : []),
                ],
                egress: [
                    {
                        to: [{ namespaceSelector: {} }],
                        ports: DNS_PORTS,
                    },
                    { to: siblings, ports: tcp(PORT, BUS_PORT) },
                    ...egress.map(({ cidr, port }) => ({
                        to: [{ ipBlock: { cidr } }],
                        ports: tcp(port),
                    })),
                ],
            },
        },
        { parent },
    );
}

/** Tells the Prometheus operator to read the exporters. */
export function createPodMonitor(
    name: string,
    parent: pulumi.Resource,
    { clusterName, namespace, metrics }: ValkeyChoice,
    matchLabels: Record<string, string>,
): void {
    if (!metrics?.podMonitor) return;
    new apiextensions.CustomResource(
        `${name}-monitor`,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { name: clusterName, namespace },
            spec: {
                selector: { matchLabels },
                podMetricsEndpoints: [{ port: "metrics", interval: `${SCRAPE_SECONDS}s` }],
            },
        },
        { parent },
    );
}
