/** A real Kubernetes control plane for tests; one for all test files of a run. */
import type { Context } from "mocha";
import { skip } from "../../skip";
import { controlPlaneMissing } from "./binaries";
import { installDefinitions } from "./crds";
import { type ControlPlane, startControlPlane } from "./control-plane";

export { eventually, KubernetesApi, KubernetesError, type KubernetesObject } from "./api";
export { type ControlPlane, startControlPlane } from "./control-plane";
export type { Loads } from "./metrics-server";
export { NODE_CPU, ZONES } from "./nodes";

let shared: Promise<ControlPlane> | undefined;

/** The run's control plane with the definitions of others' kinds; skips the suite where it cannot run. */
export async function controlPlane(context: Context): Promise<ControlPlane> {
    const missing = controlPlaneMissing();
    if (missing) skip(context, missing);
    // The first build takes as long as it takes.
    context.timeout(0);
    shared ??= startControlPlane().then(async (started) => {
        await installDefinitions(started.api);
        return started;
    });
    return shared;
}

after(async function () {
    this.timeout(0);
    await (await shared?.catch(() => undefined))?.stop();
});
