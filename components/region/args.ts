import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseConnection } from "../database";
import type { FleetProxyEngine, FleetScalingArgs, FleetServiceArgs, FleetTier } from "../fleet";
import type { BalancingStrategy, HealthCheckArgs } from "../load-balancer";
import type { RegionKubernetesArgs } from "./kubernetes-args";
import type { AlertArgs } from "../monitoring";
import type { ExistingNetworkArgs, NatMode } from "../network";
import type { RedisGlobalMember, RedisRoleArgs } from "../redis";

/** The clusters of a region. */
export interface RegionRedisArgs {
    /** Partitions of the key space, a power of two up to 16,384. @default 128 */
    partitions?: number;
    /** The cluster that holds data. */
    store: RedisRoleArgs;
    /** The cluster that caches. */
    cache: RedisRoleArgs;
}

/** The proxy fleet of a region. */
export interface RegionProxyArgs {
    /** What the proxies run. */
    engine: FleetProxyEngine;
    /** Container image of the logcaster command, by digest; needed with least-connections. */
    image?: string;
    /** Vertical size of a proxy. */
    tier: FleetTier;
    /** Smallest number of proxies. */
    min: number;
    /** Largest number of proxies. */
    max: number;
    /** Connections one proxy is meant to carry. */
    connectionsPerInstance: number;
    /** Connections one address may have on a proxy. */
    connectionsPerSource: number;
    /** Time in which long-lived connections are spread over new instances. */
    rebalanceSeconds: number;
}

/** The front door of a region; what is absent has LoadBalancerTier's defaults. */
export interface RegionLoadBalancerArgs {
    /** @default flow-hash */
    strategy?: BalancingStrategy;
    /** The proxy fleet; needed with least-connections. */
    proxy?: RegionProxyArgs;
    /** Terminate TLS on the line protocol's port; needs `certificateArn`. @default false */
    tls?: boolean;
    /** IPv4 blocks that may connect. @default ["0.0.0.0/0"] */
    allowedCidrs?: string[];
    /** The check of /health; its port is the fleet's. Brief 1.1: every 5 s. */
    healthCheck?: Partial<HealthCheckArgs>;
    /** Time that existing connections of a leaving target may last, in seconds; the fleet drains as long. */
    deregistrationDelaySeconds: number;
    /** Time a quiet TCP connection is kept. @default 3600 */
    tcpIdleTimeoutSeconds?: number;
    /** Time a quiet HTTP connection is kept. @default 60 */
    httpIdleTimeoutSeconds?: number;
    /** Refuse deletion of the load balancers. @default true */
    deletionProtection?: boolean;
    /** Write access logs to a bucket of their own. @default true */
    accessLogs?: boolean;
    /** Days that access logs are kept. @default 365 */
    accessLogDays?: number;
}

/** Arguments of Region: its own slice of the settings, and what all regions share. */
export interface RegionArgs {
    /** Name of the region. */
    region: string;
    /** Region that writes shared state; the Region of this name is the primary. @default this one */
    primaryRegion?: string;
    /** Name of the environment, in tags and in the path of the runtime configuration. */
    environment: string;
    /** Zones by name. */
    zones: string[];
    /** IPv4 block of the VPC. */
    cidr: string;
    /** NAT gateways. @default per-zone */
    nat?: NatMode;
    /** Interface endpoints for what an instance needs to boot. @default false */
    interfaceEndpoints?: boolean;
    /** Days that flow logs are kept. @default 365 */
    flowLogDays?: number;
    /** Use this VPC instead of creating one. */
    existingNetwork?: ExistingNetworkArgs;
    /** Certificate for 443, and for the line protocol where `loadBalancer.tls` is true; of this region. */
    certificateArn?: string;
    /** Instances at creation; scaling owns the number afterwards. @default scaling.min */
    desired?: number;
    /** Machine image by id, of this region; not needed with `kubernetes.existing`. */
    imageId?: string;
    /** IANA name of the schedule's time zone. @default UTC */
    timeZone?: string;
    /** What runs on an instance. */
    service: FleetServiceArgs;
    /** How many instances, of which size, and who changes the number. */
    scaling: FleetScalingArgs;
    /** The front door. */
    loadBalancer: RegionLoadBalancerArgs;
    /** The clusters. */
    redis: RegionRedisArgs;
    /** Who is told what. @default nobody; the alarms and topics are there */
    alerts?: AlertArgs;
    /** The Redis that all regions read, as the region's member of it. @default none */
    sharedRedis?: pulumi.Input<RedisGlobalMember>;
    /** What the secrets of its users a and b hold; needed on Kubernetes, where pods read no secrets of AWS. @default none */
    sharedRedisLogins?: pulumi.Input<string[]>;
    /** How the region's instances reach the database. @default none */
    database?: pulumi.Input<DatabaseConnection>;
    /** Run the service as pods of a cluster. @default instances of its own run it */
    kubernetes?: RegionKubernetesArgs;
    /** Protect what holds data from deletion by Pulumi. */
    protect: boolean;
}
