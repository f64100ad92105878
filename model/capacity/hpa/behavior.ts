/**
 * From the replicas the metrics ask for to the replicas that are set: stabilisation and rate limits.
 * Source: k8s.io/kubernetes 1.36, pkg/controller/podautoscaler/horizontal.go; the functions keep its names.
 */
import type { CompleteRules } from "./spec";

interface Timestamped {
    value: number;
    atMs: number;
}

interface ScaleEvent extends Timestamped {
    outdated: boolean;
}

/** What the controller remembers of one autoscaler between syncs. */
export interface Memory {
    readonly recommendations: Timestamped[];
    readonly scaleUpEvents: ScaleEvent[];
    readonly scaleDownEvents: ScaleEvent[];
}

export interface Bounds {
    readonly min: number;
    readonly max: number;
}

export interface Behavior {
    readonly scaleUp: CompleteRules;
    readonly scaleDown: CompleteRules;
}

/** Overwrites the last slot that is no longer needed, or appends: memory stays as long as the window. */
function remember<T>(slots: T[], staleIndex: number, entry: T): void {
    if (staleIndex >= 0) slots[staleIndex] = entry;
    else slots.push(entry);
}

/** Replicas without `behavior`: the flag's window when going down, at most double (or 4) when going up. */
export function normalizeDesiredReplicas(
    memory: Memory,
    current: number,
    desired: number,
    bounds: Bounds,
    windowMs: number,
    nowMs: number,
): number {
    const cutoff = nowMs - windowMs;
    let stabilized = desired;
    let stale = -1;
    // Counted loops: these run at every sync, and a simulated month has 172,800.
    const { recommendations } = memory;
    for (let i = 0; i < recommendations.length; i++) {
        const { value, atMs } = recommendations[i] as Timestamped;
        if (atMs < cutoff) stale = i;
        else if (value > stabilized) stabilized = value;
    }
    remember(memory.recommendations, stale, { value: desired, atMs: nowMs });
    const max = Math.min(bounds.max, Math.max(2 * current, 4));
    return stabilized < bounds.min ? bounds.min : Math.min(stabilized, max);
}

/** Replicas with `behavior`. */
export function normalizeDesiredReplicasWithBehaviors(
    memory: Memory,
    current: number,
    desired: number,
    bounds: Bounds,
    behavior: Behavior,
    nowMs: number,
): number {
    const stabilized = stabilize(memory, current, desired, behavior, nowMs);
    if (stabilized > current) {
        const limit = Math.max(current, scaleUpLimit(memory, current, behavior.scaleUp, nowMs));
        return Math.min(stabilized, bounds.max, limit);
    }
    if (stabilized < current) {
        const limit = Math.min(current, scaleDownLimit(memory, current, behavior.scaleDown, nowMs));
        return Math.max(stabilized, bounds.min, limit);
    }
    return stabilized;
}

function stabilize(
    memory: Memory,
    current: number,
    desired: number,
    { scaleUp, scaleDown }: Behavior,
    nowMs: number,
): number {
    const upCutoff = nowMs - scaleUp.stabilizationWindowSeconds * 1000;
    const downCutoff = nowMs - scaleDown.stabilizationWindowSeconds * 1000;
    let up = desired;
    let down = desired;
    let stale = -1;
    const { recommendations } = memory;
    for (let i = 0; i < recommendations.length; i++) {
        const { value, atMs } = recommendations[i] as Timestamped;
        if (atMs > upCutoff) up = Math.min(up, value);
        if (atMs > downCutoff) down = Math.max(down, value);
        if (atMs < upCutoff && atMs < downCutoff) stale = i;
    }
    remember(memory.recommendations, stale, { value: desired, atMs: nowMs });
    return Math.min(Math.max(current, up), down);
}

function changeWithin(events: readonly ScaleEvent[], periodSeconds: number, nowMs: number): number {
    const cutoff = nowMs - periodSeconds * 1000;
    return events.reduce((sum, event) => (event.atMs > cutoff ? sum + event.value : sum), 0);
}

/** Replicas at the start of each policy's period. */
function startsOf(memory: Memory, current: number, rules: CompleteRules, nowMs: number) {
    return rules.policies.map((policy) => ({
        policy,
        start:
            current -
            changeWithin(memory.scaleUpEvents, policy.periodSeconds, nowMs) +
            changeWithin(memory.scaleDownEvents, policy.periodSeconds, nowMs),
    }));
}

function scaleUpLimit(memory: Memory, current: number, rules: CompleteRules, nowMs: number) {
    if (rules.selectPolicy === "Disabled") return current;
    const proposals = startsOf(memory, current, rules, nowMs).map(({ policy, start }) =>
        policy.type === "Pods" ? start + policy.value : Math.ceil(start * (1 + policy.value / 100)),
    );
    return rules.selectPolicy === "Min" ? Math.min(...proposals) : Math.max(...proposals);
}

function scaleDownLimit(memory: Memory, current: number, rules: CompleteRules, nowMs: number) {
    if (rules.selectPolicy === "Disabled") return current;
    const proposals = startsOf(memory, current, rules, nowMs).map(({ policy, start }) =>
        policy.type === "Pods"
            ? start - policy.value
            : Math.trunc(start * (1 - policy.value / 100)),
    );
    // The smallest change downwards leaves the most replicas.
    return rules.selectPolicy === "Min" ? Math.max(...proposals) : Math.min(...proposals);
}

/** Remembers a change for the rate limits; an event older than its own direction's longest period is overwritten. */
export function storeScaleEvent(
    memory: Memory,
    from: number,
    to: number,
    behavior: Behavior,
    nowMs: number,
): void {
    const up = to > from;
    const events = up ? memory.scaleUpEvents : memory.scaleDownEvents;
    const { policies } = up ? behavior.scaleUp : behavior.scaleDown;
    const cutoff = nowMs - 1000 * Math.max(0, ...policies.map((policy) => policy.periodSeconds));
    let stale = -1;
    for (const [i, event] of events.entries()) {
        if (event.atMs < cutoff) event.outdated = true;
        if (event.outdated) stale = i;
    }
    remember(events, stale, { value: Math.abs(to - from), atMs: nowMs, outdated: false });
}
