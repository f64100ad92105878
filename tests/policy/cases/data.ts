import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const allow = (rest: object) => JSON.stringify({ Statement: { Effect: "Allow", ...rest } });
const OLDER = "aws:s3/bucketV2:BucketV2";
const roleMay = (rest: object): Cases[string][string]["change"] => {
    return (s) => s.set("role-policy", "policy", allow(rest));
};

export const DATA_CASES: Cases = {
    "logcaster-logs-expire": {
        "no retention": {
            change: (s) => s.set("flow-log-group", "retentionInDays", undefined),
            says: ["flow-log-group: retentionInDays is not set, must be given"],
        },
        "retention for ever": {
            change: (s) => s.set("flow-log-group", "retentionInDays", 0),
            says: ["flow-log-group: retentionInDays is 0, must be given"],
        },
        "retention not known yet": {
            change: (s) => s.set("flow-log-group", "retentionInDays", UNKNOWN),
            unknown: ["retentionInDays"],
        },
    },
    "logcaster-logs-keep-audit-trail": {
        "a month": {
            change: (s) => s.set("flow-log-group", "retentionInDays", 30),
            says: [
                "flow-log-group: retentionInDays of an audit log is 30, limit 365 (minAuditDays)",
            ],
        },
        "a month of something else": {
            change: (s) =>
                s.add("aws:cloudwatch/logGroup:LogGroup", "application", { retentionInDays: 30 }),
        },
        "other names and a longer time": {
            change: (s) =>
                s.add("aws:cloudwatch/logGroup:LogGroup", "group", {
                    name: "/app/orders",
                    retentionInDays: 365,
                }),
            config: { auditNames: "orders", minAuditDays: 400 },
            says: ["group: retentionInDays of an audit log is 365, limit 400 (minAuditDays)"],
        },
        "retention not known yet": {
            change: (s) => s.set("flow-log-group", "retentionInDays", UNKNOWN),
            unknown: ["retentionInDays"],
        },
    },
    "logcaster-logs-use-own-key": {
        "AWS's key": {
            change: (s) => s.set("flow-log-group", "kmsKeyId", undefined),
            says: ["flow-log-group: kmsKeyId is not set, must be a key of the account"],
        },
        "a key not known yet is a key": {
            change: (s) => s.set("flow-log-group", "kmsKeyId", UNKNOWN),
        },
    },
    "logcaster-bucket-block-public-access": {
        "an open bucket, of the older type too": {
            change: (s) => s.remove("bucket-closed").add(OLDER, "older-bucket", {}),
            says: [
                "bucket: no BucketPublicAccessBlock closes the bucket",
                "older-bucket: no BucketPublicAccessBlock closes the bucket",
            ],
        },
        "closed in two ways": {
            change: (s) =>
                s
                    .set("bucket-closed", "blockPublicAcls", undefined)
                    .set("bucket-closed", "restrictPublicBuckets", false),
            says: [
                "bucket: blockPublicAcls is not set, must be true",
                "bucket: restrictPublicBuckets is false, must be true",
            ],
        },
        "one way not known yet does not hide another": {
            change: (s) =>
                s
                    .set("bucket-closed", "blockPublicAcls", UNKNOWN)
                    .set("bucket-closed", "blockPublicPolicy", false),
            says: ["bucket: blockPublicPolicy is false, must be true"],
            unknown: ["blockPublicAcls"],
        },
    },
    "logcaster-bucket-encrypt": {
        "nothing said": {
            change: (s) => s.remove("bucket-encrypted"),
            says: [
                "bucket: no BucketServerSideEncryptionConfiguration says how the bucket is encrypted",
            ],
        },
        inline: {
            change: (s) =>
                s
                    .remove("bucket-encrypted")
                    .set("bucket", "serverSideEncryptionConfiguration", { rule: {} }),
        },
        "inline in the older type": {
            change: (s) =>
                s.add(OLDER, "older", { serverSideEncryptionConfigurations: [{ rules: [] }] }),
        },
        "another bucket, which is not known yet": {
            change: (s) => s.refer("bucket-encrypted", "bucket"),
            says: [
                "bucket: no BucketServerSideEncryptionConfiguration says how the bucket is encrypted",
            ],
        },
    },
    "logcaster-bucket-keep-versions": {
        "no versions": {
            change: (s) => s.remove("bucket-versions"),
            says: ["bucket: the bucket's versioning is not set, must be Enabled"],
        },
        "suspended versions": {
            change: (s) => s.set("bucket-versions", "versioningConfiguration.status", "Suspended"),
            says: ["bucket: the bucket's versioning is Suspended, must be Enabled"],
        },
        inline: {
            change: (s) =>
                s.remove("bucket-versions").set("bucket", "versioning", { enabled: true }),
        },
        "inline in the older type": {
            change: (s) => s.add(OLDER, "older", { versionings: [{ enabled: true }] }),
        },
        "switched off in the older type": {
            change: (s) => s.add(OLDER, "older", { versionings: [{ enabled: false }] }),
            says: ["older: the bucket's versioning is not set, must be Enabled"],
        },
        "a bucket that needs none": {
            change: (s) => s.remove("bucket-versions"),
            config: { exemptNames: "^bucket$" },
        },
        "versions not known yet": {
            change: (s) => s.set("bucket-versions", "versioningConfiguration", UNKNOWN),
            unknown: ["versioningConfiguration"],
        },
    },
    "logcaster-bucket-log-access": {
        "no logs": {
            change: (s) => s.remove("bucket-logging"),
            says: ["bucket: no BucketLogging says who reads and writes the bucket"],
        },
        inline: {
            change: (s) =>
                s.remove("bucket-logging").set("bucket", "logging", { targetBucket: UNKNOWN }),
        },
        "inline in the older type": {
            change: (s) => s.add(OLDER, "older", { loggings: [{ targetBucket: "x" }] }),
        },
        "an empty list in the older type": {
            change: (s) => s.add(OLDER, "older", { loggings: [] }),
            says: ["older: no BucketLogging says who reads and writes the bucket"],
        },
        "a bucket of logs": {
            change: (s) => s.add(OLDER, "access-logs", {}),
        },
        "a choice of the stack": {
            change: (s) => s.remove("bucket-logging"),
            config: { exemptNames: "^bucket$" },
        },
        "logs of a bucket not known yet": {
            change: (s) => s.refer("bucket-logging", "bucket"),
            says: ["bucket: no BucketLogging says who reads and writes the bucket"],
        },
    },
    "logcaster-bucket-require-tls": {
        "no policy": {
            change: (s) => s.remove("bucket-policy"),
            says: ["bucket: no bucket policy denies requests with aws:SecureTransport false"],
        },
        "a policy about something else": {
            change: (s) => s.set("bucket-policy", "policy", allow({ Action: "s3:GetObject" })),
            says: ["bucket: no bucket policy denies requests with aws:SecureTransport false"],
        },
        "a policy not known yet": { change: (s) => s.set("bucket-policy", "policy", UNKNOWN) },
    },
    "logcaster-key-rotate": {
        "no rotation": {
            change: (s) => s.set("key", "enableKeyRotation", undefined),
            says: ["key: enableKeyRotation is not set, must be true"],
        },
        "a signing key, which cannot": {
            change: (s) =>
                s
                    .set("key", "enableKeyRotation", false)
                    .set("key", "customerMasterKeySpec", "ECC_NIST_P256"),
        },
        "rotation not known yet": {
            change: (s) => s.set("key", "enableKeyRotation", UNKNOWN),
            unknown: ["enableKeyRotation"],
        },
    },
    "logcaster-iam-name-actions": {
        "everything everywhere": {
            change: roleMay({ Action: "*", Resource: "*" }),
            says: ["role-policy: every action is allowed on *"],
        },
        "everything on one resource": {
            change: roleMay({ Action: ["*"], Resource: "arn:aws:s3:::a" }),
            says: ["role-policy: every action is allowed on arn:aws:s3:::a"],
        },
        "a service everywhere": {
            change: roleMay({ Action: ["s3:*", "ec2:List*"], Resource: ["arn:aws:s3:::a", "*"] }),
            says: ["role-policy: s3:* is allowed on every resource"],
        },
        "everything but": {
            change: roleMay({ NotAction: "iam:*", Resource: "*" }),
            says: ["role-policy: everything but iam:* is allowed on every resource"],
        },
        "under a condition": {
            change: roleMay({
                Action: "ec2:*",
                Resource: "*",
                Condition: { StringEquals: { "ec2:Region": "us-east-1" } },
            }),
        },
        "inside a role": {
            change: (s) =>
                s.set("role", "inlinePolicies", [
                    { name: "all", policy: allow({ Action: "s3:*", Resource: "*" }) },
                    { name: "later", policy: UNKNOWN },
                ]),
            says: ["role: s3:* is allowed on every resource"],
        },
        "a document not known yet": { change: (s) => s.set("role-policy", "policy", UNKNOWN) },
    },
    "logcaster-iam-limit-pass-role": {
        "any role": {
            change: roleMay({ Action: ["iam:PassRole"], Resource: "*" }),
            says: ["role-policy: iam:PassRole is allowed for every role"],
        },
        "any role by wildcard": {
            change: roleMay({ Action: "iam:*", Resource: "*" }),
            says: ["role-policy: iam:PassRole is allowed for every role"],
        },
        "to one service": {
            change: roleMay({
                Action: "iam:PassRole",
                Resource: "*",
                Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
            }),
        },
        "a document not known yet": { change: (s) => s.set("role-policy", "policy", UNKNOWN) },
    },
    "logcaster-iam-attach-no-administrator": {
        "an administrator": {
            change: (s) =>
                s
                    .set("attachment", "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess")
                    .set("role", "managedPolicyArns", ["arn:aws:iam::aws:policy/IAMFullAccess"]),
            says: [
                "role: the attached policy is IAMFullAccess, must be one that names what is needed",
                "attachment: the attached policy is AdministratorAccess, must be one that names what is needed",
            ],
        },
        "a policy of the account by that name": {
            change: (s) =>
                s.set("attachment", "policyArn", "arn:aws:iam::1:policy/AdministratorAccess"),
        },
        "a choice of the stack": {
            config: { refusedPolicies: ["AmazonSSMManagedInstanceCore"] },
            says: [
                "attachment: the attached policy is AmazonSSMManagedInstanceCore, must be one that names what is needed",
            ],
        },
        "a policy not known yet is one of the stack": {
            change: (s) => s.set("attachment", "policyArn", UNKNOWN),
        },
    },
    "logcaster-secret-use-own-key": {
        "AWS's key": {
            change: (s) => s.set("secret", "kmsKeyId", undefined),
            says: ["secret: kmsKeyId is not set, must be a key of the account"],
        },
        "a key not known yet is a key": { change: (s) => s.set("secret", "kmsKeyId", UNKNOWN) },
    },
    "logcaster-secret-rotate": {
        "no rotation": {
            change: (s) => s.remove("rotation"),
            says: [
                "secret: nothing rotates the secret, must be a SecretRotation or a recorded reason",
            ],
        },
        "a rotation of a secret not known yet": {
            change: (s) => s.refer("rotation", "secretId"),
            says: [
                "secret: nothing rotates the secret, must be a SecretRotation or a recorded reason",
            ],
        },
    },
};
