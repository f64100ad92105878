import { RedisRole, RedisShardCluster, type RedisShardClusterArgs } from "logcaster-scaling/redis";
import { record } from "../recorder";

export const CLUSTER = "aws:elasticache/replicationGroup:ReplicationGroup";

/** A store as prod has it; each test changes what it is about. */
export const store = (changes: Partial<RedisShardClusterArgs> = {}): RedisShardClusterArgs => ({
    region: "eu-west-1",
    role: RedisRole.Store,
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    clientSecurityGroupIds: { fleet: "sg-fleet" },
    nodeType: "cache.r7g.large",
    shards: 4,
    copies: 3,
    snapshotDays: 7,
    protect: true,
    ...changes,
});

export const cache = (changes: Partial<RedisShardClusterArgs> = {}) =>
    store({ role: RedisRole.Cache, copies: 2, snapshotDays: 1, ...changes });

export const create = (args: RedisShardClusterArgs) =>
    record(() => new RedisShardCluster("r", args));
