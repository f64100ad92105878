/** What AWS accepts: one row a restriction, with the page that states it. Settings, components and policies read it here. */
export interface AwsRule {
    /** The restriction in words, as an error message says it. */
    readonly says: string;
    /** Lowest accepted value, where the restriction is a range. */
    readonly min?: number;
    /** Highest accepted value, where the restriction is a range. */
    readonly max?: number;
    /** The exact values accepted, where they are a list. */
    readonly oneOf?: readonly number[];
    /** The documentation that states it. */
    readonly url: string;
}

const DOCS = "https://docs.aws.amazon.com";
const ELB = `${DOCS}/elasticloadbalancing/latest`;
const ASG = `${DOCS}/autoscaling/ec2`;
const CACHE = `${DOCS}/AmazonElastiCache/latest`;
const AURORA = `${DOCS}/AmazonRDS/latest/AuroraUserGuide`;
const R53 = `${DOCS}/Route53/latest`;

export const AWS_RULES = {
    "vpc.prefixLength": {
        says: "a VPC's IPv4 block has a prefix of /16 to /28",
        min: 16,
        max: 28,
        url: `${DOCS}/vpc/latest/userguide/vpc-cidr-blocks.html`,
    },
    "zone.region": {
        says: "a zone belongs to its region and is named <region><letter>",
        url: `${DOCS}/global-infrastructure/latest/regions/aws-availability-zones.html`,
    },
    "certificate.region": {
        says: "a load balancer takes certificates of its own region only",
        url: `${DOCS}/acm/latest/userguide/acm-regions.html`,
    },
    "image.id": {
        says: "a machine image id is ami- and 8 or 17 hexadecimal digits; an SSM parameter in its place would switch off automatic rollback of an instance refresh",
        url: `${ASG}/userguide/instance-refresh-rollback.html`,
    },
    "vpc.bootEndpoints": {
        says: "an instance without a NAT gateway reaches AWS services only through interface endpoints",
        url: `${DOCS}/vpc/latest/privatelink/privatelink-access-aws-services.html`,
    },
    "targetGroup.intervalSeconds": {
        says: "a target group is checked every 5 to 300 seconds",
        min: 5,
        max: 300,
        url: `${ELB}/APIReference/API_CreateTargetGroup.html`,
    },
    "targetGroup.timeoutSeconds": {
        says: "a health check times out after 2 to 120 seconds",
        min: 2,
        max: 120,
        url: `${ELB}/APIReference/API_CreateTargetGroup.html`,
    },
    "targetGroup.timeoutUnderInterval": {
        says: "a health check's timeout is shorter than its interval",
        url: `${ELB}/application/target-group-health-checks.html`,
    },
    "targetGroup.threshold": {
        says: "health thresholds are 2 to 10 checks",
        min: 2,
        max: 10,
        url: `${ELB}/APIReference/API_CreateTargetGroup.html`,
    },
    "targetGroup.deregistrationDelaySeconds": {
        says: "a deregistration delay is 0 to 3600 seconds",
        min: 0,
        max: 3600,
        url: `${ELB}/network/edit-target-group-attributes.html`,
    },
    "nlb.tcpIdleTimeoutSeconds": {
        says: "a TCP listener's idle timeout is 60 to 6000 seconds",
        min: 60,
        max: 6000,
        url: `${ELB}/network/update-idle-timeout.html`,
    },
    "alb.idleTimeoutSeconds": {
        says: "an application load balancer's idle timeout is 1 to 4000 seconds",
        min: 1,
        max: 4000,
        url: `${ELB}/application/edit-load-balancer-attributes.html`,
    },
    "nlb.tlsNeedsCertificate": {
        says: "a TLS listener needs a certificate",
        url: `${ELB}/network/create-tls-listener.html`,
    },
    "group.healthCheckGraceSeconds": {
        says: "a health check grace period is 0 to 7200 seconds",
        min: 0,
        max: 7200,
        url: `${ASG}/userguide/health-check-grace-period.html`,
    },
    "group.lifecycleHookSeconds": {
        says: "a lifecycle hook waits 30 to 7200 seconds",
        min: 30,
        max: 7200,
        url: `${ASG}/userguide/lifecycle-hooks-overview.html`,
    },
    "predictive.bufferSeconds": {
        says: "predictive scaling launches 0 to 3600 seconds ahead, and less than its hourly forecast period",
        min: 0,
        max: 3599,
        url: `${ASG}/APIReference/API_PredictiveScalingConfiguration.html`,
    },
    "predictive.maxBufferPercent": {
        says: "the capacity buffer above the maximum is 0 to 100 percent",
        min: 0,
        max: 100,
        url: `${ASG}/APIReference/API_PredictiveScalingConfiguration.html`,
    },
    "predictive.maxBufferNeedsIncrease": {
        says: "a capacity buffer goes only with max capacity breach behaviour IncreaseMaxCapacity",
        url: `${ASG}/APIReference/API_PredictiveScalingConfiguration.html`,
    },
    "elasticache.copies": {
        says: "a shard has a primary and at most 5 replicas, 6 copies",
        min: 1,
        max: 6,
        url: `${CACHE}/dg/Replication.Redis.Groups.html`,
    },
    "elasticache.shards": {
        says: "a cluster has 1 to 500 shards",
        min: 1,
        max: 500,
        url: `${CACHE}/dg/Replication.Redis-RedisCluster.html`,
    },
    "elasticache.nodes": {
        says: "a cluster has at most 500 nodes, shards times copies",
        min: 1,
        max: 500,
        url: `${CACHE}/dg/WhatIs.corecomponents.html`,
    },
    "elasticache.snapshotDays": {
        says: "automatic backups are kept 0 to 35 days",
        min: 0,
        max: 35,
        url: `${CACHE}/dg/backups-automatic.html`,
    },
    "elasticache.autoScalingTargetPercent": {
        says: "auto scaling of a cluster tracks a target of 35 to 70 percent",
        min: 35,
        max: 70,
        url: `${CACHE}/dg/AutoScaling-Policies.html`,
    },
    "elasticache.autoScalingNodeType": {
        says: "auto scaling of a cluster needs a node of size large or more of families M, R or C with cluster mode",
        url: `${CACHE}/dg/AutoScaling.html`,
    },
    "elasticache.globalSecondaries": {
        says: "a Global Datastore has one or two secondary regions beside its primary",
        min: 1,
        max: 2,
        url: `${CACHE}/dg/Redis-Global-Datastores-Getting-Started.html`,
    },
    "elasticache.globalNodeType": {
        says: "a Global Datastore takes nodes of size large or more of M5, R5, M6g, R6g, M7g, R7g, C7gn and newer",
        url: `${CACHE}/dg/Redis-Global-Datastores-Getting-Started.html`,
    },
    "elasticache.durability": {
        says: "a cluster can be durable on Valkey 9.0 or newer and nodes of R6g, R7g, R8g, M6g, M7g, M8g, C7gn and C8gn; whether it is, is fixed at creation",
        url: `${CACHE}/dg/Durability.Limitations.html`,
    },
    "aurora.instances": {
        says: "a cluster has at most 16 instances: a writer and 15 readers",
        min: 1,
        max: 16,
        url: `${AURORA}/Aurora.Replication.html`,
    },
    "aurora.readers": {
        says: "a cluster has at most 15 readers",
        min: 1,
        max: 15,
        url: `${AURORA}/Aurora.Replication.html`,
    },
    "aurora.globalSecondaries": {
        says: "a global database has at most 5 secondary regions beside its primary",
        min: 0,
        max: 5,
        url: `${AURORA}/aurora-global-database.html`,
    },
    "aurora.backupDays": {
        says: "a cluster's automatic backups are kept 1 to 35 days",
        min: 1,
        max: 35,
        url: `${AURORA}/Aurora.Managing.Backups.html`,
    },
    "aurora.engineVersion": {
        says: "every minor version of Aurora PostgreSQL 16 and 17, such as 16.6, takes part in a global database and forwards writes",
        url: `${AURORA}/Concepts.Aurora_Fea_Regions_DB-eng.Feature.GlobalDatabase.html`,
    },
    "aurora.globalInstanceClass": {
        says: "a global database takes memory-optimised classes of size large or more from db.r5 on, such as db.r7g.large",
        url: `${AURORA}/aurora-global-database-getting-started.html`,
    },
    "backup.retentionDays": {
        says: "AWS Backup keeps a backup 1 to 36,500 days",
        min: 1,
        max: 36_500,
        url: `${DOCS}/aws-backup/latest/devguide/API_Lifecycle.html`,
    },
    "cloudfront.certificateRegion": {
        says: "CloudFront takes certificates of us-east-1 only",
        url: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html`,
    },
    "cloudfront.path": {
        says: "a path is / and up to 254 letters, digits or signs, with * for any text",
        url: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html`,
    },
    "cloudfront.seconds": {
        says: "an edge keeps an answer 0 to 31,536,000 seconds, a year",
        min: 0,
        max: 31_536_000,
        url: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/Expiration.html`,
    },
    "waf.rate": {
        says: "a rate-based rule counts from 10 requests on",
        min: 10,
        max: 2_000_000_000,
        url: `${DOCS}/waf/latest/developerguide/waf-rule-statement-type-rate-based.html`,
    },
    "budgets.addresses": {
        says: "AWS Budgets tells 1 to 10 e-mail addresses of an alarm",
        min: 1,
        max: 10,
        url: `${DOCS}/aws-cost-management/latest/APIReference/API_budgets_CreateNotification.html`,
    },
    "logs.retentionDays": {
        says: "a log group keeps its entries for one of the listed numbers of days",
        oneOf: [
            1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557,
            2922, 3288, 3653,
        ],
        url: `${DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
    },
    "route53.default": {
        says: "geolocation without a default record gives no answer to addresses that are not mapped",
        url: `${R53}/DeveloperGuide/routing-policy-geo.html`,
    },
    "route53.area": {
        says: "an area is *, continent:<code>, country:<two letters> or, in the US alone, country:US/<state>",
        url: `${R53}/APIReference/API_GeoLocation.html`,
    },
    "route53.healthCheckIntervalSeconds": {
        says: "a Route 53 health check runs every 10 or 30 seconds",
        oneOf: [10, 30],
        url: `${R53}/APIReference/API_HealthCheckConfig.html`,
    },
    "route53.failureThreshold": {
        says: "a Route 53 health check changes state after 1 to 10 checks",
        min: 1,
        max: 10,
        url: `${R53}/APIReference/API_HealthCheckConfig.html`,
    },
    "route53.hostInZone": {
        says: "a record's name ends in its hosted zone's name",
        url: `${R53}/DeveloperGuide/DomainNameFormat.html`,
    },
} as const satisfies Record<string, AwsRule>;

export type AwsRuleId = keyof typeof AWS_RULES;

/** An AWS restriction and where it is documented, as the end of a message. */
export const because = (rule: AwsRuleId): string =>
    `${AWS_RULES[rule].says} (${AWS_RULES[rule].url})`;
