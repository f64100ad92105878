import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../arn";
import { closedLogBucket, denyPlainText, type ClosedBucket } from "../closed-log-bucket";
import { LEGACY_LOG_ACCOUNTS, LOG_PREFIX } from "./defaults";

export interface LogBucketArgs {
    region: string;
    /** The account whose load balancers write. */
    accountId: pulumi.Output<string>;
    /** Days that a log object is kept. */
    days: number;
    protect: boolean;
    tags: Record<string, string>;
}

/** A bucket that both kinds of load balancer may write to, and what they must wait for. */
export function logBucket(
    name: string,
    parent: pulumi.Resource,
    { accountId, region, ...rest }: LogBucketArgs,
): ClosedBucket {
    return closedLogBucket(`${name}-logs`, parent, {
        ...rest,
        region,
        policy: (bucketArn) =>
            pulumi
                .all([bucketArn, accountId])
                .apply(([arn, account]) => logPolicy(arn, account, region)),
    });
}

/**
 * Who may write: application load balancers as their service and, in older regions, as the account that AWS used before;
 * network load balancers through the log delivery service. Everything else only by TLS.
 */
export function logPolicy(bucketArn: string, account: string, region: string): string {
    const partition = partitionOf(region);
    const legacy = LEGACY_LOG_ACCOUNTS[region];
    const objects = (prefix: string) => `${bucketArn}/${prefix}/AWSLogs/${account}/*`;
    const delivery = {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${account}:*` },
    };
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            denyPlainText(bucketArn),
            {
                Sid: "ApplicationLoadBalancer",
                Effect: "Allow",
                Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: objects(LOG_PREFIX.alb),
            },
            ...(legacy
                ? [
                      {
                          Sid: "ApplicationLoadBalancerLegacy",
                          Effect: "Allow",
                          Principal: { AWS: `arn:${partition}:iam::${legacy}:root` },
                          Action: "s3:PutObject",
                          Resource: objects(LOG_PREFIX.alb),
                      },
                  ]
                : []),
            {
                Sid: "NetworkLoadBalancerCheck",
                Effect: "Allow",
                Principal: { Service: "delivery.logs.amazonaws.com" },
                Action: "s3:GetBucketAcl",
                Resource: bucketArn,
                Condition: delivery,
            },
            {
                Sid: "NetworkLoadBalancer",
                Effect: "Allow",
                Principal: { Service: "delivery.logs.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: objects(LOG_PREFIX.nlb),
                Condition: {
                    ...delivery,
                    StringEquals: {
                        ...delivery.StringEquals,
                        "s3:x-amz-acl": "bucket-owner-full-control",
                    },
                },
            },
        ],
    });
}
