import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as helm from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { refuse } from "../../problems";
import { type KubernetesMetricsArgs, MetricSource, type MetricSourcesArgs } from "./args";
import { chartValues } from "./charts";
import {
    CHARTS,
    GRAFANA_ADMIN,
    GRAFANA_PASSWORD_LENGTH,
    METRICS_DEFAULTS,
    PROMETHEUS,
} from "./defaults";
import { given, metricsProblems } from "./validate";

/**
 * What scaling reads: metrics-server, Prometheus with its operator, Alertmanager and Grafana, the adapter that serves Prometheus' series as metric APIs,
 * KEDA and the vertical recommender, each installed or found in the cluster; and the PodMonitor of the service.
 *
 * **Cost**: pods only: two of Prometheus (about 1 GiB each at a few hundred pods), two of each of the others.
 * **Limits**: one owner for each metric API: KEDA and the adapter both want external.metrics.k8s.io, so one of them.
 */
export class KubernetesMetrics extends pulumi.ComponentResource {
    /** URL of Prometheus, for KEDA. */
    readonly prometheusUrl: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: KubernetesMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:KubernetesMetrics", name, {}, opts);
        refuse(this, name, metricsProblems(args));
        const namespace = args.namespace ?? METRICS_DEFAULTS.namespace;

        const place = new core.Namespace(
            `${name}-namespace`,
            { metadata: { name: namespace } },
            { parent: this },
        );
        const logins =
            given(args.sources, "prometheus") === MetricSource.Create
                ? [grafanaLogin(name, this, namespace, place)]
                : [];
        const releases = created(args.sources).map((source) => {
            const { chart, version, repository } = CHARTS[source];
            return new helm.Release(
                `${name}-${chart}`,
                {
                    name: chart,
                    chart,
                    version,
                    repositoryOpts: { repo: repository },
                    namespace,
                    values: chartValues(source, namespace),
                    atomic: true,
                },
                { parent: this, dependsOn: [place, ...logins] },
            );
        });
        if (given(args.sources, "prometheus") !== MetricSource.None) {
            createMonitor(name, this, args, releases);
        }

        this.prometheusUrl = pulumi.output(
            `http://${PROMETHEUS.service}.${namespace}.svc:${PROMETHEUS.port}`,
        );
        this.registerOutputs({ prometheusUrl: this.prometheusUrl });
    }
}

const created = (sources: MetricSourcesArgs) =>
    (Object.keys(CHARTS) as (keyof MetricSourcesArgs)[]).filter(
        (source) => given(sources, source) === MetricSource.Create,
    );

/** Who administers Grafana: the chart's own password is the same everywhere. */
function grafanaLogin(
    name: string,
    parent: pulumi.Resource,
    namespace: string,
    place: core.Namespace,
): core.Secret {
    const password = new random.RandomPassword(
        `${name}-grafana-password`,
        { length: GRAFANA_PASSWORD_LENGTH, special: false },
        { parent },
    );
    return new core.Secret(
        `${name}-grafana-admin`,
        {
            metadata: { name: GRAFANA_ADMIN, namespace },
            stringData: { username: "admin", password: password.result },
        },
        { parent, dependsOn: [place] },
    );
}

function createMonitor(
    name: string,
    parent: pulumi.Resource,
    args: KubernetesMetricsArgs,
    dependsOn: pulumi.Resource[],
): void {
    const {
        workloadName = METRICS_DEFAULTS.workloadName,
        metricsPortName = METRICS_DEFAULTS.metricsPortName,
        scrapeIntervalSeconds = METRICS_DEFAULTS.scrapeIntervalSeconds,
    } = args;
    new apiextensions.CustomResource(
        `${name}-monitor`,
        {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { name: workloadName, namespace: args.workloadNamespace },
            spec: {
                selector: { matchLabels: { "app.kubernetes.io/name": workloadName } },
                podMetricsEndpoints: [
                    {
                        port: metricsPortName,
                        path: "/metrics",
                        interval: `${scrapeIntervalSeconds}s`,
                    },
                ],
            },
        },
        { parent, dependsOn },
    );
}
