import * as assert from "node:assert/strict";
import { KubernetesMetrics, type KubernetesMetricsArgs } from "logcaster-scaling/kubernetes";
import { metricsProblems } from "logcaster-scaling/kubernetes/metrics/validate";
import { record } from "../recorder";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
const create = (sources: KubernetesMetricsArgs["sources"]) =>
    record(() => new KubernetesMetrics("metrics", { sources, workloadNamespace: "production" }));

describe("KubernetesMetrics", () => {
    it("installs what is to be created, each at a pinned version, and nothing that exists", async () => {
        const recording = await create({
            metricsServer: "create",
            prometheus: "existing",
            keda: "create",
            verticalPodAutoscaler: "create",
        });
        const releases = recording.of(RELEASE);
        assert.deepEqual(
            releases.map(({ inputs }) => inputs.chart),
            ["metrics-server", "keda", "vpa"],
        );
        for (const { inputs } of releases) {
            assert.match(String(inputs.version), /^\d+\.\d+\.\d+$/);
            assert.equal(inputs.namespace, "monitoring");
        }
    });

    it("has Prometheus read the service's metrics, after Prometheus' own definitions are there", async () => {
        const recording = await create({ prometheus: "create" });
        const monitor = recording.one(MONITOR);
        assert.deepEqual(monitor.inputs.spec, {
            selector: { matchLabels: { "app.kubernetes.io/name": "logcaster" } },
            podMetricsEndpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
        });
        assert.ok(monitor.opts.dependencies.includes(recording.one(RELEASE).urn));
    });

    it("brings Grafana, whose administrator has a password of its own, and Alertmanager, routed by anybody", async () => {
        const recording = await create({ prometheus: "create" });
        const login = recording.one("kubernetes:core/v1:Secret");
        assert.deepEqual(login.secretInputs, ["stringData"]);
        assert.deepEqual(login.inputs.stringData, {
            username: "admin",
            password: "password-of-metrics-grafana-password",
        });
        const release = recording.one(RELEASE);
        const { grafana, alertmanager } = release.inputs.values as {
            grafana: { admin: { existingSecret: string } };
            alertmanager: { alertmanagerSpec: { alertmanagerConfigMatcherStrategy: object } };
        };
        assert.equal(
            grafana.admin.existingSecret,
            (login.inputs.metadata as { name: string }).name,
        );
        assert.deepEqual(alertmanager.alertmanagerSpec.alertmanagerConfigMatcherStrategy, {
            type: "None",
        });
        assert.ok(release.opts.dependencies.includes(login.urn));
        assert.deepEqual((await create({ keda: "create" })).of("kubernetes:core/v1:Secret"), []);
    });

    it("serves exactly the brief's two series as metric APIs", async () => {
        const recording = await create({ prometheus: "existing", metricsAdapter: "create" });
        const { values } = recording.one(RELEASE).inputs as {
            values: { rules: { default: boolean; custom: object[]; external: object[] } };
        };
        const names = (rules: object[]) =>
            rules.map((rule) => (rule as { name: { as: string } }).name.as);
        assert.equal(values.rules.default, false);
        assert.deepEqual(names(values.rules.custom), ["logcaster_active_connections"]);
        assert.deepEqual(names(values.rules.external), ["queue_size"]);
    });

    it("makes no monitor where nobody would read it", async () => {
        assert.deepEqual((await create({ metricsServer: "create" })).of(MONITOR), []);
    });

    const mistakes: [string, KubernetesMetricsArgs["sources"], string][] = [
        [
            "two owners of external metrics",
            { keda: "create", metricsAdapter: "create", prometheus: "create" },
            "sources.metricsAdapter",
        ],
        ["an adapter without Prometheus", { metricsAdapter: "create" }, "sources.prometheus"],
    ];
    for (const [mistake, sources, path] of mistakes) {
        it(`refuses ${mistake}`, () => {
            const problems = metricsProblems({ sources, workloadNamespace: "production" });
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
            );
        });
    }
});
