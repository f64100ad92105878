import * as cloudfront from "@pulumi/aws/cloudfront";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { HTTPS_PORT, HTTP_PORT } from "../dns/defaults";
import { given } from "../given";
import { refuse } from "../problems";
import type { EdgeCacheArgs } from "./args";
import {
    CACHED_METHODS,
    EDGE_DEFAULTS,
    ERRORS,
    MANAGED_POLICY,
    ORIGIN_TLS,
    READ_METHODS,
    VIEWER_TLS,
} from "./defaults";
import { deliverLogs } from "./logs";
import { edgeProblems } from "./validate";
import { createWebAcl } from "./web-acl";

/**
 * CloudFront before the HTTP reads of all regions: answers near the reader, kept per path, over TLS 1.2 or newer, logged, and
 * filtered by a web ACL. Its one origin is the geo-routed name of HTTP: an edge asks the nearest healthy region, and when a
 * region is lost, DNS leads edges away from it. Ingest does not pass here: an origin group would refuse POST, and a write
 * should fail where it is made.
 *
 * An answer for one bearer of an `Authorization` header is never given to another: the header is part of the cache's key.
 *
 * **Cost**: requests and data by use; a web ACL 5 USD a month and 1 a rule, of which there are four, and requests by use.
 * **Limits**: GET, HEAD and OPTIONS alone; 25 paths a distribution by default; a change takes minutes to reach every edge.
 */
export class EdgeCache extends pulumi.ComponentResource {
    /** What readers ask. */
    readonly edgeHost: pulumi.Output<string>;
    /** What an invalidation names. */
    readonly distributionId: pulumi.Output<string>;
    /** CloudFront's own name for it. */
    readonly domainName: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: EdgeCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:EdgeCache", name, {}, opts);
        refuse(this, name, edgeProblems(args));
        const options = withDefaults(args);
        const { edgeHost, protect } = options;
        const tags = { "logcaster:component": "edge" };
        const behaviour = behaviours(name, this, options);
        const acl = options.webAcl
            ? createWebAcl(name, this, options.requestsPerFiveMinutes, tags)
            : undefined;
        const distribution = new cloudfront.Distribution(
            name,
            {
                comment: `LogCaster ${options.environment}: reads`,
                enabled: true,
                isIpv6Enabled: true,
                httpVersion: "http2and3",
                priceClass: options.places,
                aliases: [edgeHost],
                origins: [origin(options.originHost)],
                defaultCacheBehavior: behaviour(options.defaultSeconds),
                orderedCacheBehaviors: options.paths.map(({ path, seconds }) => ({
                    pathPattern: path,
                    ...behaviour(seconds),
                })),
                customErrorResponses: ERRORS.map((errorCode) => ({
                    errorCode,
                    errorCachingMinTtl: EDGE_DEFAULTS.errorSeconds,
                })),
                restrictions: { geoRestriction: { restrictionType: "none" } },
                viewerCertificate: {
                    acmCertificateArn: options.certificateArn,
                    sslSupportMethod: "sni-only",
                    minimumProtocolVersion: VIEWER_TLS,
                },
                webAclId: acl?.arn,
                tags: { ...tags, Name: name },
            },
            { parent: this, protect },
        );
        deliverLogs(name, this, {
            arn: distribution.arn,
            logName: `logcaster-${options.environment}-${name}`,
            days: options.logDays,
            protect,
            tags,
        });
        for (const type of ["A", "AAAA"] as const) {
            new route53.Record(
                `${name}-${type.toLowerCase()}`,
                {
                    zoneId: options.zoneId,
                    name: edgeHost,
                    type,
                    aliases: [
                        {
                            name: distribution.domainName,
                            zoneId: distribution.hostedZoneId,
                            // CloudFront has no health of its own to evaluate; its origin's name does that.
                            evaluateTargetHealth: false,
                        },
                    ],
                },
                { parent: this },
            );
        }

        this.edgeHost = pulumi.output(edgeHost);
        this.distributionId = distribution.id;
        this.domainName = distribution.domainName;
        this.registerOutputs({
            edgeHost: this.edgeHost,
            distributionId: this.distributionId,
            domainName: this.domainName,
        });
    }
}

type Options = Required<EdgeCacheArgs>;

function withDefaults(args: EdgeCacheArgs): Options {
    return { ...EDGE_DEFAULTS, ...given(args) };
}

const ORIGIN = "regions";

const origin = (domainName: string) => ({
    originId: ORIGIN,
    domainName,
    customOriginConfig: {
        httpPort: HTTP_PORT,
        httpsPort: HTTPS_PORT,
        originProtocolPolicy: "https-only",
        originSslProtocols: [ORIGIN_TLS],
        originReadTimeout: EDGE_DEFAULTS.originReadSeconds,
        originKeepaliveTimeout: EDGE_DEFAULTS.originKeepaliveSeconds,
    },
});

/** What happens to the requests of a path, by how long its answers are kept: a cache policy for each time, made once. */
function behaviours(name: string, parent: pulumi.Resource, { environment }: Options) {
    const policies = new Map<number, cloudfront.CachePolicy>();
    const policyOf = (seconds: number) => {
        const made = policies.get(seconds) ?? cachePolicy(name, parent, environment, seconds);
        policies.set(seconds, made);
        return made.id;
    };
    return (seconds: number) => ({
        targetOriginId: ORIGIN,
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: READ_METHODS,
        cachedMethods: CACHED_METHODS,
        compress: true,
        responseHeadersPolicyId: MANAGED_POLICY.securityHeaders,
        ...(seconds === 0
            ? {
                  cachePolicyId: MANAGED_POLICY.cachingDisabled,
                  originRequestPolicyId: MANAGED_POLICY.allViewerExceptHostHeader,
              }
            : { cachePolicyId: policyOf(seconds) }),
    });
}

function cachePolicy(
    name: string,
    parent: pulumi.Resource,
    environment: string,
    seconds: number,
): cloudfront.CachePolicy {
    return new cloudfront.CachePolicy(
        `${name}-keep-${seconds}`,
        {
            name: `logcaster-${environment}-${name}-keep-${seconds}`,
            comment: `An origin's own answer counts, up to ${seconds} s`,
            minTtl: 0,
            defaultTtl: seconds,
            maxTtl: seconds,
            parametersInCacheKeyAndForwardedToOrigin: {
                enableAcceptEncodingBrotli: true,
                enableAcceptEncodingGzip: true,
                queryStringsConfig: { queryStringBehavior: "all" },
                headersConfig: {
                    headerBehavior: "whitelist",
                    headers: { items: ["Authorization"] },
                },
                cookiesConfig: { cookieBehavior: "none" },
            },
        },
        { parent },
    );
}
