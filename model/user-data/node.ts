/** User data of a Kubernetes node: an EKS node configuration, read by the node agent of Amazon Linux 2023. */
import { renderMultipart } from "./cloud-config";

export interface NodeUserData {
    readonly clusterName: string;
    readonly apiServerEndpoint: string;
    /** Base64 of the cluster's certificate authority: public, not a secret. */
    readonly certificateAuthority: string;
    /** IPv4 block of the cluster's services. */
    readonly serviceCidr: string;
    readonly labels: Readonly<Record<string, string>>;
    /** `key=value:Effect`, as the kubelet takes it. */
    readonly taints: readonly string[];
}

/** The multi-part document of an EKS node, https://awslabs.github.io/amazon-eks-ami/nodeadm/. Throws an Error above 16 KB. */
export function renderNodeUserData(given: NodeUserData): string {
    const labels = Object.entries(given.labels).map(([key, value]) => `${key}=${value}`);
    const flags = [
        ...(labels.length > 0 ? [`--node-labels=${labels.join(",")}`] : []),
        ...(given.taints.length > 0 ? [`--register-with-taints=${given.taints.join(",")}`] : []),
    ];
    const document = {
        apiVersion: "node.eks.aws/v1alpha1",
        kind: "NodeConfig",
        spec: {
            cluster: {
                name: given.clusterName,
                apiServerEndpoint: given.apiServerEndpoint,
                certificateAuthority: given.certificateAuthority,
                cidr: given.serviceCidr,
            },
            kubelet: { flags },
        },
    };
    return renderMultipart([
        { type: "application/node.eks.aws", content: JSON.stringify(document, null, 2) },
    ]);
}
