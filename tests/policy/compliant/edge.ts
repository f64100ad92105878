import type * as cloudfront from "@pulumi/aws/cloudfront";
import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import { UNKNOWN, type TestStack } from "../stack";
import { of } from "./of";

const behaviour = {
    targetOriginId: "regions",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
};

/** A distribution before the name that a record routes by health. */
export function edge(stack: TestStack): void {
    stack
        .add(
            "aws:cloudfront/distribution:Distribution",
            "edge",
            of<cloudfront.DistributionArgs>({
                enabled: true,
                origins: [
                    {
                        originId: "regions",
                        domainName: "logs.example.com",
                        customOriginConfig: {
                            httpPort: 80,
                            httpsPort: 443,
                            originProtocolPolicy: "https-only",
                            originSslProtocols: ["TLSv1.2"],
                        },
                    },
                ],
                // What AWS may tell of.
                originGroups: UNKNOWN as never,
                defaultCacheBehavior: behaviour,
                orderedCacheBehaviors: [{ ...behaviour, pathPattern: "/health" }],
                restrictions: { geoRestriction: { restrictionType: "none" } },
                viewerCertificate: {
                    acmCertificateArn: UNKNOWN,
                    minimumProtocolVersion: "TLSv1.2_2021",
                },
                webAclId: UNKNOWN,
            }),
            { webAclId: ["acl"] },
        )
        .add("aws:wafv2/webAcl:WebAcl", "acl", { scope: "CLOUDFRONT", rules: [] })
        .add(
            "aws:cloudwatch/logDeliverySource:LogDeliverySource",
            "edge-logs",
            of<cloudwatch.LogDeliverySourceArgs>({
                logType: "ACCESS_LOGS",
                resourceArn: UNKNOWN,
            }),
            { resourceArn: ["edge"] },
        );
}
