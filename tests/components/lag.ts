import assert from "node:assert/strict";
import { metricsOf, replay, type RecordedMetric } from "logcaster-model/alarms";
import type { DeployedAlarm } from "./monitoring/fixture";

const MINUTE = 60;

/** Name, threshold and topic of the alarms on lag in each secondary region, sorted. */
export function lagAlarms(
    alarm: string,
    secondaries: readonly string[],
    thresholds: { warning: number; critical: number },
): [string, number, string[]][] {
    const topic = (region: string, name: string) => `arn:aws:sns:${region}:123456789012:${name}`;
    return secondaries
        .flatMap((region): [string, number, string[]][] => [
            [
                `logcaster-prod-${region}-${alarm}-Critical`,
                thresholds.critical,
                [topic(region, "page")],
            ],
            [
                `logcaster-prod-${region}-${alarm}-Warning`,
                thresholds.warning,
                [topic(region, "ops")],
            ],
        ])
        .sort();
}

/** Asserts, on a value a minute: five minutes of `above` alarm, one at the limit ends it, and silence is a failure. */
export function assertAlarmsOnLag(alarm: DeployedAlarm, limit: number, above: number): void {
    const [metric] = metricsOf(alarm);
    assert.ok(metric);
    const played = (level: (minute: number) => number | undefined): RecordedMetric => ({
        ...metric,
        samples: Array.from({ length: 60 }, (_, minute) => {
            const value = level(minute);
            return value === undefined ? [] : [{ timeSeconds: minute * MINUTE, value }];
        }).flat(),
    });
    const run = (metrics: RecordedMetric[]) =>
        replay(alarm, metrics, { untilSeconds: 60 * MINUTE }).map(({ timeSeconds, state }) => [
            timeSeconds / MINUTE,
            state,
        ]);
    assert.deepEqual(
        run([played((minute) => (minute >= 20 && minute < 40 ? above : limit))]),
        [
            [1, "OK"],
            [25, "ALARM"],
            [41, "OK"],
        ],
        alarm.name,
    );
    const silent = run([played((minute) => (minute < 20 ? limit : undefined))]);
    assert.equal(silent.at(-1)?.[1], "ALARM");
    assert.equal(run([]).at(-1)?.[1], "ALARM");
}
