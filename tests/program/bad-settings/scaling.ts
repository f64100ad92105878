/** Mistakes in how a fleet scales. */
import { outside, type BadSettings } from "./row";

const US = 'regions["us-east-1"]';
const EU = 'regions["eu-west-1"]';
const PERIODS = "scaling.schedule.periods";

export const BAD_SCALING: readonly BadSettings[] = [
    outside("scaling.min", "scaling.min", 2, "from 3 to 50"),
    outside("scaling.min", "scaling.min", -3, "from 3 to 50"),
    outside("scaling.max", "scaling.max", 80, "from 3 to 50"),
    outside("scaling.max", "scaling.max", 20.5, "a whole number"),
    outside("scaling.targetCpuPercent", "scaling.targetCpuPercent", 95, "from 10 to 90"),
    outside("scaling.targetMemoryPercent", "scaling.targetMemoryPercent", 0, "from 10 to 95"),
    outside("scaling.warmupSeconds", "scaling.warmupSeconds", 0, "from 30 to 3600"),
    outside(
        "scaling.healthCheckGraceSeconds",
        "scaling.healthCheckGraceSeconds",
        7201,
        "to 7200",
        "group.healthCheckGraceSeconds",
    ),
    outside(
        "scaling.drainSeconds",
        "scaling.drainSeconds",
        7201,
        "from 30 to 7200",
        "group.lifecycleHookSeconds",
    ),
    outside("scaling.step.outPercent", "scaling.step.outPercent", 100, "from 101 to 300"),
    outside("scaling.step.outInstances", "scaling.step.outInstances", 0, "from 1 to 10"),
    outside("scaling.step.inPercent", "scaling.step.inPercent", 100, "from 1 to 99"),
    outside("scaling.step.inInstances", "scaling.step.inInstances", 11, "from 1 to 10"),
    outside("scaling.schedule.periodMin", `${PERIODS}[1].min`, 51, "from 3 to 50"),
    outside("scaling.schedule.otherwise", "scaling.schedule.otherwise", 2, "from 3 to 50"),
    outside("scaling.schedule.hour", `${PERIODS}[2].to`, 25, "from 0 to 24"),
    outside(
        "scaling.predictive.bufferSeconds",
        "scaling.predictive.bufferSeconds",
        3600,
        "from 0 to 3599",
        "predictive.bufferSeconds",
    ),
    outside(
        "scaling.predictive.maxBufferPercent",
        "scaling.predictive.maxBufferPercent",
        101,
        "from 0 to 100",
        "predictive.maxBufferPercent",
    ),
    outside("scaling.spot.onDemandBase", "scaling.spot.onDemandBase", -1, "from 0 to 50"),
    outside(
        "scaling.spot.onDemandPercentAboveBase",
        "scaling.spot.onDemandPercentAboveBase",
        130,
        "from 0 to 100",
    ),
    outside("regions.region.desired", `${US}.desired`, 0, "from 3 to 50"),
    {
        mistake: "min above max",
        set: { "scaling.min": 30 },
        path: "scaling.min",
        says: "at most scaling.max, which is 20",
    },
    {
        mistake: "desired above max",
        set: { [`${US}.desired`]: 21 },
        path: `${US}.desired`,
        says: "from scaling.min 3 to scaling.max 20",
    },
    {
        mistake: "desired below min",
        set: { "scaling.min": 4, [`${PERIODS}[0].min`]: 4 },
        path: `${EU}.desired`,
        says: "from scaling.min 4 to scaling.max 20",
    },
    {
        mistake: "a scheduled minimum above max",
        set: { [`${PERIODS}[1].min`]: 25 },
        path: `${PERIODS}[1].min`,
        says: "to scaling.max 20",
    },
    {
        mistake: "an on-demand base above max",
        set: { "scaling.spot.onDemandBase": 21 },
        path: "scaling.spot.onDemandBase",
        says: "at most scaling.max 20",
    },
    {
        mistake: "overlapping hours",
        set: { [`${PERIODS}[2].from`]: 11 },
        path: `${PERIODS}[2]`,
        says: "periods[1] is 9 to 12",
    },
    {
        mistake: "a period that ends before it starts",
        set: { [`${PERIODS}[0].from`]: 22 },
        path: `${PERIODS}[0]`,
        says: "crosses midnight",
    },
    {
        mistake: "a capacity buffer that would not be used",
        set: { "scaling.predictive.maxBufferPercent": 10 },
        path: "scaling.predictive.maxBufferPercent",
        says: "increase-max",
        covers: ["predictive.maxBufferNeedsIncrease"],
    },
    {
        mistake: "a drain shorter than the deregistration delay",
        set: { "scaling.drainSeconds": 300 },
        path: "scaling.drainSeconds",
        says: "more than loadBalancer.deregistrationDelaySeconds 300",
    },
    {
        mistake: "tiers mixed",
        set: { "scaling.spot.instanceTypes": ["m7i.xlarge", "t3.medium"] },
        path: "scaling.spot.instanceTypes[1]",
        says: "medium",
    },
    {
        mistake: "an unknown instance type",
        set: { "scaling.spot.instanceTypes": ["z99.mega"] },
        path: "scaling.spot.instanceTypes[0]",
        says: "medium",
    },
];
