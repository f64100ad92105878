import * as assert from "node:assert/strict";
import { dependsOn } from "../placed";
import type { Values } from "../recorder";
import { create, pick, plain, REGION, T } from "./fixture";

describe("LoadBalancerTier's access logs", () => {
    const statements = (policy: unknown) =>
        JSON.parse(String(policy)).Statement as {
            Sid: string;
            Effect: string;
            Principal: unknown;
            Action: string;
            Resource: string | string[];
            Condition?: Record<string, Record<string, string>>;
        }[];

    it("go for both balancers to one bucket, after its policy allows it", async () => {
        const r = await plain();
        for (const role of ["nlb", "alb"]) {
            const balancer = r.one(T.balancer, `lb-${role}`);
            assert.deepEqual(balancer.inputs.accessLogs, {
                bucket: "lb-logs-id",
                prefix: role,
                enabled: true,
            });
            assert.ok(
                dependsOn(balancer).some((d) => d.endsWith(`${T.bucketPolicy}::lb-logs`)),
                dependsOn(balancer).join(),
            );
        }
    });

    it("can be left out, with their bucket", async () => {
        const r = await create({ accessLogs: false });
        assert.deepEqual(
            r.resources.filter((x) => x.type.startsWith("aws:s3/")),
            [],
        );
        for (const balancer of r.of(T.balancer))
            assert.equal(balancer.inputs.accessLogs, undefined);
    });

    it("lie in a protected bucket that is private, versioned, encrypted by S3's key, and forgets", async () => {
        const r = await create({ accessLogDays: 30 });
        const one = (kind: string) =>
            r.one(`aws:s3/${kind[0]!.toLowerCase()}${kind.slice(1)}:${kind}`).inputs;
        assert.equal(r.one(T.bucket).opts.protect, true);
        assert.deepEqual(
            pick(
                one("BucketPublicAccessBlock"),
                "blockPublicAcls",
                "blockPublicPolicy",
                "ignorePublicAcls",
                "restrictPublicBuckets",
            ),
            {
                blockPublicAcls: true,
                blockPublicPolicy: true,
                ignorePublicAcls: true,
                restrictPublicBuckets: true,
            },
        );
        assert.deepEqual(one("BucketVersioning").versioningConfiguration, { status: "Enabled" });
        assert.deepEqual(one("BucketServerSideEncryptionConfiguration").rules, [
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ]);
        assert.deepEqual(one("BucketOwnershipControls").rule, {
            objectOwnership: "BucketOwnerEnforced",
        });
        const [rule] = one("BucketLifecycleConfiguration").rules as Values[];
        assert.deepEqual(rule?.expiration, { days: 30 });
        assert.deepEqual(rule?.noncurrentVersionExpiration, { noncurrentDays: 7 });
        assert.equal((await create({ protect: false })).one(T.bucket).opts.protect, false);
    });

    it("are written by AWS's log services for this account only, and by TLS only", async () => {
        const r = await plain();
        const bucket = `arn:aws:s3:${REGION}:123456789012:bucket/lb-logs`;
        const objects = (prefix: string) => `${bucket}/${prefix}/AWSLogs/123456789012/*`;
        const found = statements(r.one(T.bucketPolicy).inputs.policy);
        assert.deepEqual(
            found.map(({ Sid, Effect, Principal, Action, Resource }) => [
                Sid,
                Effect,
                Principal,
                Action,
                Resource,
            ]),
            [
                ["TlsOnly", "Deny", "*", "s3:*", [bucket, `${bucket}/*`]],
                [
                    "ApplicationLoadBalancer",
                    "Allow",
                    { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
                    "s3:PutObject",
                    objects("alb"),
                ],
                [
                    "ApplicationLoadBalancerLegacy",
                    "Allow",
                    { AWS: "arn:aws:iam::156460612806:root" },
                    "s3:PutObject",
                    objects("alb"),
                ],
                [
                    "NetworkLoadBalancerCheck",
                    "Allow",
                    { Service: "delivery.logs.amazonaws.com" },
                    "s3:GetBucketAcl",
                    bucket,
                ],
                [
                    "NetworkLoadBalancer",
                    "Allow",
                    { Service: "delivery.logs.amazonaws.com" },
                    "s3:PutObject",
                    objects("nlb"),
                ],
            ],
        );
        assert.deepEqual(found[0]?.Condition, { Bool: { "aws:SecureTransport": "false" } });
        const source = {
            ArnLike: { "aws:SourceArn": `arn:aws:logs:${REGION}:123456789012:*` },
            StringEquals: { "aws:SourceAccount": "123456789012" },
        };
        assert.deepEqual(found[3]?.Condition, source);
        assert.deepEqual(found[4]?.Condition, {
            ...source,
            StringEquals: {
                ...source.StringEquals,
                "s3:x-amz-acl": "bucket-owner-full-control",
            },
        });
    });

    it("admit no older account in a region that never had one", async () => {
        const r = await create({ region: "il-central-1" });
        assert.deepEqual(
            statements(r.one(T.bucketPolicy).inputs.policy).map((s) => s.Sid),
            [
                "TlsOnly",
                "ApplicationLoadBalancer",
                "NetworkLoadBalancerCheck",
                "NetworkLoadBalancer",
            ],
        );
    });
});
