import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "./arn";
import { accountAdministers, rotatingKey } from "./rotating-key";

export interface EncryptedLogGroupArgs {
    /** Region of the group and its key. */
    region: string;
    /** Physical name, where a service asks for one; autonamed otherwise. */
    logGroupName?: string;
    /** What is logged, for the key's description. */
    what: string;
    /** Days that entries are kept. */
    retentionInDays: number;
    /** Protect group and key from deletion by Pulumi. */
    protect: boolean;
    tags: Record<string, string>;
}

/** A log group with a retention and a customer key of its own that rotates yearly, as children of `parent`. */
export function encryptedLogGroup(
    name: string,
    parent: pulumi.Resource,
    args: EncryptedLogGroupArgs,
): cloudwatch.LogGroup {
    const { region, protect, tags } = args;
    const key = rotatingKey(
        `${name}-key`,
        {
            region,
            description: `Encrypts ${args.what}`,
            tags: { ...tags, Name: `${name}-key` },
        },
        { parent, protect },
    );
    // Apart from the key, because it names the account, which only the key's own ARN tells without a lookup.
    const policy = new kms.KeyPolicy(
        `${name}-key-policy`,
        { region, keyId: key.id, policy: key.arn.apply((arn) => logKeyPolicy(arn, region)) },
        { parent },
    );
    return new cloudwatch.LogGroup(
        name,
        {
            region,
            name: args.logGroupName,
            retentionInDays: args.retentionInDays,
            kmsKeyId: key.arn,
            tags: { ...tags, Name: name },
        },
        { parent, protect, dependsOn: policy },
    );
}

/** Lets the account administer the key, and CloudWatch Logs of this region encrypt with it. */
function logKeyPolicy(keyArn: string, region: string): string {
    const partition = partitionOf(region);
    const account = accountOf(keyArn);
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            accountAdministers(keyArn, region),
            {
                Sid: "Logs",
                Effect: "Allow",
                Principal: { Service: `logs.${region}.amazonaws.com` },
                Action: [
                    "kms:Encrypt*",
                    "kms:Decrypt*",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:Describe*",
                ],
                Resource: "*",
                Condition: {
                    ArnLike: {
                        "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${account}:log-group:*`,
                    },
                },
            },
        ],
    });
}
