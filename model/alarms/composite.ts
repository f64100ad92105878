/** Composite alarms: an expression over the states of others, and who is told while another explains it. */
import type { AlarmState } from "./evaluate";
import { stateAt, type Transition } from "./replay";

/** A composite alarm, in the words of its resource's arguments. */
export interface CompositeAlarm {
    readonly alarmName: string;
    /** `ALARM("a") OR ALARM("b")`. */
    readonly alarmRule: string;
    readonly actionsSuppressor?: {
        readonly alarm: string;
        /** Seconds that actions wait for the suppressor. */
        readonly waitPeriod: number;
        /** Seconds that they wait after it. */
        readonly extensionPeriod: number;
    };
}

export interface CompositeHistory {
    readonly states: Transition[];
    /** When its alarm actions ran. */
    readonly actions: number[];
}

/**
 * What composite alarms make of their children's histories.
 * @param composites suppressors before what they suppress
 * @throws Error where a rule is more than alarms joined by OR, or names an alarm that is not there
 */
export function replayComposites(
    composites: readonly CompositeAlarm[],
    children: Readonly<Record<string, readonly Transition[]>>,
): Record<string, CompositeHistory> {
    const histories: Record<string, CompositeHistory> = {};
    for (const { alarmName, alarmRule, actionsSuppressor } of composites) {
        const signs = alarmRule.split(" OR ").map((term) => {
            const sign = /^ALARM\("([^"]+)"\)$/.exec(term)?.[1] ?? "";
            const history = children[sign] ?? histories[sign]?.states;
            if (!history) throw new Error(`${alarmName}: ${term} is the state of no alarm`);
            return history;
        });
        const times = [...new Set(signs.flat().map(({ timeSeconds }) => timeSeconds))];
        const states: Transition[] = [];
        for (const timeSeconds of times.sort((a, b) => a - b)) {
            const alarmed = signs.some((sign) => stateAt(sign, timeSeconds) === "ALARM");
            const state: AlarmState = alarmed ? "ALARM" : "OK";
            if (state !== states.at(-1)?.state) states.push({ timeSeconds, state });
        }
        const cause = actionsSuppressor && histories[actionsSuppressor.alarm];
        if (actionsSuppressor && !cause) throw new Error(`${alarmName}: no such suppressor`);
        const actions = states
            .filter(({ state }) => state === "ALARM")
            .flatMap(({ timeSeconds }) =>
                cause
                    ? whenAllowed(timeSeconds, endOf(states, timeSeconds), cause, actionsSuppressor)
                    : [timeSeconds],
            );
        histories[alarmName] = { states, actions };
    }
    return histories;
}

/** When an alarm that began at `start` ended, exclusive. */
function endOf(states: readonly Transition[], start: number): number {
    const end = states.find(({ timeSeconds, state }) => timeSeconds > start && state !== "ALARM");
    return end?.timeSeconds ?? Infinity;
}

/** Actions wait for the suppressor; while it alarms they do not run, and after it they wait once more. */
function whenAllowed(
    start: number,
    end: number,
    cause: CompositeHistory,
    { waitPeriod, extensionPeriod }: NonNullable<CompositeAlarm["actionsSuppressor"]>,
): number[] {
    let allowed = start;
    if (stateAt(cause.states, start) !== "ALARM") allowed = start + waitPeriod;
    for (const { timeSeconds, state } of cause.states) {
        if (state !== "ALARM" || timeSeconds > allowed) continue;
        const over = endOf(cause.states, timeSeconds);
        if (over > start) allowed = over + extensionPeriod;
    }
    return allowed < end ? [allowed] : [];
}
