import * as assert from "node:assert/strict";
import {
    ClusterAutoscaler,
    KubernetesAutoscaling,
    KubernetesMetrics,
    KubernetesWorkload,
} from "logcaster-scaling/kubernetes";
import { record } from "../components/recorder";
import {
    type ControlPlane,
    controlPlane,
    KubernetesError,
    type KubernetesObject,
} from "./control-plane";
import { applyAll, manifests, sameFields } from "./manifests";
import { WORKLOAD } from "./program";

/** Everything the components can make: every option on, both modes. */
async function program(): Promise<KubernetesObject[]> {
    return manifests(
        await record(() => {
            const app = new KubernetesWorkload("app", {
                ...WORKLOAD,
                namespace: "everything",
                sidecars: [
                    {
                        name: "shipper",
                        image: WORKLOAD.image,
                        cpuRequestMilli: 50,
                        memoryRequestMebibytes: 64,
                        args: ["--quiet"],
                    },
                ],
                runtimeFiles: { document: "{}", secrets: { "redis-store-a": "{}" } },
                targetGroups: {
                    tcpArn: "arn:aws:elasticloadbalancing:ap-northeast-2:1:targetgroup/line/1",
                    httpArn: "arn:aws:elasticloadbalancing:ap-northeast-2:1:targetgroup/http/2",
                    nlbSecurityGroupId: "sg-1",
                    albSecurityGroupId: "sg-2",
                },
                egress: [{ cidr: "10.40.0.0/16", port: 6379 }],
            });
            const metrics = new KubernetesMetrics("metrics", {
                sources: { prometheus: "existing", keda: "existing" },
                workloadNamespace: app.namespace,
            });
            new KubernetesAutoscaling("keda", {
                namespace: app.namespace,
                deploymentName: app.deploymentName,
                sources: {
                    metricsServer: "existing",
                    prometheus: "existing",
                    keda: "existing",
                    verticalPodAutoscaler: "existing",
                },
                keda: { prometheusUrl: metrics.prometheusUrl, authenticationName: "prometheus" },
                vpa: {},
            });
            const other = new KubernetesWorkload("other", {
                ...WORKLOAD,
                namespace: "by-hpa",
                tier: "xlarge",
            });
            new KubernetesAutoscaling("hpa", {
                namespace: other.namespace,
                deploymentName: other.deploymentName,
                mode: "hpa",
                sources: { metricsServer: "existing", metricsAdapter: "existing" },
            });
            new ClusterAutoscaler("autoscaler", {
                region: "ap-northeast-2",
                clusterName: "logcaster",
                kubernetesMinor: "1.36",
            });
        }),
    );
}

describe("What the Kubernetes components make", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
    });

    it("is accepted by the API server with strict field validation, field by field as written", async () => {
        const objects = await program();
        await applyAll(cluster, objects);
        for (const object of objects) {
            const what = `${object.kind} ${object.metadata.name}`;
            // What is written into a Secret as text is stored as bytes.
            const { stringData, ...written } = object;
            const live = await cluster.api.read(object);
            assert.deepEqual(sameFields(written, live), written, what);
            for (const [key, value] of Object.entries((stringData ?? {}) as object)) {
                const data = live.data as Record<string, string>;
                assert.equal(Buffer.from(data[key]!, "base64").toString(), value, what);
            }
        }
        const kinds = new Set(objects.map(({ kind }) => kind));
        assert.deepEqual([...kinds].sort(), [
            "ClusterRole",
            "ClusterRoleBinding",
            "ConfigMap",
            "Deployment",
            "HorizontalPodAutoscaler",
            "Namespace",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "PodMonitor",
            "PriorityClass",
            "Role",
            "RoleBinding",
            "ScaledObject",
            "Secret",
            "Service",
            "ServiceAccount",
            "TargetGroupBinding",
            "VerticalPodAutoscaler",
        ]);
    });

    it("would be refused with one field that its kind does not have", async () => {
        const kinds = new Map((await program()).map((object) => [object.kind, object]));
        for (const kind of ["Deployment", "ScaledObject", "VerticalPodAutoscaler", "PodMonitor"]) {
            const object = kinds.get(kind)!;
            const spec = { ...(object.spec as object), noSuchField: true };
            await assert.rejects(
                cluster.api.apply({ ...object, spec }),
                (error: KubernetesError) => {
                    assert.match(error.message, /noSuchField/);
                    return true;
                },
                kind,
            );
        }
    });

    it("leaves the number of pods alone when a scaler owns it and the Deployment is applied again", async () => {
        const deployment = (await program()).find(
            ({ kind, metadata }) => kind === "Deployment" && metadata.namespace === "by-hpa",
        )!;
        await cluster.api.apply(deployment);
        await cluster.api.merge(deployment, { spec: { replicas: 17 } }, "/scale");
        const { spec } = await cluster.api.apply(deployment);
        assert.equal((spec as { replicas: number }).replicas, 17);
    });
});
