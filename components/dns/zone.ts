import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as kms from "@pulumi/aws/kms";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf } from "../arn";
import { encryptedLogGroup } from "../encrypted-log-group";
import { KEY_DELETION_DAYS, accountAdministers } from "../rotating-key";
import { ONLY_IN } from "./defaults";

export interface ZoneArgs {
    zoneId: pulumi.Input<string>;
    zoneName: string;
    protect: boolean;
    tags: Record<string, string>;
}

/** Signs the zone with a key in KMS; returns the DS record for the parent zone. */
export function signZone(
    name: string,
    parent: pulumi.Resource,
    { zoneId, zoneName, protect, tags }: ZoneArgs,
): pulumi.Output<string> {
    const region = ONLY_IN.dnssecKey;
    const key = new kms.Key(
        `${name}-dnssec-key`,
        {
            region,
            description: `Signs the keys of ${zoneName}`,
            // What Route 53 asks for; AWS rotates no asymmetric key.
            customerMasterKeySpec: "ECC_NIST_P256",
            keyUsage: "SIGN_VERIFY",
            deletionWindowInDays: KEY_DELETION_DAYS,
            tags: { ...tags, Name: `${name}-dnssec-key` },
        },
        { parent, protect },
    );
    const policy = new kms.KeyPolicy(
        `${name}-dnssec-key-policy`,
        { region, keyId: key.id, policy: key.arn.apply(signingPolicy) },
        { parent },
    );
    const signing = new route53.KeySigningKey(
        `${name}-dnssec`,
        {
            // Letters, digits and underscores only, which autonaming does not keep to.
            name: "logcaster",
            hostedZoneId: zoneId,
            keyManagementServiceArn: key.arn,
            status: "ACTIVE",
        },
        { parent, dependsOn: policy },
    );
    new route53.HostedZoneDnsSec(
        `${name}-dnssec`,
        { hostedZoneId: zoneId, signingStatus: "SIGNING" },
        { parent, dependsOn: signing },
    );
    return signing.dsRecord;
}

/** Logs every query of the zone. */
export function logQueries(
    name: string,
    parent: pulumi.Resource,
    { zoneId, zoneName, protect, tags, days }: ZoneArgs & { days: number },
): void {
    const region = ONLY_IN.queryLogs;
    const group = encryptedLogGroup(`${name}-queries`, parent, {
        region,
        logGroupName: `/aws/route53/${zoneName}`,
        what: `the queries of ${zoneName}`,
        retentionInDays: days,
        protect,
        tags,
    });
    const policy = new cloudwatch.LogResourcePolicy(
        `${name}-queries`,
        {
            region,
            policyName: `route53-${zoneName}`,
            policyDocument: pulumi
                .all([group.arn, zoneId])
                .apply(([arn, zone]) => queryLogPolicy(arn, zone)),
        },
        { parent },
    );
    new route53.QueryLog(
        `${name}-queries`,
        { zoneId, cloudwatchLogGroupArn: group.arn },
        { parent, dependsOn: policy },
    );
}

function signingPolicy(keyArn: string): string {
    const account = accountOf(keyArn);
    const route53Service = {
        Effect: "Allow",
        Principal: { Service: "dnssec-route53.amazonaws.com" },
        Resource: "*",
    };
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            accountAdministers(keyArn, ONLY_IN.dnssecKey),
            {
                Sid: "Sign",
                ...route53Service,
                Action: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            },
            {
                Sid: "Grant",
                ...route53Service,
                Action: "kms:CreateGrant",
                Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            },
        ],
    });
}

function queryLogPolicy(logGroupArn: string, zoneId: string): string {
    return JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "Queries",
                Effect: "Allow",
                Principal: { Service: "route53.amazonaws.com" },
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
                Resource: `${logGroupArn}:*`,
                Condition: {
                    ArnLike: {
                        "aws:SourceArn": `arn:${partitionOf(ONLY_IN.queryLogs)}:route53:::hostedzone/${zoneId}`,
                    },
                    StringEquals: { "aws:SourceAccount": accountOf(logGroupArn) },
                },
            },
        ],
    });
}
