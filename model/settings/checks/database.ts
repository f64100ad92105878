import { AWS_RULES, because } from "../../aws-rules";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function database({ database: settings, regions }: Settings): Problem[] {
    if (!settings) return [];
    const found: Problem[] = [];
    const names = Object.keys(regions);
    const { max } = AWS_RULES["aurora.globalSecondaries"];
    if (names.length > max + 1) {
        found.push(
            problem(
                ["regions"],
                names,
                `at most ${max + 1} while database is given, each of which holds it: ${because("aurora.globalSecondaries")}`,
            ),
        );
    }
    const { instances, readers } = settings;
    const least = instances - 1;
    if (readers.enabled && readers.max < least) {
        found.push(
            problem(
                ["database", "readers", "max"],
                readers.max,
                `at least database.instances less the writer, ${least}`,
            ),
        );
    }
    return found;
}
