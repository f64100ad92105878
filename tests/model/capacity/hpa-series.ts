/** Generated autoscalers with what each of their syncs sees: the input of tools/hpa-replay, one series a JSON line. */
import type {
    HpaFlags,
    HpaMetric,
    HpaPolicy,
    HpaRules,
    HpaSpec,
    MetricAnswer,
    Observation,
    PodGroup,
} from "../../../model/capacity/hpa";
import { HPA_FLAGS } from "../../../model/capacity/hpa";
import { Random } from "./random";

export interface PodPattern {
    readonly phase: PodGroup["phase"];
    readonly ready: "True" | "False" | "";
    readonly startedMs?: number;
    readonly readyChangedMs: number;
    readonly deleting: boolean;
    readonly requestMilli: Record<string, number>;
}

export interface AnswerPattern {
    readonly error: boolean;
    readonly latencyMs: number;
    readonly ageMs: number;
    readonly windowMs: number;
    readonly podsMilli: readonly (number | null)[];
    /** Amount shared evenly by the pods there are, instead of `podsMilli`. */
    readonly totalMilli?: number;
    readonly strayMilli: readonly number[];
    readonly valuesMilli: readonly number[];
}

/** Pod i takes element i modulo the length of each pattern. */
export interface Step {
    readonly podsDelta: number;
    readonly statusReplicasDelta: number;
    readonly pods: readonly PodPattern[];
    readonly metrics: readonly AnswerPattern[];
}

export interface Series {
    readonly id: string;
    readonly spec: HpaSpec;
    readonly controller: HpaFlags;
    readonly initialReplicas: number;
    readonly steps: readonly Step[];
}

/** The series as JSON for the replayer, which takes tolerances as Kubernetes writes quantities. */
export function seriesLine(series: Series): string {
    return JSON.stringify(series, (key, value: unknown) =>
        key === "toleranceRatio" && value !== series.controller.toleranceRatio
            ? String(value)
            : value,
    );
}

/** What the sync that sees `step` observes while the workload asks for `replicas`. */
export function observe(step: Step, replicas: number, syncMs: number): Observation {
    const count = Math.max(0, replicas + step.podsDelta);
    const of = <T>(pattern: readonly T[], i: number): T => pattern[i % pattern.length] as T;
    const indices = Array.from({ length: count }, (_, i) => i);
    let nowMs = syncMs;
    return {
        specReplicas: replicas,
        statusReplicas: Math.max(0, replicas + step.statusReplicasDelta),
        pods: indices.map((i): PodGroup => {
            const { ready, ...pod } = of(step.pods, i);
            return { count: 1, ...pod, ...(ready === "" ? {} : { ready: ready === "True" }) };
        }),
        answers: step.metrics.map((answer): MetricAnswer => {
            const { latencyMs } = answer;
            nowMs += latencyMs;
            if (answer.error) return { error: true, latencyMs };
            return {
                latencyMs,
                takenMs: nowMs - answer.ageMs,
                windowMs: answer.windowMs,
                podMilli: indices.map((i) =>
                    answer.totalMilli === undefined
                        ? (of(answer.podsMilli, i) ?? undefined)
                        : Math.floor(answer.totalMilli / count),
                ),
                strayMilli: answer.strayMilli,
                valuesMilli: answer.valuesMilli,
            };
        }),
    };
}

const RESOURCES = ["cpu", "memory"] as const;
const REQUEST_MILLI: Record<string, number> = { cpu: 500, memory: 1_073_741_824_000 };

function randomMetric(random: Random): HpaMetric {
    const kind = random.pick([
        "resource",
        "containerResource",
        "pods",
        "object",
        "external",
    ] as const);
    const milli = random.pick([500, 100_000, 1_000_000, 333]);
    if (kind === "pods") return { kind, target: { kind: "averageValue", milli } };
    if (kind === "object" || kind === "external") {
        return { kind, target: { kind: random.pick(["value", "averageValue"] as const), milli } };
    }
    const resource = random.pick(RESOURCES);
    const target: HpaMetric["target"] = random.chance(0.8)
        ? { kind: "utilization", percent: random.pick([10, 50, 70, 80, 100, 130]) }
        : { kind: "averageValue", milli: Math.round((REQUEST_MILLI[resource] ?? 1) * 0.6) };
    return { kind, resource, target };
}

function randomPolicy(random: Random): HpaPolicy {
    return random.chance(0.5)
        ? { type: "Pods", value: random.int(1, 8), periodSeconds: random.int(1, 180) }
        : { type: "Percent", value: random.int(1, 200), periodSeconds: random.int(1, 180) };
}

function randomRules(random: Random, down: boolean): HpaRules | undefined {
    if (random.chance(0.15)) return undefined;
    const policies = random
        .list(random.int(1, 3), () => randomPolicy(random))
        .map((policy) =>
            down && policy.type === "Percent"
                ? { ...policy, value: Math.min(100, policy.value) }
                : policy,
        );
    return {
        ...(random.chance(0.7)
            ? { stabilizationWindowSeconds: random.pick([0, 15, 30, 60, 90, 300]) }
            : {}),
        ...(random.chance(0.7)
            ? { selectPolicy: random.pick(["Max", "Min", "Max", "Min", "Disabled"] as const) }
            : {}),
        ...(random.chance(0.8) ? { policies } : {}),
        ...(random.chance(0.4) ? { toleranceRatio: random.pick([0, 0.01, 0.05, 0.2, 0.5]) } : {}),
    };
}

function randomSpec(random: Random): HpaSpec {
    const minReplicas = random.int(1, 6);
    const metrics = random.list(random.pick([1, 1, 1, 2, 2, 3, 4]), () => randomMetric(random));
    const spec = { minReplicas, maxReplicas: minReplicas + random.int(0, 50), metrics };
    if (random.chance(0.2)) return spec;
    const [scaleUp, scaleDown] = [randomRules(random, false), randomRules(random, true)];
    return {
        ...spec,
        behavior: { ...(scaleUp ? { scaleUp } : {}), ...(scaleDown ? { scaleDown } : {}) },
    };
}

function randomPod(random: Random, nowMs: number, trouble: boolean): PodPattern {
    const healthy = !trouble || random.chance(0.75);
    const startedMs = nowMs - (healthy ? 3_600_000 : random.int(0, 900) * 1000);
    return {
        phase: healthy
            ? "Running"
            : random.pick(["Running", "Running", "Pending", "Failed"] as const),
        ready: healthy ? "True" : random.pick(["True", "False", "False", ""] as const),
        ...(healthy || random.chance(0.9) ? { startedMs } : {}),
        readyChangedMs: healthy ? startedMs : startedMs + random.int(0, 120) * 1000,
        deleting: !healthy && random.chance(0.2),
        requestMilli: trouble && random.chance(0.01) ? { cpu: 500 } : REQUEST_MILLI,
    };
}

/** Load relative to the target: drifts, and jumps now and then. */
function nextPressure(random: Random, pressure: number): number {
    if (random.chance(0.15)) return random.pick([0, 0.2, 0.6, 0.95, 1, 1.05, 1.6, 3, 8]);
    return Math.max(0, pressure * (0.85 + 0.3 * random.next()));
}

function randomAnswer(
    random: Random,
    metric: HpaMetric,
    pressure: number,
    trouble: boolean,
): AnswerPattern {
    const { target } = metric;
    const per =
        target.kind === "utilization"
            ? ((REQUEST_MILLI[metric.resource ?? ""] ?? 1) * target.percent) / 100
            : target.milli;
    const sample = () => Math.floor(per * pressure * (0.8 + 0.4 * random.next()));
    const total = random.chance(0.4) ? { totalMilli: sample() * random.int(1, 30) } : {};
    const whole = target.kind === "averageValue" ? random.int(1, 30) : 1;
    return {
        error: trouble && random.chance(0.12),
        latencyMs: trouble && random.chance(0.15) ? random.int(1, 3000) : 0,
        ageMs: trouble ? random.int(0, 120) * 1000 : 0,
        windowMs: random.pick([10_000, 30_000, 60_000]),
        podsMilli: random.list(random.int(1, 7), () =>
            trouble && random.chance(0.15) ? null : sample(),
        ),
        ...total,
        strayMilli: trouble && random.chance(0.05) ? random.list(random.int(1, 3), sample) : [],
        valuesMilli:
            trouble && random.chance(0.05)
                ? []
                : random.list(
                      metric.kind === "external" ? random.int(1, 3) : 1,
                      () => sample() * whole,
                  ),
    };
}

/** One series for one seed. Syncs fall on whole periods, so every time in it is known beforehand. */
export function generateSeries(seed: number): Series {
    const random = new Random(seed);
    const spec = randomSpec(random);
    const controller: HpaFlags = {
        ...HPA_FLAGS,
        syncPeriodMs: random.pick([15_000, 15_000, 15_000, 20_000, 30_000]),
        ...(random.chance(0.2) ? { toleranceRatio: random.pick([0.02, 0.25]) } : {}),
        ...(random.chance(0.3) ? { downscaleStabilizationMs: random.pick([0, 60_000]) } : {}),
        ...(random.chance(0.3) ? { cpuInitializationPeriodMs: random.pick([0, 120_000]) } : {}),
    };
    const trouble = random.chance(0.7);
    let pressures = spec.metrics.map(() => random.pick([0.5, 1, 2]));
    const steps = random.list(random.int(10, 60), (i): Step => {
        const nowMs = (i + 1) * controller.syncPeriodMs;
        pressures = pressures.map((pressure) => nextPressure(random, pressure));
        return {
            podsDelta: trouble && random.chance(0.2) ? random.int(-3, 3) : 0,
            statusReplicasDelta: trouble && random.chance(0.2) ? random.int(-3, 3) : 0,
            pods: random.list(random.int(1, 5), () => randomPod(random, nowMs, trouble)),
            metrics: spec.metrics.map((metric, m) => {
                const answer = randomAnswer(random, metric, pressures[m] ?? 1, trouble);
                // An object always has one value; without it the API answers with an error.
                return metric.kind === "object" && answer.valuesMilli.length === 0
                    ? { ...answer, error: true }
                    : answer;
            }),
        };
    });
    return {
        id: String(seed),
        spec,
        controller,
        initialReplicas: random.chance(0.05) ? 0 : random.int(1, spec.maxReplicas + 3),
        steps,
    };
}
