import { Provider } from "@pulumi/aws/provider";
import * as pulumi from "@pulumi/pulumi";
import { StackBudget } from "logcaster-scaling/budget";
import { GlobalDatabase, type DatabaseConnection } from "logcaster-scaling/database";
import { GeoDns } from "logcaster-scaling/dns";
import { EdgeCache } from "logcaster-scaling/edge";
import { MonitoringOverview } from "logcaster-scaling/monitoring";
import {
    RedisGlobalDatastore,
    partitionScheme,
    type RedisGlobalMember,
} from "logcaster-scaling/redis";
import { sharedRedisSecondaries } from "logcaster-model/settings";
import { RecoveryPlan } from "logcaster-scaling/recovery";
import { Region } from "logcaster-scaling/region";
import { loadSettings } from "./settings";

const { settings, secrets } = loadSettings();
const {
    environment,
    primaryRegion,
    service,
    scaling,
    loadBalancer,
    redis,
    kubernetes,
    database,
    recovery,
    dns,
    edge,
    alerts,
    budget,
    protect,
} = settings;

const aws = new Provider("aws", {
    // Regional resources name their own; this is for what has none.
    region: primaryRegion,
    defaultTags: { tags: { environment, project: pulumi.getProject(), "managed-by": "pulumi" } },
});
const inAws = { providers: [aws] };

const shared = {
    environment,
    primaryRegion,
    service,
    scaling,
    loadBalancer,
    redis,
    kubernetes: kubernetes && {
        ...kubernetes,
        existing: kubernetes.existing && {
            ...kubernetes.existing,
            kubeconfig: secrets.kubeconfig,
        },
    },
    alerts: {
        ...alerts,
        pageOncallUrl: alerts.pageOncallWebhook ? secrets.pageOncallUrl : undefined,
    },
    protect,
};
// Instances read at boot where shared data is, and shared data admits the instances: one of the two is told afterwards.
const [connections, setConnections] = pulumi.deferredOutput<Record<string, DatabaseConnection>>();
const [members, setMembers] = pulumi.deferredOutput<Record<string, RedisGlobalMember>>();
const [logins, setLogins] = pulumi.deferredOutput<Record<string, string[]>>();
const sharingRedis = redis.global ? [primaryRegion, ...sharedRedisSecondaries(settings)] : [];
const regions = mapValues(
    settings.regions,
    (slice, region) =>
        new Region(
            region,
            {
                ...shared,
                ...slice,
                region,
                database: database && connections.apply((of) => of[region]!),
                ...(sharingRedis.includes(region)
                    ? {
                          sharedRedis: members.apply((of) => of[region]!),
                          sharedRedisLogins: kubernetes && logins.apply((of) => of[region]!),
                      }
                    : {}),
            },
            inAws,
        ),
);
const globalDatabase =
    database &&
    new GlobalDatabase(
        "database",
        {
            ...database,
            databaseName: database.name,
            environment,
            primaryRegion,
            regions,
            runbooksUrl: alerts.runbooksUrl,
            protect,
        },
        inAws,
    );
if (globalDatabase) setConnections(globalDatabase.connections);
if (recovery && globalDatabase) {
    const { notifyOpsTopicArn, pageOncallTopicArn, capacityPlanningTopicArn } =
        regions[primaryRegion]!;
    const { clusterArns, keyArns } = globalDatabase;
    new RecoveryPlan(
        "recovery",
        {
            ...recovery,
            environment,
            region: primaryRegion,
            resources: {
                database: {
                    arn: clusterArns.apply((of) => of[primaryRegion]!),
                    keyArn: keyArns.apply((of) => of[primaryRegion]!),
                },
            },
            notifyOpsTopicArn,
            pageOncallTopicArn,
            capacityPlanningTopicArn,
            runbooksUrl: alerts.runbooksUrl,
            protect,
        },
        inAws,
    );
}
const sharedRedis =
    redis.global &&
    new RedisGlobalDatastore(
        "shared",
        {
            ...redis.global,
            environment,
            primaryRegion,
            regions: Object.fromEntries(sharingRedis.map((region) => [region, regions[region]!])),
            partitions: redis.partitions,
            runbooksUrl: alerts.runbooksUrl,
            protect,
        },
        inAws,
    );
if (sharedRedis) {
    setMembers(sharedRedis.members);
    setLogins(sharedRedis.credentialTexts);
}
const geoDns =
    dns &&
    new GeoDns(
        "dns",
        {
            ...dns,
            endpoints: regions,
            port: service.port,
            https: Object.values(settings.regions).every((region) => region.certificateArn),
            protect,
        },
        inAws,
    );

const edgeCache =
    geoDns && dns?.edgeHost && edge
        ? new EdgeCache(
              "edge",
              {
                  ...edge,
                  environment,
                  zoneId: geoDns.zoneId,
                  edgeHost: dns.edgeHost,
                  originHost: dns.httpHost,
                  protect,
              },
              inAws,
          )
        : undefined;

const overview = new MonitoringOverview(
    "overview",
    {
        environment,
        region: primaryRegion,
        regions,
        slack: alerts.slack,
        topicArns: Object.values(regions).flatMap((region) => [
            region.notifyOpsTopicArn,
            region.pageOncallTopicArn,
            region.capacityPlanningTopicArn,
        ]),
    },
    inAws,
);

if (budget) {
    const emails = alerts.notifyOps
        .filter((target) => target.startsWith("mailto:"))
        .map((target) => target.slice("mailto:".length));
    new StackBudget("budget", { ...budget, environment, emails }, inAws);
}

/** Where clients connect, all regions behind one name: the line protocol and HTTP; without DNS, the primary region. */
export const host = geoDns?.host ?? regions[primaryRegion]?.nlbDnsName;
export const httpHost = geoDns?.httpHost ?? regions[primaryRegion]?.albDnsName;
/** Where readers ask, of a cache near them; empty without one. */
export const edgeHost = edgeCache?.edgeHost ?? "";
/** What the parent zone must hold, where the zone is created here. */
export const nameServers = geoDns?.nameServers ?? [];
export const dsRecord = geoDns?.dsRecord ?? "";
/** Where clients connect, by region. */
export const endpoints = mapValues(regions, ({ nlbDnsName, albDnsName }) => ({
    line: pulumi.interpolate`${nlbDnsName}:${service.port}`,
    http: albDnsName,
}));
/** Configuration endpoints of Redis, by region. */
export const redisEndpoints = mapValues(regions, ({ storeEndpoint, cacheEndpoint }) => ({
    store: storeEndpoint,
    cache: cacheEndpoint,
}));
/** The database by region, for administrators and services alike; empty without one. */
export const databaseEndpoints = globalDatabase?.connections ?? {};
/** How keys map to partitions, the same in every region, and where the live map is read. */
export const partitions = partitionScheme(redis.partitions);
/** The dashboard of all regions; each region's own is called after it. */
export const dashboard = overview.dashboardName;
/** Bounds of the number of instances, and the number at creation, by region; on Kubernetes of pods. */
export const scalingBounds = mapValues(regions, ({ min, max }, region) => ({
    min,
    max,
    desired: settings.regions[region]?.desired ?? min,
}));

function mapValues<T, R>(from: Record<string, T>, to: (value: T, key: string) => R) {
    return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value, key)]));
}
