import { LIMITS } from "../../limits";
import { CAPACITY } from "../defaults";
import type { Policy } from "../world";
import { Minutes } from "./minutes";
import { scheduleOnly } from "./schedule";

/** The brief's loop (6.1) word for word, on the mean load of five minutes, honouring the group's cooldown. */
export const briefRule: Policy = {
    name: "the brief's rule",
    deployable: "only simulated",
    start: ({ capacityPerInstance }) => {
        const window = CAPACITY.briefWindowMs / CAPACITY.alarmPeriodMs;
        const minutes = new Minutes(window, ({ load }) => load);
        const out = LIMITS["scaling.step.outPercent"].value / 100;
        const back = LIMITS["scaling.step.inPercent"].value / 100;
        let coolUntilMs = 0;
        return (view) => {
            const { nowMs, desired } = view;
            if (!minutes.take(view) || nowMs < coolUntilMs) return desired;
            // Missing metrics read as no load at all, as in the brief.
            const load = minutes.mean(window) ?? 0;
            const required = Math.max(
                LIMITS["scaling.min"].value,
                Math.trunc(load / capacityPerInstance) + 1,
            );
            const change =
                required > desired * out
                    ? LIMITS["scaling.step.outInstances"].value
                    : required < desired * back
                      ? -LIMITS["scaling.step.inInstances"].value
                      : 0;
            if (change !== 0) coolUntilMs = nowMs + CAPACITY.cooldownMs;
            return desired + change;
        };
    },
};

/** The brief's fixed hours (6.1): 10 instances at hours 9 to 11 and 14 to 16, 3 at 0 to 5, and 5 otherwise. */
const BRIEF_HOURS = {
    periods: [
        { from: 0, to: 6, min: 3 },
        { from: 9, to: 12, min: 10 },
        { from: 14, to: 17, min: 10 },
    ],
    otherwise: 5,
};

/** The brief's "predictive" hours, which pin the size. */
export function briefHours(timeZone: string): Policy {
    return scheduleOnly({ ...BRIEF_HOURS, timeZone }, "the brief's fixed hours");
}
