import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { HEALTH_PORT } from "../../fleet/defaults";
import { bindPods, DNS_PORTS, inNamespaces, tcp } from "../network-rules";
import { PORT_NAMES } from "./defaults";
import type { WorkloadChoice } from "./validate";

/** Name of the headless Service whose SRV record `_line._tcp` lists every ready pod. */
export const headlessName = (serviceName: string) => `${serviceName}-pods`;

/** The Service that target groups are bound to, and the headless one for discovery. */
export function createServices(
    name: string,
    parent: pulumi.Resource,
    choice: WorkloadChoice,
    selector: Record<string, string>,
    dependsOn: pulumi.Resource[],
): core.Service {
    const { serviceName, namespace, port, httpPort } = choice;
    const ports = [
        { name: PORT_NAMES.line, port, targetPort: PORT_NAMES.line, protocol: "TCP" },
        { name: PORT_NAMES.http, port: httpPort, targetPort: PORT_NAMES.http, protocol: "TCP" },
    ];
    const service = new core.Service(
        `${name}-service`,
        {
            metadata: { name: serviceName, namespace, labels: selector },
            spec: { type: "ClusterIP", selector, ports },
        },
        { parent, dependsOn },
    );
    new core.Service(
        `${name}-headless`,
        {
            metadata: { name: headlessName(serviceName), namespace, labels: selector },
            spec: { clusterIP: "None", selector, ports },
        },
        { parent, dependsOn },
    );
    return service;
}

/** Pods join the target groups of the same load balancers that EC2 instances join. */
export function bindTargetGroups(
    name: string,
    parent: pulumi.Resource,
    { namespace, serviceName, port, httpPort, targetGroups }: WorkloadChoice,
    dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
    if (!targetGroups) return [];
    const { tcpArn, httpArn, nlbSecurityGroupId, albSecurityGroupId } = targetGroups;
    const bind = (
        role: string,
        targetGroupArn: pulumi.Input<string>,
        securityGroupId: pulumi.Input<string>,
        servicePort: number,
    ) =>
        bindPods(
            `${name}-${role}-targets`,
            {
                metadata: { name: `${serviceName}-${role}`, namespace },
                serviceRef: { name: serviceName, port: servicePort },
                targetGroupArn,
                securityGroupId,
            },
            { parent, dependsOn },
        );
    return [
        ...(tcpArn === undefined ? [] : [bind("line", tcpArn, nlbSecurityGroupId, port)]),
        bind("http", httpArn, albSecurityGroupId, httpPort),
    ];
}

/** In: load balancers, pods of the namespace, Prometheus. Out: DNS and the data stores. */
export function closeNetwork(
    name: string,
    parent: pulumi.Resource,
    choice: WorkloadChoice,
    selector: Record<string, string>,
    dependsOn: pulumi.Resource[],
): void {
    const { serviceName, namespace, port, httpPort, ingressCidrs, egress } = choice;
    new networking.NetworkPolicy(
        `${name}-network`,
        {
            metadata: { name: serviceName, namespace },
            spec: {
                podSelector: { matchLabels: selector },
                policyTypes: ["Ingress", "Egress"],
                ingress: [
                    {
                        from: ingressCidrs.map((cidr) => ({ ipBlock: { cidr } })),
                        ports: tcp(port, httpPort, HEALTH_PORT),
                    },
                    { from: [{ podSelector: {} }], ports: tcp(port, httpPort, HEALTH_PORT) },
                    {
                        from: inNamespaces(choice.monitoringNamespace),
                        ports: tcp(httpPort),
                    },
                ],
                egress: [
                    {
                        to: [{ namespaceSelector: {} }],
                        ports: DNS_PORTS,
                    },
                    ...egress.map((to) => ({
                        to: [{ ipBlock: { cidr: to.cidr } }],
                        ports: tcp(to.port),
                    })),
                ],
            },
        },
        { parent, dependsOn },
    );
}
