/** Scaling policies: how far they let load rise, who scales in, and what a missing metric does. */
import { isNodeGroup, type Group } from "./group-shape";
import { refersTo, referrers } from "./references";
import {
    NOT_APPLICABLE,
    atMost,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import {
    fillsGaps,
    type MetricAlarm,
    type ScalingPolicy,
    type TargetTracking,
} from "./scaling-shape";
import { SCALING_POLICY, SCHEDULE } from "./types";
import { independently, known } from "./unknown";

/** What AWS assumes where `policyType` is left out. */
const DEFAULT_POLICY_TYPE = "SimpleScaling";

/** @returns the metric that a target is set for, in words to match. */
function trackedMetric(tracking: TargetTracking): string {
    const custom = tracking.customizedMetricSpecification;
    return [
        tracking.predefinedMetricSpecification?.predefinedMetricType,
        custom?.metricName,
        ...(custom?.metrics ?? []).map((query) => query.metricStat?.metric.metricName),
    ]
        .filter((name) => name !== undefined)
        .join(" ");
}

interface TargetLimits {
    readonly maxCpuPercent: number;
    readonly maxMemoryPercent: number;
    readonly maxConnections: number;
    readonly maxProxyConnections: number;
    readonly proxyNames: string;
}

export function* targetsInsideLimits(
    { name, props: policy }: Resource<ScalingPolicy>,
    config: TargetLimits,
): Verdict {
    const tracking = policy.targetTrackingConfiguration;
    if (!tracking) return NOT_APPLICABLE;
    const metric = trackedMetric(tracking);
    /** A proxy passes connections on, and carries many times what a service instance does. */
    const proxy = new RegExp(config.proxyNames, "i").test(name);
    const limits = [
        ["maxCpuPercent", /cpu/i, config.maxCpuPercent],
        ["maxMemoryPercent", /mem/i, config.maxMemoryPercent],
        proxy
            ? (["maxProxyConnections", /connections/i, config.maxProxyConnections] as const)
            : (["maxConnections", /connections/i, config.maxConnections] as const),
    ] as const;
    const limit = limits.find(([, words]) => words.test(metric));
    if (!limit) return NOT_APPLICABLE;
    const [key, , most] = limit;
    yield* atMost(`the target of ${metric}`, tracking.targetValue, most, key);
}

type Kind = "target tracking" | "step";

interface Directions {
    readonly out: boolean;
    /** The kind that may scale in, where one may. */
    readonly in?: Kind;
}

function directions(policy: ScalingPolicy): Directions {
    const type = known(() => policy.policyType) ?? DEFAULT_POLICY_TYPE;
    if (known(() => policy.enabled) === false) return { out: false };
    if (type === "TargetTrackingScaling") {
        const scaleIn = policy.targetTrackingConfiguration?.disableScaleIn !== true;
        return { out: true, ...(scaleIn ? { in: "target tracking" } : {}) };
    }
    if (type !== "StepScaling" && type !== "SimpleScaling") return { out: false };
    const adjustments =
        type === "StepScaling"
            ? (policy.stepAdjustments ?? []).map((step) => step.scalingAdjustment)
            : [policy.scalingAdjustment ?? 0];
    const lowers = adjustments.some((n) => n < 0);
    return {
        out: adjustments.some((n) => n > 0),
        ...(lowers && policy.adjustmentType !== "ExactCapacity" ? { in: "step" } : {}),
    };
}

/** Two owners of scale-in fight; none means that capacity only grows. Counts kinds, not policies: AWS reconciles several of one kind. */
export function* oneOwnerOfScaleIn(
    group: StackResource<Group>,
    _config: object,
    stack: Stack,
): Verdict {
    if (isNodeGroup(group.props) || group.props.minSize === group.props.maxSize) {
        return NOT_APPLICABLE;
    }
    const policies = referrers<ScalingPolicy>(
        stack,
        SCALING_POLICY,
        "autoscalingGroupName",
        group,
    ).map((policy) => directions(policy.props));
    const owners = [...new Set(policies.flatMap((policy) => policy.in ?? []))];
    if (!policies.some((policy) => policy.out)) {
        yield "no scaling policy adds instances to the group";
    }
    if (owners.length !== 1) {
        yield `the owners of scale-in are ${owners.join(" and ") || "none"}, must be exactly one kind`;
    }
}

export function* stepsInOrder({ props: policy }: Resource<ScalingPolicy>): Verdict {
    if (!policy.stepAdjustments) return NOT_APPLICABLE;
    const steps = policy.stepAdjustments
        .map((step) => ({
            from: Number(step.metricIntervalLowerBound || -Infinity),
            to: Number(step.metricIntervalUpperBound || Infinity),
        }))
        .sort((a, b) => a.from - b.from || a.to - b.to);
    for (const { from, to } of steps) {
        if (from >= to) yield wrong(`the step from ${from}`, `up to ${to}`, `wider than nothing`);
    }
    for (const [i, { from }] of steps.entries()) {
        const before = steps[i - 1];
        if (before && before.to > from) yield `steps overlap between ${from} and ${before.to}`;
        if (before && before.to < from) yield `steps leave a gap between ${before.to} and ${from}`;
    }
    const first = steps[0];
    const last = steps.at(-1);
    if (!first || !last) yield wrong("stepAdjustments", "empty", "at least one step");
    else if (first.from > 0) yield `steps leave a gap between 0 and ${first.from}`;
    else if (last.to < 0) yield `steps leave a gap between ${last.to} and 0`;
    else if (first.from !== -Infinity && last.to !== Infinity) {
        yield `steps end at ${first.from} and ${last.to}: beyond them nothing happens`;
    }
}

/** Of an alarm without data: `breaching` scales in, and `ignore` keeps an alarm that already does. */
const HOLDING = ["missing", "notBreaching"];
const DEFAULT_TREATMENT = "missing";

export function* scaleInHoldsOnMissingData(
    alarm: StackResource<MetricAlarm>,
    _config: object,
    stack: Stack,
): Verdict {
    const scalesIn = stack
        .of<ScalingPolicy>(SCALING_POLICY)
        .some((policy) => refersTo(alarm, "alarmActions", policy) && directions(policy.props).in);
    if (!scalesIn) return NOT_APPLICABLE;
    const treatment = known(() => alarm.props.treatMissingData) ?? DEFAULT_TREATMENT;
    if (!HOLDING.includes(treatment)) {
        yield wrong("treatMissingData", treatment, "missing or notBreaching on a scale-in alarm");
    }
    const filled = fillsGaps(known(() => alarm.props.metricQueries));
    if (filled) yield wrong("the metric", filled, "without FILL on a scale-in alarm");
}

export function* trackingHoldsOnMissingData({ props: policy }: Resource<ScalingPolicy>): Verdict {
    const tracking = policy.targetTrackingConfiguration;
    if (!tracking || tracking.disableScaleIn === true) return NOT_APPLICABLE;
    const filled = fillsGaps(tracking.customizedMetricSpecification?.metrics);
    if (filled) yield wrong("the tracked metric", filled, "without FILL where it scales in");
}

const FORECAST_PERIOD_SECONDS = 3600;

export function* predictiveExplicit({ props: policy }: Resource<ScalingPolicy>): Verdict {
    const predictive = policy.predictiveScalingConfiguration;
    if (!predictive) return NOT_APPLICABLE;
    yield* independently(
        function* () {
            if (!predictive.mode) {
                yield wrong("mode", undefined, "ForecastOnly or ForecastAndScale");
            }
        },
        function* () {
            const buffer = Number(predictive.schedulingBufferTime ?? 0);
            if (buffer >= FORECAST_PERIOD_SECONDS) {
                yield wrong(
                    "schedulingBufferTime",
                    `${buffer} s`,
                    `under the forecast period of ${FORECAST_PERIOD_SECONDS} s`,
                );
            }
        },
        function* () {
            const behavior = predictive.maxCapacityBreachBehavior;
            const buffer = predictive.maxCapacityBuffer;
            if (buffer !== undefined && behavior !== "IncreaseMaxCapacity") {
                yield wrong(
                    "maxCapacityBuffer",
                    buffer,
                    "left out unless maxCapacityBreachBehavior is IncreaseMaxCapacity",
                );
            }
            if (buffer === undefined && behavior === "IncreaseMaxCapacity") {
                yield wrong("maxCapacityBuffer", undefined, "given with IncreaseMaxCapacity");
            }
        },
        function* () {
            const metric = predictive.metricSpecification;
            const count = Array.isArray(metric) ? metric.length : 1;
            if (count !== 1) yield wrong("metricSpecification", `${count} entries`, "one");
        },
    );
}

interface BelongsToGroup {
    readonly autoscalingGroupName: string;
}

/** The cluster autoscaler sizes node groups by pods; a second hand on the same number fights it. */
export function* nodesHaveNoScaling(
    group: StackResource<Group>,
    _config: object,
    stack: Stack,
): Verdict {
    if (!isNodeGroup(group.props)) return NOT_APPLICABLE;
    const hands = referrers<BelongsToGroup>(
        stack,
        [...SCALING_POLICY, ...SCHEDULE],
        "autoscalingGroupName",
        group,
    );
    for (const hand of hands) {
        const what = SCHEDULE.includes(hand.type) ? "scheduled action" : "scaling policy";
        yield `the ${what} ${hand.name} sizes a group of Kubernetes nodes`;
    }
}
