import * as elasticache from "@pulumi/aws/elasticache";
import * as pulumi from "@pulumi/pulumi";
import { alarmPlace } from "../monitoring/alarm";
import { lagAlarms } from "../monitoring/lag-alarms";
import type { Metric } from "../monitoring/metrics";
import { refuse } from "../problems";
import { REDIS_PORT } from "./defaults";
import type { RedisGlobalDatastoreArgs, RedisGlobalMember } from "./global-args";
import { createGlobalMember, type GlobalMember } from "./global-member";
import { chooseGlobal, globalProblems, type GlobalOptions } from "./global-validate";
import { partitionScheme } from "./redis-shard-cluster";

/**
 * Redis data that all regions read: an ElastiCache Global Datastore, whose primary region writes and whose one or two others
 * hold a copy, usually less than a second behind. Each member has its own key, users, logs and backups.
 *
 * AWS promotes no other region by itself, scales none of it, and gives every member the node type, engine and number of
 * shards of the primary: these change through the datastore. A cluster that joins loses what it holds: members are made new.
 *
 * **Cost** an hour: regions x shards x copies x the node's price: 3 x 1 x 3 cache.r7g.large at 0.1752 USD (Valkey, us-east-1)
 * are about 1.58 USD; what is copied between regions is billed by the GB.
 * **Limits**: two secondary regions; nodes of size large or more; no writes in a secondary, nor forwarding of them.
 */
export class RedisGlobalDatastore extends pulumi.ComponentResource {
    /** Id of the datastore: what a promotion names. */
    readonly globalReplicationGroupId: pulumi.Output<string>;
    /** Members by region. */
    readonly members: pulumi.Output<{ [region: string]: RedisGlobalMember }>;
    /** What the secrets of a region's users a and b hold, by region; for what cannot read secrets itself. */
    readonly credentialTexts: pulumi.Output<{ [region: string]: string[] }>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(
        name: string,
        args: RedisGlobalDatastoreArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:RedisGlobalDatastore", name, {}, opts);
        refuse(this, name, globalProblems(args));
        const options = chooseGlobal(args);
        const { primaryRegion, regions } = options;
        const others = Object.keys(regions).filter((region) => region !== primaryRegion);
        const member = (region: string, globalId?: pulumi.Output<string>) =>
            createGlobalMember(
                `${name}-${region}`,
                this,
                region,
                regions[region]!,
                options,
                globalId,
            );

        const primary = member(primaryRegion);
        const global = new elasticache.GlobalReplicationGroup(
            `${name}-global`,
            {
                region: primaryRegion,
                globalReplicationGroupIdSuffix: `logcaster-${options.environment}`,
                globalReplicationGroupDescription: "Redis data that all regions of LogCaster read",
                primaryReplicationGroupId: primary.group.id,
                cacheNodeType: options.nodeType,
                numNodeGroups: options.shards,
            },
            // A promotion makes another member the primary; the datastore belongs to no region.
            { parent: this, ignoreChanges: ["primaryReplicationGroupId", "region"] },
        );
        const members = new Map<string, GlobalMember>([
            [primaryRegion, primary],
            ...others.map(
                (region) => [region, member(region, global.globalReplicationGroupId)] as const,
            ),
        ]);
        for (const region of others) {
            watch(`${name}-${region}`, this, region, options, members.get(region)!);
        }

        this.globalReplicationGroupId = global.globalReplicationGroupId;
        this.members = pulumi.all(
            Object.fromEntries(
                [...members].map(([region, each]) => [
                    region,
                    connection(each, options, region === primaryRegion),
                ]),
            ),
        );
        this.credentialTexts = pulumi.secret(
            pulumi.all(
                Object.fromEntries(
                    [...members].map(([region, { credentials }]) => [
                        region,
                        pulumi.all(credentials.secretTexts),
                    ]),
                ),
            ),
        );
        this.registerOutputs({
            globalReplicationGroupId: this.globalReplicationGroupId,
            members: this.members,
            credentialTexts: this.credentialTexts,
        });
    }
}

function connection(
    { group, credentials }: GlobalMember,
    { partitions }: GlobalOptions,
    writable: boolean,
): pulumi.Output<RedisGlobalMember> {
    return pulumi
        .all([group.configurationEndpointAddress, pulumi.all(credentials.secretArns)])
        .apply(([endpoint, credentialSecretArns]) => ({
            endpoint,
            port: REDIS_PORT,
            credentialSecretArns,
            activeUser: credentials.activeUser,
            partitionScheme: partitionScheme(partitions),
            writable,
        }));
}

/**
 * Watches how far a secondary is behind, in seconds, the worst of its shards, by replication group:
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.Redis.html
 */
function watch(
    name: string,
    parent: pulumi.Resource,
    region: string,
    options: GlobalOptions,
    { group }: GlobalMember,
): void {
    const lag: Metric<"Seconds"> = {
        namespace: "AWS/ElastiCache",
        metricName: "GlobalDatastoreReplicationLag",
        statistic: "Maximum",
        unit: "Seconds",
        dimensions: { ReplicationGroupId: group.id },
    };
    lagAlarms(alarmPlace(name, parent, region, options, options.regions[region]!), {
        alarm: "RedisGlobalReplicationLag",
        what: `The shared Redis in ${region}`,
        behind: "its primary",
        metric: lag,
        maxLagMs: options.maxLagMs,
    });
}
