/** The alarms of a service on Kubernetes, as Prometheus rules; pure, so that promtool can try them. */
import { CONNECTIONS_METRIC } from "../kubernetes/autoscaling/defaults";
import { Level, Target, runbook } from "./alarm";
import { THRESHOLDS } from "./defaults";

/** What the rules look at. */
export interface PrometheusRulesOf {
    /** Namespace of the service. */
    readonly namespace: string;
    /** Deployment of the service, whose autoscaler is called after it. */
    readonly workload: string;
    readonly runbooksUrl?: string;
    /** @default 10 */
    readonly maxScalingEventsPerHour?: number;
    /** @default 90 */
    readonly maxCapacityPercent?: number;
}

export interface PrometheusRule {
    readonly alert: string;
    readonly expr: string;
    readonly for?: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
}

interface Spec {
    readonly alarm: string;
    readonly level: Level;
    readonly says: string;
    readonly expr: string;
    readonly minutes: number;
    readonly target: Target;
}

const PERCENT = 100;

/** Series of kube-state-metrics, the cluster autoscaler and the service. */
export function prometheusRules(of: PrometheusRulesOf): PrometheusRule[] {
    const { namespace, workload } = of;
    const events = of.maxScalingEventsPerHour ?? THRESHOLDS.scalingEventsPerHour;
    const percent = of.maxCapacityPercent ?? THRESHOLDS.capacityPercent.warning;
    const here = `namespace="${namespace}"`;
    // KEDA calls the autoscaler that it makes keda-hpa-<name>.
    const hpa = (metric: string, more = "") =>
        `kube_horizontalpodautoscaler_${metric}{${here}, horizontalpodautoscaler=~"(keda-hpa-)?${workload}"${more}}`;
    const full = `${PERCENT} * ${hpa("status_current_replicas")} / ${hpa("spec_max_replicas")}`;
    const unable = (condition: string) =>
        hpa("status_condition", `, condition="${condition}", status="false"`);
    const specs: Spec[] = [
        {
            alarm: "ScalingFrequent",
            level: Level.Warning,
            says: `The autoscaler changed its mind more than ${events} times in an hour`,
            expr: `changes(${hpa("status_desired_replicas")}[1h]) > ${events}`,
            minutes: 0,
            target: Target.NotifyOps,
        },
        {
            alarm: "CapacityLimit",
            level: Level.Warning,
            says: `At least ${percent} % of the largest number of pods runs`,
            expr: `${full} >= ${percent}`,
            minutes: 5,
            target: Target.CapacityPlanning,
        },
        {
            alarm: "HpaAtMax",
            level: Level.Critical,
            says: "The largest number of pods runs: nothing is left to scale out to",
            expr: `${full} >= ${THRESHOLDS.capacityPercent.critical}`,
            minutes: 15,
            target: Target.PageOncall,
        },
        {
            alarm: "HpaUnableToScale",
            level: Level.Critical,
            says: "The autoscaler cannot scale, or has no metric to scale by",
            expr: `${unable("AbleToScale")} == 1 or ${unable("ScalingActive")} == 1`,
            minutes: 5,
            target: Target.PageOncall,
        },
        {
            alarm: "PodsPending",
            level: Level.Warning,
            says: "Pods have found no node for 10 minutes",
            expr: `sum by (namespace) (kube_pod_status_phase{${here}, phase="Pending"}) > 0`,
            minutes: 10,
            target: Target.NotifyOps,
        },
        {
            alarm: "ScalingFailed",
            level: Level.Critical,
            says: "The cloud refused the cluster autoscaler a node",
            expr: "sum by (reason) (increase(cluster_autoscaler_failed_scale_ups_total[15m])) > 0",
            minutes: 0,
            target: Target.PageOncall,
        },
        {
            alarm: "ClusterAutoscalerErrors",
            level: Level.Warning,
            says: "The cluster autoscaler meets errors",
            expr: "sum by (type) (increase(cluster_autoscaler_errors_total[15m])) > 0",
            minutes: 5,
            target: Target.NotifyOps,
        },
        {
            alarm: "NoHealthyPods",
            level: Level.Critical,
            says: "No pod of the service is available: nobody is served",
            // Silence is the worst case, not a quiet one.
            expr: [
                `kube_deployment_status_replicas_available{${here}, deployment="${workload}"} < 1`,
                `absent(kube_deployment_status_replicas_available{${here}, deployment="${workload}"})`,
            ].join(" or "),
            minutes: 2,
            target: Target.PageOncall,
        },
        ...[
            { level: Level.Warning, minutes: 5, target: Target.NotifyOps },
            { level: Level.Critical, minutes: 15, target: Target.PageOncall },
        ].map((each) => ({
            ...each,
            alarm: "MetricHeartbeat",
            says: `No pod has published its connections for ${each.minutes} minutes`,
            expr: `absent(${CONNECTIONS_METRIC}{${here}})`,
        })),
    ];
    return specs.map(({ alarm, level, says, expr, minutes, target }) => ({
        alert: alarm,
        expr,
        ...(minutes > 0 ? { for: `${minutes}m` } : {}),
        labels: { severity: level.toLowerCase(), target },
        annotations: { summary: says, runbook_url: runbook(alarm, of.runbooksUrl) },
    }));
}
