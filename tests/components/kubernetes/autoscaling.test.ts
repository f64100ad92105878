import * as assert from "node:assert/strict";
import { Provider } from "@pulumi/kubernetes/provider";
import {
    KubernetesAutoscaling,
    type KubernetesAutoscalingArgs,
} from "logcaster-scaling/kubernetes";
import { autoscalingProblems } from "logcaster-scaling/kubernetes/autoscaling/validate";
import { record } from "../recorder";

const HPA: KubernetesAutoscalingArgs = {
    namespace: "production",
    deploymentName: "logcaster",
    mode: "hpa",
    sources: { metricsServer: "existing", metricsAdapter: "create" },
};
const KEDA: KubernetesAutoscalingArgs = {
    namespace: "production",
    deploymentName: "logcaster",
    sources: { metricsServer: "existing", prometheus: "create", keda: "create" },
    keda: { prometheusUrl: "http://prometheus.monitoring.svc:9090" },
};
const VPA = { ...HPA, sources: { ...HPA.sources, verticalPodAutoscaler: "existing" as const } };

const HPA_TYPE = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const VPA_TYPE = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler";

const BEHAVIOR = {
    scaleDown: {
        stabilizationWindowSeconds: 300,
        policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 2, periodSeconds: 60 },
        ],
        selectPolicy: "Min",
    },
    scaleUp: {
        stabilizationWindowSeconds: 0,
        policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 5, periodSeconds: 15 },
        ],
        selectPolicy: "Max",
    },
};

const create = (args: KubernetesAutoscalingArgs) =>
    record(() => new KubernetesAutoscaling("scale", args));

describe("KubernetesAutoscaling", () => {
    it("by HPA is the brief's autoscaler, with the queue per pod", async () => {
        const recording = await create(HPA);
        const { inputs, parent } = recording.one(HPA_TYPE);
        assert.deepEqual(inputs.spec, {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "logcaster" },
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
                        metric: {
                            name: "queue_size",
                            selector: { matchLabels: { queue: "logs" } },
                        },
                        target: { type: "AverageValue", averageValue: "1000" },
                    },
                },
            ],
            behavior: BEHAVIOR,
        });
        const component = recording.one("logcaster-scaling:index:KubernetesAutoscaling");
        assert.equal(parent, component.urn);
        assert.deepEqual(component.registeredOutputs, {
            autoscalerName: "logcaster",
            minReplicas: 3,
            maxReplicas: 50,
        });
    });

    it("by KEDA has the same triggers and speeds, never scales in on silence, and makes no HPA itself", async () => {
        const recording = await create(KEDA);
        assert.deepEqual(recording.of(HPA_TYPE), []);
        const prometheus = {
            serverAddress: "http://prometheus.monitoring.svc:9090",
            ignoreNullValues: "false",
        };
        assert.deepEqual(recording.one(SCALED_OBJECT).inputs.spec, {
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "logcaster" },
            pollingInterval: 15,
            minReplicaCount: 3,
            maxReplicaCount: 50,
            fallback: { failureThreshold: 3, replicas: 3, behavior: "currentReplicasIfHigher" },
            advanced: {
                horizontalPodAutoscalerConfig: { name: "logcaster", behavior: BEHAVIOR },
            },
            triggers: [
                { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
                { type: "memory", metricType: "Utilization", metadata: { value: "80" } },
                {
                    type: "prometheus",
                    name: "connections",
                    metricType: "AverageValue",
                    metadata: {
                        ...prometheus,
                        query: 'sum(logcaster_active_connections{namespace="production"})',
                        threshold: "100",
                    },
                },
                {
                    type: "prometheus",
                    name: "queue",
                    metricType: "AverageValue",
                    metadata: {
                        ...prometheus,
                        query: 'max(queue_size{namespace="production",queue="logs"})',
                        threshold: "1000",
                    },
                },
            ],
        });
    });

    it("recommends sizes beside the scaler, within the brief's bounds, for the service's container alone", async () => {
        const recording = await create({ ...VPA, vpa: {} });
        assert.deepEqual(recording.one(VPA_TYPE).inputs.spec, {
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "logcaster" },
            updatePolicy: { updateMode: "Off" },
            resourcePolicy: {
                containerPolicies: [
                    {
                        containerName: "logcaster",
                        minAllowed: { cpu: "100m", memory: "128Mi" },
                        maxAllowed: { cpu: "4000m", memory: "8192Mi" },
                        controlledResources: ["cpu", "memory"],
                    },
                    { containerName: "*", mode: "Off" },
                ],
            },
        });
    });

    it("lets the vertical autoscaler act once the scaler leaves CPU and memory alone", async () => {
        const recording = await create({
            ...VPA,
            resourceMetrics: false,
            vpa: { mode: "Recreate" },
        });
        const { metrics } = recording.one(HPA_TYPE).inputs.spec as { metrics: { type: string }[] };
        assert.deepEqual(
            metrics.map(({ type }) => type),
            ["Pods", "External"],
        );
        assert.equal(recording.of(VPA_TYPE).length, 1);
    });

    it("says every mistake at once, and makes nothing", async () => {
        const wrong = { ...HPA, minReplicas: 40, maxReplicas: 20, targetCpuPercent: 5 };
        await assert.rejects(create(wrong), (error: Error) => {
            assert.equal(
                error.message,
                [
                    "scale: minReplicas is 40; allowed: at most maxReplicas, 20",
                    "targetCpuPercent is 5; allowed: a whole number from 10 to 90 (percent; brief 1.1: CPU target 70 %; above 90 % a tracked average leaves no room to boot)",
                ].join("\n"),
            );
            return true;
        });
    });

    it("refuses a second scaler of a workload, whatever its mode", async () => {
        const two = record(() => {
            new KubernetesAutoscaling("first", HPA);
            return new KubernetesAutoscaling("second", KEDA).autoscalerName;
        });
        await assert.rejects(
            two,
            /second: deploymentName is production\/logcaster, which first scales; allowed: one scaler a workload/,
        );
        const other = await record(() => {
            new KubernetesAutoscaling("first", HPA);
            return new KubernetesAutoscaling("second", { ...KEDA, namespace: "staging" })
                .autoscalerName;
        });
        assert.equal(other.outputs, "logcaster");
    });

    it("scales workloads of the same name in two clusters of one program", async () => {
        const { outputs } = await record(() => {
            const [first, second] = ["first", "second"].map(
                (cluster) =>
                    new KubernetesAutoscaling(`${cluster}-scaler`, HPA, {
                        providers: [new Provider(cluster, { kubeconfig: cluster })],
                    }),
            );
            return [first!.autoscalerName, second!.autoscalerName];
        });
        assert.deepEqual(outputs, ["logcaster", "logcaster"]);
    });

    const behavior = (scaleUp: object) => ({
        scaleDown: BEHAVIOR.scaleDown,
        scaleUp: { ...BEHAVIOR.scaleUp, ...scaleUp },
    });
    const mistakes: [string, KubernetesAutoscalingArgs | object, string, RegExp][] = [
        ["two pods", { ...HPA, minReplicas: 2 }, "minReplicas", /from 3 to 50/],
        ["51 pods", { ...HPA, maxReplicas: 51 }, "maxReplicas", /from 3 to 50/],
        [
            "min above max",
            { ...HPA, minReplicas: 9, maxReplicas: 8 },
            "minReplicas",
            /maxReplicas, 8/,
        ],
        ["memory at 99 %", { ...HPA, targetMemoryPercent: 99 }, "targetMemoryPercent", /10 to 95/],
        ["no connections", { ...HPA, connectionsPerPod: 0 }, "connectionsPerPod", /at least 1/],
        ["half an entry", { ...HPA, queueEntriesPerPod: 0.5 }, "queueEntriesPerPod", /at least 1/],
        [
            "an HPA and a VPA that acts on the same resources",
            { ...VPA, vpa: { mode: "Auto" } },
            "vpa.mode",
            /Off while the scaler holds CPU and memory/,
        ],
        [
            "VPA bounds that cross",
            { ...VPA, vpa: { minCpuMilli: 5000 } },
            "vpa.minCpuMilli",
            /maxCpuMilli, 4000/,
        ],
        ["KEDA's arguments beside an HPA", { ...HPA, keda: KEDA.keda }, "keda", /one scaler/],
        ["KEDA without Prometheus", { ...KEDA, keda: undefined }, "keda", /prometheusUrl/],
        [
            "a fallback under the minimum",
            { ...KEDA, keda: { ...KEDA.keda, fallbackReplicas: 2 } },
            "keda.fallbackReplicas",
            /from 3 to 50/,
        ],
        [
            "a window of two hours",
            { ...HPA, behavior: behavior({ stabilizationWindowSeconds: 7200 }) },
            "behavior.scaleUp.stabilizationWindowSeconds",
            /0 to 3600/,
        ],
        [
            "a period of no second",
            {
                ...HPA,
                behavior: behavior({ policies: [{ type: "Pods", value: 1, periodSeconds: 0 }] }),
            },
            "behavior.scaleUp.policies[0].periodSeconds",
            /1 to 1800/,
        ],
        [
            "no policy",
            { ...HPA, behavior: behavior({ policies: [] }) },
            "behavior.scaleUp.policies",
            /one/,
        ],
        [
            "a scaler that never grows",
            { ...HPA, behavior: behavior({ selectPolicy: "Disabled" }) },
            "behavior.scaleUp.selectPolicy",
            /never grow/,
        ],
        [
            "no metrics server",
            { ...HPA, sources: { metricsAdapter: "create" } },
            "sources.metricsServer",
            /metrics.k8s.io/,
        ],
        [
            "no adapter",
            { ...HPA, sources: { metricsServer: "create" } },
            "sources.metricsAdapter",
            /metric APIs/,
        ],
        ["no recommender", { ...HPA, vpa: {} }, "sources.verticalPodAutoscaler", /definition/],
        [
            "no KEDA",
            { ...KEDA, sources: { metricsServer: "create", prometheus: "create" } },
            "sources.keda",
            /ScaledObject/,
        ],
        [
            "no Prometheus",
            { ...KEDA, sources: { ...KEDA.sources, prometheus: "none" } },
            "sources.prometheus",
            /KEDA asks/,
        ],
    ];
    for (const [mistake, args, path, allowed] of mistakes) {
        it(`refuses ${mistake}`, () => {
            const problems = autoscalingProblems(args as KubernetesAutoscalingArgs);
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
            );
            assert.match(problems[0]!.allowed, allowed);
        });
    }
});
