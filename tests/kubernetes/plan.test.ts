import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { previewPlan } from "logcaster-preview";
import { skip } from "../skip";
import { type ControlPlane, controlPlane, type KubernetesObject } from "./control-plane";
import { applyAll } from "./manifests";

const ROOT = join(__dirname, "../..");
const STACK = "eks";

describe("The Kubernetes resources of the stack's plan", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        if (!existsSync(join(ROOT, `Pulumi.${STACK}.yaml`))) {
            skip(this, `this repository has no Pulumi.${STACK}.yaml yet`);
        }
        cluster = await controlPlane(this);
    });

    it("are accepted by the API server with strict field validation, in the plan's order", async () => {
        // As after an update: what a cloud computes has a plausible value, not the sentinel of an unknown.
        const { exitCode, plan, text } = await previewPlan({ cwd: ROOT, stack: STACK, up: true });
        assert.equal(exitCode, 0, text);
        // Helm renders a chart elsewhere.
        const objects = plan.steps
            .map(({ newState }) => newState)
            .filter(({ type }) => type.startsWith("kubernetes:") && !type.includes("helm.sh"))
            .map(({ inputs }) => inputs as unknown as KubernetesObject);
        assert.ok(objects.some(({ kind }) => kind === "Deployment"));
        await applyAll(cluster, objects);
    });
});
