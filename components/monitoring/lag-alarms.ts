import { milliseconds } from "logcaster-model/alarms";
import { alarm, createAlarm, Level, MissingData, signal, Target, type AlarmPlace } from "./alarm";
import { MINUTE_SECONDS } from "./defaults";
import type { Metric } from "./metrics";

/** Minutes above a threshold before somebody is told: a burst of writes passes. */
const MINUTES = 5;
/** Times the warning's threshold from which somebody is woken. */
const CRITICAL_FACTOR = 10;

type Time = "Milliseconds" | "Seconds";

export interface Lag {
    readonly alarm: string;
    /** What lags, and where. */
    readonly what: string;
    /** What it follows. */
    readonly behind: string;
    readonly metric: Metric<Time>;
    /** Of the warning. */
    readonly maxLagMs: number;
}

/** Two levels on the lag of what follows another. Silence alarms: what says nothing does not follow. */
export function lagAlarms(place: AlarmPlace, lag: Lag): void {
    const levels = [
        { level: Level.Warning, lagMs: lag.maxLagMs, target: Target.NotifyOps },
        { level: Level.Critical, lagMs: lag.maxLagMs * CRITICAL_FACTOR, target: Target.PageOncall },
    ];
    for (const { level, lagMs, target } of levels) {
        createAlarm(
            place,
            alarm<Time>({
                alarm: lag.alarm,
                level,
                says: `${lag.what} is more than ${lagMs} ms behind ${lag.behind}, or says nothing`,
                signal: signal(lag.metric, MINUTE_SECONDS),
                comparison: ">",
                threshold: milliseconds(lagMs),
                periods: MINUTES,
                missing: MissingData.Breaching,
                target,
            }),
        );
    }
}
