import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { HEALTH_PORT } from "../../fleet/defaults";
import { DNS_PORT } from "./defaults";
import type { KubernetesProxyChoice } from "./spec";

const tcp = (...open: number[]) => open.map((port) => ({ protocol: "TCP", port }));

/** Proxies join the network load balancer's target group in the place of the service's pods. */
export function bindTargetGroup(
    name: string,
    parent: pulumi.Resource,
    { namespace, proxyName, port, targetGroup }: KubernetesProxyChoice,
    dependsOn: pulumi.Resource[],
): void {
    if (!targetGroup) return;
    const { tcpArn, nlbSecurityGroupId } = targetGroup;
    new apiextensions.CustomResource(
        `${name}-targets`,
        {
            apiVersion: "elbv2.k8s.aws/v1beta1",
            kind: "TargetGroupBinding",
            metadata: { name: proxyName, namespace },
            spec: {
                targetGroupARN: tcpArn,
                targetType: "ip",
                serviceRef: { name: proxyName, port },
                networking: {
                    ingress: [
                        {
                            from: [{ securityGroup: { groupID: nlbSecurityGroupId } }],
                            ports: tcp(port, HEALTH_PORT),
                        },
                    ],
                },
            },
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
    const monitoring = { "kubernetes.io/metadata.name": monitoringNamespace };
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
                        from: [{ namespaceSelector: { matchLabels: monitoring } }],
                        ports: tcp(HEALTH_PORT),
                    },
                ],
                egress: [
                    { ports: [{ protocol: "UDP", port: DNS_PORT }, ...tcp(DNS_PORT)] },
                    { to: [{ podSelector: {} }], ports: tcp(port, HEALTH_PORT) },
                ],
            },
        },
        { parent },
    );
}
