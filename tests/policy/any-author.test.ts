import assert from "node:assert/strict";
import * as path from "node:path";
import { previewPlan } from "logcaster-preview";

// The compiled pack over somebody else's program on Kubernetes, in a first preview: names are not known yet.

const PACK = path.join(__dirname, "../../policy");

describe("Kubernetes resources of another program", function () {
    this.timeout(180_000);

    it("are refused for each mistake that our own components refuse", async () => {
        const { exitCode, violations } = await previewPlan({
            cwd: path.join(__dirname, "program"),
            stack: "dev",
            policyPacks: [PACK],
        });
        assert.equal(exitCode, 1);
        const refused = violations
            .filter(({ policy }) => policy.startsWith("logcaster-kubernetes-"))
            .map(({ policy, level, urn }) => {
                const name = urn.split("::").at(-1);
                return `${level} ${policy.replace("logcaster-kubernetes-", "")}: ${name}`;
            });
        assert.deepEqual([...new Set(refused)].sort(), [
            "mandatory average-external-metrics: hpa",
            "mandatory configure-proxies-that-start: proxy",
            "mandatory drain-before-kill: app",
            "mandatory leave-replicas-to-the-scaler: app",
            "mandatory leave-room-to-drain: pdb",
            "mandatory match-autoscaler-to-cluster: chart",
            "mandatory match-autoscaler-to-cluster: cluster-autoscaler",
            "mandatory own-resources-once: vpa",
            "mandatory pull-from-living-registries: chart",
            "mandatory pull-from-living-registries: cluster-autoscaler",
            "mandatory request-resources: app",
            "mandatory scale-once: hpa",
            "mandatory scale-once: keda",
            "mandatory stay-inside-limits: hpa",
        ]);
    });
});
