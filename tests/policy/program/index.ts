// Somebody else's program: the brief's manifests as they stand, by classes, custom resources and a chart.
import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import * as core from "@pulumi/kubernetes/core/v1";
import * as helm from "@pulumi/kubernetes/helm/v3";
import * as policy from "@pulumi/kubernetes/policy/v1";

const namespace = new core.Namespace("production", {});
const metadata = { namespace: namespace.metadata.name };
const labels = { app: "logcaster" };

// Its name is not known in a first preview: the scalers' targets are made from it.
const app = new apps.Deployment("app", {
    metadata,
    spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: {
                containers: [
                    {
                        name: "logcaster",
                        image: "registry.example.com/logcaster:1",
                        ports: [{ containerPort: 9999 }],
                        resources: { requests: { cpu: "250m", memory: "512Mi" } },
                        lifecycle: { preStop: { exec: { command: ["sleep", "15"] } } },
                    },
                    { name: "shipper", image: "registry.example.com/shipper:1" },
                ],
            },
        },
    },
});
const target = { apiVersion: "apps/v1", kind: "Deployment", name: app.metadata.name };

new autoscaling.HorizontalPodAutoscaler("hpa", {
    metadata,
    spec: {
        scaleTargetRef: target,
        minReplicas: 60,
        maxReplicas: 50,
        metrics: [
            {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
            },
            {
                type: "External",
                external: {
                    metric: { name: "queue_size" },
                    target: { type: "Value", value: "1000" },
                },
            },
        ],
    },
});
new apiextensions.CustomResource("keda", {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata,
    spec: {
        scaleTargetRef: target,
        minReplicaCount: 3,
        maxReplicaCount: 50,
        triggers: [{ type: "cpu", metricType: "Utilization", metadata: { value: "70" } }],
    },
});
new apiextensions.CustomResource("vpa", {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata,
    spec: { targetRef: target, updatePolicy: { updateMode: "Auto" } },
});
new policy.PodDisruptionBudget("pdb", {
    metadata,
    spec: { minAvailable: "100%", selector: { matchLabels: labels } },
});
new apps.Deployment("cluster-autoscaler", {
    metadata: { namespace: "kube-system" },
    spec: {
        selector: { matchLabels: { app: "cluster-autoscaler" } },
        template: {
            metadata: { labels: { app: "cluster-autoscaler" } },
            spec: {
                containers: [
                    {
                        name: "cluster-autoscaler",
                        image: "k8s.gcr.io/autoscaling/cluster-autoscaler:v1.27.0",
                    },
                ],
            },
        },
    },
});
new core.ConfigMap("proxy", {
    data: {
        "haproxy.cfg": [
            "backend logcaster_backend",
            "    balance leastconn",
            "    server backend1 10.0.1.10:9999 check weight 0",
            "    server-template srv 1-10 backend.tcp.service resolvers consul check weight 0",
        ].join("\n"),
        "nginx.conf": [
            "upstream logcaster_backend {",
            "    ip_hash;",
            "    server backend1.example.com:9999 weight=3;",
            "    server backup1.example.com:9999 backup;",
            "}",
        ].join("\n"),
    },
});
new helm.Release("chart", {
    chart: "cluster-autoscaler",
    values: { image: { repository: "k8s.gcr.io/autoscaling/cluster-autoscaler" } },
});
