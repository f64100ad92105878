import { AWS_RULES, because } from "logcaster-model/aws-rules";
import { ENGINE_VERSION, INSTANCE_CLASS } from "logcaster-model/database";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../problems";
import type { GlobalDatabaseArgs } from "./args";

/** Every mistake in the arguments. */
export function databaseProblems(args: GlobalDatabaseArgs): Problem[] {
    const { found, refuse, within, withinIfGiven } = collectProblems();
    const regions = Object.keys(args.regions);
    if (!regions.includes(args.primaryRegion)) {
        refuse("primaryRegion", args.primaryRegion, `one of regions: ${regions.join(", ")}`);
    }
    const { max: secondaries } = AWS_RULES["aurora.globalSecondaries"];
    if (regions.length > secondaries + 1) {
        refuse("regions", regions, `a primary and at most ${secondaries} secondaries`);
    }
    if (args.engineVersion !== undefined && !ENGINE_VERSION.test(args.engineVersion)) {
        refuse("engineVersion", args.engineVersion, because("aurora.engineVersion"));
    }
    if (args.instanceClass !== undefined && !INSTANCE_CLASS.test(args.instanceClass)) {
        refuse("instanceClass", args.instanceClass, because("aurora.globalInstanceClass"));
    }
    withinIfGiven("instances", args.instances, "database.instances");
    withinIfGiven("backupDays", args.backupDays, "database.backupDays");
    withinIfGiven("maxLagMs", args.maxLagMs, "database.maxLagMs");
    withinIfGiven(
        "credentialGeneration",
        args.credentialGeneration,
        "database.credentialGeneration",
    );
    if (args.readers?.enabled) {
        const { max, targetCpuPercent } = args.readers;
        const least = (args.instances ?? 1) - 1;
        within("readers.max", max, "database.readers.max");
        within("readers.targetCpuPercent", targetCpuPercent, "database.readers.targetCpuPercent");
        if (max < least) refuse("readers.max", max, `at least instances less the writer, ${least}`);
    }
    return found;
}
