import type * as elasticache from "@pulumi/aws/elasticache";
import type * as pulumi from "@pulumi/pulumi";
import { encryptedLogGroup } from "../encrypted-log-group";
import type { RedisShardClusterArgs } from "./args";
import { REDIS_DEFAULTS } from "./defaults";

const LOGS = ["slow-log", "engine-log"] as const;

/** A log group for each of slow log and engine log (commands with their arguments: encrypted), and what fills it. */
export function deliverLogs(
    name: string,
    parent: pulumi.Resource,
    { region, protect, logDays }: Pick<RedisShardClusterArgs, "region" | "protect" | "logDays">,
    tags: Record<string, string>,
): elasticache.ReplicationGroupArgs["logDeliveryConfigurations"] {
    return LOGS.map((logType) => {
        const group = encryptedLogGroup(`${name}-${logType}`, parent, {
            region,
            what: `the ${logType} of ${name}`,
            retentionInDays: logDays ?? REDIS_DEFAULTS.logDays,
            protect,
            tags,
        });
        return {
            logType,
            destinationType: "cloudwatch-logs",
            destination: group.name,
            logFormat: "json",
        };
    });
}
