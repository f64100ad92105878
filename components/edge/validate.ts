import { because } from "logcaster-model/aws-rules";
import { EDGE_PATH } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../problems";
import type { EdgeCacheArgs } from "./args";
import { EDGE_REGION } from "./defaults";

/** Every mistake in the arguments. */
export function edgeProblems(args: EdgeCacheArgs): Problem[] {
    const { found, refuse, within, withinIfGiven } = collectProblems();
    if (args.certificateArn.split(":")[3] !== EDGE_REGION) {
        refuse("certificateArn", args.certificateArn, because("cloudfront.certificateRegion"));
    }
    if (args.edgeHost === args.originHost) {
        const allowed = "a name other than originHost, or the edge would ask itself";
        refuse("edgeHost", args.edgeHost, allowed);
    }
    withinIfGiven("defaultSeconds", args.defaultSeconds, "edge.defaultSeconds");
    withinIfGiven(
        "requestsPerFiveMinutes",
        args.requestsPerFiveMinutes,
        "edge.requestsPerFiveMinutes",
    );
    withinIfGiven("logDays", args.logDays, "edge.logDays");
    const paths = args.paths ?? [];
    paths.forEach(({ path, seconds }, i) => {
        within(`paths[${i}].seconds`, seconds, "edge.paths.seconds");
        if (!EDGE_PATH.test(path)) refuse(`paths[${i}].path`, path, because("cloudfront.path"));
        const first = paths.findIndex((each) => each.path === path);
        if (first !== i) {
            refuse(`paths[${i}].path`, path, `each path once; paths[${first}] has it`);
        }
    });
    return found;
}
