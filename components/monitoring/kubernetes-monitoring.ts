import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { routeAlerts } from "./alert-routes";
import type { KubernetesMonitoringArgs } from "./args";
import { grafanaDashboard } from "./grafana-dashboard";
import { prometheusRules } from "./prometheus-rules";

/**
 * The alarms and the dashboard of a service on Kubernetes, for the operator of Prometheus and the sidecar of Grafana.
 *
 * **Cost**: nothing of its own.
 * **Limits**: needs the operator's PrometheusRule definition; without `routes`, who is told by the label `target` is the cluster's own.
 */
export class KubernetesMonitoring extends pulumi.ComponentResource {
    /** Name of the PrometheusRule. */
    readonly ruleName: pulumi.Output<string>;

    constructor(
        name: string,
        args: KubernetesMonitoringArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:KubernetesMonitoring", name, {}, opts);
        const { namespace, workload } = args;
        const rule = new apiextensions.CustomResource(
            `${name}-rules`,
            {
                apiVersion: "monitoring.coreos.com/v1",
                kind: "PrometheusRule",
                metadata: { name: `${workload}-scaling`, namespace, labels: args.ruleLabels },
                spec: { groups: [{ name: "logcaster", rules: prometheusRules(args) }] },
            },
            { parent: this },
        );
        new core.ConfigMap(
            `${name}-dashboard`,
            {
                metadata: {
                    name: `${workload}-dashboard`,
                    namespace,
                    labels: { grafana_dashboard: "1" },
                },
                data: {
                    "logcaster-scaling.json": JSON.stringify(
                        grafanaDashboard(args, args.podHourUsd),
                    ),
                },
            },
            { parent: this },
        );

        if (args.routes) routeAlerts(name, this, args.routes);

        this.ruleName = rule.metadata.name;
        this.registerOutputs({ ruleName: this.ruleName });
    }
}
