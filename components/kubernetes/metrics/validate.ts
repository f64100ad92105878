import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../../problems";
import { type KubernetesMetricsArgs, MetricSource, type MetricSourcesArgs } from "./args";

/** Where a source comes from. */
export const given = (sources: MetricSourcesArgs, source: keyof MetricSourcesArgs) =>
    sources[source] ?? MetricSource.None;

/** Every mistake in the arguments. */
export function metricsProblems({
    sources,
    scrapeIntervalSeconds,
}: KubernetesMetricsArgs): Problem[] {
    const { found, refuse } = collectProblems();
    const has = (source: keyof MetricSourcesArgs) => given(sources, source) !== MetricSource.None;
    if (has("keda") && has("metricsAdapter")) {
        const allowed =
            "none beside keda: both serve external.metrics.k8s.io, and a cluster has one";
        refuse("sources.metricsAdapter", sources.metricsAdapter, allowed);
    }
    if (has("metricsAdapter") && !has("prometheus")) {
        const allowed = "create or existing: the adapter reads its series from Prometheus";
        refuse("sources.prometheus", sources.prometheus, allowed);
    }
    if (scrapeIntervalSeconds !== undefined && !(scrapeIntervalSeconds >= 1)) {
        refuse("scrapeIntervalSeconds", scrapeIntervalSeconds, "at least 1 second");
    }
    return found;
}
