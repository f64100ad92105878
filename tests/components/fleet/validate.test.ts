import * as assert from "node:assert/strict";
import { TIER_NAMES } from "logcaster-model/instance-types";
import {
    type AutoscalingFleetArgs,
    FleetTier,
    type FleetScalingArgs,
} from "logcaster-scaling/fleet";
import { ARGS, NAME, NODE_ARGS, refused, SCALING, withScaling } from "./fixture";

type Case = [what: string, args: AutoscalingFleetArgs, message: string];

const scaled = (what: string, scaling: Partial<FleetScalingArgs>, message: string): Case => [
    what,
    withScaling(scaling),
    message,
];
const periods = (...given: [from: number, to: number, min: number][]) => ({
    schedule: {
        ...SCALING.schedule,
        periods: given.map(([from, to, min]) => ({ from, to, min })),
    },
});
const types = (...instanceTypes: string[]) => ({ spot: { ...SCALING.spot, instanceTypes } });

const CASES: Case[] = [
    scaled(
        "a maximum over the ceiling",
        { max: 80 },
        "scaling.max is 80; allowed: a whole number from 3 to 50",
    ),
    scaled(
        "a minimum under the brief's",
        { min: 2 },
        "scaling.min is 2; allowed: a whole number from 3 to 50",
    ),
    scaled(
        "a minimum over the maximum",
        { min: 21 },
        "scaling.min is 21; allowed: at most scaling.max 20",
    ),
    [
        "a start above the maximum",
        { ...ARGS, desired: 21 },
        "desired is 21; allowed: a whole number from scaling.min 3 to scaling.max 20",
    ],
    scaled(
        "a drain shorter than connections last",
        { drainSeconds: 300 },
        "scaling.drainSeconds is 300; allowed: more than deregistrationDelaySeconds 300",
    ),
    scaled(
        "no warm-up",
        { warmupSeconds: 0 },
        "scaling.warmupSeconds is 0; allowed: a whole number from 30 to 3600",
    ),
    scaled(
        "a short grace",
        { healthCheckGraceSeconds: 5 },
        "scaling.healthCheckGraceSeconds is 5; allowed: a whole number from 30 to 7200",
    ),
    scaled(
        "an unknown tier",
        { tier: "huge" as FleetTier },
        'scaling.tier is "huge"; allowed: one of small, medium, large, xlarge',
    ),
    scaled(
        "tiers mixed",
        types("m7i.xlarge", "m7i.4xlarge"),
        'scaling.spot.instanceTypes[1] is "m7i.4xlarge"; allowed: types of tier medium in us-east-1',
    ),
    scaled(
        "an unknown type",
        types("z9.huge"),
        'scaling.spot.instanceTypes[0] is "z9.huge"; allowed: types of tier medium in us-east-1',
    ),
    scaled(
        "a scheduled minimum over the maximum",
        periods([9, 12, 30]),
        "scaling.schedule.periods[0].min is 30; allowed: a whole number from scaling.min 3 to scaling.max 20",
    ),
    scaled(
        "a period that ends before it starts",
        periods([12, 9, 10]),
        'scaling.schedule.periods[0] is "12 to 9"; allowed: whole hours',
    ),
    scaled(
        "periods that overlap",
        periods([9, 12, 10], [11, 14, 10]),
        'scaling.schedule.periods[1] is "11 to 14"; allowed: hours that periods[0] has not',
    ),
    scaled(
        "a minimum outside at all other hours",
        { schedule: { ...SCALING.schedule, otherwise: 2 } },
        "scaling.schedule.otherwise is 2; allowed: a whole number from scaling.min 3",
    ),
    scaled(
        "a forecast buffer of an hour",
        { predictive: { ...SCALING.predictive, bufferSeconds: 3600 } },
        "scaling.predictive.bufferSeconds is 3600; allowed: a whole number from 0 to 3599",
    ),
    scaled(
        "a capacity buffer under an honoured maximum",
        { predictive: { ...SCALING.predictive, maxBufferPercent: 10 } },
        "scaling.predictive.maxBufferPercent is 10; allowed: 0, or maxBreach increase-max",
    ),
    [
        "one zone",
        { ...ARGS, zones: ["us-east-1a"] },
        'zones is ["us-east-1a"]; allowed: at least 2 zones',
    ],
    [
        "a schedule in node mode",
        { ...NODE_ARGS, scaling: { ...NODE_ARGS.scaling, schedule: SCALING.schedule } },
        "scaling.schedule.enabled is true; allowed: false in node mode",
    ],
    [
        "forecasts in node mode",
        { ...NODE_ARGS, scaling: { ...NODE_ARGS.scaling, predictive: SCALING.predictive } },
        'scaling.predictive.mode is "forecast-and-scale"; allowed: off in node mode',
    ],
    [
        "target groups in node mode",
        { ...NODE_ARGS, targetGroupArns: ["tg"] },
        "targetGroupArns is 1; allowed: none in node mode",
    ],
];

describe("AutoscalingFleet refuses", () => {
    for (const [what, args, message] of CASES) {
        it(what, async () => {
            const said = await refused(args);
            assert.ok(said.startsWith(`${NAME}: ${message}`), said);
            assert.equal(said.split("\n").length, 1, said);
        });
    }

    it("several mistakes at once", async () => {
        const said = await refused({ ...withScaling({ max: 80, warmupSeconds: 0 }), zones: [] });
        assert.deepEqual(
            said.split("\n").map((line) => line.replace(`${NAME}: `, "").split(" is ")[0]),
            ["scaling.max", "scaling.warmupSeconds", "zones"],
        );
    });

    it("none of the tiers that the table knows", () => {
        assert.deepEqual(Object.values(FleetTier), [...TIER_NAMES]);
    });
});
