import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { HEALTH_PORT } from "../../fleet/defaults";
import { bindPods, DNS_PORTS, inNamespaces, tcp } from "../network-rules";
import type { KubernetesProxyChoice } from "./spec";

/** Proxies join the network load balancer's target group in the place of the service's pods. */
export function bindTargetGroup(
    name: string,
    parent: pulumi.Resource,
    { namespace, proxyName, port, targetGroup }: KubernetesProxyChoice,
    dependsOn: pulumi.Resource[],
): void {
    if (!targetGroup) return;
    const { tcpArn, nlbSecurityGroupId } = targetGroup;
    bindPods(
        `${name}-targets`,
        {
            metadata: { name: proxyName, namespace },
            serviceRef: { name: proxyName, port },
            targetGroupArn: tcpArn,
            securityGroupId: nlbSecurityGroupId,
        },
        { parent, dependsOn },
    );
}

/** In: load balancers and Prometheus. Out: the service's pods, in the same namespace, and DNS. */
export function closeNetwork(
    name: string,
    parent: pulumi.Resource,
    choice: KubernetesProxyChoice,
    matchLabels: Record<string, string>,
): void {
    const { proxyName, namespace, port, ingressCidrs, monitoringNamespace } = choice;
    new networking.NetworkPolicy(
        `${name}-network`,
        {
            metadata: { name: proxyName, namespace },
            spec: {
                podSelector: { matchLabels },
                policyTypes: ["Ingress", "Egress"],
                ingress: [
                    {
                        from: ingressCidrs.map((cidr) => ({ ipBlock: { cidr } })),
                        ports: tcp(port, HEALTH_PORT),
                    },
                    {
                        from: inNamespaces(monitoringNamespace),
                        ports: tcp(HEALTH_PORT),
                    },
                ],
                egress: [
                    { ports: DNS_PORTS },
                    { to: [{ podSelector: {} }], ports: tcp(port, HEALTH_PORT) },
                ],
            },
        },
        { parent },
    );
}
