/**
 * Mistakes in a stack's settings: what is changed in Pulumi.prod.yaml, and the problem that must be reported.
 * Every row of model/limits.ts and model/aws-rules.ts names at least one (`covers`); bad-settings.test.ts compares the sets.
 */
import type { AwsRuleId } from "logcaster-model/aws-rules";
import type { LimitId } from "logcaster-model/limits";
import { BAD_GLOBAL_SETTINGS } from "./bad-settings-global";
import { BAD_KUBERNETES_SETTINGS } from "./bad-settings-kubernetes";
import { outside } from "./outside";

export interface BadSettings {
    readonly mistake: string;
    /** Whose file is changed. @default prod */
    readonly stack?: string;
    /** Paths below `logcaster:` and the values put there; undefined removes. */
    readonly set: Readonly<Record<string, unknown>>;
    /** The path the message names. */
    readonly path: string;
    /** What of the allowed values the message says. */
    readonly says: string;
    /** What a preview says instead where the project's own schema, in Pulumi.yaml, refuses the value first. */
    readonly preview?: string;
    /** Other paths that the same mistake makes wrong. */
    readonly also?: readonly string[];
    readonly covers?: readonly (LimitId | AwsRuleId)[];
}

const US = 'regions["us-east-1"]';
const EU = 'regions["eu-west-1"]';
const PERIODS = "scaling.schedule.periods";

export const BAD_SETTINGS: readonly BadSettings[] = [
    // One number a row: under, over, zero, negative, a fraction.
    outside("service.port", "service.port", 0, "from 1 to 65535"),
    outside("service.httpPort", "service.httpPort", 65536, "from 1 to 65535"),
    outside(
        "service.connectionsPerInstance",
        "service.connectionsPerInstance",
        0,
        "from 1 to 50000",
    ),
    outside("loadBalancer.proxy.min", "loadBalancer.proxy.min", 1, "from 3 to 50"),
    outside("loadBalancer.proxy.max", "loadBalancer.proxy.max", 51, "from 3 to 50"),
    ...(["connectionsPerInstance", "connectionsPerSource"] as const).map((key) =>
        outside(`loadBalancer.proxy.${key}`, `loadBalancer.proxy.${key}`, 50_001, "to 50000"),
    ),
    outside(
        "loadBalancer.proxy.rebalanceSeconds",
        "loadBalancer.proxy.rebalanceSeconds",
        9,
        "from 10 to 3600",
    ),
    outside("scaling.min", "scaling.min", 2, "from 3 to 50"),
    outside("scaling.min", "scaling.min", -3, "from 3 to 50"),
    outside("scaling.max", "scaling.max", 80, "from 3 to 50"),
    outside("scaling.max", "scaling.max", 20.5, "a whole number"),
    outside("scaling.targetCpuPercent", "scaling.targetCpuPercent", 95, "from 10 to 90"),
    outside("scaling.targetMemoryPercent", "scaling.targetMemoryPercent", 0, "from 10 to 95"),
    outside("scaling.warmupSeconds", "scaling.warmupSeconds", 0, "from 30 to 3600"),
    outside(
        "scaling.healthCheckGraceSeconds",
        "scaling.healthCheckGraceSeconds",
        7201,
        "to 7200",
        "group.healthCheckGraceSeconds",
    ),
    outside(
        "scaling.drainSeconds",
        "scaling.drainSeconds",
        7201,
        "from 30 to 7200",
        "group.lifecycleHookSeconds",
    ),
    outside("scaling.step.outPercent", "scaling.step.outPercent", 100, "from 101 to 300"),
    outside("scaling.step.outInstances", "scaling.step.outInstances", 0, "from 1 to 10"),
    outside("scaling.step.inPercent", "scaling.step.inPercent", 100, "from 1 to 99"),
    outside("scaling.step.inInstances", "scaling.step.inInstances", 11, "from 1 to 10"),
    outside("scaling.schedule.periodMin", `${PERIODS}[1].min`, 51, "from 3 to 50"),
    outside("scaling.schedule.otherwise", "scaling.schedule.otherwise", 2, "from 3 to 50"),
    outside("scaling.schedule.hour", `${PERIODS}[2].to`, 25, "from 0 to 24"),
    outside(
        "scaling.predictive.bufferSeconds",
        "scaling.predictive.bufferSeconds",
        3600,
        "from 0 to 3599",
        "predictive.bufferSeconds",
    ),
    outside(
        "scaling.predictive.maxBufferPercent",
        "scaling.predictive.maxBufferPercent",
        101,
        "from 0 to 100",
        "predictive.maxBufferPercent",
    ),
    outside("scaling.spot.onDemandBase", "scaling.spot.onDemandBase", -1, "from 0 to 50"),
    outside(
        "scaling.spot.onDemandPercentAboveBase",
        "scaling.spot.onDemandPercentAboveBase",
        130,
        "from 0 to 100",
    ),
    outside("regions.region.desired", `${US}.desired`, 0, "from 3 to 50"),
    outside(
        "regions.region.flowLogDays",
        `${US}.flowLogDays`,
        100,
        "one of 1, 3, 5",
        "logs.retentionDays",
    ),
    outside(
        "loadBalancer.healthCheck.intervalSeconds",
        "loadBalancer.healthCheck.intervalSeconds",
        2,
        "from 5 to 300",
        "targetGroup.intervalSeconds",
    ),
    outside(
        "loadBalancer.healthCheck.timeoutSeconds",
        "loadBalancer.healthCheck.timeoutSeconds",
        1,
        "from 2 to 120",
        "targetGroup.timeoutSeconds",
    ),
    outside(
        "loadBalancer.healthCheck.healthyThreshold",
        "loadBalancer.healthCheck.healthyThreshold",
        1,
        "from 2 to 10",
        "targetGroup.threshold",
    ),
    outside(
        "loadBalancer.healthCheck.unhealthyThreshold",
        "loadBalancer.healthCheck.unhealthyThreshold",
        11,
        "from 2 to 10",
    ),
    outside(
        "loadBalancer.deregistrationDelaySeconds",
        "loadBalancer.deregistrationDelaySeconds",
        3601,
        "from 0 to 3600",
        "targetGroup.deregistrationDelaySeconds",
    ),
    outside(
        "loadBalancer.tcpIdleTimeoutSeconds",
        "loadBalancer.tcpIdleTimeoutSeconds",
        30,
        "from 60 to 6000",
        "nlb.tcpIdleTimeoutSeconds",
    ),
    outside(
        "loadBalancer.httpIdleTimeoutSeconds",
        "loadBalancer.httpIdleTimeoutSeconds",
        4001,
        "from 1 to 4000",
        "alb.idleTimeoutSeconds",
    ),
    outside("loadBalancer.accessLogDays", "loadBalancer.accessLogDays", 0, "from 1 to 3653"),
    outside("redis.partitions", "redis.partitions", 8, "from 16 to 16384"),
    outside("redis.role.shards", "redis.store.shards", 0, "from 1 to 500", "elasticache.shards"),
    outside("redis.store.copies", "redis.store.copies", 2, "from 3 to 6", "elasticache.copies"),
    outside("redis.cache.copies", "redis.cache.copies", 1, "from 2 to 6"),
    outside(
        "redis.role.snapshotDays",
        "redis.store.snapshotDays",
        36,
        "from 0 to 35",
        "elasticache.snapshotDays",
    ),
    outside(
        "redis.role.credentialGeneration",
        "redis.store.credentialGeneration",
        0,
        "from 1 to 10000",
    ),
    outside(
        "redis.role.autoScaling.targetPercent",
        "redis.cache.autoScaling.targetPercent",
        80,
        "from 35 to 70",
        "elasticache.autoScalingTargetPercent",
    ),
    outside(
        "dns.healthCheckIntervalSeconds",
        "dns.healthCheckIntervalSeconds",
        20,
        "one of 10, 30",
        "route53.healthCheckIntervalSeconds",
    ),
    outside(
        "dns.failureThreshold",
        "dns.failureThreshold",
        11,
        "from 1 to 10",
        "route53.failureThreshold",
    ),

    // Wrong types, unknown words and keys, nothing where something must be.
    {
        mistake: "a text for a number",
        set: { "scaling.max": "many" },
        path: "scaling.max",
        says: "a whole number from 3 to 50",
    },
    { mistake: "a list for an object", set: { scaling: [] }, path: "scaling", says: "object" },
    {
        mistake: "a text for a flag",
        set: { protect: "perhaps" },
        path: "protect",
        says: "true or false",
        preview: "must be of type boolean, as Pulumi.yaml declares",
    },
    {
        mistake: "null for a number",
        set: { "scaling.min": null },
        path: "scaling.min",
        says: "from 3 to 50",
    },
    {
        mistake: "an unknown setting",
        set: { "scaling.maximum": 5 },
        path: "scaling.maximum",
        says: "no such setting; known here: tier, min, max",
    },
    {
        mistake: "an unknown top-level key",
        set: { scalling: {}, "scalling.max": 5 },
        path: "scalling",
        says: "no such setting; known here: environment",
    },
    {
        mistake: "an unknown mode",
        set: { "scaling.mode": "auto" },
        path: "scaling.mode",
        says: "one of target, step",
    },
    {
        mistake: "an unknown tier",
        set: { "scaling.tier": "huge" },
        path: "scaling.tier",
        says: "one of small, medium, large, xlarge",
    },
    {
        mistake: "least connections without the proxies' agent",
        set: {
            "loadBalancer.strategy": "least-connections",
            "loadBalancer.proxy.image": undefined,
        },
        path: "loadBalancer.proxy.image",
        says: "its agent tells the proxies where the instances are",
    },
    {
        mistake: "more proxies at least than at most",
        set: { "loadBalancer.proxy.min": 11, "loadBalancer.proxy.max": 10 },
        path: "loadBalancer.proxy.min",
        says: "at most loadBalancer.proxy.max, which is 10",
    },
    {
        mistake: "an engine that is no proxy",
        set: { "loadBalancer.proxy.engine": "envoy" },
        path: "loadBalancer.proxy.engine",
        says: "one of haproxy, nginx",
    },
    {
        mistake: "an unknown balancing strategy",
        set: { "loadBalancer.strategy": "round-robin" },
        path: "loadBalancer.strategy",
        says: "one of flow-hash, least-connections",
    },
    {
        mistake: "no environment",
        set: { environment: undefined },
        path: "environment",
        says: "lower-case letters",
        preview: "is missing configuration value",
    },
    {
        mistake: "no service image",
        set: { "service.image": undefined },
        path: "service.image",
        says: "a container image by digest",
    },
    {
        mistake: "an image by tag",
        set: { "service.image": "logcaster:latest" },
        path: "service.image",
        says: "a container image by digest",
    },
    {
        mistake: "an environment that is no name",
        set: { environment: "Prod!" },
        path: "environment",
        says: "lower-case letters",
    },
    {
        mistake: "an eviction policy that drops stored data",
        set: { "redis.store.eviction": "allkeys-lru" },
        path: "redis.store.eviction",
        says: "one of noeviction, volatile-ttl",
    },
    {
        mistake: "an engine that is none",
        set: { "redis.store.engine": "memcached" },
        path: "redis.store.engine",
        says: "one of valkey, redis",
    },
    {
        mistake: "a node type of another service",
        set: { "redis.cache.nodeType": "db.r6g.large" },
        path: "redis.cache.nodeType",
        says: "cache.r7g.large",
    },

    // Values that do not go together.
    {
        mistake: "min above max",
        set: { "scaling.min": 30 },
        path: "scaling.min",
        says: "at most scaling.max, which is 20",
    },
    {
        mistake: "desired above max",
        set: { [`${US}.desired`]: 21 },
        path: `${US}.desired`,
        says: "from scaling.min 3 to scaling.max 20",
    },
    {
        mistake: "desired below min",
        set: { "scaling.min": 4, [`${PERIODS}[0].min`]: 4 },
        path: `${EU}.desired`,
        says: "from scaling.min 4 to scaling.max 20",
    },
    {
        mistake: "a scheduled minimum above max",
        set: { [`${PERIODS}[1].min`]: 25 },
        path: `${PERIODS}[1].min`,
        says: "to scaling.max 20",
    },
    {
        mistake: "an on-demand base above max",
        set: { "scaling.spot.onDemandBase": 21 },
        path: "scaling.spot.onDemandBase",
        says: "at most scaling.max 20",
    },
    {
        mistake: "overlapping hours",
        set: { [`${PERIODS}[2].from`]: 11 },
        path: `${PERIODS}[2]`,
        says: "periods[1] is 9 to 12",
    },
    {
        mistake: "a period that ends before it starts",
        set: { [`${PERIODS}[0].from`]: 22 },
        path: `${PERIODS}[0]`,
        says: "crosses midnight",
    },
    {
        mistake: "a capacity buffer that would not be used",
        set: { "scaling.predictive.maxBufferPercent": 10 },
        path: "scaling.predictive.maxBufferPercent",
        says: "increase-max",
        covers: ["predictive.maxBufferNeedsIncrease"],
    },
    {
        mistake: "a check that times out after its interval",
        set: { "loadBalancer.healthCheck.timeoutSeconds": 5 },
        path: "loadBalancer.healthCheck.timeoutSeconds",
        says: "less than intervalSeconds 5",
        covers: ["targetGroup.timeoutUnderInterval"],
    },
    {
        mistake: "a drain shorter than the deregistration delay",
        set: { "scaling.drainSeconds": 300 },
        path: "scaling.drainSeconds",
        says: "more than loadBalancer.deregistrationDelaySeconds 300",
    },
    {
        mistake: "one port for both protocols",
        set: { "service.httpPort": 9999 },
        path: "service.httpPort",
        says: "a port other than service.port",
    },
    {
        mistake: "TLS without a certificate",
        set: { "loadBalancer.tls": true, [`${EU}.certificateArn`]: undefined },
        path: `${EU}.certificateArn`,
        says: "a TLS listener needs a certificate",
        covers: ["nlb.tlsNeedsCertificate"],
    },

    // Places.
    {
        mistake: "a primary region that is none of the stack's",
        set: { primaryRegion: "sa-east-1" },
        path: "primaryRegion",
        says: "us-east-1, eu-west-1, ap-northeast-1",
    },
    {
        mistake: "no region",
        set: { regions: {} },
        path: "regions",
        says: "at least one region",
        preview: "is missing", // An empty object counts as none.
    },
    {
        mistake: "a region that is none",
        set: { regions: undefined, "regions.mars": {} },
        path: "regions.mars",
        says: "a region's name",
    },
    {
        mistake: "a zone of another region",
        set: { [`${EU}.zones[0]`]: "us-east-1a" },
        path: `${EU}.zones[0]`,
        says: "eu-west-1a to eu-west-1h",
        covers: ["zone.region"],
    },
    {
        mistake: "a zone twice",
        set: { [`${US}.zones[2]`]: "us-east-1a" },
        path: `${US}.zones[2]`,
        says: "each zone once",
    },
    {
        mistake: "one zone",
        set: { [`${US}.zones`]: ["us-east-1a"] },
        path: `${US}.zones`,
        says: "2 to 8 zones",
        also: ["redis.store.copies", "redis.cache.copies", "redis.global.copies"],
        covers: ["regions.region.zones"],
    },
    {
        mistake: "overlapping blocks",
        set: { [`${EU}.cidr`]: "10.0.128.0/17" },
        path: `${EU}.cidr`,
        says: "does not overlap with 10.0.0.0/16 of us-east-1",
    },
    {
        mistake: "a block too small",
        set: { [`${US}.cidr`]: "10.0.0.0/20" },
        path: `${US}.cidr`,
        says: "/16 to /19",
        covers: ["vpc.prefixLength"],
    },
    {
        mistake: "a block with host bits",
        set: { [`${US}.cidr`]: "10.0.0.1/16" },
        path: `${US}.cidr`,
        says: "zero",
    },
    {
        mistake: "a block that is none",
        set: { [`${US}.cidr`]: "10.0.0.0" },
        path: `${US}.cidr`,
        says: "IPv4 block",
    },
    {
        mistake: "a certificate of another region",
        set: { [`${EU}.certificateArn`]: "arn:aws:acm:us-east-1:111122223333:certificate/1" },
        path: `${EU}.certificateArn`,
        says: "a certificate in eu-west-1",
        covers: ["certificate.region"],
    },
    {
        mistake: "an unknown time zone",
        set: { [`${US}.timeZone`]: "Mars/Olympus" },
        path: `${US}.timeZone`,
        says: "IANA time zone database",
    },
    {
        mistake: "an image by SSM parameter",
        set: { [`${US}.imageId`]: "resolve:ssm:/image" },
        path: `${US}.imageId`,
        says: "ami-",
        covers: ["image.id"],
    },
    {
        mistake: "no way out of the VPC",
        set: { [`${US}.nat`]: "none" },
        path: `${US}.nat`,
        says: "interfaceEndpoints: true",
        covers: ["vpc.bootEndpoints"],
    },
    {
        mistake: "an existing VPC without a subnet in each zone",
        set: {
            [`${US}.existingNetwork`]: {
                vpcId: "vpc-0123456789abcdef0",
                publicSubnetIds: { "us-east-1a": "subnet-0123456789abcdef0" },
                privateSubnetIds: { "us-east-1a": "subnet-0123456789abcdef1" },
                isolatedSubnetIds: { "us-east-1a": "subnet-0123456789abcdef2" },
            },
        },
        path: `${US}.existingNetwork.publicSubnetIds`,
        says: "one subnet for each of us-east-1a, us-east-1b, us-east-1c",
        also: [`${US}.existingNetwork.privateSubnetIds`, `${US}.existingNetwork.isolatedSubnetIds`],
    },
    {
        mistake: "tiers mixed",
        set: { "scaling.spot.instanceTypes": ["m7i.xlarge", "t3.medium"] },
        path: "scaling.spot.instanceTypes[1]",
        says: "medium",
    },
    {
        mistake: "an unknown instance type",
        set: { "scaling.spot.instanceTypes": ["z99.mega"] },
        path: "scaling.spot.instanceTypes[0]",
        says: "medium",
    },

    // Redis.
    {
        mistake: "partitions that are no power of two",
        set: { "redis.partitions": 100 },
        path: "redis.partitions",
        says: "a power of two",
    },
    {
        mistake: "shards that do not divide",
        set: { "redis.store.shards": 24 },
        path: "redis.store.shards",
        says: "24 gives 13 %",
        covers: ["redis.role.imbalancePercent"],
    },
    {
        mistake: "more nodes than a cluster has",
        set: { "redis.partitions": 1024, "redis.store.shards": 256 },
        path: "redis.store.shards",
        says: "256 x 3 is 768",
        covers: ["redis.role.nodes", "elasticache.nodes"],
    },
    {
        mistake: "replicas without zones",
        set: { [`${US}.zones`]: ["us-east-1a", "us-east-1b"] },
        also: ["redis.global.copies"],
        path: "redis.store.copies",
        says: "the number of zones of every region, 2",
    },
    {
        mistake: "an engine version that does not exist",
        set: { "redis.cache.engineVersion": "10.0" },
        path: "redis.cache.engineVersion",
        says: "valkey with major 7, 8, 9",
    },
    {
        mistake: "durability on nodes without it",
        set: { "redis.store.durability": "sync", "redis.store.nodeType": "cache.t4g.small" },
        path: "redis.store.durability",
        says: "disabled on valkey 9.0 and cache.t4g.small",
        covers: ["elasticache.durability"],
    },
    {
        mistake: "durability on an engine without it",
        set: { "redis.cache.durability": "async", "redis.cache.engine": "redis" },
        path: "redis.cache.durability",
        says: "disabled on redis 7.1",
    },
    {
        mistake: "auto scaling of nodes too small",
        set: { "redis.cache.autoScaling.enabled": true, "redis.cache.nodeType": "cache.t4g.small" },
        path: "redis.cache.nodeType",
        says: "size large or more",
        covers: ["elasticache.autoScalingNodeType"],
    },
    {
        mistake: "auto scaling below the shards there are",
        set: { "redis.cache.autoScaling.enabled": true, "redis.cache.autoScaling.maxShards": 2 },
        path: "redis.cache.autoScaling.maxShards",
        says: "at least shards 4",
    },

    // DNS.
    {
        mistake: "no default area",
        set: { "dns.areas[0].area": "country:KR" },
        path: "dns.areas",
        says: "the default area *",
        covers: ["route53.default"],
    },
    {
        mistake: "an area twice",
        set: { "dns.areas[3].area": "continent:EU" },
        path: "dns.areas[3].area",
        says: "areas[2] has it",
    },
    {
        mistake: "an area that is none",
        set: { "dns.areas[1].area": "country:KR/11" },
        path: "dns.areas[1].area",
        says: "in the US alone",
        covers: ["route53.area"],
    },
    {
        mistake: "an area that points to no region of the stack",
        set: { "dns.areas[1].region": "sa-east-1" },
        path: "dns.areas[1].region",
        says: "us-east-1, eu-west-1, ap-northeast-1",
    },
    {
        mistake: "a region nobody points to",
        set: { "dns.areas[4].region": "eu-west-1", "dns.areas[5].region": "eu-west-1" },
        path: "dns.areas",
        says: "nobody is sent to ap-northeast-1",
    },
    {
        mistake: "a host outside the zone",
        set: { "dns.host": "logs.example.org" },
        path: "dns.host",
        says: "a name in example.com",
        covers: ["route53.hostInZone"],
    },
    {
        mistake: "one host for both protocols",
        set: { "dns.httpHost": "logs.example.com" },
        path: "dns.httpHost",
        says: "a name other than dns.host",
    },
    {
        mistake: "areas beside latency",
        set: { "dns.mode": "latency" },
        path: "dns.areas",
        says: "no areas while dns.mode is latency",
    },
    {
        mistake: "an area's region left out",
        set: { "dns.areas[1].region": undefined },
        path: "dns.areas[1].region",
        says: "a region of logcaster:regions",
    },

    // Budget.
    {
        mistake: "a budget without a limit",
        set: { budget: { warnPercent: 80 } },
        path: "budget.monthlyLimitUsd",
        says: "a whole number from 1 to 10000000",
    },
    outside("budget.monthlyLimitUsd", "budget.monthlyLimitUsd", 0, "from 1 to 10000000"),
    outside("budget.warnPercent", "budget.warnPercent", 100, "from 1 to 99"),
    outside("budget.anomalyUsd", "budget.anomalyUsd", 0, "from 1 to 1000000"),
    outside("budget.coveragePercent", "budget.coveragePercent", 101, "from 1 to 100"),
    outside("budget.utilizationPercent", "budget.utilizationPercent", 101, "from 1 to 100"),
    {
        mistake: "a price for nothing",
        set: { "budget.prices": { "eu-west-1": { "nat.hour": 0 } } },
        path: 'budget.prices["eu-west-1"]["nat.hour"]',
        says: "a price in USD, above 0",
    },
    {
        mistake: "a price somewhere unknown",
        set: { "budget.prices": { Ireland: { "nat.hour": 1 } } },
        path: "budget.prices.Ireland",
        says: "a region's name, global, or * for all",
    },
    {
        mistake: "a budget of which nobody hears",
        set: { "alerts.notifyOps": ["https://hooks.example.com/ops"] },
        path: "alerts.notifyOps",
        says: "mailto: addresses among them while budget is given",
    },

    // Alerts and secrets.
    {
        mistake: "a target that is no address",
        set: { "alerts.notifyOps": ["ops"] },
        path: "alerts.notifyOps[0]",
        says: "mailto:",
    },
    {
        mistake: "more scaling events than an hour has minutes",
        set: { "alerts.maxScalingEventsPerHour": 60 },
        path: "alerts.maxScalingEventsPerHour",
        says: "from 1 to 59",
        covers: ["alerts.maxScalingEventsPerHour"],
    },
    {
        mistake: "a capacity alarm that comes when nothing is left",
        set: { "alerts.maxCapacityPercent": 100 },
        path: "alerts.maxCapacityPercent",
        says: "from 50 to 99",
        covers: ["alerts.maxCapacityPercent"],
    },
    {
        mistake: "a chat channel by name",
        set: { "alerts.slack": { teamId: "T0123ABCD", channelId: "#ops" } },
        path: "alerts.slack.channelId",
        says: "a channel id, such as C0123ABCD",
    },
    {
        mistake: "an incident plan that is no response plan",
        set: { "alerts.incidentResponsePlanArn": "arn:aws:sns:us-east-1:111122223333:page" },
        path: "alerts.incidentResponsePlanArn",
        says: "the ARN of a response plan",
    },
    {
        mistake: "runbooks at a plain http address",
        set: { "alerts.runbooksUrl": "http://example.com/runbooks" },
        path: "alerts.runbooksUrl",
        says: "an https:// address",
    },
    {
        mistake: "a missing secret",
        set: { "alerts.pageOncallWebhook": true },
        path: "pageOncallUrl",
        says: "a secret, because alerts.pageOncallWebhook is true",
    },
    {
        mistake: "a secret in plain text",
        set: { pageOncallUrl: "https://hooks.example.com/t0ken" },
        path: "pageOncallUrl",
        says: "a secret only",
    },
    ...BAD_GLOBAL_SETTINGS,
    ...BAD_KUBERNETES_SETTINGS,
];
