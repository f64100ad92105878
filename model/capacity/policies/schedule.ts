import { DateTime } from "luxon";
import { HOUR_MS } from "../defaults";
import type { Policy, World } from "../world";

/** Hours of the local day, `from` included and `to` not, with a minimum of their own. */
export interface Period {
    readonly from: number;
    readonly to: number;
    readonly min: number;
}

export interface Schedule {
    readonly periods: readonly Period[];
    readonly otherwise: number;
    /** IANA name. */
    readonly timeZone: string;
}

/** The scheduled minimum at a moment: an hour of the local day, whatever daylight saving does to it. */
export function scheduledMinimum(schedule: Schedule, atMs: number): number {
    const { hour } = DateTime.fromMillis(atMs, { zone: schedule.timeZone });
    return (
        schedule.periods.find(({ from, to }) => from <= hour && hour < to)?.min ??
        schedule.otherwise
    );
}

/** The scheduled minimum at each quarter of an hour since the start of a load: zones shift by quarters at the finest. */
function minimums(schedule: Schedule, { load }: World): (nowMs: number) => number {
    const quarterMs = HOUR_MS / 4;
    let until = -1;
    let current = 0;
    return (nowMs) => {
        if (nowMs >= until) {
            const atMs = load.startMs + nowMs;
            current = scheduledMinimum(schedule, atMs);
            until = nowMs + quarterMs - (((atMs % quarterMs) + quarterMs) % quarterMs);
        }
        return current;
    };
}

/** Scheduled actions that raise the minimum under another policy. */
export function withSchedule(
    policy: Policy,
    schedule: Schedule,
    name = `${policy.name} and schedule`,
): Policy {
    return {
        name,
        deployable: policy.deployable,
        start: (world) => {
            const decide = policy.start(world);
            const minimum = minimums(schedule, world);
            return (view) => Math.max(minimum(view.nowMs), decide(view));
        },
    };
}

/** The schedule alone, as the brief's predictive hours pin the size. */
export function scheduleOnly(schedule: Schedule, name: string): Policy {
    return {
        name,
        deployable: "aws",
        start: (world) => {
            const minimum = minimums(schedule, world);
            return ({ nowMs }) => minimum(nowMs);
        },
    };
}
