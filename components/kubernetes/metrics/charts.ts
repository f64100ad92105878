import { CONNECTIONS_METRIC, QUEUE_METRIC } from "../autoscaling/defaults";
import type { MetricSourcesArgs } from "./args";
import { GRAFANA_ADMIN, PROMETHEUS } from "./defaults";

/** Values of each chart: two of what must not be away, one owner for each metric API. */
export function chartValues(source: keyof MetricSourcesArgs, namespace: string): object {
    switch (source) {
        case "metricsServer":
            return {
                replicas: 2,
                podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
            };
        case "prometheus":
            return {
                grafana: {
                    admin: {
                        existingSecret: GRAFANA_ADMIN,
                        userKey: "username",
                        passwordKey: "password",
                    },
                    // Dashboards of every namespace, by their label.
                    sidecar: { dashboards: { enabled: true, searchNamespace: "ALL" } },
                },
                alertmanager: {
                    alertmanagerSpec: {
                        replicas: 2,
                        // A route holds for alerts of every namespace, not only its own.
                        alertmanagerConfigMatcherStrategy: { type: "None" },
                    },
                },
                prometheus: {
                    prometheusSpec: {
                        replicas: 2,
                        // Monitors of every namespace, not only those this release labels.
                        podMonitorSelectorNilUsesHelmValues: false,
                        serviceMonitorSelectorNilUsesHelmValues: false,
                    },
                },
            };
        case "metricsAdapter":
            return {
                replicas: 2,
                prometheus: {
                    url: `http://${PROMETHEUS.service}.${namespace}.svc`,
                    port: PROMETHEUS.port,
                },
                rules: { default: false, custom: [connections()], external: [queue()] },
            };
        case "keda":
            return { operator: { replicaCount: 2 }, metricsServer: { replicaCount: 2 } };
        case "verticalPodAutoscaler":
            return {
                recommender: { enabled: true },
                // Recommends only: what evicts pods and what changes them stay away.
                updater: { enabled: false },
                admissionController: { enabled: false },
            };
    }
}

const RESOURCES = { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } };

function connections() {
    return {
        seriesQuery: `${CONNECTIONS_METRIC}{namespace!="",pod!=""}`,
        resources: RESOURCES,
        name: { as: CONNECTIONS_METRIC },
        metricsQuery: "sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)",
    };
}

function queue() {
    return {
        seriesQuery: `${QUEUE_METRIC}{namespace!=""}`,
        resources: { overrides: { namespace: { resource: "namespace" } } },
        name: { as: QUEUE_METRIC },
        // Every pod exports the one queue: the largest sample, not the sum.
        metricsQuery: "max(<<.Series>>{<<.LabelMatchers>>})",
    };
}
