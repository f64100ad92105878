/** What the Kubernetes provider treats apart, by `group/version:Kind` or `Kind`. */
export interface KindRow {
    /** Property paths whose change replaces the object, besides kind, name and namespace. */
    replaces?: readonly string[];
    /** True if objects of the kind live outside namespaces. */
    clusterScoped?: true;
    /** Inputs that the API server does not give back. */
    writeOnly?: readonly string[];
}

const SELECTOR: KindRow = { replaces: ["spec.selector"] };
const CLUSTER: KindRow = { clusterScoped: true };
const BINDING: KindRow = { replaces: ["roleRef"] };

/**
 * Kinds by name. What replaces is the provider's own list (pulumi-kubernetes,
 * provider/pkg/provider/diff.go); what is cluster-scoped is the API's.
 */
export const KUBERNETES_KINDS: Readonly<Record<string, KindRow>> = {
    APIService: CLUSTER,
    AlertmanagerConfig: {},
    ClusterRole: CLUSTER,
    ClusterRoleBinding: { ...BINDING, ...CLUSTER },
    ConfigMap: { replaces: ["binaryData", "data"] },
    CronJob: {},
    CustomResourceDefinition: CLUSTER,
    DaemonSet: SELECTOR,
    Deployment: SELECTOR,
    EndpointSlice: {},
    HorizontalPodAutoscaler: {},
    Ingress: {},
    IngressClass: CLUSTER,
    Job: {
        replaces: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    },
    Lease: {},
    LimitRange: {},
    MutatingWebhookConfiguration: CLUSTER,
    Namespace: CLUSTER,
    NetworkPolicy: {},
    Node: CLUSTER,
    PersistentVolume: {
        clusterScoped: true,
        replaces: ["spec.csi", "spec.hostPath", "spec.local"],
    },
    PersistentVolumeClaim: { replaces: ["spec"] },
    Pod: {
        replaces: [
            "spec.affinity",
            "spec.containers",
            "spec.hostNetwork",
            "spec.initContainers",
            "spec.nodeName",
            "spec.nodeSelector",
            "spec.restartPolicy",
            "spec.securityContext",
            "spec.serviceAccountName",
            "spec.volumes",
        ],
    },
    PodDisruptionBudget: {},
    PodMonitor: {},
    PriorityClass: CLUSTER,
    PrometheusRule: {},
    // A chart; release.ts says what replaces it.
    Release: {},
    ResourceQuota: { replaces: ["spec.scopes"] },
    Role: {},
    RoleBinding: BINDING,
    ScaledObject: {},
    Secret: { replaces: ["type", "stringData", "data"], writeOnly: ["stringData"] },
    Service: { replaces: ["spec.clusterIP"] },
    ServiceAccount: {},
    ServiceMonitor: {},
    StatefulSet: {
        replaces: [
            "spec.podManagementPolicy",
            "spec.revisionHistoryLimit",
            "spec.selector",
            "spec.serviceName",
            "spec.volumeClaimTemplates",
        ],
    },
    StorageClass: { clusterScoped: true, replaces: ["parameters", "provisioner"] },
    TargetGroupBinding: { replaces: ["spec.targetGroupARN"] },
    TriggerAuthentication: {},
    ValidatingWebhookConfiguration: CLUSTER,
    VerticalPodAutoscaler: {},
};
