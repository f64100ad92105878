import type * as pulumi from "@pulumi/pulumi";

/** By what Route 53 picks a region. */
export const RoutingMode = {
    /** By where the asking resolver is, through `areas`. */
    Geolocation: "geolocation",
    /** By what AWS measures between the asking resolver and each region. */
    Latency: "latency",
} as const;
export type RoutingMode = (typeof RoutingMode)[keyof typeof RoutingMode];

/** Which region answers which area. */
export interface AreaArgs {
    /** `*` (everybody else), `continent:EU`, `country:DE` or, in the US alone, `country:US/CA`. */
    area: string;
    /** The region it is sent to while that is healthy. */
    region: string;
}

/** The load balancers of one region. */
export interface DnsEndpointArgs {
    nlbDnsName: pulumi.Input<string>;
    nlbZoneId: pulumi.Input<string>;
    albDnsName: pulumi.Input<string>;
    albZoneId: pulumi.Input<string>;
}

/** Arguments of GeoDns. */
export interface GeoDnsArgs {
    /** Name of the hosted zone. */
    zoneName: string;
    /** The hosted zone. @default one is created */
    zoneId?: pulumi.Input<string>;
    /** Name of the line protocol's endpoint, in the zone. */
    host: string;
    /** Name of the HTTP endpoint, in the zone and another than `host`. */
    httpHost: string;
    /** By what Route 53 picks a region. @default geolocation */
    mode?: RoutingMode;
    /** One row an area, the default `*` among them, every region at least once; none with latency. */
    areas?: AreaArgs[];
    /** Load balancers by region. */
    endpoints: { [region: string]: DnsEndpointArgs };
    /** Port of the line protocol, which the TCP health checks connect to. @default 9999 */
    port?: number;
    /** Whether HTTP is served by TLS on 443; the health checks then ask there. */
    https: boolean;
    /** Time between two checks of one checker, 10 or 30 s. @default 10 */
    healthCheckIntervalSeconds?: number;
    /** Checks after which an endpoint counts as failed, or as well again, 1 to 10. @default 3 */
    failureThreshold?: number;
    /** Sign the zone. The parent zone must then hold `dsRecord`. @default true for a zone created here */
    dnssec?: boolean;
    /** Log every query to a log group. @default true for a zone created here */
    queryLogs?: boolean;
    /** Days that query logs are kept, one of CloudWatch's retentions. @default 365 */
    queryLogDays?: number;
    /** Protect the zone, its keys and query logs from deletion by Pulumi. @default true */
    protect?: boolean;
}

/** The health checks of one region. */
export interface DnsHealthChecks {
    /** Of the line protocol. */
    tcp: string;
    /** Of HTTP. */
    http: string;
}
