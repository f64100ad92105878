import type { Problem } from "logcaster-model/settings";
import { type KubernetesMetricsArgs, MetricSource, type MetricSourcesArgs } from "./args";

/** Where a source comes from. */
export const given = (sources: MetricSourcesArgs, source: keyof MetricSourcesArgs) =>
    sources[source] ?? MetricSource.None;

/** Every mistake in the arguments. */
export function metricsProblems({
    sources,
    scrapeIntervalSeconds,
}: KubernetesMetricsArgs): Problem[] {
    const found: Problem[] = [];
    const has = (source: keyof MetricSourcesArgs) => given(sources, source) !== MetricSource.None;
    if (has("keda") && has("metricsAdapter")) {
        found.push({
            path: "sources.metricsAdapter",
            value: sources.metricsAdapter,
            allowed: "none beside keda: both serve external.metrics.k8s.io, and a cluster has one",
        });
    }
    if (has("metricsAdapter") && !has("prometheus")) {
        const allowed = "create or existing: the adapter reads its series from Prometheus";
        found.push({ path: "sources.prometheus", value: sources.prometheus, allowed });
    }
    if (scrapeIntervalSeconds !== undefined && !(scrapeIntervalSeconds >= 1)) {
        const allowed = "at least 1 second";
        found.push({ path: "scrapeIntervalSeconds", value: scrapeIntervalSeconds, allowed });
    }
    return found;
}
