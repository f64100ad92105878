import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "../arn";
import { closedLogBucket, denyPlainText } from "../closed-log-bucket";
import { EDGE_REGION } from "./defaults";

export interface EdgeLogArgs {
    /** The distribution. */
    arn: pulumi.Output<string>;
    /** Name of source and destination, which an account shares. */
    logName: string;
    days: number;
    protect: boolean;
    tags: Record<string, string>;
}

/**
 * Delivers every request's line into a bucket, by CloudFront's newer way through CloudWatch's log delivery: the older one asks
 * for a bucket with access lists. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export function deliverLogs(name: string, parent: pulumi.Resource, args: EdgeLogArgs): void {
    const region = EDGE_REGION;
    const { tags, protect, logName } = args;
    const { arn, ready } = closedLogBucket(`${name}-logs`, parent, {
        region,
        days: args.days,
        protect,
        tags,
        policy: (bucketArn) =>
            pulumi
                .all([bucketArn, args.arn])
                .apply(([bucket, distribution]) =>
                    deliveryPolicy(bucket, accountOf(distribution), logName),
                ),
    });
    const source = new cloudwatch.LogDeliverySource(
        `${name}-logs`,
        {
            region,
            name: logName,
            logType: "ACCESS_LOGS",
            resourceArn: args.arn,
            tags: { ...tags, Name: `${name}-logs` },
        },
        { parent },
    );
    const destination = new cloudwatch.LogDeliveryDestination(
        `${name}-logs`,
        {
            region,
            name: logName,
            outputFormat: "json",
            deliveryDestinationConfiguration: { destinationResourceArn: arn },
            tags: { ...tags, Name: `${name}-logs` },
        },
        { parent },
    );
    new cloudwatch.LogDelivery(
        `${name}-logs`,
        {
            region,
            deliverySourceName: source.name,
            deliveryDestinationArn: destination.arn,
            s3DeliveryConfigurations: [
                { suffixPath: "/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: false },
            ],
            tags: { ...tags, Name: `${name}-logs` },
        },
        { parent, dependsOn: ready },
    );
}

/** The delivery service writes for this one source of this account; everything only by TLS. */
export function deliveryPolicy(bucketArn: string, account: string, logName: string): string {
    const partition = partitionOf(EDGE_REGION);
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            denyPlainText(bucketArn),
            {
                Sid: "LogDelivery",
                Effect: "Allow",
                Principal: { Service: "delivery.logs.amazonaws.com" },
                Action: "s3:PutObject",
                Resource: `${bucketArn}/AWSLogs/${account}/CloudFront/*`,
                Condition: {
                    StringEquals: {
                        "s3:x-amz-acl": "bucket-owner-full-control",
                        "aws:SourceAccount": account,
                    },
                    ArnLike: {
                        "aws:SourceArn": `arn:${partition}:logs:${EDGE_REGION}:${account}:delivery-source:${logName}`,
                    },
                },
            },
        ],
    });
}
