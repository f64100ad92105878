import { because } from "../../aws-rules";
import { LIMITS, allowed } from "../../limits";
import {
    AUTO_SCALING_NODE_TYPE,
    REDIS_ENGINES,
    hasDurability,
    isDurableNode,
    parameterGroupFamily,
    versionsText,
} from "../../redis-engines";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

export function redis({ redis: settings, regions }: Settings): Problem[] {
    const { partitions } = settings;
    const found: Problem[] = [];
    if (!Number.isInteger(Math.log2(partitions))) {
        found.push(
            problem(
                ["redis", "partitions"],
                partitions,
                `a power of two (${LIMITS["redis.partitions"].origin})`,
            ),
        );
    }
    const zones = Math.min(...Object.values(regions).map((r) => r.zones.length));
    for (const role of ["store", "cache"] as const) {
        const { engine, shards, copies, autoScaling, nodeType, durability } = settings[role];
        const { engineVersion = REDIS_ENGINES[engine].version } = settings[role];
        const at = (...rest: PropertyKey[]) => ["redis", role, ...rest];
        if (parameterGroupFamily(engine, engineVersion) === undefined) {
            found.push(problem(at("engineVersion"), engineVersion, versionsText(engine)));
        } else if (
            durability !== undefined &&
            durability !== "disabled" &&
            !(hasDurability(engine, engineVersion) && isDurableNode(nodeType))
        ) {
            found.push(
                problem(
                    at("durability"),
                    durability,
                    `disabled on ${engine} ${engineVersion} and ${nodeType}: ${because("elasticache.durability")}`,
                ),
            );
        }
        const limit = LIMITS["redis.role.imbalancePercent"].value;
        const imbalance = (Math.ceil(partitions / shards) / (partitions / shards) - 1) * 100;
        if (imbalance > limit) {
            found.push(
                problem(
                    at("shards"),
                    shards,
                    `a count that divides ${partitions} partitions with the fullest shard at most ${limit} % over the mean; ${shards} gives ${Math.round(imbalance)} %`,
                ),
            );
        }
        if (copies > zones) {
            found.push(
                problem(
                    at("copies"),
                    copies,
                    `at most the number of zones of every region, ${zones}: a replica in its primary's zone is lost with it`,
                ),
            );
        }
        const maxNodes = allowed("redis.role.nodes").max;
        if (shards * copies > maxNodes) {
            found.push(
                problem(
                    at("shards"),
                    shards,
                    `shards times copies at most ${maxNodes}: ${because("elasticache.nodes")}; ${shards} x ${copies} is ${shards * copies}`,
                ),
            );
        }
        if (autoScaling.enabled) {
            if (!AUTO_SCALING_NODE_TYPE.test(nodeType)) {
                found.push(
                    problem(at("nodeType"), nodeType, because("elasticache.autoScalingNodeType")),
                );
            }
            if (autoScaling.maxShards < shards) {
                found.push(
                    problem(
                        at("autoScaling", "maxShards"),
                        autoScaling.maxShards,
                        `at least shards ${shards}`,
                    ),
                );
            }
        }
    }
    return found;
}
