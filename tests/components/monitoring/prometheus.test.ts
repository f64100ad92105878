import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { KubernetesMonitoring } from "logcaster-scaling/monitoring";
import { grafanaDashboard } from "logcaster-scaling/monitoring/grafana-dashboard";
import { prometheusRules } from "logcaster-scaling/monitoring/prometheus-rules";
import { serverBinary, whyNoServer, type Binary } from "../../servers/install";
import { skip } from "../../skip";
import { record } from "../recorder";

// The rules as they are deployed, under Prometheus' own unit tests: series in, alerts out.

const run = promisify(execFile);
const OF = { namespace: "logs", workload: "logcaster" };
const RULES = prometheusRules(OF);

interface Play {
    /** Series of a minute each, in promtool's notation. */
    readonly series: Readonly<Record<string, string>>;
    /** Minutes at which nothing fires, and at which the alert does. */
    readonly quietAt: number;
    readonly firesAt: number;
    /** Labels beside those of the rule. */
    readonly labels?: Readonly<Record<string, string>>;
    /** Rules of the same name that fire at both times. */
    readonly besides?: readonly string[];
}

const HPA = 'namespace="logs", horizontalpodautoscaler="keda-hpa-logcaster"';
const hpaLabels = { namespace: "logs", horizontalpodautoscaler: "keda-hpa-logcaster" };
const hpa = (metric: string, more = "") => `kube_horizontalpodautoscaler_${metric}{${HPA}${more}}`;
const size = (from: number, to: number) => ({
    [hpa("status_current_replicas")]: `${from}x19 ${to}x60`,
    [hpa("spec_max_replicas")]: "50x120",
});
const able = (condition: string, series: string) => ({
    [hpa("status_condition", `, condition="${condition}", status="false"`)]: series,
});
const available =
    'kube_deployment_status_replicas_available{namespace="logs", deployment="logcaster"}';
const up = {
    [available]: "3x120",
    'logcaster_active_connections{namespace="logs", pod="a"}': "9x120",
};

const PLAYS: Readonly<Record<string, Play>> = {
    "ScalingFrequent warning": {
        series: { [hpa("status_desired_replicas")]: "3x59 4 3 4 3 4 3 4 3 4 3 4x60" },
        quietAt: 69,
        firesAt: 70,
        labels: hpaLabels,
    },
    "CapacityLimit warning": {
        series: size(44, 45),
        quietAt: 24,
        firesAt: 25,
        labels: hpaLabels,
    },
    "HpaAtMax critical": { series: size(49, 50), quietAt: 34, firesAt: 35, labels: hpaLabels },
    "HpaUnableToScale critical": {
        series: { ...able("AbleToScale", "0x120"), ...able("ScalingActive", "0x19 1x60") },
        quietAt: 24,
        firesAt: 25,
        labels: { ...hpaLabels, condition: "ScalingActive", status: "false" },
    },
    "PodsPending warning": {
        series: {
            'kube_pod_status_phase{namespace="logs", pod="a", phase="Pending"}': "0x19 1x60",
        },
        quietAt: 29,
        firesAt: 30,
        labels: { namespace: "logs" },
    },
    "ScalingFailed critical": {
        series: {
            'cluster_autoscaler_failed_scale_ups_total{reason="cloudProviderError"}': "0x19 1x60",
        },
        quietAt: 19,
        firesAt: 20,
        labels: { reason: "cloudProviderError" },
    },
    "ClusterAutoscalerErrors warning": {
        series: { 'cluster_autoscaler_errors_total{type="cloudProviderError"}': "0x19 1x60" },
        quietAt: 24,
        firesAt: 25,
        labels: { type: "cloudProviderError" },
    },
    "NoHealthyPods critical": {
        series: { [available]: "1x19 0x60" },
        quietAt: 21,
        firesAt: 22,
        labels: { namespace: "logs", deployment: "logcaster" },
    },
    // Stale after a scrape without it.
    "MetricHeartbeat warning": {
        series: { 'logcaster_active_connections{namespace="logs", pod="a"}': "9x19 stale" },
        quietAt: 24,
        firesAt: 25,
        labels: { namespace: "logs" },
    },
    "MetricHeartbeat critical": {
        series: { 'logcaster_active_connections{namespace="logs", pod="a"}': "9x19 stale" },
        quietAt: 34,
        firesAt: 35,
        labels: { namespace: "logs" },
        besides: ["MetricHeartbeat warning"],
    },
};

const keyOf = ({ alert, labels }: (typeof RULES)[number]) => `${alert} ${labels.severity}`;

function testOf(key: string, { series, quietAt, firesAt, labels, besides = [] }: Play): object {
    const rule = RULES.find((each) => keyOf(each) === key)!;
    const others = Object.fromEntries(Object.entries(up).filter(([name]) => !(name in series)));
    const at = (minute: number, fires: boolean) => ({
        eval_time: `${minute}m`,
        alertname: rule.alert,
        exp_alerts: RULES.filter(
            (each) => (fires && each === rule) || besides.includes(keyOf(each)),
        ).map((each) => ({
            exp_labels: { ...each.labels, ...labels },
            exp_annotations: each.annotations,
        })),
    });
    return {
        name: key,
        interval: "1m",
        input_series: Object.entries({ ...others, ...series }).map(([name, values]) => ({
            series: name,
            values,
        })),
        alert_rule_test: [at(quietAt, false), at(firesAt, true)],
    };
}

describe("the Prometheus rules", function () {
    this.timeout(0);
    let promtool: Binary;
    let directory: string;
    before(async function () {
        const why = await whyNoServer("promtool");
        if (why) skip(this, why);
        promtool = await serverBinary("promtool");
        directory = mkdtempSync(join(tmpdir(), "logcaster-rules-"));
        // JSON is YAML.
        writeFileSync(
            join(directory, "rules.yaml"),
            JSON.stringify({ groups: [{ name: "logcaster", rules: RULES }] }),
        );
    });
    after(() => directory && rmSync(directory, { recursive: true, force: true }));

    const test = async (tests: object[]) => {
        const file = join(directory, "tests.yaml");
        writeFileSync(
            file,
            JSON.stringify({ rule_files: ["rules.yaml"], evaluation_interval: "1m", tests }),
        );
        await run(promtool.path, ["test", "rules", file], { env: promtool.env });
    };

    it("name a runbook that is there, and in the table of docs/monitoring.md", () => {
        const docs = join(__dirname, "../../../docs");
        const table = readFileSync(join(docs, "monitoring.md"), "utf8");
        for (const { annotations } of RULES) {
            const page = String(annotations["runbook_url"]).replace("docs/", "");
            assert.ok(existsSync(join(docs, page)), page);
            assert.ok(table.includes(`(${page})`), page);
        }
    });

    it("are rules to Prometheus", async () => {
        await run(promtool.path, ["check", "rules", join(directory, "rules.yaml")]);
    });

    it("have a play each, and no play is of a rule that is not there", () => {
        assert.deepEqual(RULES.map(keyOf).sort(), Object.keys(PLAYS).sort());
    });

    for (const [key, play] of Object.entries(PLAYS)) {
        it(`${key} is quiet, and fires when its time is over`, () => test([testOf(key, play)]));
    }

    it("take absence for the worst only where nobody would be served, as do series of another namespace", async () => {
        const worst = /^(NoHealthyPods|MetricHeartbeat)$/;
        const absent = RULES.map(({ alert }) => ({
            eval_time: "60m",
            alertname: alert,
            exp_alerts: RULES.filter((rule) => rule.alert === alert && worst.test(alert)).map(
                (rule) => ({
                    exp_labels: {
                        ...rule.labels,
                        namespace: "logs",
                        ...(alert === "NoHealthyPods" ? { deployment: "logcaster" } : {}),
                    },
                    exp_annotations: rule.annotations,
                }),
            ),
        }));
        const elsewhere = Object.entries(size(50, 50)).map(([series, values]) => ({
            series: series.replace('"logs"', '"other"'),
            values,
        }));
        await test(
            [[], elsewhere].map((input_series) => ({
                interval: "1m",
                input_series,
                alert_rule_test: absent,
            })),
        );
    });
});

describe("KubernetesMonitoring", () => {
    it("brings the rules to the operator and the dashboard to Grafana", async function () {
        this.timeout(0);
        const recording = await record(
            () => new KubernetesMonitoring("eks", { ...OF, ruleLabels: { release: "prometheus" } }),
        );
        const rule = recording.one("kubernetes:monitoring.coreos.com/v1:PrometheusRule");
        assert.deepEqual(rule.inputs.spec, { groups: [{ name: "logcaster", rules: RULES }] });
        assert.deepEqual((rule.inputs.metadata as { labels: object }).labels, {
            release: "prometheus",
        });
        const { data } = recording.one("kubernetes:core/v1:ConfigMap").inputs;
        const [text = ""] = Object.values(data as Record<string, string>);
        assert.deepEqual(JSON.parse(text), grafanaDashboard(OF));
    });

    it("shows the brief's three panels first, and a price where it is known", () => {
        const { panels } = grafanaDashboard(OF, 0.05) as {
            panels: { title: string; targets: { expr: string; legendFormat: string }[] }[];
        };
        assert.deepEqual(
            panels.slice(0, 3).map(({ title }) => title),
            ["Instance Count", "Scaling Events", "Cost Projection"],
        );
        assert.deepEqual(panels[2]?.targets, [
            {
                refId: "A",
                expr: 'kube_deployment_status_replicas_available{namespace="logs", deployment="logcaster"} * 0.05 * 720',
                legendFormat: "USD a month at this size",
            },
        ]);
    });
});
