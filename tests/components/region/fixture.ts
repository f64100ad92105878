import { scalingSchema } from "logcaster-model/settings/schema";
import { Region, type RegionArgs } from "logcaster-scaling/region";
import { type Values, record } from "../recorder";

/** How its instances reach the database. */
export const DATABASE = {
    name: "logcaster",
    port: 5432,
    user: "logcaster",
    writerEndpoint: "logcaster-prod.global-1.global.rds.amazonaws.com",
    readerEndpoint: "logcaster-prod-eu-west-1.cluster-ro-1.eu-west-1.rds.amazonaws.com",
    writeForwarding: true,
};

/** Its member of the Redis that all regions read. */
export const SHARED_REDIS = {
    endpoint: "clustercfg.shared-eu-west-1.euw1.cache.amazonaws.com",
    port: 6379,
    credentialSecretArns: ["a", "b"].map(
        (user) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret/shared-${user}`,
    ),
    activeUser: "a",
    partitionScheme: { partitions: 128, slotsPerPartition: 128, mapFrom: "CLUSTER SHARDS" },
    writable: false,
};

/** What the secrets of its users hold. */
export const SHARED_LOGINS = ["a", "b"].map((user) =>
    JSON.stringify({ username: `logcaster-shared-${user}`, password: `of-${user}` }),
);

/** A region as prod has it. */
export const args = (changes: Partial<RegionArgs> = {}): RegionArgs => ({
    region: "eu-west-1",
    primaryRegion: "us-east-1",
    environment: "prod",
    zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    cidr: "10.1.0.0/16",
    certificateArn:
        "arn:aws:acm:eu-west-1:111122223333:certificate/22222222-3333-4444-5555-666666666666",
    desired: 3,
    imageId: "ami-0fedcba9876543210",
    timeZone: "Europe/Dublin",
    service: {
        image: `111122223333.dkr.ecr.us-east-1.amazonaws.com/logcaster@sha256:${"a".repeat(64)}`,
        port: 9999,
        httpPort: 80,
        connectionsPerInstance: 1000,
    },
    scaling: scalingSchema.parse({}),
    loadBalancer: { deregistrationDelaySeconds: 300 },
    redis: {
        store: { nodeType: "cache.r7g.large", shards: 4, copies: 3, snapshotDays: 7 },
        cache: { nodeType: "cache.r7g.large", shards: 4, copies: 2, snapshotDays: 1 },
    },
    database: DATABASE,
    sharedRedis: SHARED_REDIS,
    sharedRedisLogins: SHARED_LOGINS,
    protect: true,
    ...changes,
});

/** What EKS completes of what is given. */
const completed = (type: string, _name: string, { vpcConfig }: Values): Values =>
    type === "aws:eks/cluster:Cluster"
        ? { vpcConfig: { ...(vpcConfig as object), clusterSecurityGroupId: "sg-of-the-cluster" } }
        : {};

export const recordRegion = (changes: Partial<RegionArgs> = {}) =>
    record(() => new Region("eu-west-1", args(changes)), { outputs: completed });
