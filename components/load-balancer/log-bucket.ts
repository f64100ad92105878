import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../arn";
import { LEFTOVER_DAYS, LEGACY_LOG_ACCOUNTS, LOG_PREFIX } from "./defaults";

export interface LogBucketArgs {
    region: string;
    /** The account whose load balancers write. */
    accountId: pulumi.Output<string>;
    /** Days that a log object is kept. */
    days: number;
    protect: boolean;
    tags: Record<string, string>;
}

/** A private, versioned bucket that both kinds of load balancer may write to, and what they must wait for. */
export function logBucket(
    name: string,
    parent: pulumi.Resource,
    args: LogBucketArgs,
): { bucket: pulumi.Output<string>; ready: pulumi.Resource[] } {
    const { region, protect, tags } = args;
    const child = `${name}-logs`;
    const own = { parent };
    const bucket = new s3.Bucket(
        child,
        { region, tags: { ...tags, Name: child } },
        { parent, protect },
    );
    const of = { region, bucket: bucket.id };
    const closed = new s3.BucketPublicAccessBlock(
        child,
        {
            ...of,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        },
        own,
    );
    new s3.BucketOwnershipControls(
        child,
        { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
        own,
    );
    // S3's own key: an application load balancer writes to no bucket with another.
    const encrypted = new s3.BucketServerSideEncryptionConfiguration(
        child,
        { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        own,
    );
    const versioned = new s3.BucketVersioning(
        child,
        { ...of, versioningConfiguration: { status: "Enabled" } },
        own,
    );
    new s3.BucketLifecycleConfiguration(
        child,
        {
            ...of,
            rules: [
                {
                    id: "expire",
                    status: "Enabled",
                    filter: { prefix: "" },
                    expiration: { days: args.days },
                    noncurrentVersionExpiration: { noncurrentDays: LEFTOVER_DAYS },
                    abortIncompleteMultipartUpload: { daysAfterInitiation: LEFTOVER_DAYS },
                },
            ],
        },
        { parent, dependsOn: versioned },
    );
    const policy = new s3.BucketPolicy(
        child,
        {
            ...of,
            policy: pulumi
                .all([bucket.arn, args.accountId])
                .apply(([arn, account]) => logPolicy(arn, account, region)),
        },
        { parent, dependsOn: closed },
    );
    return { bucket: bucket.id, ready: [policy, encrypted] };
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
            {
                Sid: "TlsOnly",
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [bucketArn, `${bucketArn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
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
