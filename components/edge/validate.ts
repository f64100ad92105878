import { because } from "logcaster-model/aws-rules";
import { EDGE_PATH, allowed, type LimitId } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import type { EdgeCacheArgs } from "./args";
import { EDGE_REGION } from "./defaults";

/** Every mistake in the arguments. */
export function edgeProblems(args: EdgeCacheArgs): Problem[] {
    const found: Problem[] = [];
    const within = (path: string, value: number | undefined, id: LimitId) => {
        if (value === undefined) return;
        const { min, max, why } = allowed(id);
        if (!Number.isInteger(value) || value < min || value > max) {
            found.push({
                path,
                value,
                allowed: `a whole number from ${min} to ${max} (${why})`,
            });
        }
    };
    if (args.certificateArn.split(":")[3] !== EDGE_REGION) {
        const allowed = because("cloudfront.certificateRegion");
        found.push({ path: "certificateArn", value: args.certificateArn, allowed });
    }
    if (args.edgeHost === args.originHost) {
        const allowed = "a name other than originHost, or the edge would ask itself";
        found.push({ path: "edgeHost", value: args.edgeHost, allowed });
    }
    within("defaultSeconds", args.defaultSeconds, "edge.defaultSeconds");
    within("requestsPerFiveMinutes", args.requestsPerFiveMinutes, "edge.requestsPerFiveMinutes");
    within("logDays", args.logDays, "edge.logDays");
    const paths = args.paths ?? [];
    paths.forEach(({ path, seconds }, i) => {
        within(`paths[${i}].seconds`, seconds, "edge.paths.seconds");
        if (!EDGE_PATH.test(path)) {
            found.push({
                path: `paths[${i}].path`,
                value: path,
                allowed: because("cloudfront.path"),
            });
        }
        const first = paths.findIndex((each) => each.path === path);
        if (first !== i) {
            const allowed = `each path once; paths[${first}] has it`;
            found.push({ path: `paths[${i}].path`, value: path, allowed });
        }
    });
    return found;
}
