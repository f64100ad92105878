import { UNKNOWN } from "../stack";
import type { Cases } from "./case";

const ORIGIN = "origins.0.customOriginConfig";

export const EDGE_CASES: Cases = {
    "logcaster-edge-require-https": {
        "plain HTTP on every path": {
            change: (s) => s.set("edge", "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
            says: [
                "edge: viewerProtocolPolicy of the default path is allow-all, must be https-only or redirect-to-https",
            ],
        },
        "plain HTTP on one path": {
            change: (s) =>
                s.set("edge", "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"),
            says: [
                "edge: viewerProtocolPolicy of /health is allow-all, must be https-only or redirect-to-https",
            ],
        },
        "HTTPS alone": {
            change: (s) => s.set("edge", "defaultCacheBehavior.viewerProtocolPolicy", "https-only"),
        },
        "a policy not known yet beside plain HTTP": {
            change: (s) =>
                s
                    .set("edge", "defaultCacheBehavior.viewerProtocolPolicy", UNKNOWN)
                    .set("edge", "orderedCacheBehaviors.0.viewerProtocolPolicy", "allow-all"),
            says: [
                "edge: viewerProtocolPolicy of /health is allow-all, must be https-only or redirect-to-https",
            ],
            unknown: ["defaultCacheBehavior.viewerProtocolPolicy"],
        },
    },
    "logcaster-edge-require-modern-tls": {
        "TLS 1.1": {
            change: (s) =>
                s.set("edge", "viewerCertificate.minimumProtocolVersion", "TLSv1.1_2016"),
            says: [
                "edge: minimumProtocolVersion is TLSv1.1_2016, limit TLSv1.2_2018, TLSv1.2_2019, TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025 (versions)",
            ],
        },
        "no version": {
            change: (s) => s.set("edge", "viewerCertificate.minimumProtocolVersion", undefined),
            says: [
                "edge: minimumProtocolVersion is not set, limit TLSv1.2_2018, TLSv1.2_2019, TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025 (versions)",
            ],
        },
        "CloudFront's own certificate": {
            change: (s) =>
                s.set("edge", "viewerCertificate", { cloudfrontDefaultCertificate: true }),
            says: [
                "edge: viewerCertificate is CloudFront's own, which admits TLS 1.0, must be one of the account",
            ],
        },
        "fewer versions than the default": {
            config: { versions: ["TLSv1.3_2025"] },
            says: ["edge: minimumProtocolVersion is TLSv1.2_2021, limit TLSv1.3_2025 (versions)"],
        },
        "a version not known yet": {
            change: (s) => s.set("edge", "viewerCertificate.minimumProtocolVersion", UNKNOWN),
            unknown: ["viewerCertificate.minimumProtocolVersion"],
        },
    },
    "logcaster-edge-reach-origin-by-https": {
        "plain HTTP to the origin": {
            change: (s) => s.set("edge", `${ORIGIN}.originProtocolPolicy`, "http-only"),
            says: [
                "edge: originProtocolPolicy of the origin logs.example.com is http-only, must be https-only",
            ],
        },
        "an old protocol to the origin": {
            change: (s) => s.set("edge", `${ORIGIN}.originSslProtocols`, ["TLSv1", "TLSv1.2"]),
            says: [
                "edge: originSslProtocols of the origin logs.example.com has TLSv1, limit TLSv1.2, TLSv1.3 (protocols)",
            ],
        },
        "a protocol that the setting refuses": {
            config: { protocols: ["TLSv1.3"] },
            says: [
                "edge: originSslProtocols of the origin logs.example.com has TLSv1.2, limit TLSv1.3 (protocols)",
            ],
        },
        "a bucket as origin": {
            change: (s) => s.set("edge", ORIGIN, undefined),
        },
        "an origin's protocol not known yet": {
            change: (s) => s.set("edge", `${ORIGIN}.originProtocolPolicy`, UNKNOWN),
            unknown: [`${ORIGIN}.originProtocolPolicy`],
        },
    },
    "logcaster-edge-log-requests": {
        "no log": {
            change: (s) => s.remove("edge-logs"),
            says: [
                "edge: nothing logs the requests, must be a loggingConfig or a LogDeliverySource",
            ],
        },
        "the log of something else": {
            change: (s) => s.refer("edge-logs", "resourceArn", "acl"),
            says: [
                "edge: nothing logs the requests, must be a loggingConfig or a LogDeliverySource",
            ],
        },
        "its own log": {
            change: (s) =>
                s.remove("edge-logs").set("edge", "loggingConfig", { bucket: "logs.s3.aws" }),
        },
        "a log that AWS may tell of, not known yet": {
            change: (s) => s.remove("edge-logs").set("edge", "loggingConfig", UNKNOWN),
            says: [
                "edge: nothing logs the requests, must be a loggingConfig or a LogDeliverySource",
            ],
        },
    },
    "logcaster-edge-filter-requests": {
        "no web ACL": {
            change: (s) => s.set("edge", "webAclId", undefined).refer("edge", "webAclId"),
            says: ["edge: webAclId is not set, must be a web ACL"],
        },
        "a web ACL by its ARN": {
            change: (s) =>
                s
                    .refer("edge", "webAclId")
                    .set(
                        "edge",
                        "webAclId",
                        "arn:aws:wafv2:us-east-1:111122223333:global/webacl/a/1",
                    ),
        },
        "a web ACL that AWS may tell of, not known yet": {
            change: (s) => s.refer("edge", "webAclId"),
            says: ["edge: webAclId is not set, must be a web ACL"],
        },
    },
    "logcaster-edge-fall-over": {
        "an origin that no record answers for": {
            change: (s) => s.set("edge", "origins.0.domainName", "origin.example.net"),
            says: [
                "edge: no origin group, and no origin that a record of the stack routes by health",
            ],
        },
        "an origin whose record does not look at health": {
            change: (s) => s.set("everybody", "aliases.0.evaluateTargetHealth", false),
            says: [
                "edge: no origin group, and no origin that a record of the stack routes by health",
            ],
        },
        "an origin group": {
            change: (s) =>
                s
                    .set("edge", "origins.0.domainName", "origin.example.net")
                    .set("edge", "originGroups", [{ originId: "both" }]),
        },
        "an origin not known yet": {
            change: (s) => s.set("edge", "origins.0.domainName", UNKNOWN),
            unknown: ["origins.0.domainName"],
        },
    },
};
