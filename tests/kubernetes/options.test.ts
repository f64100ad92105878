import * as assert from "node:assert/strict";
import { join } from "node:path";
import { previewPlan } from "logcaster-preview";
import { type ControlPlane, controlPlane } from "./control-plane";
import { applyAll, plannedManifests } from "./manifests";

const ROOT = join(__dirname, "../..");
const IMAGE = `registry.example.com/image@sha256:${"0".repeat(64)}`;

/** What Pulumi.eks.yaml leaves out: proxies before the pods, and a Valkey cluster. */
const CONFIG = [
    "logcaster:loadBalancer.strategy=least-connections",
    `logcaster:kubernetes.proxy.image=${IMAGE}`,
    `logcaster:kubernetes.valkey.image=${IMAGE}`,
    "logcaster:kubernetes.valkey.tlsSecretName=valkey-tls",
];

describe("The eks stack with proxies and a Valkey cluster", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
    });

    it("passes the stack's policies", async () => {
        const { exitCode, violations, text } = await previewPlan({
            cwd: ROOT,
            stack: "eks",
            config: CONFIG,
            policyPacks: [join(ROOT, "policy")],
            policyConfig: join(ROOT, "policy/config/eks.json"),
        });
        assert.equal(exitCode, 0, text);
        const kubernetes = violations.filter(({ policy }) => policy.includes("-kubernetes-"));
        assert.deepEqual(kubernetes, []);
    });

    it("is accepted by the API server with strict field validation, in the plan's order", async () => {
        // As after an update: what a cloud computes has a plausible value, not the sentinel of an unknown.
        const { exitCode, plan, text } = await previewPlan({
            cwd: ROOT,
            stack: "eks",
            config: CONFIG,
            up: true,
        });
        assert.equal(exitCode, 0, text);
        const objects = plannedManifests(plan);
        await applyAll(cluster, objects);
        const named = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        for (const wanted of [
            "Deployment logcaster-proxy",
            "HorizontalPodAutoscaler logcaster-proxy",
            "StatefulSet valkey-0",
            "StatefulSet valkey-2",
            "Service valkey-nodes",
        ]) {
            assert.ok(named.includes(wanted), wanted);
        }
    });
});
