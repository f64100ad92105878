import * as wafv2 from "@pulumi/aws/wafv2";
import type * as pulumi from "@pulumi/pulumi";
import { EDGE_REGION, RULE_GROUPS } from "./defaults";

/** AWS's managed rules for what nobody asks in good faith, then a limit on the rate of each address. */
export function createWebAcl(
    name: string,
    parent: pulumi.Resource,
    requestsPerFiveMinutes: number,
    tags: Record<string, string>,
): wafv2.WebAcl {
    const visible = (key: string) => ({
        cloudwatchMetricsEnabled: true,
        metricName: `${name}-${key}`,
        sampledRequestsEnabled: true,
    });
    return new wafv2.WebAcl(
        `${name}-acl`,
        {
            region: EDGE_REGION,
            scope: "CLOUDFRONT",
            description: "Requests for reads at the edge",
            defaultAction: { allow: {} },
            rules: [
                ...RULE_GROUPS.map((group, i) => ({
                    name: group.key,
                    priority: i + 1,
                    overrideAction: { none: {} },
                    statement: {
                        managedRuleGroupStatement: { vendorName: "AWS", name: group.name },
                    },
                    visibilityConfig: visible(group.key),
                })),
                {
                    name: "rate",
                    priority: RULE_GROUPS.length + 1,
                    action: { block: {} },
                    statement: {
                        rateBasedStatement: {
                            limit: requestsPerFiveMinutes,
                            aggregateKeyType: "IP",
                        },
                    },
                    visibilityConfig: visible("rate"),
                },
            ],
            visibilityConfig: visible("acl"),
            tags: { ...tags, Name: `${name}-acl` },
        },
        { parent },
    );
}
