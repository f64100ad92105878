/** How the autoscaler's pod gets its role. */
export const PodIdentityMode = {
    /** EKS Pod Identity; the cluster needs its agent. */
    PodIdentity: "pod-identity",
    /** IAM roles for service accounts; the account needs the cluster's OIDC provider. */
    Irsa: "irsa",
} as const;
export type PodIdentityMode = (typeof PodIdentityMode)[keyof typeof PodIdentityMode];

/** The cluster's OIDC provider, for IRSA. */
export interface OidcProviderArgs {
    /** ARN of the provider. */
    arn: string;
    /** Issuer without https://, for example oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE. */
    issuer: string;
}

/** Arguments of ClusterAutoscaler. */
export interface ClusterAutoscalerArgs {
    /** Region of the cluster. */
    region: string;
    /** Name of the cluster; node groups carry it in their tags. */
    clusterName: string;
    /** Minor version of the cluster, for example 1.36; the autoscaler's is the same. */
    kubernetesMinor: string;
    /** Version of the autoscaler. @default the minor's first release, `<kubernetesMinor>.0` */
    version?: string;
    /** Image without its tag. @default registry.k8s.io/autoscaling/cluster-autoscaler */
    repository?: string;
    /** How its pod gets its role. @default pod-identity */
    identity?: PodIdentityMode;
    /** Needed with identity irsa. */
    oidcProvider?: OidcProviderArgs;
    /** Pods; one leads, the other is ready. @default 2 */
    replicas?: number;
}
