import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import type * as pulumi from "@pulumi/pulumi";
import { HEALTH_PORT } from "../fleet/defaults";

const DNS_PORT = 53;

/** Ports of a NetworkPolicy or a TargetGroupBinding. */
export const tcp = (...open: number[]) => open.map((port) => ({ protocol: "TCP", port }));

/** Where names are resolved. */
export const DNS_PORTS = [{ protocol: "UDP", port: DNS_PORT }, ...tcp(DNS_PORT)];

/** Peers of a NetworkPolicy: every pod of the namespaces. */
export const inNamespaces = (...names: string[]) =>
    names.map((name) => ({
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    }));

export interface TargetGroupBindingArgs {
    metadata: { name: string; namespace: string };
    /** The Service whose pods join, and its port. */
    serviceRef: { name: string; port: number };
    targetGroupArn: pulumi.Input<string>;
    /** Of the load balancer, which may reach the port and that of the health check. */
    securityGroupId: pulumi.Input<string>;
}

/** Lets a Service's pods join a load balancer's target group. */
export function bindPods(
    name: string,
    { metadata, serviceRef, targetGroupArn, securityGroupId }: TargetGroupBindingArgs,
    options: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new apiextensions.CustomResource(
        name,
        {
            apiVersion: "elbv2.k8s.aws/v1beta1",
            kind: "TargetGroupBinding",
            metadata,
            spec: {
                targetGroupARN: targetGroupArn,
                targetType: "ip",
                serviceRef,
                networking: {
                    ingress: [
                        {
                            from: [{ securityGroup: { groupID: securityGroupId } }],
                            ports: tcp(serviceRef.port, HEALTH_PORT),
                        },
                    ],
                },
            },
        },
        options,
    );
}
