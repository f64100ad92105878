import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const TRACKING = "targetTrackingConfiguration";
const PREDICTIVE = "predictiveScalingConfiguration";
const step = (lower: string | undefined, upper: string | undefined) => ({
    ...(lower === undefined ? {} : { metricIntervalLowerBound: lower }),
    ...(upper === undefined ? {} : { metricIntervalUpperBound: upper }),
    scalingAdjustment: 1,
});
const steps = (...list: object[]) => ({
    change: (s: { set(name: string, path: string, value: unknown): unknown }) =>
        s.set("step-in", "stepAdjustments", list),
});
const POLICY = "aws:autoscaling/policy:Policy";
const SCHEDULE = "aws:autoscaling/schedule:Schedule";

export const SCALING_CASES: Cases = {
    "logcaster-scaling-keep-targets-inside-limits": {
        "a CPU target over the limit": {
            change: (s) => s.set("cpu", `${TRACKING}.targetValue`, 85),
            says: ["cpu: the target of ASGAverageCPUUtilization is 85, limit 70 (maxCpuPercent)"],
        },
        "a memory target over the limit": {
            change: (s) => s.set("memory", `${TRACKING}.targetValue`, 81),
            says: ["memory: the target of mem_used_percent is 81, limit 80 (maxMemoryPercent)"],
        },
        "a target of connections over the limit": {
            change: (s) =>
                s.set("memory", TRACKING, {
                    targetValue: 1200,
                    customizedMetricSpecification: { metricName: "ActiveConnections" },
                }),
            says: ["memory: the target of ActiveConnections is 1200, limit 1000 (maxConnections)"],
        },
        "what a proxy carries, and more": {
            change: (s) => {
                for (const targetValue of [10_000, 12_000]) {
                    s.add(POLICY, `proxy-${targetValue}`, {
                        targetTrackingConfiguration: {
                            targetValue,
                            customizedMetricSpecification: { metricName: "ActiveConnections" },
                        },
                    });
                }
            },
            says: [
                "proxy-12000: the target of ActiveConnections is 12000, limit 10000 (maxProxyConnections)",
            ],
        },
        "other names of proxies, and a tighter limit of them": {
            change: (s) =>
                s.add(POLICY, "edge", {
                    targetTrackingConfiguration: {
                        targetValue: 900,
                        customizedMetricSpecification: { metricName: "ActiveConnections" },
                    },
                }),
            config: { proxyNames: "^edge$", maxProxyConnections: 800 },
            says: ["edge: the target of ActiveConnections is 900, limit 800 (maxProxyConnections)"],
        },
        "a metric without a limit": {
            change: (s) =>
                s.set("cpu", TRACKING, {
                    targetValue: 10_000,
                    predefinedMetricSpecification: {
                        predefinedMetricType: "ALBRequestCountPerTarget",
                    },
                }),
        },
        "a tighter limit of CPU": {
            config: { maxCpuPercent: 60 },
            says: ["cpu: the target of ASGAverageCPUUtilization is 70, limit 60 (maxCpuPercent)"],
        },
        "tighter limits of memory and connections": {
            config: { maxMemoryPercent: 75, maxConnections: 500 },
            says: ["memory: the target of mem_used_percent is 80, limit 75 (maxMemoryPercent)"],
        },
        "a target not known yet": {
            change: (s) => s.set("cpu", `${TRACKING}.targetValue`, UNKNOWN),
            unknown: [`${TRACKING}.targetValue`],
        },
    },
    "logcaster-scaling-own-scale-in-once": {
        "two owners": {
            change: (s) => s.set("cpu", `${TRACKING}.disableScaleIn`, false),
            says: [
                "group: the owners of scale-in are target tracking and step, must be exactly one kind",
            ],
        },
        "no owner": {
            change: (s) => s.remove("step-in"),
            says: ["group: the owners of scale-in are none, must be exactly one kind"],
        },
        "no way out": {
            change: (s) => s.remove("cpu", "memory"),
            says: ["group: no scaling policy adds instances to the group"],
        },
        "two policies of one kind are one owner": {
            change: (s) =>
                s
                    .remove("step-in")
                    .set("cpu", `${TRACKING}.disableScaleIn`, false)
                    .set("memory", `${TRACKING}.disableScaleIn`, undefined),
        },
        "a policy that is switched off": {
            change: (s) =>
                s.set("cpu", `${TRACKING}.disableScaleIn`, false).set("cpu", "enabled", false),
        },
        "a simple policy, by the group's name": {
            change: (s) =>
                s.remove("step-in").set("group", "name", "fleet").add(POLICY, "simple", {
                    autoscalingGroupName: "fleet",
                    adjustmentType: "ChangeInCapacity",
                    scalingAdjustment: -1,
                }),
        },
        "a group of fixed size": {
            change: (s) => s.remove("step-in", "cpu", "memory").set("group", "maxSize", 3),
        },
        "a kind of policy not known yet counts as simple": {
            change: (s) => s.set("step-in", "policyType", UNKNOWN),
            says: ["group: the owners of scale-in are none, must be exactly one kind"],
        },
        "adjustments not known yet": {
            change: (s) => s.set("step-in", "stepAdjustments", UNKNOWN),
            unknown: ["stepAdjustments"],
        },
    },
    "logcaster-scaling-order-steps": {
        "an overlap": {
            ...steps(step("0", "20"), step("10", undefined)),
            says: ["step-in: steps overlap between 10 and 20"],
        },
        "a gap": {
            ...steps(step("0", "10"), step("20", undefined)),
            says: ["step-in: steps leave a gap between 10 and 20"],
        },
        "a gap before the first step": {
            ...steps(step("10", undefined)),
            says: ["step-in: steps leave a gap between 0 and 10"],
        },
        "both ends closed": {
            ...steps(step("0", "10")),
            says: ["step-in: steps end at 0 and 10: beyond them nothing happens"],
        },
        "a step without width": {
            ...steps(step("0", "0"), step("0", undefined)),
            says: ["step-in: the step from 0 is up to 0, must be wider than nothing"],
        },
        "no step": {
            ...steps(),
            says: ["step-in: stepAdjustments is empty, must be at least one step"],
        },
        "empty bounds are open": steps(step("0", "20"), step("20", "")),
        "steps on both sides in any order": steps(
            step("0", undefined),
            step(undefined, "-10"),
            step("-10", "0"),
        ),
        "a bound not known yet": {
            change: (s) => s.set("step-in", "stepAdjustments.0.metricIntervalUpperBound", UNKNOWN),
            unknown: ["stepAdjustments.0.metricIntervalUpperBound"],
        },
    },
    "logcaster-scaling-hold-on-missing-data": {
        "breaching without data": {
            change: (s) => s.set("quiet", "treatMissingData", "breaching"),
            says: [
                "quiet: treatMissingData is breaching, must be missing or notBreaching on a scale-in alarm",
            ],
        },
        "an alarm that stays without data": {
            change: (s) => s.set("quiet", "treatMissingData", "ignore"),
            says: [
                "quiet: treatMissingData is ignore, must be missing or notBreaching on a scale-in alarm",
            ],
        },
        "gaps filled by an expression": {
            change: (s) =>
                s.set("quiet", "metricQueries", [{ id: "e", expression: "FILL(m1, 0) / 3" }]),
            says: [
                "quiet: the metric is FILL(m1, 0) / 3, must be without FILL on a scale-in alarm",
            ],
        },
        "the default": { change: (s) => s.set("quiet", "treatMissingData", undefined) },
        "an alarm that scales out": {
            change: (s) =>
                s
                    .set("quiet", "treatMissingData", "breaching")
                    .set("step-in", "stepAdjustments", [step("0", undefined)]),
        },
        "an alarm of somebody else": {
            change: (s) =>
                s.set("quiet", "treatMissingData", "breaching").refer("quiet", "alarmActions"),
        },
        "a treatment not known yet counts as the default": {
            change: (s) => s.set("quiet", "treatMissingData", UNKNOWN),
        },
    },
    "logcaster-scaling-track-only-what-is-measured": {
        "filled gaps": {
            change: (s) =>
                s
                    .set("memory", `${TRACKING}.disableScaleIn`, false)
                    .set("memory", `${TRACKING}.customizedMetricSpecification.metrics`, [
                        { id: "e", expression: "FILL(m1, 0)" },
                    ]),
            says: [
                "memory: the tracked metric is FILL(m1, 0), must be without FILL where it scales in",
            ],
        },
        "filled with the last value": {
            change: (s) =>
                s
                    .set("memory", `${TRACKING}.disableScaleIn`, false)
                    .set("memory", `${TRACKING}.customizedMetricSpecification.metrics`, [
                        { id: "e", expression: "FILL(m1, REPEAT)" },
                    ]),
        },
        "an expression not known yet": {
            change: (s) =>
                s
                    .set("memory", `${TRACKING}.disableScaleIn`, false)
                    .set("memory", `${TRACKING}.customizedMetricSpecification.metrics`, UNKNOWN),
            unknown: [`${TRACKING}.customizedMetricSpecification.metrics`],
        },
    },
    "logcaster-predictive-configure-explicitly": {
        "no mode": {
            change: (s) => s.set("forecast", `${PREDICTIVE}.mode`, undefined),
            says: ["forecast: mode is not set, must be ForecastOnly or ForecastAndScale"],
        },
        "a buffer as long as the period": {
            change: (s) => s.set("forecast", `${PREDICTIVE}.schedulingBufferTime`, "3600"),
            says: [
                "forecast: schedulingBufferTime is 3600 s, must be under the forecast period of 3600 s",
            ],
        },
        "a capacity buffer over an honoured maximum": {
            change: (s) => s.set("forecast", `${PREDICTIVE}.maxCapacityBuffer`, "10"),
            says: [
                "forecast: maxCapacityBuffer is 10, must be left out unless maxCapacityBreachBehavior is IncreaseMaxCapacity",
            ],
        },
        "a raised maximum without a buffer": {
            change: (s) =>
                s.set("forecast", `${PREDICTIVE}.maxCapacityBreachBehavior`, "IncreaseMaxCapacity"),
            says: [
                "forecast: maxCapacityBuffer is not set, must be given with IncreaseMaxCapacity",
            ],
        },
        "two metrics": {
            change: (s) => s.set("forecast", `${PREDICTIVE}.metricSpecification`, [{}, {}]),
            says: ["forecast: metricSpecification is 2 entries, must be one"],
        },
        "a buffer not known yet does not hide the mode": {
            change: (s) =>
                s
                    .set("forecast", `${PREDICTIVE}.schedulingBufferTime`, UNKNOWN)
                    .set("forecast", `${PREDICTIVE}.mode`, undefined),
            says: ["forecast: mode is not set, must be ForecastOnly or ForecastAndScale"],
            unknown: [`${PREDICTIVE}.schedulingBufferTime`],
        },
    },
    "logcaster-schedule-name-time-zone": {
        "hours of nowhere": {
            change: (s) => s.set("morning", "timeZone", undefined),
            says: [
                "morning: timeZone is not set, must be given: without it, hours are those of UTC",
            ],
        },
        "an action that runs once": {
            change: (s) =>
                s.set("morning", "timeZone", undefined).set("morning", "recurrence", undefined),
        },
        "a time zone not known yet": {
            change: (s) => s.set("morning", "timeZone", UNKNOWN),
            unknown: ["timeZone"],
        },
    },
    "logcaster-schedule-raise-the-minimum": {
        "desired alone": {
            change: (s) => s.set("morning", "minSize", -1).set("morning", "desiredCapacity", 10),
            says: ["morning: desiredCapacity is 10, must be -1 where minSize is left alone"],
        },
        "desired beside a minimum": { change: (s) => s.set("morning", "desiredCapacity", 12) },
        "a desired capacity not known yet": {
            change: (s) => s.set("morning", "desiredCapacity", UNKNOWN),
            unknown: ["desiredCapacity"],
        },
    },
    "logcaster-schedule-leave-alone-by-minus-one": {
        "a size of zero": {
            change: (s) => s.set("morning", "desiredCapacity", 0),
            says: ["morning: desiredCapacity is 0, must be -1 to leave it alone"],
        },
        "a size left out": {
            change: (s) => s.set("morning", "maxSize", undefined),
            says: ["morning: maxSize is not set, must be -1 to leave it alone"],
        },
        "a size not known yet does not hide another": {
            change: (s) => s.set("morning", "minSize", UNKNOWN).set("morning", "maxSize", 0),
            says: ["morning: maxSize is 0, must be -1 to leave it alone"],
            unknown: ["minSize"],
        },
    },
    "logcaster-schedule-stay-inside-bounds": {
        "a minimum over the group's maximum": {
            change: (s) => s.set("morning", "minSize", 30),
            says: ["morning: minSize is 30, limit 20 (the group's maxSize)"],
        },
        "a desired capacity under the group's minimum": {
            change: (s) => s.set("morning", "desiredCapacity", 2),
            says: ["morning: desiredCapacity is 2, limit 3 (the group's minSize)"],
        },
        "the bounds themselves": {
            change: (s) => s.set("morning", "minSize", 3).set("morning", "maxSize", 20),
        },
        "a group of another stack": {
            change: (s) =>
                s.add(SCHEDULE, "elsewhere", { autoscalingGroupName: "other", minSize: 60 }),
            says: ["elsewhere: minSize is 60, limit 50 (max)"],
        },
        "tighter limits for groups of other stacks": {
            change: (s) =>
                s.add(SCHEDULE, "elsewhere", {
                    autoscalingGroupName: "other",
                    minSize: 3,
                    maxSize: 30,
                }),
            config: { min: 4, max: 20 },
            says: [
                "elsewhere: minSize is 3, limit 4 (min)",
                "elsewhere: maxSize is 30, limit 20 (max)",
            ],
        },
        "a minimum not known yet does not hide the maximum": {
            change: (s) => s.set("morning", "minSize", UNKNOWN).set("morning", "maxSize", 40),
            says: ["morning: maxSize is 40, limit 20 (the group's maxSize)"],
            unknown: ["minSize"],
        },
    },
    "logcaster-nodes-leave-size-to-the-cluster": {
        "a scaling policy on nodes": {
            change: (s) => s.refer("cpu", "autoscalingGroupName", "node-group"),
            says: ["node-group: the scaling policy cpu sizes a group of Kubernetes nodes"],
        },
        "a schedule on nodes whose name is not known yet": {
            change: (s) => s.refer("morning", "autoscalingGroupName", "node-group"),
            says: ["node-group: the scheduled action morning sizes a group of Kubernetes nodes"],
        },
    },
};
