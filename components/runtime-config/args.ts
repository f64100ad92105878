import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseConnection } from "../database";
import type { PartitionScheme, RedisGlobalMember } from "../redis";

/** Whether a region's writes to shared state go to itself or to another one. */
export const RegionRole = { Primary: "primary", Secondary: "secondary" } as const;
export type RegionRole = (typeof RegionRole)[keyof typeof RegionRole];

/** A cluster as a client needs it; the outputs of RedisShardCluster. */
export interface RedisEndpointArgs {
    /** Configuration endpoint. */
    endpoint: pulumi.Input<string>;
    /** Port of every node. */
    port: pulumi.Input<number>;
    /** Secrets with the JSON `{username, password}` of users a and b, in this order. */
    credentialSecretArns: pulumi.Input<pulumi.Input<string>[]>;
    /** The user to log in as: a or b. */
    activeUser: pulumi.Input<string>;
    /** How keys map to partitions. */
    partitionScheme: pulumi.Input<PartitionScheme>;
}

/** Arguments of RuntimeConfig. */
export interface RuntimeConfigArgs {
    /** Region of the parameter, and of the instances that read it. */
    region: string;
    /** Name of the environment, in the parameter's path. */
    environment: string;
    /** Whether shared state is written here. */
    regionRole: RegionRole;
    /** The cluster that holds data. */
    store: RedisEndpointArgs;
    /** The cluster that caches. */
    cache: RedisEndpointArgs;
    /** The Redis that all regions read, as this region's member of it. @default none */
    shared?: pulumi.Input<RedisGlobalMember>;
    /** How this region's instances reach the database. @default none */
    database?: pulumi.Input<DatabaseConnection>;
}
