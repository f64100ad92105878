import { EDGE_PATHS, LIMITS } from "logcaster-model/limits";
import { EdgePlaces } from "./args";

/** CloudFront takes certificates and web ACLs from there, and delivers its logs through there. */
export const EDGE_REGION = "us-east-1";

export const EDGE_DEFAULTS = Object.freeze({
    defaultSeconds: LIMITS["edge.defaultSeconds"].value,
    paths: EDGE_PATHS.map((each) => ({ ...each })),
    webAcl: true,
    requestsPerFiveMinutes: LIMITS["edge.requestsPerFiveMinutes"].value,
    places: EdgePlaces.All,
    logDays: LIMITS["edge.logDays"].value,
    /** Seconds that the edge waits for an answer of the origin, then gives up. */
    originReadSeconds: 30,
    /** Seconds that a connection to the origin is kept for the next request. */
    originKeepaliveSeconds: 60,
    /** Seconds that an origin's failure is answered from memory: less than DNS takes to leave a region. */
    errorSeconds: 1,
});

/** Oldest viewer: TLS 1.2 with forward secrecy. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html */
export const VIEWER_TLS = "TLSv1.2_2021";
/** Oldest protocol to the origin. */
export const ORIGIN_TLS = "TLSv1.2";

/** Reads. Ingest goes to the origin's own name. */
export const READ_METHODS = ["GET", "HEAD", "OPTIONS"];
export const CACHED_METHODS = ["GET", "HEAD"];

/** What an origin in trouble answers. */
export const ERRORS = [500, 502, 503, 504];

/**
 * AWS's own policies, the same in every account.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and its neighbours
 */
export const MANAGED_POLICY = Object.freeze({
    cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    allViewerExceptHostHeader: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
});

/** AWS's managed rule groups, in the order in which they look. https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
export const RULE_GROUPS = [
    { key: "reputation", name: "AWSManagedRulesAmazonIpReputationList" },
    { key: "known-bad", name: "AWSManagedRulesKnownBadInputsRuleSet" },
    { key: "common", name: "AWSManagedRulesCommonRuleSet" },
] as const;
