import type { FleetScheduleArgs } from "./args";

const HOURS = 24;

/** A minimum that holds from an hour of the day on. */
export interface ScheduledMinimum {
    hour: number;
    min: number;
}

/** The changes of the minimum in a day, each at the hour where it differs from the hour before; at least one. */
export function scheduledMinimums({
    periods,
    otherwise,
}: Pick<FleetScheduleArgs, "periods" | "otherwise">): ScheduledMinimum[] {
    const hours = Array.from({ length: HOURS }, (_, hour) => ({
        hour,
        min: periods.find(({ from, to }) => from <= hour && hour < to)?.min ?? otherwise,
    }));
    const changes = hours.filter(({ hour, min }) => min !== hours.at(hour - 1)?.min);
    return changes.length > 0 ? changes : hours.slice(0, 1);
}
