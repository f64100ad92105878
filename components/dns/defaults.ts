import { LIMITS } from "logcaster-model/limits";
import { RoutingMode } from "./args";

export const DNS_DEFAULTS = Object.freeze({
    mode: RoutingMode.Geolocation,
    port: LIMITS["service.port"].value,
    healthCheckIntervalSeconds: LIMITS["dns.healthCheckIntervalSeconds"].value,
    failureThreshold: LIMITS["dns.failureThreshold"].value,
    /** Audit logs are kept for a year, like the VPC's. */
    queryLogDays: LIMITS["regions.region.flowLogDays"].value,
    protect: true,
});

/** What AWS takes in us-east-1 alone, wherever the load balancers are; health checks publish their metrics there too. */
export const ONLY_IN = Object.freeze({
    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html */
    queryLogs: "us-east-1",
    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html */
    dnssecKey: "us-east-1",
});

export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;
export const HEALTH_PATH = "/health";

/** The default area. */
export const EVERYBODY_ELSE = "*";
