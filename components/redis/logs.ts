import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as elasticache from "@pulumi/aws/elasticache";
import type * as pulumi from "@pulumi/pulumi";

const LOGS = ["slow-log", "engine-log"] as const;

/** A log group for each of slow log and engine log, and the delivery that fills it. */
export function deliverLogs(
    name: string,
    parent: pulumi.Resource,
    region: string,
    retentionInDays: number,
    tags: Record<string, string>,
): elasticache.ReplicationGroupArgs["logDeliveryConfigurations"] {
    return LOGS.map((logType) => {
        const group = new cloudwatch.LogGroup(
            `${name}-${logType}`,
            { region, retentionInDays, tags },
            { parent },
        );
        return {
            logType,
            destinationType: "cloudwatch-logs",
            destination: group.name,
            logFormat: "json",
        };
    });
}
