/** One autoscaler as the HPA controller runs it (`reconcileAutoscaler`). */
import {
    type Behavior,
    type Memory,
    normalizeDesiredReplicas,
    normalizeDesiredReplicasWithBehaviors,
    storeScaleEvent,
} from "./behavior";
import { type MetricAnswer, type PodGroup, type Tolerances, replicasForMetric } from "./replicas";
import { HPA_FLAGS, type HpaFlags, type HpaMetric, type HpaSpec, completeBehavior } from "./spec";

/** What one sync sees of the cluster. */
export interface Observation {
    /** Replicas the workload asks for. */
    readonly specReplicas: number;
    /** Replicas the workload reports. */
    readonly statusReplicas: number;
    readonly pods: readonly PodGroup[];
    /** One answer a metric, in the order of the spec. */
    readonly answers: readonly MetricAnswer[];
}

/**
 * The controller's view of one HorizontalPodAutoscaler. Equal to Kubernetes 1.36 step for step, without the alpha
 * gate HPAScaleToZero; times are milliseconds of any clock that only moves forward.
 */
export class HpaController {
    private readonly memory: Memory = {
        recommendations: [],
        scaleUpEvents: [],
        scaleDownEvents: [],
    };
    private readonly behavior: Behavior | undefined;
    private readonly tolerances: Tolerances;

    constructor(
        readonly spec: HpaSpec,
        readonly flags: HpaFlags = HPA_FLAGS,
    ) {
        this.behavior = completeBehavior(spec, flags);
        this.tolerances = {
            down: this.behavior?.scaleDown.toleranceRatio ?? flags.toleranceRatio,
            up: this.behavior?.scaleUp.toleranceRatio ?? flags.toleranceRatio,
        };
    }

    /** Replicas to set after a sync that begins at `startMs`; `specReplicas` again where nothing changes. */
    sync(startMs: number, seen: Observation): number {
        const { minReplicas: min, maxReplicas: max } = this.spec;
        const current = seen.specReplicas;
        const { recommendations } = this.memory;
        if (recommendations.length === 0) recommendations.push({ value: current, atMs: startMs });
        // Zero replicas is how a person switches the autoscaler off.
        if (current === 0) return 0;
        if (current > max) return this.rescaled(current, max, startMs);
        if (current < min) return this.rescaled(current, min, startMs);

        const { desired, nowMs } = this.desiredByMetrics(startMs, seen);
        if (desired === undefined) return current;
        const bounds = { min, max };
        const normalized = this.behavior
            ? normalizeDesiredReplicasWithBehaviors(
                  this.memory,
                  current,
                  desired,
                  bounds,
                  this.behavior,
                  nowMs,
              )
            : normalizeDesiredReplicas(
                  this.memory,
                  current,
                  desired,
                  bounds,
                  this.flags.downscaleStabilizationMs,
                  nowMs,
              );
        return this.rescaled(current, normalized, nowMs);
    }

    /** The largest proposal of the valid metrics; undefined when none is, or when an invalid one could have asked for more. */
    private desiredByMetrics(startMs: number, seen: Observation) {
        const { flags, tolerances } = this;
        let nowMs = startMs;
        let desired = 0;
        let invalid = 0;
        const { pods, specReplicas, statusReplicas } = seen;
        for (let i = 0; i < this.spec.metrics.length; i++) {
            const metric = this.spec.metrics[i] as HpaMetric;
            const answer = seen.answers[i] ?? { error: true };
            nowMs += answer.latencyMs ?? 0;
            // Written out: a spread of `seen` costs more than the calculation.
            const proposal = replicasForMetric({
                metric,
                answer,
                pods,
                specReplicas,
                statusReplicas,
                tolerances,
                flags,
                nowMs,
            });
            if (proposal === undefined) invalid++;
            else desired = Math.max(desired, proposal);
        }
        const unusable =
            invalid === this.spec.metrics.length || (invalid > 0 && desired < specReplicas);
        return { desired: unusable ? undefined : desired, nowMs };
    }

    private rescaled(from: number, to: number, nowMs: number): number {
        if (from !== to && this.behavior) {
            storeScaleEvent(this.memory, from, to, this.behavior, nowMs);
        }
        return to;
    }
}
