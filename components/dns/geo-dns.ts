import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../problems";
import type { DnsEndpointArgs, DnsHealthChecks, GeoDnsArgs } from "./args";
import { DNS_DEFAULTS, HEALTH_PATH, HTTPS_PORT, HTTP_PORT } from "./defaults";
import { recordTree } from "./records";
import { geoDnsProblems } from "./validate";
import { logQueries, signZone } from "./zone";

/**
 * Two names for all regions: `host` leads to a network load balancer (line protocol), `httpHost` to an application load
 * balancer. Every configured area and the default `*` has its region; while that is not healthy, the nearest one that is.
 *
 * Each name is a tree of alias records, every one of which evaluates its target:
 * ```
 * logs.example.com                      geolocation: one record an area and `*`, to the home of its region
 * └─ _home-eu-west-1.logs.example.com   failover: PRIMARY to the region's load balancer, SECONDARY to the nearest other
 *    └─ _nearest.logs.example.com       latency: one record a region, to its load balancer
 * ```
 * A region leaves the answers when its Route 53 health check fails (TCP to `port`, or HTTP `/health`) or a target group of the
 * load balancer has no healthy instance. Its home then answers with `_nearest`, in which it is not healthy either, so the
 * nearest healthy region answers, for any number of regions lost. Chains of failover pairs instead would need a name for
 * each order of regions, n x (n - 1) of them; this needs n + 1. When no region at all is healthy, Route 53 treats every record
 * as healthy: each area gets its own region's address, never none. One region alone needs no tree: areas lead to it directly.
 * With latency routing the name itself is what `_nearest` is here.
 *
 * **Cost** a month: 0.50 USD the zone; a health check of an AWS endpoint every 30 s 0.50 USD, 1.00 USD more for 10 s and 1.00
 * more for HTTPS: 3 regions are at most 3 x (1.50 + 2.50) = 12.00 USD; queries of alias records to load balancers are free; with DNSSEC
 * and query logs a key each at 1 USD.
 * **Limits**: 200 health checks an account first, two a region; then 10,000 records a zone. Clients keep an answer for 60 s,
 * the TTL of a load balancer's own name. Checkers must be let in: where `allowedCidrs` of the load balancers does not hold
 * everybody, add Route 53's ranges (docs/dns.md), or every region counts as failed. IPv4 only.
 */
export class GeoDns extends pulumi.ComponentResource {
    /** The hosted zone. */
    readonly zoneId: pulumi.Output<string>;
    /** Name servers that the parent zone must name; empty for a zone that was given. */
    readonly nameServers: pulumi.Output<string[]>;
    /** DS record that the parent zone must hold; empty without DNSSEC. */
    readonly dsRecord: pulumi.Output<string>;
    /** Endpoint of the line protocol. */
    readonly host: pulumi.Output<string>;
    /** Endpoint of HTTP. */
    readonly httpHost: pulumi.Output<string>;
    /** Health checks by region. Their metrics are in us-east-1. */
    readonly healthCheckIds: pulumi.Output<{ [region: string]: DnsHealthChecks }>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: GeoDnsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:GeoDns", name, {}, opts);
        refuse(this, name, geoDnsProblems(args));
        const { zoneName, endpoints, host, httpHost } = args;
        const protect = args.protect ?? DNS_DEFAULTS.protect;
        const tags = { "logcaster:component": "dns" };

        const created =
            args.zoneId === undefined
                ? new route53.Zone(
                      `${name}-zone`,
                      {
                          name: zoneName,
                          comment: "LogCaster, by Pulumi",
                          tags: { ...tags, Name: zoneName },
                      },
                      { parent: this, protect },
                  )
                : undefined;
        const zoneId = pulumi.output(created?.zoneId ?? args.zoneId ?? "");
        const zone = { zoneId, zoneName, protect, tags };
        const ours = created !== undefined;
        const dsRecord = (args.dnssec ?? ours) ? signZone(name, this, zone) : pulumi.output("");
        if (args.queryLogs ?? ours) {
            logQueries(name, this, {
                ...zone,
                days: args.queryLogDays ?? DNS_DEFAULTS.queryLogDays,
            });
        }

        const checks = healthChecks(name, this, args, tags);
        const tree = (
            key: "tcp" | "http",
            at: string,
            balancer: (e: DnsEndpointArgs) => {
                dnsName: pulumi.Input<string>;
                zoneId: pulumi.Input<string>;
            },
        ) =>
            recordTree(`${name}-${key}`, this, {
                zoneId,
                host: at,
                mode: args.mode ?? DNS_DEFAULTS.mode,
                areas: args.areas ?? [],
                destinations: Object.fromEntries(
                    Object.entries(endpoints).map(([region, endpoint]) => [
                        region,
                        { ...balancer(endpoint), healthCheckId: checks[region]![key] },
                    ]),
                ),
            });
        tree("tcp", host, (e) => ({ dnsName: e.nlbDnsName, zoneId: e.nlbZoneId }));
        tree("http", httpHost, (e) => ({ dnsName: e.albDnsName, zoneId: e.albZoneId }));

        this.zoneId = zoneId;
        this.nameServers = created?.nameServers ?? pulumi.output([]);
        this.dsRecord = dsRecord;
        this.host = pulumi.output(host);
        this.httpHost = pulumi.output(httpHost);
        this.healthCheckIds = pulumi.output(checks);
        this.registerOutputs({
            zoneId: this.zoneId,
            nameServers: this.nameServers,
            dsRecord: this.dsRecord,
            host: this.host,
            httpHost: this.httpHost,
            healthCheckIds: this.healthCheckIds,
        });
    }
}

type Checks = Record<string, Record<keyof DnsHealthChecks, pulumi.Output<string>>>;

/** Two checks a region, from Route 53's checkers around the world: the line protocol's port, and HTTP's health page. */
function healthChecks(
    name: string,
    parent: pulumi.Resource,
    args: GeoDnsArgs,
    tags: Record<string, string>,
): Checks {
    const check = (child: string, extra: Omit<route53.HealthCheckArgs, "failureThreshold">) =>
        new route53.HealthCheck(
            `${name}-${child}`,
            {
                requestInterval:
                    args.healthCheckIntervalSeconds ?? DNS_DEFAULTS.healthCheckIntervalSeconds,
                failureThreshold: args.failureThreshold ?? DNS_DEFAULTS.failureThreshold,
                tags: { ...tags, Name: `${name}-${child}` },
                ...extra,
            },
            { parent },
        ).id;
    return Object.fromEntries(
        Object.entries(args.endpoints).map(([region, { nlbDnsName, albDnsName }]) => [
            region,
            {
                tcp: check(`tcp-${region}`, {
                    type: "TCP",
                    fqdn: nlbDnsName,
                    port: args.port ?? DNS_DEFAULTS.port,
                }),
                http: check(`http-${region}`, {
                    type: args.https ? "HTTPS" : "HTTP",
                    fqdn: albDnsName,
                    port: args.https ? HTTPS_PORT : HTTP_PORT,
                    resourcePath: HEALTH_PATH,
                }),
            },
        ]),
    );
}
