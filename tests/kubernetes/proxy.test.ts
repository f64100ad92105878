import * as assert from "node:assert/strict";
import { KubernetesProxy } from "logcaster-scaling/kubernetes";
import { record } from "../components/recorder";
import { type ControlPlane, controlPlane, type KubernetesObject, ZONES } from "./control-plane";
import { applyAll, manifests } from "./manifests";
import { budgetAllows, type Pod, readyPods, zonesOf } from "./pods";

const NAMESPACE = "proxies";
const PROXIES = 3;

describe("Pods of a proxy on a control plane", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    let pods: readonly Pod[];

    before(async function () {
        cluster = await controlPlane(this);
        const recording = await record(
            () =>
                new KubernetesProxy("proxy", {
                    namespace: NAMESPACE,
                    image: `registry.example.com/haproxy@sha256:${"0".repeat(64)}`,
                    srvName: `_line._tcp.logcaster-pods.${NAMESPACE}.svc.cluster.local`,
                    nameservers: ["172.20.0.10:53"],
                    ingressCidrs: ["10.40.0.0/16"],
                    targetGroup: {
                        tcpArn: "arn:aws:elasticloadbalancing:ap-northeast-2:1:targetgroup/tcp/1",
                        nlbSecurityGroupId: "sg-0123456789abcdef0",
                    },
                }),
        );
        await applyAll(cluster, [
            { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
            ...manifests(recording),
        ]);
        pods = await readyPods(cluster, NAMESPACE, PROXIES);
    });

    it("are as many as the autoscaler's least, which nobody else says", async () => {
        const scaler = await cluster.api.read<
            KubernetesObject & { status?: { desiredReplicas?: number } }
        >({
            apiVersion: "autoscaling/v2",
            kind: "HorizontalPodAutoscaler",
            metadata: { name: "logcaster-proxy", namespace: NAMESPACE },
        });
        assert.equal(scaler.status?.desiredReplicas, PROXIES);
    });

    it("are one in each zone", () => {
        assert.deepEqual(zonesOf(pods), [...ZONES]);
    });

    it("may go one at a time", async () => {
        const budget = { name: "logcaster-proxy", namespace: NAMESPACE };
        await budgetAllows(cluster, budget, { pods: PROXIES, disruptions: 1 });
    });
});
