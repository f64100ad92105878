import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { type FleetScalingArgs, scheduledMinimums } from "logcaster-scaling/fleet";
import type { Recording } from "../recorder";
import { fleet, NAME, SCALING, withScaling } from "./fixture";

const POLICY = "aws:autoscaling/policy:Policy";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SCHEDULE = "aws:autoscaling/schedule:Schedule";

interface Tracking {
    targetValue: number;
    disableScaleIn: boolean;
    predefinedMetricSpecification?: { predefinedMetricType: string };
    customizedMetricSpecification?: { metricName: string; statistic: string };
}

/** Kinds of policies that may take an instance away. */
function ownersOfScaleIn(recording: Recording<unknown>): string[] {
    const owners = recording.of(POLICY).flatMap(({ inputs }) => {
        const tracking = inputs.targetTrackingConfiguration as Tracking | undefined;
        if (tracking) return tracking.disableScaleIn ? [] : ["tracking"];
        const steps = (inputs.stepAdjustments ?? []) as { scalingAdjustment: number }[];
        return steps.some((step) => step.scalingAdjustment < 0) ? ["step"] : [];
    });
    return [...new Set(owners)];
}

const gauge = (metricName: string) => ({
    namespace: "LogCaster",
    metricName,
    metricDimensions: [{ name: "AutoScalingGroupName", value: NAME }],
    statistic: "Average",
});

describe("Scaling in mode target", () => {
    it("tracks CPU and connections both ways, memory outwards only", async () => {
        const recording = await fleet();
        const tracked = (key: string) =>
            recording.one(POLICY, `${NAME}-track-${key}`).inputs.targetTrackingConfiguration;
        assert.deepEqual(tracked("cpu"), {
            targetValue: 70,
            disableScaleIn: false,
            predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        });
        assert.deepEqual(tracked("connections"), {
            targetValue: 1000,
            disableScaleIn: false,
            customizedMetricSpecification: gauge("ActiveConnections"),
        });
        assert.deepEqual(tracked("memory"), {
            targetValue: 80,
            disableScaleIn: true,
            customizedMetricSpecification: gauge("mem_used_percent"),
        });
        assert.equal(recording.of(ALARM).length, 0);
    });

    it("has target tracking as the only owner of scale-in", async () => {
        assert.deepEqual(ownersOfScaleIn(await fleet()), ["tracking"]);
    });
});

describe("Scaling in mode step", () => {
    const step = () => fleet(withScaling({ mode: "step" }));

    it("adds two above 1,200 connections an instance and removes one below 600", async () => {
        const recording = await step();
        const rule = (key: string) => {
            const policy = recording.one(POLICY, `${NAME}-step-${key}`);
            const { inputs } = recording.one(ALARM, `${NAME}-connections-${key}`);
            assert.deepEqual(inputs.alarmActions, [
                `arn:aws:autoscaling:us-east-1:123456789012:policy/${policy.name}`,
            ]);
            assert.equal(policy.inputs.adjustmentType, "ChangeInCapacity");
            return [
                inputs.comparisonOperator,
                inputs.threshold,
                inputs.statistic,
                policy.inputs.stepAdjustments,
            ];
        };
        assert.deepEqual(rule("out"), [
            "GreaterThanThreshold",
            1200,
            "Average",
            [{ metricIntervalLowerBound: "0", scalingAdjustment: 2 }],
        ]);
        assert.deepEqual(rule("in"), [
            "LessThanThreshold",
            600,
            "Average",
            [{ metricIntervalUpperBound: "0", scalingAdjustment: -1 }],
        ]);
    });

    it("needs every minute of five, all of them low, to remove one: missing data never does", async () => {
        const { inputs } = (await step()).one(ALARM, `${NAME}-connections-in`);
        const { treatMissingData, period, evaluationPeriods, datapointsToAlarm } = inputs;
        assert.deepEqual(
            [treatMissingData, period, evaluationPeriods, datapointsToAlarm],
            ["notBreaching", 60, 5, 5],
        );
    });

    it("watches the group's own gauge", async () => {
        for (const { inputs } of (await step()).of(ALARM)) {
            assert.equal(inputs.namespace, "LogCaster");
            assert.equal(inputs.metricName, "ActiveConnections");
            assert.deepEqual(inputs.dimensions, { AutoScalingGroupName: NAME });
        }
    });

    it("has the alarm as the only owner of scale-in; tracking only adds, and not on connections", async () => {
        const recording = await step();
        assert.deepEqual(ownersOfScaleIn(recording), ["step"]);
        assert.deepEqual(
            recording
                .of(POLICY)
                .map(({ name }) => name.slice(NAME.length + 1))
                .sort(),
            ["predict", "step-in", "step-out", "track-cpu", "track-memory"],
        );
    });
});

describe("Predictive scaling", () => {
    const predictive = async (changes: Partial<FleetScalingArgs["predictive"]>) =>
        (await fleet(withScaling({ predictive: { ...SCALING.predictive, ...changes } })))
            .of(POLICY)
            .find(({ inputs }) => inputs.policyType === "PredictiveScaling")?.inputs
            .predictiveScalingConfiguration;
    const metricSpecification = {
        targetValue: 70,
        predefinedMetricPairSpecification: { predefinedMetricType: "ASGCPUUtilization" },
    };

    it("is not there when it is off", async () => {
        assert.equal(await predictive({ mode: "off" }), undefined);
    });

    it("names its mode and honours the maximum", async () => {
        assert.deepEqual(await predictive({ mode: "forecast-only" }), {
            mode: "ForecastOnly",
            schedulingBufferTime: "300",
            maxCapacityBreachBehavior: "HonorMaxCapacity",
            metricSpecification,
        });
    });

    it("goes above the maximum with its buffer only where the stack says so", async () => {
        const args = { maxBreach: "increase-max" as const, maxBufferPercent: 10 };
        assert.deepEqual(await predictive(args), {
            mode: "ForecastAndScale",
            schedulingBufferTime: "300",
            maxCapacityBreachBehavior: "IncreaseMaxCapacity",
            maxCapacityBuffer: "10",
            metricSpecification,
        });
    });
});

describe("The schedule", () => {
    it("moves the minimum alone, by hour of the region's own time zone", async () => {
        const actions = (await fleet()).of(SCHEDULE);
        assert.deepEqual(
            actions.map(({ inputs }) => [inputs.recurrence, inputs.minSize]),
            [
                ["0 0 * * *", 3],
                ["0 6 * * *", 5],
                ["0 9 * * *", 10],
                ["0 12 * * *", 5],
                ["0 14 * * *", 10],
                ["0 17 * * *", 5],
            ],
        );
        for (const { inputs } of actions) {
            const { timeZone, maxSize, desiredCapacity } = inputs;
            assert.deepEqual([timeZone, maxSize, desiredCapacity], ["America/New_York", -1, -1]);
        }
    });

    it("is not there when it is off", async () => {
        const schedule = { ...SCALING.schedule, enabled: false };
        assert.deepEqual((await fleet(withScaling({ schedule }))).of(SCHEDULE), []);
    });

    it("starts from the smallest minimum, which no action undercuts", async () => {
        const recording = await fleet();
        const { minSize } = recording.one("aws:autoscaling/group:Group").inputs;
        const scheduled = recording.of(SCHEDULE).map(({ inputs }) => Number(inputs.minSize));
        assert.equal(minSize, Math.min(...scheduled));
    });

    it("gives every hour of the day its own minimum, with no action that changes nothing", () => {
        const hour = fc.integer({ min: 0, max: 24 });
        const size = fc.integer({ min: 3, max: 6 });
        const period = fc.tuple(hour, hour, size).filter(([from, to]) => from < to);
        fc.assert(
            fc.property(fc.array(period, { maxLength: 4 }), size, (given, otherwise) => {
                const periods = given
                    .map(([from, to, min]) => ({ from, to, min }))
                    .filter((p, i, all) =>
                        all.slice(0, i).every((o) => o.to <= p.from || p.to <= o.from),
                    );
                const actions = scheduledMinimums({ periods, otherwise });
                for (let h = 0; h < 24; h++) {
                    // What the last action before or at this hour set, yesterday's last where today had none yet.
                    const last = actions.filter((a) => a.hour <= h).at(-1) ?? actions.at(-1);
                    const wanted = periods.find((p) => p.from <= h && h < p.to)?.min ?? otherwise;
                    assert.equal(last?.min, wanted);
                }
                actions.forEach(({ min }, i) => {
                    if (actions.length > 1) assert.notEqual(min, actions.at(i - 1)?.min);
                });
            }),
        );
    });
});
