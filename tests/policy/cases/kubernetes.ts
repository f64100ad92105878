import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const HPA_V1 = "kubernetes:autoscaling/v1:HorizontalPodAutoscaler";
const KEDA = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const VPA = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler";
/** The scaler's target, by name where the compliant one is made from the workload. */
const WORKER = { apiVersion: "apps/v1", kind: "StatefulSet", name: "worker" };
const IN_JOBS = { metadata: { namespace: "jobs" } };

export const KUBERNETES_CASES: Cases = {
    "logcaster-kubernetes-stay-inside-limits": {
        "more pods than the limit": {
            change: (s) => s.set("scaler", "spec.maxReplicas", 51),
            says: ["scaler: maxReplicas is 51, limit 50 (max)"],
        },
        "a minimum above the maximum": {
            change: (s) =>
                s.set("scaler", "spec.minReplicas", 12).set("scaler", "spec.maxReplicas", 10),
            says: ["scaler: minReplicas is 12, must be at most maxReplicas 10"],
        },
        "a minimum left out, which is one pod": {
            change: (s) => s.set("scaler", "spec.minReplicas", undefined),
            says: ["scaler: minReplicas is 1, limit 3 (min)"],
        },
        "bounds of KEDA left out": {
            change: (s) =>
                s
                    .set("keda", "spec.minReplicaCount", undefined)
                    .set("keda", "spec.maxReplicaCount", undefined),
            says: [
                "keda: maxReplicaCount is 100, limit 50 (max)",
                "keda: minReplicaCount is 0, limit 3 (min)",
            ],
        },
        "a fall to nothing while idle": {
            change: (s) => s.set("keda", "spec.idleReplicaCount", 0),
            says: ["keda: idleReplicaCount is 0, limit 3 (min)"],
        },
        "an autoscaler of the first API version": {
            change: (s) =>
                s.add(HPA_V1, "old", {
                    spec: { scaleTargetRef: WORKER, minReplicas: 3, maxReplicas: 60 },
                }),
            says: ["old: maxReplicas is 60, limit 50 (max)"],
        },
        "values of a chart as helm create makes it": {
            change: (s) =>
                s
                    .add(RELEASE, "chart", {
                        chart: "app",
                        values: { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 80 } },
                    })
                    .add(RELEASE, "off", {
                        chart: "app",
                        values: { autoscaling: { enabled: false, maxReplicas: 80 } },
                    })
                    .add(RELEASE, "other", { chart: "app" }),
            says: ["chart: values.autoscaling.maxReplicas is 80, limit 50 (max)"],
        },
        "other limits": {
            config: { max: 40, min: 5 },
            says: [
                "scaler: maxReplicas is 50, limit 40 (max)",
                "scaler: minReplicas is 3, limit 5 (min)",
                "keda: maxReplicaCount is 50, limit 40 (max)",
                "keda: minReplicaCount is 3, limit 5 (min)",
            ],
        },
        "a maximum not known yet beside a minimum too low": {
            change: (s) =>
                s.set("scaler", "spec.maxReplicas", UNKNOWN).set("scaler", "spec.minReplicas", 2),
            says: ["scaler: minReplicas is 2, limit 3 (min)"],
            unknown: ["spec.maxReplicas"],
        },
    },
    "logcaster-kubernetes-keep-targets-inside-limits": {
        "targets over the limits": {
            change: (s) => {
                const metrics = "spec.metrics";
                s.set("scaler", `${metrics}.0.resource.target.averageUtilization`, 85);
                s.set("scaler", `${metrics}.1.resource.target.averageUtilization`, 90);
                s.set("scaler", `${metrics}.2.pods.target.averageValue`, "1500m");
                s.set("scaler", `${metrics}.3.external.metric.name`, "open_connections");
            },
            says: [
                "scaler: the target of cpu is 85, limit 70 (maxCpuPercent)",
                "scaler: the target of memory is 90, limit 80 (maxMemoryPercent)",
                "scaler: the target of open_connections is 1000, limit 100 (maxConnections)",
            ],
        },
        "a target of one container": {
            change: (s) =>
                s.set("scaler", "spec.metrics.0", {
                    type: "ContainerResource",
                    containerResource: {
                        name: "cpu",
                        container: "logcaster",
                        target: { type: "Utilization", averageUtilization: 95 },
                    },
                }),
            says: ["scaler: the target of cpu of logcaster is 95, limit 70 (maxCpuPercent)"],
        },
        "metrics left out, which is 80 % of CPU": {
            change: (s) => s.set("scaler", "spec.metrics", undefined),
            says: ["scaler: the target of cpu is 80, limit 70 (maxCpuPercent)"],
        },
        "an absolute amount of CPU has no limit": {
            change: (s) =>
                s.set("scaler", "spec.metrics.0.resource.target", {
                    type: "AverageValue",
                    averageValue: "900m",
                }),
        },
        "an autoscaler of an older API version": {
            change: (s) =>
                s
                    .add(HPA_V1, "old", {
                        spec: {
                            scaleTargetRef: WORKER,
                            maxReplicas: 9,
                            targetCPUUtilizationPercentage: 75,
                        },
                    })
                    .add("kubernetes:autoscaling/v2beta1:HorizontalPodAutoscaler", "beta", {
                        spec: {
                            scaleTargetRef: WORKER,
                            maxReplicas: 9,
                            metrics: [
                                {
                                    type: "Resource",
                                    resource: { name: "cpu", targetAverageUtilization: 71 },
                                },
                                {
                                    type: "Pods",
                                    pods: {
                                        metricName: "connections",
                                        targetAverageValue: "101",
                                    },
                                },
                            ],
                        },
                    }),
            says: [
                "old: the target of cpu is 75, limit 70 (maxCpuPercent)",
                "beta: the target of cpu is 71, limit 70 (maxCpuPercent)",
                "beta: the target of connections is 101, limit 100 (maxConnections)",
            ],
        },
        "triggers of KEDA over the limits": {
            change: (s) =>
                s
                    .set("keda", "spec.triggers.0.metadata.value", "71")
                    .set("keda", "spec.triggers.1.metadata.threshold", "200"),
            says: [
                "keda: the target of cpu is 71, limit 70 (maxCpuPercent)",
                "keda: the target of sum(logcaster_active_connections) is 200, limit 100 (maxConnections)",
            ],
        },
        "what a proxy carries": {
            change: (s) =>
                s.add(HPA, "proxy-scaler", {
                    spec: {
                        scaleTargetRef: WORKER,
                        maxReplicas: 9,
                        metrics: [
                            {
                                type: "Pods",
                                pods: {
                                    metric: { name: "connections" },
                                    target: { type: "AverageValue", averageValue: "10k" },
                                },
                            },
                        ],
                    },
                }),
        },
        "other limits": {
            config: {
                maxCpuPercent: 60,
                maxMemoryPercent: 75,
                maxConnections: 99,
                maxProxyConnections: 50,
                proxyNames: "^keda$",
            },
            says: [
                "scaler: the target of cpu is 70, limit 60 (maxCpuPercent)",
                "scaler: the target of memory is 80, limit 75 (maxMemoryPercent)",
                "scaler: the target of logcaster_active_connections is 100, limit 99 (maxConnections)",
                "keda: the target of cpu is 70, limit 60 (maxCpuPercent)",
                "keda: the target of sum(logcaster_active_connections) is 100, limit 50 (maxProxyConnections)",
            ],
        },
        "a target not known yet": {
            change: (s) =>
                s.set("scaler", "spec.metrics.0.resource.target.averageUtilization", UNKNOWN),
            unknown: ["spec.metrics.0.resource.target.averageUtilization"],
        },
    },
    "logcaster-kubernetes-average-external-metrics": {
        "a total": {
            change: (s) =>
                s.set("scaler", "spec.metrics.3.external.target", { type: "Value", value: "1000" }),
            says: ["scaler: the target type of queue_size is Value, must be AverageValue"],
        },
        "a total by KEDA": {
            change: (s) =>
                s
                    .set("keda", "spec.triggers.1.metricType", "Value")
                    .set("keda", "spec.triggers.1.name", "queue")
                    .set("keda", "spec.triggers.1.metadata.query", "sum(queue_size)"),
            says: ["keda: the target type of queue sum(queue_size) is Value, must be AverageValue"],
        },
        "a total of an older API version": {
            change: (s) =>
                s.set("scaler", "spec.metrics.3.external", {
                    metricName: "queue_size",
                    targetValue: "1000",
                }),
            says: ["scaler: the target type of queue_size is Value, must be AverageValue"],
        },
        "metrics not known yet": {
            change: (s) => s.set("scaler", "spec.metrics", UNKNOWN),
            unknown: ["spec.metrics"],
        },
    },
    "logcaster-kubernetes-scale-once": {
        "two autoscalers made from one workload": {
            change: (s) =>
                s.add(
                    HPA,
                    "second",
                    {
                        metadata: {},
                        spec: { scaleTargetRef: { kind: "Deployment", name: UNKNOWN } },
                    },
                    { spec: ["app"] },
                ),
            says: [
                "scaler: what it scales is also scaled by HorizontalPodAutoscaler second, must be one scaler a workload",
                "second: what it scales is also scaled by HorizontalPodAutoscaler scaler, must be one scaler a workload",
            ],
        },
        "an autoscaler beside KEDA, by name": {
            change: (s) => s.add(HPA, "second", { ...IN_JOBS, spec: { scaleTargetRef: WORKER } }),
            says: [
                "second: what it scales is also scaled by ScaledObject keda, must be one scaler a workload",
                "keda: what it scales is also scaled by HorizontalPodAutoscaler second, must be one scaler a workload",
            ],
        },
        "two of a workload that is not in the stack": {
            change: (s) =>
                s
                    .add(HPA, "one", {
                        spec: { scaleTargetRef: { kind: "Deployment", name: "api" } },
                    })
                    .add(KEDA, "two", {
                        metadata: { namespace: "default" },
                        spec: { scaleTargetRef: { name: "api" } },
                    }),
            says: [
                "one: what it scales is also scaled by ScaledObject two, must be one scaler a workload",
                "two: what it scales is also scaled by HorizontalPodAutoscaler one, must be one scaler a workload",
            ],
        },
        "workloads of one name in two namespaces, or of two kinds": {
            change: (s) =>
                s
                    .add(HPA, "elsewhere", { spec: { scaleTargetRef: WORKER } })
                    .add(HPA, "other-kind", {
                        ...IN_JOBS,
                        spec: { scaleTargetRef: { ...WORKER, kind: "Deployment" } },
                    }),
        },
        "a target not known yet": {
            change: (s) =>
                s.add(HPA, "second", {
                    spec: { scaleTargetRef: { kind: "Deployment", name: UNKNOWN } },
                }),
            unknown: ["spec.scaleTargetRef.name"],
        },
        "a namespace not known yet": {
            change: (s) =>
                s.add(HPA, "second", {
                    metadata: { namespace: UNKNOWN },
                    spec: { scaleTargetRef: WORKER },
                }),
            unknown: ["metadata.namespace"],
        },
    },
    "logcaster-kubernetes-leave-replicas-to-the-scaler": {
        "a number beside a scaler": {
            change: (s) => s.set("app", "spec.replicas", 3).set("worker", "spec.replicas", 5),
            says: [
                "app: replicas is 3, must be left out, since HorizontalPodAutoscaler scaler owns it",
                "worker: replicas is 5, must be left out, since ScaledObject keda owns it",
            ],
        },
        "a number whose changes are ignored": {
            change: (s) => s.set("app", "spec.replicas", 3).ignore("app", "spec.replicas"),
        },
        "a number of others of the same name": {
            change: (s) =>
                s
                    .add("kubernetes:apps/v1:Deployment", "of-another-kind", {
                        metadata: { name: "worker", namespace: "jobs" },
                        spec: { replicas: 3 },
                    })
                    .add("kubernetes:apps/v1:StatefulSet", "elsewhere", {
                        metadata: { name: "worker" },
                        spec: { replicas: 3 },
                    }),
        },
        "a number without a scaler": {
            change: (s) => s.remove("scaler").set("app", "spec.replicas", 3),
        },
        "a number not known yet": {
            change: (s) => s.set("app", "spec.replicas", UNKNOWN),
            unknown: ["spec.replicas"],
        },
    },
    "logcaster-kubernetes-own-resources-once": {
        "an acting mode": {
            change: (s) => s.set("advisor", "spec.updatePolicy.updateMode", "Recreate"),
            says: [
                "advisor: updateMode is Recreate, which changes cpu and memory that HorizontalPodAutoscaler scaler scales on, must be Off",
            ],
        },
        "a mode left out, which acts": {
            change: (s) => s.set("advisor", "spec.updatePolicy", undefined),
            says: [
                "advisor: updateMode is Auto, which changes cpu and memory that HorizontalPodAutoscaler scaler scales on, must be Off",
            ],
        },
        "memory alone, which the scaler watches too": {
            change: (s) =>
                s
                    .set("advisor", "spec.updatePolicy", undefined)
                    .set("advisor", "spec.resourcePolicy", {
                        containerPolicies: [
                            { containerName: "*", controlledResources: ["memory"] },
                        ],
                    }),
            says: [
                "advisor: updateMode is Auto, which changes memory that HorizontalPodAutoscaler scaler scales on, must be Off",
            ],
        },
        "memory alone beside KEDA's CPU": {
            change: (s) =>
                s.add(VPA, "second", {
                    ...IN_JOBS,
                    spec: {
                        targetRef: WORKER,
                        resourcePolicy: {
                            containerPolicies: [
                                { containerName: "worker", controlledResources: ["memory"] },
                            ],
                        },
                    },
                }),
        },
        "memory of one container; the others are changed in full": {
            change: (s) =>
                s
                    .set("advisor", "spec.updatePolicy", undefined)
                    .set("advisor", "spec.resourcePolicy", {
                        containerPolicies: [
                            { containerName: "shipper", controlledResources: ["memory"] },
                        ],
                    }),
            says: [
                "advisor: updateMode is Auto, which changes cpu and memory that HorizontalPodAutoscaler scaler scales on, must be Off",
            ],
        },
        "every container switched off": {
            change: (s) =>
                s
                    .set("advisor", "spec.updatePolicy", undefined)
                    .set("advisor", "spec.resourcePolicy", {
                        containerPolicies: [{ containerName: "*", mode: "Off" }],
                    }),
        },
        "an acting mode beside connections alone": {
            change: (s) =>
                s.set("advisor", "spec.updatePolicy", undefined).set("scaler", "spec.metrics", [
                    {
                        type: "Pods",
                        pods: {
                            metric: { name: "logcaster_active_connections" },
                            target: { type: "AverageValue", averageValue: "100" },
                        },
                    },
                ]),
        },
        "a mode not known yet": {
            change: (s) => s.set("advisor", "spec.updatePolicy.updateMode", UNKNOWN),
            unknown: ["spec.updatePolicy.updateMode"],
        },
    },
};
