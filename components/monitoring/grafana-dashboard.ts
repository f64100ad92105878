/** The Grafana dashboard of a service on Kubernetes: the brief's three panels (8.2) first. */
import { CONNECTIONS_METRIC } from "../kubernetes/autoscaling/defaults";
import { HOURS_PER_MONTH } from "./defaults";
import type { PrometheusRulesOf } from "./prometheus-rules";

const COLUMNS = 3;
const WIDTH = 8;
const HEIGHT = 8;

/** JSON model of the dashboard; its one data source is picked in Grafana. */
export function grafanaDashboard(
    { namespace, workload }: PrometheusRulesOf,
    podHourUsd?: number,
): object {
    const here = `namespace="${namespace}"`;
    const hpa = (metric: string) =>
        `kube_horizontalpodautoscaler_${metric}{${here}, horizontalpodautoscaler=~"(keda-hpa-)?${workload}"}`;
    const pods = `kube_deployment_status_replicas_available{${here}, deployment="${workload}"}`;
    const price = podHourUsd === undefined ? "" : ` * ${podHourUsd}`;
    const panels: [title: string, queries: Record<string, string>][] = [
        [
            "Instance Count",
            {
                available: pods,
                desired: hpa("status_desired_replicas"),
                most: hpa("spec_max_replicas"),
            },
        ],
        [
            "Scaling Events",
            { "changes in an hour": `changes(${hpa("status_desired_replicas")}[1h])` },
        ],
        [
            "Cost Projection",
            {
                [price ? "USD a month at this size" : "pod-hours a month (no price known)"]:
                    `${pods}${price} * ${HOURS_PER_MONTH}`,
            },
        ],
        ["Connections a pod", { average: `avg(${CONNECTIONS_METRIC}{${here}})` }],
        [
            "Pods without a node",
            { pending: `sum(kube_pod_status_phase{${here}, phase="Pending"})` },
        ],
        [
            "Cluster autoscaler",
            {
                "errors in 15 min": "sum(increase(cluster_autoscaler_errors_total[15m]))",
                "nodes refused in 15 min":
                    "sum(increase(cluster_autoscaler_failed_scale_ups_total[15m]))",
            },
        ],
    ];
    return {
        title: "LogCaster Scaling Dashboard",
        uid: `logcaster-${namespace}`,
        schemaVersion: 39,
        refresh: "1m",
        time: { from: "now-6h", to: "now" },
        templating: {
            list: [
                { name: "source", label: "Prometheus", type: "datasource", query: "prometheus" },
            ],
        },
        panels: panels.map(([title, queries], i) => ({
            id: i + 1,
            title,
            type: "timeseries",
            datasource: { type: "prometheus", uid: "${source}" },
            gridPos: {
                x: (i % COLUMNS) * WIDTH,
                y: Math.floor(i / COLUMNS) * HEIGHT,
                w: WIDTH,
                h: HEIGHT,
            },
            fieldConfig: { defaults: { min: 0 }, overrides: [] },
            targets: Object.entries(queries).map(([legendFormat, expr], j) => ({
                refId: String.fromCharCode("A".charCodeAt(0) + j),
                expr,
                legendFormat,
            })),
        })),
    };
}
