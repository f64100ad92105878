import { define, words, type Definition } from "../definition";
import * as edge from "../rules/edge";
import { DISTRIBUTION } from "../rules/types";

const CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";

export const EDGE: readonly Definition[] = [
    define({
        name: "logcaster-edge-require-https",
        displayName: "Readers by HTTPS",
        description: "Every path of a distribution is served over HTTPS, or redirects to it.",
        severity: "medium",
        rows: ["39"],
        remediationSteps: "Set viewerProtocolPolicy to redirect-to-https",
        url: `${CLOUDFRONT}/using-https-viewers-to-cloudfront.html`,
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        resource: edge.readersByHttps,
    }),
    define({
        name: "logcaster-edge-require-modern-tls",
        displayName: "TLS 1.2 or newer for readers",
        description: "A distribution refuses readers whose newest TLS is older than 1.2.",
        severity: "high",
        rows: ["39"],
        remediationSteps: "Set minimumProtocolVersion, with a certificate of the account",
        url: `${CLOUDFRONT}/secure-connections-supported-viewer-protocols-ciphers.html`,
        config: {
            versions: words(
                ["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
                "Security policies that are modern enough",
            ),
        },
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        resource: edge.viewerTls,
    }),
    define({
        name: "logcaster-edge-reach-origin-by-https",
        displayName: "Origins by HTTPS",
        description: "A distribution asks its own origins over HTTPS with TLS 1.2 or newer alone.",
        severity: "high",
        rows: ["39"],
        remediationSteps:
            "Set originProtocolPolicy to https-only and originSslProtocols to TLSv1.2",
        url: `${CLOUDFRONT}/using-https-cloudfront-to-custom-origin.html`,
        config: { protocols: words(["TLSv1.2", "TLSv1.3"], "Protocols that are modern enough") },
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        resource: edge.originByHttps,
    }),
    define({
        name: "logcaster-edge-log-requests",
        displayName: "Requests at the edge logged",
        description:
            "A distribution logs its requests, by itself or through CloudWatch's delivery.",
        severity: "medium",
        rows: ["39"],
        remediationSteps: "Add a LogDeliverySource with its destination and delivery",
        url: `${CLOUDFRONT}/AccessLogs.html`,
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        stack: edge.logged,
    }),
    define({
        name: "logcaster-edge-filter-requests",
        displayName: "A web ACL at the edge",
        description: "A distribution has a web ACL.",
        severity: "medium",
        rows: ["39"],
        remediationSteps: "Set webAclId to a web ACL of scope CLOUDFRONT",
        url: `${CLOUDFRONT}/distribution-web-awswaf.html`,
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        stack: edge.filtered,
    }),
    define({
        name: "logcaster-edge-fall-over",
        displayName: "Origins fall over",
        description:
            "A distribution has an origin group, or an origin whose name a record of the stack routes by health.",
        severity: "medium",
        rows: ["39"],
        remediationSteps: "Name the geo-routed host as the origin, or add an origin group",
        url: `${CLOUDFRONT}/high_availability_origin_failover.html`,
        enforcementLevel: "mandatory",
        types: DISTRIBUTION,
        stack: edge.fallsOver,
    }),
];
