import type * as pulumi from "@pulumi/pulumi";
import type { PartitionScheme, RedisEngine, RedisEviction } from "./args";

/** What a region gives its member; the outputs of Region. */
export interface RedisGlobalRegionArgs {
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Isolated subnets, one a zone; at least as many as copies. */
    isolatedSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security group of the instances that connect. */
    fleetSecurityGroupId: pulumi.Input<string>;
    /** Topic for what can wait. */
    notifyOpsTopicArn: pulumi.Input<string>;
    /** Topic that wakes somebody. */
    pageOncallTopicArn: pulumi.Input<string>;
    /** Topic of whoever plans capacity. */
    capacityPlanningTopicArn: pulumi.Input<string>;
}

/** Arguments of RedisGlobalDatastore. */
export interface RedisGlobalDatastoreArgs {
    /** Name of the environment, in the datastore's id and in names of alarms. */
    environment: string;
    /** Region that writes; one of `regions`. */
    primaryRegion: string;
    /** Every member's region, the primary among them; at most two others. */
    regions: { [region: string]: RedisGlobalRegionArgs };
    /** @default valkey */
    engine?: RedisEngine;
    /** Version at creation, as major.minor; upgrades go through the datastore. @default the package's */
    engineVersion?: string;
    /** Node type of every member, of size large or more. */
    nodeType: string;
    /** Shards of every member, 1 to 500. @default 1 */
    shards?: number;
    /** Copies of every key in each region, 3 to 6, at most one a zone. Brief 1.1: replication factor 3. @default 3 */
    copies?: number;
    /** What happens when memory is full; never that a key without a TTL goes. @default noeviction */
    eviction?: RedisEviction;
    /** Days that automatic backups of each member are kept. @default 7 */
    snapshotDays?: number;
    /** Partitions of the key space, a power of two up to 16,384. @default 128 */
    partitions?: number;
    /** Lag of a secondary above which somebody is told, in ms. Brief 7.1. @default 1000 */
    maxLagMs?: number;
    /** Raise by one to rotate each region's passwords without an outage. @default 1 */
    credentialGeneration?: number;
    /** Where the runbooks are read, without the last slash. @default docs/runbooks, in the repository */
    runbooksUrl?: string;
    /** Protect members, logs and keys from deletion by Pulumi. */
    protect: boolean;
}

/** A region's member, as a client needs it. */
export interface RedisGlobalMember {
    /** Configuration endpoint. */
    endpoint: string;
    /** Port of every node. */
    port: number;
    /** Secrets with the JSON `{username, password}` of users a and b, in this order. */
    credentialSecretArns: string[];
    /** The user to log in as: a or b. */
    activeUser: string;
    /** How keys map to partitions. */
    partitionScheme: PartitionScheme;
    /** Whether this region writes; the others refuse. */
    writable: boolean;
}
