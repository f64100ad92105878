import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function recovery({ recovery: settings, database, primaryRegion }: Settings): Problem[] {
    if (!settings) return [];
    const found: Problem[] = [];
    if (settings.copyRegion === primaryRegion) {
        found.push(
            problem(
                ["recovery", "copyRegion"],
                settings.copyRegion,
                "a region other than primaryRegion: a copy beside the backup is lost with it",
            ),
        );
    }
    if (!database) {
        found.push(
            problem(
                ["database"],
                undefined,
                "a database while recovery is given: of what a stack holds, AWS Backup takes that alone",
            ),
        );
    }
    return found;
}
