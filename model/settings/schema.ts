/** The settings of a stack: structure, defaults (from limits.ts) and the bounds of each value. What ties two values together is in checks/. */
import { z } from "zod";
import { SCHEDULE_PERIODS } from "../limits";
import {
    awsText,
    choice,
    CIDR,
    entry,
    flag,
    image,
    int,
    REGION,
    requiredInt,
    text,
} from "./fields";
import { kubernetesSchema } from "./kubernetes";
import { alertsSchema, budgetSchema } from "./alerts-schema";
import { databaseSchema, edgeSchema, recoverySchema, redisGlobalSchema } from "./global-schema";

const arn = (service: string, description: string) =>
    text(
        new RegExp(`^arn:aws[\\w-]*:${service}:[a-z0-9-]+:\\d{12}:.+$`),
        `the ARN of a resource of ${service}, arn:aws:${service}:<region>:<account>:<resource>`,
        description,
    );

const hostName = (description: string) =>
    text(
        /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/,
        "a host name in lower case, such as logs.example.com",
        description,
    );

const cidrList = (description: string) =>
    z
        .array(entry(CIDR, "an IPv4 block such as 203.0.113.0/24"))
        .min(1, "at least one IPv4 block")
        .default(["0.0.0.0/0"])
        .meta({ description });

export const serviceSchema = z.strictObject({
    image: image(
        "The LogCaster container image, by digest.",
        ": a tag can change under a running fleet",
    ),
    port: int("service.port", "TCP port of the line protocol."),
    httpPort: int("service.httpPort", "HTTP port of the service on an instance."),
    connectionsPerInstance: int(
        "service.connectionsPerInstance",
        "Connections one instance is meant to carry; what scaling tracks.",
    ),
});

const period = z.strictObject({
    from: requiredInt(
        "scaling.schedule.hour",
        "First hour of the period, in the region's time zone.",
    ),
    to: requiredInt("scaling.schedule.hour", "Hour at which the period ends; 24 is midnight."),
    min: requiredInt(
        "scaling.schedule.periodMin",
        "Minimum number of instances during the period.",
    ),
});

export const scalingSchema = z.strictObject({
    tier: choice(
        ["small", "medium", "large", "xlarge"],
        "Vertical size of an instance (model/instance-types.ts).",
    ).default("medium"),
    min: int("scaling.min", "Smallest number of instances of a region."),
    max: int("scaling.max", "Largest number of instances of a region."),
    mode: choice(
        ["target", "step"],
        "Who owns scale-in: target tracking, or the two alarms of the step rule.",
    ).default("target"),
    targetCpuPercent: int("scaling.targetCpuPercent", "Average CPU that target tracking holds."),
    targetMemoryPercent: int(
        "scaling.targetMemoryPercent",
        "Average memory above which tracking adds instances; it never removes them.",
    ),
    warmupSeconds: int("scaling.warmupSeconds", "Time until a new instance's metrics count."),
    healthCheckGraceSeconds: int(
        "scaling.healthCheckGraceSeconds",
        "Time a new instance has before failing checks replace it.",
    ),
    drainSeconds: int(
        "scaling.drainSeconds",
        "Longest time a terminating instance waits for its connections to end.",
    ),
    step: z
        .strictObject({
            outPercent: int(
                "scaling.step.outPercent",
                "Average connections an instance, in percent of connectionsPerInstance, above which instances are added.",
            ),
            outInstances: int("scaling.step.outInstances", "Instances added at once."),
            inPercent: int(
                "scaling.step.inPercent",
                "Average connections an instance, in percent of connectionsPerInstance, below which instances are removed.",
            ),
            inInstances: int("scaling.step.inInstances", "Instances removed at once."),
        })
        .prefault({})
        .meta({ description: "The step rule; used when mode is step." }),
    schedule: z
        .strictObject({
            enabled: flag(false, "Raise the minimum by hour of the region's day."),
            periods: z
                .array(period)
                .default(SCHEDULE_PERIODS.map((p) => ({ ...p })))
                .meta({ description: "Hours with a minimum of their own; they must not overlap." }),
            otherwise: int(
                "scaling.schedule.otherwise",
                "Minimum number of instances at all other hours.",
            ),
        })
        .prefault({})
        .meta({ description: "Scheduled minimums." }),
    predictive: z
        .strictObject({
            mode: choice(
                ["off", "forecast-only", "forecast-and-scale"],
                "Whether AWS forecasts the load, and whether it acts on it.",
            ).default("off"),
            bufferSeconds: int(
                "scaling.predictive.bufferSeconds",
                "How long before the forecast hour instances start.",
            ),
            maxBreach: choice(
                ["honor-max", "increase-max"],
                "What a forecast above max does.",
            ).default("honor-max"),
            maxBufferPercent: int(
                "scaling.predictive.maxBufferPercent",
                "Room above the forecast when maxBreach is increase-max.",
            ),
        })
        .prefault({})
        .meta({ description: "Predictive scaling by AWS, beside the reactive policies." }),
    spot: z
        .strictObject({
            enabled: flag(true, "Mix spot instances in above the on-demand base."),
            onDemandBase: int("scaling.spot.onDemandBase", "Instances that are always on demand."),
            onDemandPercentAboveBase: int(
                "scaling.spot.onDemandPercentAboveBase",
                "Share of on-demand instances above the base.",
            ),
            instanceTypes: z
                .array(entry(/^[a-z0-9-]+\.[a-z0-9-]+$/, "an instance type such as m7i.xlarge"))
                .min(1, "at least one instance type")
                .optional()
                .meta({
                    description:
                        "Instance types to use instead of the tier's own list; all of one tier.",
                }),
        })
        .prefault({})
        .meta({ description: "The mix of purchase options." }),
});

const subnetIds = (description: string) =>
    z
        .record(
            z.string(),
            entry(/^subnet-[0-9a-f]{8,17}$/, "a subnet id, subnet-<hexadecimal digits>"),
        )
        .meta({ description });

export const regionSchema = z.strictObject({
    zones: z.array(z.string()).meta({
        description: "Availability zones to spread over, by name.",
        limit: "regions.region.zones",
    }),
    cidr: awsText(
        CIDR,
        "vpc.prefixLength",
        "IPv4 block of the region's VPC, /16 to /19 so that eight zones fit.",
    ),
    desired: requiredInt(
        "regions.region.desired",
        "Instances at creation, absent scaling.min; scaling owns the number afterwards. None on Kubernetes.",
    ).optional(),
    imageId: awsText(
        /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/,
        "image.id",
        "Machine image of the instances, or of the nodes; none with kubernetes.existing.",
    ).optional(),
    timeZone: text(
        /^.+$/,
        "a name of the IANA time zone database, such as Asia/Tokyo",
        "Time zone of the schedule, by IANA name.",
    ).default("UTC"),
    certificateArn: arn(
        "acm",
        "Certificate for 443, and for 9999 when loadBalancer.tls is true.",
    ).optional(),
    nat: choice(
        ["none", "single", "per-zone"],
        "NAT gateways; none needs the interface endpoints that instances boot through.",
    ).default("per-zone"),
    interfaceEndpoints: flag(
        false,
        "Interface endpoints for what instances need to boot (SSM, Secrets Manager, ECR, CloudWatch, EC2, Auto Scaling).",
    ),
    flowLogDays: int("regions.region.flowLogDays", "Days that VPC flow logs are kept."),
    existingNetwork: z
        .strictObject({
            vpcId: text(/^vpc-[0-9a-f]{8,17}$/, "a VPC id, vpc-<hexadecimal digits>", "The VPC."),
            publicSubnetIds: subnetIds("Public subnet of each zone, for the load balancers."),
            privateSubnetIds: subnetIds("Private subnet of each zone, for the instances."),
            isolatedSubnetIds: subnetIds("Isolated subnet of each zone, for the data stores."),
        })
        .optional()
        .meta({ description: "An existing VPC to use instead of creating one." }),
});

export const loadBalancerSchema = z.strictObject({
    strategy: choice(
        ["flow-hash", "least-connections"],
        "flow-hash: the network load balancer straight to instances. least-connections: through a proxy fleet.",
    ).default("flow-hash"),
    tls: flag(false, "Terminate TLS on the line protocol's port with the region's certificate."),
    allowedCidrs: cidrList("Who may connect: the recorded front door."),
    healthCheck: z
        .strictObject({
            intervalSeconds: int(
                "loadBalancer.healthCheck.intervalSeconds",
                "Time between two checks of a target.",
            ),
            timeoutSeconds: int(
                "loadBalancer.healthCheck.timeoutSeconds",
                "Time a check may take; under the interval.",
            ),
            healthyThreshold: int(
                "loadBalancer.healthCheck.healthyThreshold",
                "Checks that must pass before a target gets traffic.",
            ),
            unhealthyThreshold: int(
                "loadBalancer.healthCheck.unhealthyThreshold",
                "Checks that must fail before a target gets none.",
            ),
        })
        .prefault({})
        .meta({ description: "HTTP check of /health on every target." }),
    deregistrationDelaySeconds: int(
        "loadBalancer.deregistrationDelaySeconds",
        "Time that existing connections of a leaving target may last.",
    ),
    tcpIdleTimeoutSeconds: int(
        "loadBalancer.tcpIdleTimeoutSeconds",
        "Time a quiet TCP connection is kept.",
    ),
    httpIdleTimeoutSeconds: int(
        "loadBalancer.httpIdleTimeoutSeconds",
        "Time a quiet HTTP connection is kept.",
    ),
    proxy: z
        .strictObject({
            engine: choice(["haproxy", "nginx"], "What the proxies run.").default("haproxy"),
            image: image(
                "Container image of the logcaster command, by digest: the proxies' agent (docs/proxies.md).",
            ).optional(),
            tier: choice(
                ["small", "medium", "large", "xlarge"],
                "Vertical size of a proxy (model/instance-types.ts).",
            ).default("small"),
            min: int("loadBalancer.proxy.min", "Smallest number of proxies of a region."),
            max: int("loadBalancer.proxy.max", "Largest number of proxies of a region."),
            connectionsPerInstance: int(
                "loadBalancer.proxy.connectionsPerInstance",
                "Connections one proxy is meant to carry; what their scaling tracks.",
            ),
            connectionsPerSource: int(
                "loadBalancer.proxy.connectionsPerSource",
                "Connections one address may have on a proxy.",
            ),
            rebalanceSeconds: int(
                "loadBalancer.proxy.rebalanceSeconds",
                "Time in which long-lived connections are spread over new instances.",
            ),
        })
        .prefault({})
        .meta({ description: "The proxy fleet; used when strategy is least-connections." }),
    deletionProtection: flag(true, "Refuse deletion of the load balancers."),
    accessLogs: flag(
        true,
        "Write access logs to a bucket of their own (AWS writes none for a TCP listener).",
    ),
    accessLogDays: int("loadBalancer.accessLogDays", "Days that access logs are kept."),
});

const redisRole = <const E extends readonly [string, ...string[]]>(
    copies: "redis.store.copies" | "redis.cache.copies",
    eviction: E,
    what: string,
) =>
    z
        .strictObject({
            engine: choice(["valkey", "redis"], "Engine.").default("valkey"),
            engineVersion: text(
                /^\d+\.\d+$/,
                "a version such as 8.2",
                "Version of the engine.",
            ).optional(),
            nodeType: text(
                /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
                "a node type such as cache.r7g.large",
                "Node type; changes online.",
            ).default("cache.r7g.large"),
            shards: int("redis.role.shards", "Number of shards; changes online."),
            copies: int(copies, "Copies of every key, the primary included; changes online."),
            eviction: choice(eviction, "What happens when memory is full.").default(eviction[0]),
            durability: choice(
                ["sync", "async", "disabled"],
                "When a write counts as done: in the log of two zones, before that, or in memory alone. Absent, sync for a store that can, disabled otherwise.",
            ).optional(),
            snapshotDays: int("redis.role.snapshotDays", "Days that automatic backups are kept."),
            credentialGeneration: int(
                "redis.role.credentialGeneration",
                "Raise by one to rotate the passwords without an outage (docs/redis.md).",
            ),
            autoScaling: z
                .strictObject({
                    enabled: flag(false, "Let AWS change the counts of shards and replicas."),
                    maxShards: int("redis.role.shards", "Largest number of shards."),
                    targetPercent: int(
                        "redis.role.autoScaling.targetPercent",
                        "Engine CPU and memory that auto scaling tracks.",
                    ),
                })
                .prefault({})
                .meta({ description: "Auto scaling of the cluster." }),
        })
        .prefault({})
        .meta({ description: what });

export const redisSchema = z.strictObject({
    partitions: int(
        "redis.partitions",
        "Partitions of the key space, a power of two; fixed at creation.",
    ),
    store: redisRole(
        "redis.store.copies",
        ["noeviction", "volatile-ttl"],
        "The cluster that holds data: it never evicts a key without a TTL.",
    ),
    cache: redisRole(
        "redis.cache.copies",
        ["allkeys-lru"],
        "The cluster that caches: it evicts what was used longest ago.",
    ),
    global: redisGlobalSchema.optional(),
});

export const dnsSchema = z.strictObject({
    zoneName: hostName("Name of the hosted zone."),
    zoneId: text(
        /^Z[A-Z0-9]{6,31}$/,
        "a hosted zone id, Z and 6 to 31 upper-case letters and digits",
        "The hosted zone; absent, one is created.",
    ).optional(),
    host: hostName("Name of the line protocol's endpoint (TCP)."),
    httpHost: hostName("Name of the HTTP endpoint."),
    edgeHost: hostName("Name of the cache for HTTP reads; with edge.").optional(),
    mode: choice(["geolocation", "latency"], "By what Route 53 picks a region.").default(
        "geolocation",
    ),
    areas: z
        .array(
            z.strictObject({
                area: awsText(
                    /^(\*|continent:(AF|AN|AS|EU|NA|OC|SA)|country:[A-Z]{2}|country:US\/[A-Z]{2})$/,
                    "route53.area",
                    "What the record answers for.",
                ),
                region: z
                    .string({ error: "a region of logcaster:regions" })
                    .meta({ description: "The region it points to first." }),
            }),
        )
        .default([])
        .meta({
            description: "Which region answers which area; * is everybody else. Geolocation only.",
        }),
    healthCheckIntervalSeconds: int(
        "dns.healthCheckIntervalSeconds",
        "Time between two Route 53 health checks.",
    ),
    failureThreshold: int(
        "dns.failureThreshold",
        "Checks after which an endpoint counts as failed, or as well again.",
    ),
});

export const settingsSchema = z.strictObject({
    environment: text(
        /^[a-z][a-z0-9-]{1,15}$/,
        "2 to 16 lower-case letters, digits and hyphens, a letter first",
        "Name of the environment, in tags and names.",
    ),
    protect: flag(
        true,
        "Protect what holds data (Redis, hosted zone, log buckets, keys) from deletion by Pulumi.",
    ),
    platform: choice(
        ["ec2", "kubernetes"],
        "What runs the service: instances of its own, or pods of a cluster (docs/kubernetes.md says when to choose which).",
    ).default("ec2"),
    service: serviceSchema,
    scaling: scalingSchema.prefault({}),
    primaryRegion: text(
        REGION,
        "the name of one of the stack's regions",
        "The region that writes what all regions share, and in which what has no region of its own is managed.",
    ),
    regions: z.record(entry(REGION, "a region's name, such as eu-west-1"), regionSchema),
    loadBalancer: loadBalancerSchema.prefault({}),
    redis: redisSchema.prefault({}),
    kubernetes: kubernetesSchema.optional(),
    database: databaseSchema.optional(),
    recovery: recoverySchema.optional(),
    dns: dnsSchema.optional(),
    edge: edgeSchema.optional(),
    alerts: alertsSchema.prefault({}),
    budget: budgetSchema.optional(),
});

export type Settings = z.output<typeof settingsSchema>;
export type RegionSettings = z.output<typeof regionSchema>;
export type ScalingSettings = z.output<typeof scalingSchema>;
