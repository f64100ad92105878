import * as elasticache from "@pulumi/aws/elasticache";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";
import { SLOT_COUNT } from "logcaster-model/partitions";
import { refuse } from "../problems";
import { rotatingKey } from "../rotating-key";
import { followLoad } from "./auto-scaling";
import { RedisRole, type PartitionScheme, type RedisShardClusterArgs } from "./args";
import { createCredentials } from "./credentials";
import { REDIS_DEFAULTS, REDIS_PORT } from "./defaults";
import { deliverLogs } from "./logs";
import { closeNetwork } from "./network";
import { choose, redisProblems } from "./validate";

/** What to do when a store is lost, on the resource itself: whoever meets it in an outage may know nothing else. */
const RUNBOOK = "docs/runbooks/redis-failover.md";

/**
 * A sharded Valkey or Redis cluster on ElastiCache, encrypted in transit and at rest, with named users, for one of the roles
 * `store` and `cache`. Counts of shards and copies and the node type change online.
 *
 * **Cost**: shards x copies x the node's price: 4 x 3 nodes cache.r7g.large at 0.1752 USD an hour (Valkey, us-east-1) are
 * 2.10 USD an hour; the log of a durable store and backups beyond one of the cluster's size are billed beside it.
 * **Limits**: 500 nodes a cluster, first; 100 MiB/s of writes a primary where it is durable; 65,000 connections a node.
 */
export class RedisShardCluster extends pulumi.ComponentResource {
    /** Configuration endpoint: where a client asks for the map of slots; TLS. */
    readonly endpoint: pulumi.Output<string>;
    /** Port of every node. */
    readonly port: pulumi.Output<number>;
    /** Id of the replication group, the dimension of its metrics. */
    readonly replicationGroupId: pulumi.Output<string>;
    /** Security group of the nodes. */
    readonly securityGroupId: pulumi.Output<string>;
    /** The users that may log in. */
    readonly userGroupId: pulumi.Output<string>;
    /** Secrets with the JSON `{username, password}` of users a and b, in this order. */
    readonly credentialSecretArns: pulumi.Output<string[]>;
    /** What is in these secrets, itself secret: for pods, which mount it. */
    readonly credentialTexts: pulumi.Output<string[]>;
    /** The user to log in as: a or b. */
    readonly activeUser: pulumi.Output<string>;
    /** How keys map to partitions, and where the live map is read. */
    readonly partitionScheme: pulumi.Output<PartitionScheme>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: RedisShardClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:RedisShardCluster", name, {}, opts);
        refuse(this, name, redisProblems(args));
        const { region, protect, role } = args;
        const choice = choose(args);
        const tags = { Name: name, "logcaster:component": "redis", "logcaster:redis-role": role };

        const network = closeNetwork(name, this, args, tags);
        const credentials = createCredentials(name, this, args, choice.engine, tags);
        const logs = deliverLogs(name, this, args, tags);
        const keyArn = args.kmsKeyArn ?? createKey(name, this, args, tags).arn;
        const parameters = new elasticache.ParameterGroup(
            `${name}-parameters`,
            {
                region,
                family: choice.family,
                // Says nothing that may change: a new description would be a new group.
                description: `LogCaster ${role}`,
                parameters: [
                    { name: "cluster-enabled", value: "yes" },
                    { name: "maxmemory-policy", value: choice.eviction },
                ],
                tags,
            },
            { parent: this },
        );
        const cluster = new elasticache.ReplicationGroup(
            name,
            {
                region,
                description: `LogCaster ${role}`,
                engine: choice.engine,
                engineVersion: choice.engineVersion,
                nodeType: args.nodeType,
                // Counts, never nodeGroupConfigurations: giving slots would replace the cluster on a later change.
                numNodeGroups: args.shards,
                replicasPerNodeGroup: args.copies - 1,
                clusterMode: "enabled",
                automaticFailoverEnabled: true,
                multiAzEnabled: true,
                durability: choice.durability,
                port: REDIS_PORT,
                parameterGroupName: parameters.name,
                subnetGroupName: network.subnetGroupName,
                securityGroupIds: [network.securityGroupId],
                userGroupIds: [credentials.userGroupId],
                transitEncryptionEnabled: true,
                transitEncryptionMode: "required",
                atRestEncryptionEnabled: true,
                kmsKeyId: keyArn,
                snapshotRetentionLimit: args.snapshotDays,
                snapshotWindow: REDIS_DEFAULTS.snapshotWindow,
                finalSnapshotIdentifier:
                    args.snapshotDays > 0
                        ? pulumi.interpolate`lc-${role}-${credentials.suffix}-final`
                        : undefined,
                maintenanceWindow: REDIS_DEFAULTS.maintenanceWindow,
                autoMinorVersionUpgrade: true,
                applyImmediately: true,
                logDeliveryConfigurations: logs,
                tags: role === RedisRole.Store ? { ...tags, "logcaster:runbook": RUNBOOK } : tags,
            },
            { parent: this, protect, ignoreChanges: ownedByAws(args) },
        );
        if (args.autoScaling?.enabled) {
            followLoad(name, this, args, args.autoScaling, cluster.id, tags);
        }

        this.endpoint = cluster.configurationEndpointAddress;
        this.port = pulumi.output(REDIS_PORT);
        this.replicationGroupId = cluster.id;
        this.securityGroupId = network.securityGroupId;
        this.userGroupId = credentials.userGroupId;
        this.credentialSecretArns = pulumi.output(credentials.secretArns);
        this.credentialTexts = pulumi.secret(pulumi.all(credentials.secretTexts));
        this.activeUser = pulumi.output(credentials.activeUser);
        this.partitionScheme = pulumi.output(partitionScheme(choice.partitions));
        this.registerOutputs({
            endpoint: this.endpoint,
            port: this.port,
            replicationGroupId: this.replicationGroupId,
            securityGroupId: this.securityGroupId,
            userGroupId: this.userGroupId,
            credentialSecretArns: this.credentialSecretArns,
            credentialTexts: this.credentialTexts,
            activeUser: this.activeUser,
            partitionScheme: this.partitionScheme,
        });
    }
}

/** Equal, consecutive ranges of the cluster's slots; which shard has them is asked of the cluster. */
export function partitionScheme(partitions: number): PartitionScheme {
    return {
        partitions,
        slotsPerPartition: SLOT_COUNT / partitions,
        mapFrom: "CLUSTER SHARDS at the configuration endpoint",
    };
}

/** What AWS changes on its own, or fixes at creation, where the caller has not said otherwise. */
function ownedByAws(args: RedisShardClusterArgs): string[] {
    return [
        ...(args.autoScaling?.enabled ? ["numNodeGroups", "replicasPerNodeGroup"] : []),
        ...(args.engineVersion === undefined ? ["engineVersion"] : []),
        ...(args.durability === undefined ? ["durability"] : []),
    ];
}

function createKey(
    name: string,
    parent: RedisShardCluster,
    { region, protect }: RedisShardClusterArgs,
    tags: Record<string, string>,
): kms.Key {
    return rotatingKey(
        `${name}-key`,
        {
            region,
            description: `Data of ${name} at rest`,
            tags,
        },
        { parent, protect },
    );
}
