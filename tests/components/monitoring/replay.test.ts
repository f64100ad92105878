import assert from "node:assert/strict";
import {
    metricKey,
    metricsOf,
    periodOf,
    replay,
    replayComposites,
    type MetricId,
    type RecordedMetric,
} from "logcaster-model/alarms";
import { alarmsOf, compositesOf, kindOf, recordMonitoring, type DeployedAlarm } from "./fixture";

// Every alarm as it goes to AWS, on made-up metrics: one sample a minute, quiet for some hours, bad for three, quiet again.
// It does not prove that AWS publishes these metrics; that their dimensions name resources of the plan is another test.

const MINUTE = 60;
const BAD_FROM = 240;
const BAD_UNTIL = 420;
const END = 660;

/** A value a minute; undefined where nothing is published. */
type Level = number | undefined | ((minute: number) => number | undefined);

interface Play {
    /** By metric. */
    readonly quiet: Readonly<Record<string, Level>>;
    /** What differs while it is bad; of a cluster's nodes, one alone. */
    readonly bad: Readonly<Record<string, Level>>;
    /** Minutes until it alarms. */
    readonly alarmsAfter: number;
    /** Minutes of quiet until it is over: what was bad must leave the periods that are looked at. */
    readonly overAfter: number;
}

const balancer = { NewFlowCount: 1000, TCP_Target_Reset_Count: 5, TCP_ELB_Reset_Count: 0 };
const http = { RequestCount: 1000, HTTPCode_ELB_5XX_Count: undefined };
const errors = { ...http, HTTPCode_Target_5XX_Count: undefined };
const capacity = { GroupInServiceInstances: 10, GroupMaxSize: 20 };

const PLAYS: Readonly<Record<string, Play>> = {
    "ScalingFrequent-Warning": {
        quiet: { GroupDesiredCapacity: 5 },
        bad: { GroupDesiredCapacity: (minute) => 6 - (minute % 2) },
        alarmsAfter: 11,
        overAfter: 50,
    },
    "ScalingFailed-Critical": {
        quiet: { TriggeredRules: undefined },
        bad: { TriggeredRules: 1 },
        alarmsAfter: 5,
        overAfter: 15,
    },
    "CapacityLimit-Warning": {
        quiet: capacity,
        bad: { GroupInServiceInstances: 18 },
        alarmsAfter: 5,
        overAfter: 1,
    },
    "CapacityLimit-Critical": {
        quiet: { ...capacity, GroupInServiceInstances: 19 },
        bad: { GroupInServiceInstances: 20 },
        alarmsAfter: 15,
        overAfter: 1,
    },
    "ForecastAboveMax-Warning": {
        quiet: { PredictiveScalingCapacityForecast: 20, GroupMaxSize: 20 },
        bad: { PredictiveScalingCapacityForecast: 21 },
        alarmsAfter: 60,
        overAfter: 60,
    },
    "SpotInterruptions-Warning": {
        quiet: { ...capacity, TriggeredRules: undefined },
        bad: { TriggeredRules: (minute) => (minute % 20 === 0 ? 1 : undefined) },
        alarmsAfter: 60,
        overAfter: 180,
    },
    "MetricHeartbeat-Warning": {
        quiet: { ActiveConnections: 0 },
        bad: { ActiveConnections: undefined },
        // CloudWatch looks at two periods more before it calls a metric silent.
        alarmsAfter: 7,
        overAfter: 1,
    },
    "MetricHeartbeat-Critical": {
        quiet: { ActiveConnections: 0 },
        bad: { ActiveConnections: undefined },
        alarmsAfter: 17,
        overAfter: 1,
    },
    "UnhealthyTargets-Warning": {
        quiet: { UnHealthyHostCount: 0 },
        bad: { UnHealthyHostCount: 1 },
        alarmsAfter: 5,
        overAfter: 1,
    },
    "NoHealthyTargets-Critical": {
        quiet: { HealthyHostCount: 1 },
        bad: { HealthyHostCount: 0 },
        alarmsAfter: 2,
        overAfter: 1,
    },
    "NlbResets-Warning": {
        quiet: balancer,
        bad: { TCP_Target_Reset_Count: 31, TCP_ELB_Reset_Count: 20 },
        alarmsAfter: 3,
        overAfter: 3,
    },
    "NlbResets-Critical": {
        quiet: balancer,
        bad: { TCP_Target_Reset_Count: undefined, TCP_ELB_Reset_Count: 201 },
        alarmsAfter: 3,
        overAfter: 3,
    },
    "NlbPortAllocationErrors-Critical": {
        quiet: { PortAllocationErrorCount: 0 },
        bad: { PortAllocationErrorCount: 1 },
        alarmsAfter: 3,
        overAfter: 3,
    },
    "AlbErrors-Warning": {
        quiet: errors,
        bad: { HTTPCode_Target_5XX_Count: 11 },
        alarmsAfter: 3,
        overAfter: 3,
    },
    "AlbErrors-Critical": {
        quiet: errors,
        bad: { HTTPCode_ELB_5XX_Count: 30, HTTPCode_Target_5XX_Count: 21 },
        alarmsAfter: 3,
        overAfter: 3,
    },
    // In seconds: half a second, then two.
    "AlbLatency-Warning": {
        quiet: { TargetResponseTime: 0.5 },
        bad: { TargetResponseTime: 0.51 },
        alarmsAfter: 5,
        overAfter: 1,
    },
    "AlbLatency-Critical": {
        quiet: { TargetResponseTime: 2 },
        bad: { TargetResponseTime: 2.01 },
        alarmsAfter: 5,
        overAfter: 1,
    },
    ...redis("RedisEngineCpu-Warning", "EngineCPUUtilization", 80, 81),
    ...redis("RedisEngineCpu-Critical", "EngineCPUUtilization", 95, 96),
    ...redis("RedisMemory-Warning", "DatabaseMemoryUsagePercentage", 75, 76),
    ...redis("RedisMemory-Critical", "DatabaseMemoryUsagePercentage", 90, 91),
    ...redis("RedisEvictions-Critical", "Evictions", 0, 1, 1),
    ...redis("RedisEvictions-Warning", "Evictions", 6000, 6001),
    ...redis("RedisConnections-Warning", "CurrConnections", 52_000, 52_001),
    // In seconds.
    ...redis("RedisReplicationLag-Warning", "ReplicationLag", 1, 1.1),
    ...redis("RedisReplicationLag-Critical", "ReplicationLag", 10, 10.1),
};

function redis(
    kind: string,
    metric: string,
    quiet: number,
    bad: number,
    alarmsAfter = kind.endsWith("Critical") ? 3 : 5,
) {
    return {
        [kind]: { quiet: { [metric]: quiet }, bad: { [metric]: bad }, alarmsAfter, overAfter: 1 },
    };
}

const at = (level: Level, minute: number) => (typeof level === "function" ? level(minute) : level);

/** What would be recorded of the metrics that an alarm looks at. */
function played(
    alarm: DeployedAlarm,
    { quiet, bad }: Pick<Play, "quiet" | "bad">,
): RecordedMetric[] {
    const metrics = metricsOf(alarm);
    // Of nodes that publish the same metric, the last is the bad one.
    const isBad = ({ metricName, dimensions }: MetricId) =>
        metricName in bad &&
        metrics.filter((m) => m.metricName === metricName).at(-1)?.dimensions === dimensions;
    return metrics.map((metric) => ({
        ...metric,
        samples: Array.from({ length: END }, (_, minute) => {
            const now = minute >= BAD_FROM && minute < BAD_UNTIL && isBad(metric);
            const value = at((now ? bad : quiet)[metric.metricName], minute);
            return value === undefined ? [] : [{ timeSeconds: minute * MINUTE, value }];
        }).flat(),
    }));
}

const run = (alarm: DeployedAlarm, metrics: readonly RecordedMetric[]) =>
    replay(alarm, metrics, { untilSeconds: END * MINUTE });

/** The same metrics under a dimension that nothing is called by. */
function elsewhere(metrics: readonly RecordedMetric[]): RecordedMetric[] {
    return metrics.map((metric) => {
        const [[name, value] = ["", ""], ...others] = Object.entries(metric.dimensions);
        return { ...metric, dimensions: Object.fromEntries([[name, `${value}-other`], ...others]) };
    });
}

describe("every alarm of a region", function () {
    this.timeout(0);
    let alarms: DeployedAlarm[];
    let recording: Awaited<ReturnType<typeof recordMonitoring>>;
    before(async () => {
        recording = await recordMonitoring();
        alarms = alarmsOf(recording);
    });

    it("has a replay, and no replay is of an alarm that is not there", () => {
        assert.deepEqual([...new Set(alarms.map(kindOf))].sort(), Object.keys(PLAYS).sort());
    });

    for (const [kind, play] of Object.entries(PLAYS)) {
        it(`${kind} is well at its limit, alarms ${play.alarmsAfter} min after it is passed, and is over`, () => {
            for (const alarm of alarms.filter((each) => kindOf(each) === kind)) {
                assert.deepEqual(
                    run(alarm, played(alarm, play)),
                    [
                        { timeSeconds: periodOf(alarm), state: "OK" },
                        {
                            timeSeconds: (BAD_FROM + play.alarmsAfter) * MINUTE,
                            state: "ALARM",
                        },
                        { timeSeconds: (BAD_UNTIL + play.overAfter) * MINUTE, state: "OK" },
                    ],
                    alarm.name,
                );
            }
        });
    }

    it("is as an absent metric makes it, and the wrong dimension is an absent metric", () => {
        const silent = alarms.filter((alarm) => run(alarm, []).at(-1)?.state === "ALARM");
        assert.deepEqual([...new Set(silent.map(kindOf))].sort(), [
            "MetricHeartbeat-Critical",
            "MetricHeartbeat-Warning",
            "NoHealthyTargets-Critical",
        ]);
        for (const alarm of alarms) {
            const play = PLAYS[kindOf(alarm)]!;
            const metrics = played(alarm, { quiet: { ...play.quiet, ...play.bad }, bad: play.bad });
            assert.deepEqual(run(alarm, elsewhere(metrics)), run(alarm, []), alarm.name);
        }
    });

    it("never alarms on a share of next to nothing", () => {
        const few = {
            ...{ NewFlowCount: 99, TCP_Target_Reset_Count: 99, TCP_ELB_Reset_Count: 99 },
            ...{ RequestCount: 99, HTTPCode_ELB_5XX_Count: 99, HTTPCode_Target_5XX_Count: 99 },
            // One interruption in three hours.
            ...{ GroupInServiceInstances: 3, GroupMaxSize: 20 },
            TriggeredRules: (minute: number) => (minute % 180 === 0 ? 1 : undefined),
        };
        for (const alarm of alarms) {
            if (!/^(NlbResets|AlbErrors|SpotInterruptions)-/.test(kindOf(alarm))) continue;
            const states = run(alarm, played(alarm, { quiet: few, bad: {} }));
            assert.deepEqual([...new Set(states.map(({ state }) => state))], ["OK"], alarm.name);
        }
    });

    it("takes ten changes of size in an hour for calm", () => {
        const [alarm] = alarms.filter((each) => kindOf(each) === "ScalingFrequent-Warning");
        const calm = { GroupDesiredCapacity: (minute: number) => Math.floor(minute / 6) };
        const metrics = played(alarm!, { quiet: calm, bad: {} });
        assert.deepEqual(new Set(run(alarm!, metrics).map(({ state }) => state)), new Set(["OK"]));
    });

    /** Pages while these alarms' metrics are bad. */
    function pages(bad: (alarm: DeployedAlarm) => boolean): string[] {
        const histories = Object.fromEntries(
            alarms.map((alarm) => {
                const { quiet, bad: worse } = PLAYS[kindOf(alarm)]!;
                return [
                    alarm.name,
                    run(alarm, played(alarm, { quiet, bad: bad(alarm) ? worse : {} })),
                ];
            }),
        );
        return Object.entries(replayComposites(compositesOf(recording), histories)).flatMap(
            ([name, { actions }]) => actions.map(() => name.split("-").at(-1)!),
        );
    }

    it("pages nobody while all is quiet, or while nothing but warnings are out", () => {
        assert.deepEqual(
            pages(() => false),
            [],
        );
        assert.deepEqual(
            pages((alarm) => kindOf(alarm).endsWith("Warning")),
            [],
        );
    });

    it("pages once for an outage, whatever fails with it, and names the cause", () => {
        assert.deepEqual(
            pages((alarm) => /^(Alb|NlbResets|NoHealthy)/.test(kindOf(alarm))),
            ["FrontDoorOutage"],
        );
        assert.deepEqual(
            pages((alarm) => /^(RedisEngineCpu|Alb|NoHealthy|CapacityLimit)/.test(kindOf(alarm))),
            ["DataOutage"],
        );
        assert.deepEqual(
            pages((alarm) => /^ScalingFailed/.test(kindOf(alarm))),
            ["ScalingOutage"],
        );
        assert.deepEqual(
            pages(() => true),
            ["DataOutage"],
        );
    });

    it("with level Critical is a sign of an outage, and no other is", () => {
        const rules = compositesOf(recording).map(({ alarmRule }) => alarmRule);
        const signs = alarms.filter(({ name }) => rules.some((rule) => rule.includes(`"${name}"`)));
        assert.deepEqual(
            signs.map(({ name }) => name).sort(),
            alarms
                .filter((alarm) => kindOf(alarm).endsWith("-Critical"))
                .map(({ name }) => name)
                .sort(),
        );
    });

    it("looks at metrics that no other alarm of its kind and level looks at", () => {
        const seen = alarms.map(
            (alarm) => `${kindOf(alarm)} ${metricsOf(alarm).map(metricKey).sort().join()}`,
        );
        assert.deepEqual(
            seen.filter((each, i) => seen.indexOf(each) !== i),
            [],
        );
    });
});
