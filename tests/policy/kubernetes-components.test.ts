import assert from "node:assert/strict";
import {
    ClusterAutoscaler,
    KubernetesAutoscaling,
    KubernetesMetrics,
    KubernetesWorkload,
    type MetricSourcesArgs,
} from "logcaster-scaling/kubernetes";
import { DEFINITIONS } from "../../policy/policies";
import { record, type Recording } from "../components/recorder";
import { TestStack } from "./stack";

// What our components make on Kubernetes, under every policy on Kubernetes resources. Once the names are known, and as in a preview.

const IMAGE = `registry.example.com/image@sha256:${"0".repeat(64)}`;
const POLICIES = DEFINITIONS.filter(({ rows }) => rows.includes("Kubernetes"));

function stackOf({ resources }: Recording<unknown>): TestStack {
    const stack = new TestStack();
    const nameOf = new Map(resources.map(({ urn, name }) => [urn, name]));
    for (const { type, name, inputs, opts } of resources) {
        const references = Object.entries(opts.propertyDependencies).map(([property, urns]) => [
            property,
            urns.flatMap((urn) => nameOf.get(urn) ?? []),
        ]);
        stack.add(type, name, inputs, Object.fromEntries(references));
    }
    return stack;
}

function create(mode: "hpa" | "keda"): void {
    const app = new KubernetesWorkload("app", {
        image: IMAGE,
        healthAgentImage: IMAGE,
        ingressCidrs: ["10.40.0.0/16"],
        sidecars: [
            { name: "shipper", image: IMAGE, cpuRequestMilli: 10, memoryRequestMebibytes: 32 },
        ],
    });
    const sources: MetricSourcesArgs = {
        metricsServer: "create",
        verticalPodAutoscaler: "create",
        ...(mode === "hpa"
            ? { metricsAdapter: "create" }
            : { prometheus: "create", keda: "create" }),
    };
    new KubernetesMetrics("metrics", {
        sources: { ...sources, prometheus: "create" },
        workloadNamespace: app.namespace,
    });
    new KubernetesAutoscaling("scale", {
        namespace: app.namespace,
        deploymentName: app.deploymentName,
        mode,
        sources,
        vpa: {},
        ...(mode === "keda"
            ? { keda: { prometheusUrl: "http://prometheus.monitoring.svc:9090" } }
            : {}),
    });
    new ClusterAutoscaler("autoscaler", {
        clusterName: "logcaster",
        region: "ap-northeast-2",
        kubernetesMinor: "1.36",
    });
}

describe("our components on Kubernetes", () => {
    for (const mode of ["hpa", "keda"] as const) {
        for (const preview of [false, true]) {
            it(`are fine by every policy, by ${mode}${preview ? ", in a preview" : ""}`, async () => {
                const stack = stackOf(await record(() => create(mode), { preview })).add(
                    "aws:eks/cluster:Cluster",
                    "cluster",
                    { version: "1.36" },
                );
                for (const { name } of POLICIES) {
                    const outcome = stack.judge(name);
                    assert.deepEqual({ name, ...outcome }, { name, says: [], unknown: [] });
                }
            });
        }
    }

    it("are seen by the policies that relate them", async () => {
        const stack = stackOf(await record(() => create("hpa")));
        stack.set("app-deployment", "spec.replicas", 3);
        stack.set("app-budget", "spec.maxUnavailable", "0%");
        const says = [
            "logcaster-kubernetes-leave-replicas-to-the-scaler",
            "logcaster-kubernetes-leave-room-to-drain",
        ].flatMap((name) => stack.judge(name).says);
        assert.equal(says.length, 2);
    });
});
