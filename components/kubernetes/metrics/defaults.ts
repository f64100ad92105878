import type { MetricSourcesArgs } from "./args";

export const METRICS_DEFAULTS = Object.freeze({
    namespace: "monitoring",
    workloadName: "logcaster",
    metricsPortName: "http",
    scrapeIntervalSeconds: 15,
});

/** A chart and its pinned version. */
export interface Chart {
    readonly chart: string;
    readonly version: string;
    readonly repository: string;
}

const COMMUNITY = "https://prometheus-community.github.io/helm-charts";

/** What is installed for each source, in the order in which one needs the other. */
export const CHARTS: Readonly<Record<keyof MetricSourcesArgs, Chart>> = Object.freeze({
    metricsServer: {
        chart: "metrics-server",
        version: "3.13.1",
        repository: "https://kubernetes-sigs.github.io/metrics-server",
    },
    prometheus: { chart: "kube-prometheus-stack", version: "88.5.3", repository: COMMUNITY },
    metricsAdapter: { chart: "prometheus-adapter", version: "5.3.0", repository: COMMUNITY },
    keda: { chart: "keda", version: "2.20.2", repository: "https://kedacore.github.io/charts" },
    verticalPodAutoscaler: {
        chart: "vpa",
        version: "5.0.0",
        repository: "https://charts.fairwinds.com/stable",
    },
});

/** Service account that the chart gives Alertmanager. */
export const ALERTMANAGER_ACCOUNT = `${CHARTS.prometheus.chart}-alertmanager`;

/** Secret with the name and password of Grafana's administrator. */
export const GRAFANA_ADMIN = "grafana-admin";
export const GRAFANA_PASSWORD_LENGTH = 32;

/** Name and port of the Service that the operator makes in front of Prometheus. */
export const PROMETHEUS = Object.freeze({ service: "prometheus-operated", port: 9090 });
