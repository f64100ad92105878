import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";
import { tlsOnly } from "./tls-only";

/** Days until overwritten log objects and unfinished uploads are gone. */
const LEFTOVER_DAYS = 7;

export interface ClosedLogBucketArgs {
    region: string;
    /** Days that a log object is kept. */
    days: number;
    /** Who may write, by the bucket's ARN; it must deny plain text (`denyPlainText`). */
    policy: (bucketArn: pulumi.Output<string>) => pulumi.Output<string>;
    protect: boolean;
    tags: Record<string, string>;
}

export interface ClosedBucket {
    bucket: pulumi.Output<string>;
    arn: pulumi.Output<string>;
    ready: pulumi.Resource[];
}

/** A private, versioned bucket whose objects expire, and what who writes to it must wait for. */
export function closedLogBucket(
    name: string,
    parent: pulumi.Resource,
    args: ClosedLogBucketArgs,
): ClosedBucket {
    const { region, protect, tags } = args;
    const own = { parent };
    const bucket = new s3.Bucket(
        name,
        { region, tags: { ...tags, Name: name } },
        { parent, protect },
    );
    const of = { region, bucket: bucket.id };
    const closed = new s3.BucketPublicAccessBlock(
        name,
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
        name,
        { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
        own,
    );
    // S3's own key: an application load balancer writes to no bucket with another, and CloudFront's logs need no more.
    const encrypted = new s3.BucketServerSideEncryptionConfiguration(
        name,
        { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        own,
    );
    const versioned = new s3.BucketVersioning(
        name,
        { ...of, versioningConfiguration: { status: "Enabled" } },
        own,
    );
    new s3.BucketLifecycleConfiguration(
        name,
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
        name,
        {
            ...of,
            policy: args.policy(bucket.arn),
        },
        { parent, dependsOn: closed },
    );
    return { bucket: bucket.id, arn: bucket.arn, ready: [policy, encrypted] };
}

/** The statement that every bucket's policy begins with. */
export function denyPlainText(bucketArn: string) {
    return tlsOnly("s3:*", [bucketArn, `${bucketArn}/*`]);
}
