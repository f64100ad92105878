import { AWS_RULES, because } from "../../aws-rules";
import { REDIS_ENGINES, parameterGroupFamily, versionsText } from "../../redis-engines";
import { sharedRedisSecondaries } from "../members";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function redisGlobal(settings: Settings): Problem[] {
    const { global } = settings.redis;
    const { regions, primaryRegion } = settings;
    // Without its primary region there is more to say than this.
    if (!global || !regions[primaryRegion]) return [];
    const found: Problem[] = [];
    const at = (...rest: PropertyKey[]) => ["redis", "global", ...rest];
    const others = Object.keys(regions).filter((region) => region !== primaryRegion);
    const secondaries = sharedRedisSecondaries(settings);
    (global.secondaryRegions ?? []).forEach((region, i, all) => {
        if (!others.includes(region) || all.indexOf(region) !== i) {
            found.push(
                problem(
                    at("secondaryRegions", i),
                    region,
                    `each once, a region of this stack but the primary: ${others.join(", ")}`,
                ),
            );
        }
    });
    const { min, max } = AWS_RULES["elasticache.globalSecondaries"];
    if (secondaries.length < min || secondaries.length > max) {
        found.push(
            problem(
                at("secondaryRegions"),
                secondaries,
                `${min} or ${max} regions: ${because("elasticache.globalSecondaries")}`,
            ),
        );
    }
    const zones = Math.min(
        ...[primaryRegion, ...secondaries].map((each) => regions[each]?.zones.length ?? Infinity),
    );
    if (global.copies > zones) {
        found.push(
            problem(
                at("copies"),
                global.copies,
                `at most the number of zones of every member's region, ${zones}: a replica in its primary's zone is lost with it`,
            ),
        );
    }
    const { engine, engineVersion = REDIS_ENGINES[engine].version } = global;
    if (parameterGroupFamily(engine, engineVersion) === undefined) {
        found.push(problem(at("engineVersion"), engineVersion, versionsText(engine)));
    }
    return found;
}
