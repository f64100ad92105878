import { RETIRED_REGISTRIES } from "logcaster-model/registries";
import { LIMITS } from "logcaster-model/limits";
import {
    bound,
    define,
    flag,
    integer,
    limit,
    pattern,
    words,
    type Definition,
} from "../definition";
import * as pods from "../rules/kubernetes-pods";
import * as scaling from "../rules/kubernetes-scaling";
import { proxiesStart } from "../rules/proxy-text";
import {
    CONFIG_MAP,
    HELM_RELEASE,
    patchesOf,
    POD_DISRUPTION_BUDGET,
    POD_SCALER,
    SCALABLE_WORKLOAD,
    VERTICAL_POD_AUTOSCALER,
    WORKLOAD,
} from "../rules/types";

const DOCS = "https://kubernetes.io/docs";
const HPA = `${DOCS}/tasks/run-application/horizontal-pod-autoscale/`;

export const KUBERNETES: readonly Definition[] = [
    define({
        name: "logcaster-kubernetes-stay-inside-limits",
        displayName: "Bounds of pod scalers",
        description:
            "The bounds of a HorizontalPodAutoscaler or ScaledObject lie inside the limits, the minimum at most the maximum. Of a Helm release, as far as `values.autoscaling` says them in the way of `helm create`.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Set minimum and maximum inside the limits, or record an exception",
        url: HPA,
        config: {
            max: bound("scaling.max", "max", "Most pods a scaler may ask for"),
            min: bound("scaling.min", "min", "Fewest pods a scaler may leave"),
        },
        enforcementLevel: "mandatory",
        types: [...POD_SCALER, ...HELM_RELEASE],
        resource: scaling.boundsInsideLimits,
    }),
    define({
        name: "logcaster-kubernetes-keep-targets-inside-limits",
        displayName: "Targets of CPU, memory and connections of pods",
        description: "A pod scaler holds CPU, memory and connections at or under the limits.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Lower the target",
        url: HPA,
        config: {
            maxCpuPercent: limit("scaling.targetCpuPercent", "Highest CPU target"),
            maxMemoryPercent: limit("scaling.targetMemoryPercent", "Highest memory target"),
            maxConnections: limit(
                "kubernetes.autoscaling.connectionsPerPod",
                "Highest target of connections a pod",
            ),
            maxProxyConnections: limit(
                "loadBalancer.proxy.connectionsPerInstance",
                "Highest target of connections a proxy",
            ),
            proxyNames: pattern("\\bproxy\\b", "Names of scalers of proxies"),
        },
        enforcementLevel: "mandatory",
        types: POD_SCALER,
        resource: scaling.targetsInsideLimits,
    }),
    define({
        name: "logcaster-kubernetes-average-external-metrics",
        displayName: "External metrics by pod",
        description:
            "A scaler compares an external metric with a target a pod: a total is multiplied by the ready pods at each sync, and a backlog asks for ever more.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Set averageValue, or metricType AverageValue on a KEDA trigger",
        url: HPA,
        enforcementLevel: "mandatory",
        types: POD_SCALER,
        resource: scaling.externalByPod,
    }),
    define({
        name: "logcaster-kubernetes-scale-once",
        displayName: "One scaler a workload",
        description:
            "One HorizontalPodAutoscaler or ScaledObject scales a workload: with two, neither does (AmbiguousSelector).",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Remove all scalers but one; a ScaledObject makes its own autoscaler",
        url: HPA,
        enforcementLevel: "mandatory",
        types: POD_SCALER,
        stack: scaling.oneScaler,
    }),
    define({
        name: "logcaster-kubernetes-leave-replicas-to-the-scaler",
        displayName: "No replicas beside a scaler",
        description:
            "A workload that a scaler sizes says no number of replicas: each update would put it back. A number under `ignoreChanges` is fine.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Leave spec.replicas out, or ignore its changes",
        url: `${DOCS}/concepts/workloads/autoscaling/horizontal-pod-autoscale/`,
        enforcementLevel: "mandatory",
        types: SCALABLE_WORKLOAD,
        stack: scaling.replicasLeftAlone,
    }),
    define({
        name: "logcaster-kubernetes-own-resources-once",
        displayName: "A vertical scaler beside a horizontal one only advises",
        description:
            "A VerticalPodAutoscaler changes no resource that a pod scaler of the same workload scales on.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Set updatePolicy.updateMode to Off, or controlledResources to others",
        url: `${DOCS}/concepts/workloads/autoscaling/vertical-pod-autoscale/`,
        enforcementLevel: "mandatory",
        types: VERTICAL_POD_AUTOSCALER,
        stack: scaling.verticalOnlyAdvises,
    }),
    define({
        name: "logcaster-kubernetes-request-resources",
        displayName: "Requests on every container of scaled pods",
        description:
            "Where a scaler watches a share of CPU or memory, every container requests it, sidecars and restartable init containers too; a limit alone is also a request.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Set resources.requests on the container",
        url: HPA,
        enforcementLevel: "mandatory",
        types: SCALABLE_WORKLOAD,
        stack: scaling.requestsEverywhere,
    }),
    define({
        name: "logcaster-kubernetes-leave-room-to-drain",
        displayName: "Disruption budgets that let a pod go",
        description:
            "A PodDisruptionBudget lets pods go at the fewest that its workload has: replicas, or the scaler's minimum.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Set maxUnavailable to 1 or more, or lower minAvailable",
        url: `${DOCS}/tasks/run-application/configure-pdb/`,
        config: { minRoom: integer(1, "Pods that must be able to go at once, at least") },
        enforcementLevel: "mandatory",
        types: POD_DISRUPTION_BUDGET,
        stack: pods.roomToDrain,
    }),
    define({
        name: "logcaster-kubernetes-drain-before-kill",
        displayName: "Grace longer than preStop and drain",
        description:
            "A pod is killed only after its preStop hook, and where it serves the line protocol its drain, are over.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Raise terminationGracePeriodSeconds",
        url: `${DOCS}/concepts/workloads/pods/pod-lifecycle/#pod-termination`,
        config: {
            drainSeconds: limit(
                "loadBalancer.deregistrationDelaySeconds",
                "How long connections of a leaving pod last",
            ),
            ports: {
                type: "array",
                items: { type: "integer" },
                default: [LIMITS["service.port"].value],
                description: "Ports whose connections are drained",
            },
        },
        enforcementLevel: "mandatory",
        types: WORKLOAD,
        resource: pods.graceOutlastsDrain,
    }),
    define({
        name: "logcaster-kubernetes-match-autoscaler-to-cluster",
        displayName: "Cluster autoscaler of the cluster's minor version",
        description:
            "The cluster autoscaler, by its image's tag or a Helm release's image.tag, is of the minor version of the EKS cluster in the stack.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Take the autoscaler's release of the cluster's minor version",
        url: "https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler#releases",
        config: {
            kubernetesMinor: {
                type: "string",
                default: "",
                description:
                    "The cluster's minor such as 1.36; empty: that of the EKS cluster in the stack",
            },
        },
        enforcementLevel: "mandatory",
        types: [...WORKLOAD, ...patchesOf(WORKLOAD), ...HELM_RELEASE],
        stack: pods.autoscalerFitsCluster,
    }),
    define({
        name: "logcaster-kubernetes-pull-from-living-registries",
        displayName: "No retired registries",
        description:
            "No container, nor any text in a Helm release's values, names a registry that is frozen or gone.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Take the image from the registry that replaced it",
        url: "https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement",
        config: { retired: words(Object.keys(RETIRED_REGISTRIES), "Registries not to pull from") },
        enforcementLevel: "mandatory",
        types: [...WORKLOAD, ...patchesOf(WORKLOAD), ...HELM_RELEASE],
        resource: pods.registriesAlive,
    }),
    define({
        name: "logcaster-kubernetes-configure-proxies-that-start",
        displayName: "Proxy configurations that their engine takes",
        description:
            "An HAProxy or NGINX configuration in a ConfigMap has a method that its engine takes, a weight above 0, and discovery by names and resolvers that exist.",
        severity: "high",
        rows: ["Kubernetes"],
        remediationSteps: "Mend the configuration, or render it from a ProxySpec",
        url: "https://docs.haproxy.org/2.8/configuration.html",
        config: {
            commercialNginx: flag(
                false,
                "Whether NGINX has a subscription, and what comes with it",
            ),
        },
        enforcementLevel: "mandatory",
        types: [...CONFIG_MAP, ...patchesOf(CONFIG_MAP)],
        resource: proxiesStart,
    }),
];
