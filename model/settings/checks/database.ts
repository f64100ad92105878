import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function database({ database: settings }: Settings): Problem[] {
    if (!settings?.readers.enabled) return [];
    const { instances, readers } = settings;
    const least = instances - 1;
    if (readers.max >= least) return [];
    return [
        problem(
            ["database", "readers", "max"],
            readers.max,
            `at least database.instances less the writer, ${least}`,
        ),
    ];
}
