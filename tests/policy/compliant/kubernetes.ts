import type * as apps from "@pulumi/kubernetes/apps/v1";
import type * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import type * as core from "@pulumi/kubernetes/core/v1";
import type * as policy from "@pulumi/kubernetes/policy/v1";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

const LABELS = { "app.kubernetes.io/name": "logcaster" };
/** The cluster names a workload whose name the program leaves out. */
const NAMED_LATER = { name: UNKNOWN, namespace: UNKNOWN };
const requests = () => ({ requests: { cpu: "250m", memory: "512Mi" } });

/** A scaled Deployment whose name is not known yet, a KEDA-scaled worker by name, and what belongs to both. */
export function kubernetes(stack: TestStack): void {
    stack
        .add(
            "kubernetes:core/v1:Namespace",
            "namespace",
            of<core.NamespaceArgs>({ metadata: { name: UNKNOWN } }),
        )
        .add(
            "kubernetes:apps/v1:Deployment",
            "app",
            of<apps.DeploymentArgs>({
                metadata: NAMED_LATER,
                spec: {
                    selector: { matchLabels: LABELS },
                    template: {
                        metadata: { labels: LABELS },
                        spec: {
                            terminationGracePeriodSeconds: 345,
                            initContainers: [
                                { name: "prepare", image: "registry.example.com/prepare:1" },
                                {
                                    name: "agent",
                                    image: "registry.example.com/haproxy:2.8",
                                    restartPolicy: "Always",
                                    resources: requests(),
                                },
                            ],
                            containers: [
                                {
                                    name: "logcaster",
                                    image: "registry.example.com/logcaster:1",
                                    ports: [{ containerPort: 9999 }],
                                    lifecycle: { preStop: { sleep: { seconds: 15 } } },
                                    resources: requests(),
                                },
                                {
                                    name: "shipper",
                                    image: "registry.k8s.io/shipper:1",
                                    resources: { limits: { cpu: "100m", memory: "64Mi" } },
                                },
                            ],
                        },
                    },
                },
            }),
            { metadata: ["namespace"] },
        )
        .add(
            "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
            "scaler",
            of<autoscaling.HorizontalPodAutoscalerArgs>({
                metadata: { namespace: UNKNOWN },
                spec: {
                    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: UNKNOWN },
                    minReplicas: 3,
                    maxReplicas: 50,
                    metrics: [
                        {
                            type: "Resource",
                            resource: {
                                name: "cpu",
                                target: { type: "Utilization", averageUtilization: 70 },
                            },
                        },
                        {
                            type: "Resource",
                            resource: {
                                name: "memory",
                                target: { type: "Utilization", averageUtilization: 80 },
                            },
                        },
                        {
                            type: "Pods",
                            pods: {
                                metric: { name: "logcaster_active_connections" },
                                target: { type: "AverageValue", averageValue: "100" },
                            },
                        },
                        {
                            type: "External",
                            external: {
                                metric: { name: "queue_size" },
                                target: { type: "AverageValue", averageValue: "1k" },
                            },
                        },
                    ],
                },
            }),
            { metadata: ["namespace"], spec: ["app"] },
        )
        .add(
            "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler",
            "advisor",
            {
                metadata: { namespace: UNKNOWN },
                spec: {
                    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: UNKNOWN },
                    updatePolicy: { updateMode: "Off" },
                },
            },
            { metadata: ["namespace"], spec: ["app"] },
        )
        .add(
            "kubernetes:policy/v1:PodDisruptionBudget",
            "budget-of-pods",
            of<policy.PodDisruptionBudgetArgs>({
                metadata: { namespace: UNKNOWN },
                spec: { maxUnavailable: "20%", selector: { matchLabels: LABELS } },
            }),
            { metadata: ["namespace"] },
        )
        .add(
            "kubernetes:apps/v1:StatefulSet",
            "worker",
            of<apps.StatefulSetArgs>({
                metadata: { name: "worker", namespace: "jobs" },
                spec: {
                    serviceName: "worker",
                    selector: { matchLabels: { app: "worker" } },
                    template: {
                        metadata: { labels: { app: "worker" } },
                        spec: {
                            containers: [
                                { name: "worker", image: "worker:1", resources: requests() },
                            ],
                        },
                    },
                },
            }),
        )
        .add("kubernetes:keda.sh/v1alpha1:ScaledObject", "keda", {
            metadata: { name: "worker", namespace: "jobs" },
            spec: {
                scaleTargetRef: { kind: "StatefulSet", name: "worker" },
                minReplicaCount: 3,
                maxReplicaCount: 50,
                triggers: [
                    { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
                    {
                        type: "prometheus",
                        metadata: {
                            query: "sum(logcaster_active_connections)",
                            threshold: "100",
                        },
                    },
                ],
            },
        })
        .add(
            "kubernetes:core/v1:ConfigMap",
            "proxy-configuration",
            of<core.ConfigMapArgs>({
                metadata: { name: "proxy", namespace: "jobs" },
                data: {
                    "haproxy.cfg": [
                        "resolvers cluster",
                        "    nameserver dns tcp@10.0.0.10:53",
                        "backend line",
                        "    balance leastconn",
                        "    server-template pod 1-100 _line._tcp.app.jobs.svc.cluster.local resolvers cluster check",
                    ].join("\n"),
                    "nginx.conf": [
                        "stream {",
                        "    resolver 10.0.0.10:53;",
                        "    upstream line {",
                        "        least_conn;",
                        "        server app.jobs.svc.cluster.local service=_line._tcp resolve;",
                        "        server 10.0.1.10:9999 weight=1 backup;",
                        "    }",
                        "}",
                    ].join("\n"),
                    "notes.txt": "a backend of yours",
                },
            }),
        );
}
