import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import type * as s3 from "@pulumi/aws/s3";
import type * as secretsmanager from "@pulumi/aws/secretsmanager";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

const TLS_ONLY = JSON.stringify({
    Statement: [
        {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
    ],
});

export function data(stack: TestStack): void {
    stack
        .add(
            "aws:cloudwatch/logGroup:LogGroup",
            "flow-log-group",
            of<cloudwatch.LogGroupArgs>({ retentionInDays: 365, kmsKeyId: UNKNOWN }),
        )
        .add("aws:s3/bucket:Bucket", "bucket", of<s3.BucketArgs>({}))
        .add(
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "bucket-closed",
            of<s3.BucketPublicAccessBlockArgs>({
                bucket: UNKNOWN,
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "bucket-encrypted",
            of<s3.BucketServerSideEncryptionConfigurationArgs>({ bucket: UNKNOWN, rules: [] }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketVersioning:BucketVersioning",
            "bucket-versions",
            of<s3.BucketVersioningArgs>({
                bucket: UNKNOWN,
                versioningConfiguration: { status: "Enabled" },
            }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketLogging:BucketLogging",
            "bucket-logging",
            of<s3.BucketLoggingArgs>({
                bucket: UNKNOWN,
                targetBucket: "access-logs",
                targetPrefix: "",
            }),
            { bucket: ["bucket"] },
        )
        .add(
            "aws:s3/bucketPolicy:BucketPolicy",
            "bucket-policy",
            of<s3.BucketPolicyArgs>({ bucket: UNKNOWN, policy: TLS_ONLY }),
            { bucket: ["bucket"] },
        )
        .add("aws:kms/key:Key", "key", of<kms.KeyArgs>({ enableKeyRotation: true }))
        .add(
            "aws:iam/role:Role",
            "role",
            of<iam.RoleArgs>({ assumeRolePolicy: "{}", managedPolicyArns: [] }),
        )
        .add(
            "aws:iam/rolePolicy:RolePolicy",
            "role-policy",
            of<iam.RolePolicyArgs>({
                role: UNKNOWN,
                policy: JSON.stringify({
                    Statement: [
                        { Effect: "Allow", Action: "ec2:Describe*", Resource: "*" },
                        { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::logs/*" },
                        {
                            Effect: "Allow",
                            Action: "iam:PassRole",
                            Resource: "arn:aws:iam::1:role/a",
                        },
                        { Effect: "Deny", Action: "*", Resource: "*" },
                    ],
                }),
            }),
        )
        .add(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "attachment",
            of<iam.RolePolicyAttachmentArgs>({
                role: UNKNOWN,
                policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
            }),
        )
        .add(
            "aws:secretsmanager/secret:Secret",
            "secret",
            of<secretsmanager.SecretArgs>({ kmsKeyId: UNKNOWN }),
        )
        .add(
            "aws:secretsmanager/secretRotation:SecretRotation",
            "rotation",
            of<secretsmanager.SecretRotationArgs>({ secretId: UNKNOWN, rotationRules: {} }),
            { secretId: ["secret"] },
        );
}
