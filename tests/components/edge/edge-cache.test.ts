import assert from "node:assert/strict";
import { EdgeCache, EdgePlaces, type EdgeCacheArgs } from "logcaster-scaling/edge";
import { dependsOn, names, orphans } from "../placed";
import { record } from "../recorder";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1";

const args = (changes: Partial<EdgeCacheArgs> = {}): EdgeCacheArgs => ({
    environment: "prod",
    zoneId: "Z0GIVEN",
    edgeHost: "read.logs.example.com",
    originHost: "http.logs.example.com",
    certificateArn: CERTIFICATE,
    paths: [
        { path: "/health", seconds: 0 },
        { path: "/static/*", seconds: 3600 },
        { path: "/pictures/*", seconds: 3600 },
    ],
    protect: true,
    ...changes,
});
const recordEdge = (changes: Partial<EdgeCacheArgs> = {}) =>
    record(() => new EdgeCache("edge", args(changes)), {
        outputs: (type, name) =>
            type === "aws:cloudfront/distribution:Distribution"
                ? {
                      arn: "arn:aws:cloudfront::123456789012:distribution/E1",
                      domainName: "d1.cloudfront.net",
                      hostedZoneId: "Z2FDTNDATAQYW2",
                  }
                : type.startsWith("aws:cloudwatch/logDelivery")
                  ? { arn: `arn:aws:logs:us-east-1:123456789012:${name}` }
                  : {},
    });

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const POLICY = "aws:cloudfront/cachePolicy:CachePolicy";
const ACL = "aws:wafv2/webAcl:WebAcl";

interface Behaviour {
    pathPattern?: string;
    cachePolicyId: string;
    originRequestPolicyId?: string;
    allowedMethods: string[];
    viewerProtocolPolicy: string;
}

describe("EdgeCache", () => {
    let recording: Awaited<ReturnType<typeof recordEdge>>;
    before(async () => {
        recording = await recordEdge();
    });
    const distribution = () => recording.one(DISTRIBUTION);
    const behaviours = (): Behaviour[] => [
        distribution().inputs.defaultCacheBehavior as Behaviour,
        ...(distribution().inputs.orderedCacheBehaviors as Behaviour[]),
    ];

    it("answers for its own name by TLS 1.2 or newer, with the account's certificate, protected", () => {
        assert.deepEqual(orphans(recording.resources, "edge"), []);
        const { inputs, opts } = distribution();
        assert.deepEqual(inputs.aliases, ["read.logs.example.com"]);
        assert.deepEqual(inputs.viewerCertificate, {
            acmCertificateArn: CERTIFICATE,
            sslSupportMethod: "sni-only",
            minimumProtocolVersion: "TLSv1.2_2021",
        });
        assert.equal(opts.protect, true);
    });

    it("asks the geo-routed name alone, over HTTPS with TLS 1.2", () => {
        assert.deepEqual(distribution().inputs.origins, [
            {
                originId: "regions",
                domainName: "http.logs.example.com",
                customOriginConfig: {
                    httpPort: 80,
                    httpsPort: 443,
                    originProtocolPolicy: "https-only",
                    originSslProtocols: ["TLSv1.2"],
                    originReadTimeout: 30,
                    originKeepaliveTimeout: 60,
                },
            },
        ]);
    });

    it("takes reads alone and turns them to HTTPS, on every path", () => {
        for (const { allowedMethods, viewerProtocolPolicy } of behaviours()) {
            assert.deepEqual(
                [allowedMethods, viewerProtocolPolicy],
                [["GET", "HEAD", "OPTIONS"], "redirect-to-https"],
            );
        }
    });

    it("keeps answers by path: one policy a time, none where nothing is kept", () => {
        assert.deepEqual(
            behaviours().map((each) => [
                each.pathPattern,
                each.cachePolicyId,
                each.originRequestPolicyId,
            ]),
            [
                [undefined, "edge-keep-60-id", undefined],
                [
                    "/health",
                    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                    "b689b0a8-53d0-40ab-baf2-68738e2966ac",
                ],
                ["/static/*", "edge-keep-3600-id", undefined],
                ["/pictures/*", "edge-keep-3600-id", undefined],
            ],
        );
        assert.deepEqual(names(recording.resources, POLICY), ["edge-keep-3600", "edge-keep-60"]);
    });

    it("lets an origin's own answer count, up to the time, and never gives one bearer's answer to another", () => {
        const { inputs } = recording.one(POLICY, "edge-keep-60");
        assert.deepEqual([inputs.minTtl, inputs.defaultTtl, inputs.maxTtl], [0, 60, 60]);
        assert.deepEqual(inputs.parametersInCacheKeyAndForwardedToOrigin, {
            enableAcceptEncodingBrotli: true,
            enableAcceptEncodingGzip: true,
            queryStringsConfig: { queryStringBehavior: "all" },
            headersConfig: { headerBehavior: "whitelist", headers: { items: ["Authorization"] } },
            cookiesConfig: { cookieBehavior: "none" },
        });
    });

    it("forgets an origin's failure sooner than DNS leaves a region", () => {
        assert.deepEqual(
            distribution().inputs.customErrorResponses,
            [500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 1 })),
        );
    });

    it("filters by a web ACL in us-east-1, only where asked", async () => {
        const { inputs } = recording.one(ACL);
        assert.deepEqual([inputs.region, inputs.scope], ["us-east-1", "CLOUDFRONT"]);
        const rules = inputs.rules as {
            priority: number;
            statement: {
                managedRuleGroupStatement?: { name: string };
                rateBasedStatement?: { limit: number };
            };
        }[];
        assert.deepEqual(
            rules.map(({ priority, statement }) => [
                priority,
                statement.managedRuleGroupStatement?.name ?? statement.rateBasedStatement?.limit,
            ]),
            [
                [1, "AWSManagedRulesAmazonIpReputationList"],
                [2, "AWSManagedRulesKnownBadInputsRuleSet"],
                [3, "AWSManagedRulesCommonRuleSet"],
                [4, 2000],
            ],
        );
        assert.match(String(distribution().inputs.webAclId), /webAcl\/edge-acl$/);
        const without = await recordEdge({ webAcl: false });
        assert.deepEqual(names(without.resources, ACL), []);
        assert.equal(without.one(DISTRIBUTION).inputs.webAclId, undefined);
    });

    it("delivers its log into a closed bucket that this one source may write to, by TLS", () => {
        const source = recording.one("aws:cloudwatch/logDeliverySource:LogDeliverySource");
        assert.deepEqual(
            [source.inputs.region, source.inputs.logType, source.inputs.resourceArn],
            ["us-east-1", "ACCESS_LOGS", "arn:aws:cloudfront::123456789012:distribution/E1"],
        );
        const bucket = recording.one("aws:s3/bucket:Bucket");
        assert.equal(bucket.opts.protect, true);
        const bucketArn = `arn:aws:s3:us-east-1:123456789012:bucket/edge-logs`;
        const destination = recording.one(
            "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        );
        assert.deepEqual(destination.inputs.deliveryDestinationConfiguration, {
            destinationResourceArn: bucketArn,
        });
        const { inputs } = recording.one("aws:s3/bucketPolicy:BucketPolicy");
        const [deny, allow] = JSON.parse(String(inputs.policy)).Statement;
        assert.deepEqual(
            [deny.Effect, deny.Condition],
            ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
        );
        assert.deepEqual(allow, {
            Sid: "LogDelivery",
            Effect: "Allow",
            Principal: { Service: "delivery.logs.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${bucketArn}/AWSLogs/123456789012/CloudFront/*`,
            Condition: {
                StringEquals: {
                    "s3:x-amz-acl": "bucket-owner-full-control",
                    "aws:SourceAccount": "123456789012",
                },
                ArnLike: {
                    "aws:SourceArn":
                        "arn:aws:logs:us-east-1:123456789012:delivery-source:logcaster-prod-edge",
                },
            },
        });
        const delivery = recording.one("aws:cloudwatch/logDelivery:LogDelivery");
        assert.ok(dependsOn(delivery).some((each) => each.includes("bucketPolicy")));
        const lifecycle = recording.one(
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        );
        const [rule] = lifecycle.inputs.rules as { expiration: { days: number } }[];
        assert.equal(rule?.expiration.days, 365);
    });

    it("is found by IPv4 and IPv6, through aliases in the zone", () => {
        for (const type of ["A", "AAAA"]) {
            const { inputs } = recording.one(
                "aws:route53/record:Record",
                `edge-${type.toLowerCase()}`,
            );
            assert.deepEqual(
                [inputs.zoneId, inputs.name, inputs.type, inputs.aliases],
                [
                    "Z0GIVEN",
                    "read.logs.example.com",
                    type,
                    [
                        {
                            name: "d1.cloudfront.net",
                            zoneId: "Z2FDTNDATAQYW2",
                            evaluateTargetHealth: false,
                        },
                    ],
                ],
            );
        }
    });

    it("is in as many places as asked", async () => {
        const fewer = await recordEdge({ places: EdgePlaces.Fewest });
        assert.equal(distribution().inputs.priceClass, "PriceClass_All");
        assert.equal(fewer.one(DISTRIBUTION).inputs.priceClass, "PriceClass_100");
    });

    it("keeps /health and /metrics nowhere where no paths are given", async () => {
        const { inputs } = (await recordEdge({ paths: undefined })).one(DISTRIBUTION);
        assert.deepEqual(
            (inputs.orderedCacheBehaviors as Behaviour[]).map((each) => [
                each.pathPattern,
                each.cachePolicyId,
            ]),
            ["/health", "/metrics"].map((path) => [path, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"]),
        );
    });

    it("refuses every mistake at once, with what is allowed and why", async () => {
        await assert.rejects(
            recordEdge({
                certificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1"),
                edgeHost: "http.logs.example.com",
                defaultSeconds: -1,
                requestsPerFiveMinutes: 1,
                logDays: 0,
                paths: [
                    { path: "static", seconds: 1.5 },
                    { path: "/a", seconds: 1 },
                    { path: "/a", seconds: 2 },
                ],
            }),
            (error: Error) => {
                assert.deepEqual(
                    error.message
                        .split("\n")
                        .map((line) => line.replace("edge: ", "").split(" ")[0]),
                    [
                        "certificateArn",
                        "edgeHost",
                        "defaultSeconds",
                        "requestsPerFiveMinutes",
                        "logDays",
                        "paths[0].seconds",
                        "paths[0].path",
                        "paths[2].path",
                    ],
                );
                return true;
            },
        );
    });
});
