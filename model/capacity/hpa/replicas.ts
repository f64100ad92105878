/**
 * How many replicas one metric asks for: the replica calculator of the HPA controller.
 * Source: k8s.io/kubernetes 1.36, pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go.
 */
import type { HpaFlags, HpaMetric } from "./spec";

/** Pods that are alike; a replica calculation only counts them. */
export interface PodGroup {
    readonly count: number;
    readonly phase: "Pending" | "Running" | "Failed";
    /** Status of the Ready condition; undefined while the pod has none. */
    readonly ready?: boolean;
    readonly startedMs?: number;
    readonly readyChangedMs?: number;
    /** Being deleted: the pod no longer counts. */
    readonly deleting?: boolean;
    /** Requested amount by resource, thousandths. */
    readonly requestMilli?: Readonly<Record<string, number>>;
}

/** What the metric API answered for one metric. */
export type MetricAnswer =
    | { readonly error: true; readonly latencyMs?: number }
    | {
          readonly error?: false;
          /** How long the answer took; the controller waits for it. */
          readonly latencyMs?: number;
          readonly takenMs?: number;
          readonly windowMs?: number;
          /** Value of each pod of the group with the same index, thousandths; undefined where the API has none. */
          readonly podMilli?: readonly (number | undefined)[];
          /** Values of pods that no longer exist. */
          readonly strayMilli?: readonly number[];
          /** The values of an external metric, or the one of an object, thousandths. */
          readonly valuesMilli?: readonly number[];
      };

type Samples = Exclude<MetricAnswer, { error: true }>;

/** Share of the target by which the ratio may lie below and above before replicas change. */
export interface Tolerances {
    readonly down: number;
    readonly up: number;
}

export interface Question {
    readonly metric: HpaMetric;
    readonly answer: MetricAnswer;
    readonly pods: readonly PodGroup[];
    readonly specReplicas: number;
    readonly statusReplicas: number;
    readonly tolerances: Tolerances;
    readonly flags: HpaFlags;
    readonly nowMs: number;
}

const MAX_INT32 = 2 ** 31 - 1;

const within = ({ down, up }: Tolerances, ratio: number): boolean =>
    1 - down <= ratio && ratio <= 1 + up;

const ceilReplicas = (replicas: number): number => Math.min(MAX_INT32, Math.ceil(replicas));

/** Replicas the metric asks for; undefined where it cannot be computed and is invalid in this sync. */
export function replicasForMetric(question: Question): number | undefined {
    const { metric, answer } = question;
    if (answer.error) return undefined;
    switch (metric.kind) {
        case "resource":
        case "containerResource":
        case "pods":
            return replicasForPods(question, answer);
        case "object":
        case "external":
            return metric.target.kind === "value"
                ? replicasForValue(question, answer)
                : replicasForAverage(question, answer);
    }
}

const total = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0);

/** A target value is multiplied by the ready pods, whatever the value is made of. */
function replicasForValue(question: Question, answer: Samples): number | undefined {
    const { metric, pods, specReplicas, tolerances } = question;
    if (!answer.valuesMilli?.length || metric.target.kind !== "value") return undefined;
    const ratio = total(answer.valuesMilli) / metric.target.milli;
    if (specReplicas === 0) return ceilReplicas(ratio);
    if (within(tolerances, ratio)) return specReplicas;
    if (countPods(pods) === 0) return undefined;
    const ready = countPods(pods.filter((pod) => pod.phase === "Running" && pod.ready));
    return ceilReplicas(ratio * ready);
}

/** A target average divides the value by the replicas the workload reports. */
function replicasForAverage(question: Question, answer: Samples): number | undefined {
    const { metric, statusReplicas, tolerances } = question;
    if (!answer.valuesMilli?.length || metric.target.kind !== "averageValue") return undefined;
    const usage = total(answer.valuesMilli);
    const ratio = usage / (metric.target.milli * statusReplicas);
    return within(tolerances, ratio) ? statusReplicas : ceilReplicas(usage / metric.target.milli);
}

const countPods = (pods: readonly PodGroup[]): number => pods.reduce((sum, p) => sum + p.count, 0);

type Standing = "ignored" | "unready" | "missing" | "counted";

/** Whether a pod counts, and as what, for this metric (`groupPods`). */
function standing(pod: PodGroup, sample: number | undefined, q: Question, a: Samples): Standing {
    if (pod.deleting || pod.phase === "Failed") return "ignored";
    if (pod.phase === "Pending") return "unready";
    if (sample === undefined) return "missing";
    if (q.metric.resource !== "cpu" || q.metric.kind === "pods") return "counted";
    if (pod.ready === undefined || pod.startedMs === undefined) return "unready";
    const changedMs = pod.readyChangedMs ?? 0;
    const starting = pod.startedMs + q.flags.cpuInitializationPeriodMs > q.nowMs;
    const unready = starting
        ? !pod.ready || (a.takenMs ?? q.nowMs) < changedMs + (a.windowMs ?? 0)
        : !pod.ready && pod.startedMs + q.flags.initialReadinessDelayMs > changedMs;
    return unready ? "unready" : "counted";
}

/** A running sum of samples and of what they are measured against. */
class Usage {
    milli = 0;
    againstMilli = 0;
    samples = 0;

    add(milli: number, requestMilli: number, count: number): void {
        this.milli += milli * count;
        this.againstMilli += requestMilli * count;
        this.samples += count;
    }
}

/** Requested amount that a utilization is a share of; 0 where the target is an amount, undefined where it is missing. */
function requestOf(pod: PodGroup, metric: HpaMetric): number | undefined {
    return metric.target.kind === "utilization" ? pod.requestMilli?.[metric.resource ?? ""] : 0;
}

// Written in plain loops: a simulated month asks it 172,800 times.
function replicasForPods(question: Question, answer: Samples): number | undefined {
    const { metric, pods, specReplicas, tolerances } = question;
    const { target } = metric;
    const samples = answer.podMilli ?? [];
    const stray = answer.strayMilli ?? [];
    // Samples of pods that are gone have no request to be held against, but count in a plain average.
    const utilization = target.kind === "utilization";
    const usage = new Usage();
    if (!utilization) {
        usage.milli = total(stray);
        usage.samples = stray.length;
    }
    const strayReplicas = utilization ? stray.length : 0;

    let all = 0;
    let anySample = stray.length > 0;
    let counted = 0;
    let requestMissing = false;
    const unready: PodGroup[] = [];
    const missing: PodGroup[] = [];
    for (let i = 0; i < pods.length; i++) {
        const pod = pods[i] as PodGroup;
        const sample = samples[i];
        if (pod.count === 0) continue;
        all += pod.count;
        if (sample !== undefined) anySample = true;
        const request = requestOf(pod, metric);
        if (request === undefined) requestMissing = true;
        const as = standing(pod, sample, question, answer);
        if (as === "unready") unready.push(pod);
        else if (as === "missing") missing.push(pod);
        else if (as === "counted") {
            counted += pod.count;
            usage.add(sample ?? 0, request ?? 0, pod.count);
        }
    }
    if (all === 0 || !anySample) return undefined;
    if (usage.samples + strayReplicas === 0 || requestMissing) return undefined;

    const ratio = usageRatio(usage, target);
    if (ratio === undefined) return undefined;
    const scaleUpWithUnready = unready.length > 0 && ratio > 1;
    if (!scaleUpWithUnready && missing.length === 0) {
        return within(tolerances, ratio) ? specReplicas : ceilReplicas(ratio * counted);
    }

    // Be conservative: pods without a sample are taken as full when scaling down and as idle when scaling up.
    for (const pod of ratio === 1 ? [] : missing) {
        const request = requestOf(pod, metric) ?? 0;
        usage.add(ratio < 1 ? assumed(target, request) : 0, request, pod.count);
    }
    if (scaleUpWithUnready) {
        for (const pod of unready) usage.add(0, requestOf(pod, metric) ?? 0, pod.count);
    }

    const newRatio = usageRatio(usage, target);
    if (newRatio === undefined) return undefined;
    const turns = (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1);
    if (within(tolerances, newRatio) || turns) return specReplicas;
    const replicas = ceilReplicas(newRatio * (usage.samples + strayReplicas));
    const against =
        (newRatio < 1 && replicas > specReplicas) || (newRatio > 1 && replicas < specReplicas);
    return against ? specReplicas : replicas;
}

/** What a pod without a sample is taken to use when the others ask for less. */
function assumed(target: HpaMetric["target"], requestMilli: number): number {
    if (target.kind !== "utilization") return target.milli;
    return quotient(requestMilli, Math.max(100, target.percent), 100);
}

function usageRatio(usage: Usage, target: HpaMetric["target"]): number | undefined {
    if (target.kind !== "utilization") {
        return Math.trunc(usage.milli / usage.samples) / target.milli;
    }
    if (usage.againstMilli === 0) return undefined;
    return quotient(usage.milli, 100, usage.againstMilli) / target.percent;
}

/** a * b / c as the controller's 64-bit integers compute it; memory in thousandths of bytes leaves a double's range. */
function quotient(a: number, b: number, c: number): number {
    const product = a * b;
    return Number.isSafeInteger(product)
        ? Math.trunc(product / c)
        : Number((BigInt(a) * BigInt(b)) / BigInt(c));
}
