import * as assert from "node:assert/strict";
import { join } from "node:path";
import { previewPlan } from "logcaster-preview";
import { type ControlPlane, controlPlane } from "./control-plane";
import { applyAll, plannedManifests } from "./manifests";

const ROOT = join(__dirname, "../..");
const STACK = "eks";

describe("The Kubernetes resources of the stack's plan", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
    });

    it("are accepted by the API server with strict field validation, in the plan's order", async () => {
        // As after an update: what a cloud computes has a plausible value, not the sentinel of an unknown.
        const { exitCode, plan, text } = await previewPlan({ cwd: ROOT, stack: STACK, up: true });
        assert.equal(exitCode, 0, text);
        const objects = plannedManifests(plan);
        await applyAll(cluster, objects);
        const kinds = new Set(objects.map(({ kind }) => kind));
        assert.deepEqual([...kinds].sort(), [
            "AlertmanagerConfig",
            "ClusterRole",
            "ClusterRoleBinding",
            "ConfigMap",
            "Deployment",
            "Namespace",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "PodMonitor",
            "PriorityClass",
            "PrometheusRule",
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

    it("would go into the cluster by a provider that waits for its nodes, and none by another", async () => {
        const { plan } = await previewPlan({ cwd: ROOT, stack: STACK });
        const states = plan.steps.map(({ newState }) => newState);
        const provider = states.filter(({ type }) => type === "pulumi:providers:kubernetes");
        assert.equal(provider.length, 1);
        // The last that a cluster needs: it waits for the nodes itself.
        const last = states.find(({ urn }) => urn.endsWith("-coredns"));
        assert.ok(provider[0]!.dependencies?.includes(last!.urn));
        const elsewhere = states
            .filter(({ type }) => type.startsWith("kubernetes:"))
            .filter((state) => !state.provider?.startsWith(`${provider[0]!.urn}::`));
        assert.deepEqual(elsewhere, []);
    });
});
