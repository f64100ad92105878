/** What the pack sets out to check: the rows that public rule sets agree on, by number, and the areas that none of them covers. */
export interface Row {
    readonly says: string;
    /** Who checks it: C Checkov, T Trivy, N cdk-nag, G AWSGuard, P pulumi compliance-policies, S Security Hub. */
    readonly publicRules?: string;
}

export const ROWS = {
    "1": {
        says: "a group behind a load balancer uses ELB health checks",
        publicRules: "S AutoScaling.1, C CKV2_AWS_15",
    },
    "2": { says: "a group spans at least two zones", publicRules: "S AutoScaling.2" },
    "3": { says: "several instance types in several zones", publicRules: "S AutoScaling.6" },
    "4": { says: "a launch template, no launch configuration", publicRules: "C CKV_AWS_315" },
    "5": { says: "a group supplies tags", publicRules: "C CKV_AWS_153" },
    "6": { says: "the cooldown is not 0", publicRules: "N AS1" },
    "7": { says: "ELB health checks come with a grace period", publicRules: "N AS2" },
    "8": { says: "notifications of all four scaling events", publicRules: "N AS3" },
    "9": { says: "IMDSv2 required", publicRules: "C CKV_AWS_79, T AWS-0130" },
    "10": { says: "metadata hop limit 1", publicRules: "C CKV_AWS_341" },
    "11": { says: "encrypted volumes", publicRules: "T AWS-0008, AWS-0131" },
    "12": { says: "no secret in user data", publicRules: "T AWS-0129" },
    "13": {
        says: "no public address on instances",
        publicRules: "C CKV_AWS_88, T AWS-0009",
    },
    "14": { says: "detailed monitoring", publicRules: "N EC28, C CKV_AWS_126, G" },
    "15": { says: "load balancer access logs", publicRules: "C CKV_AWS_91, N ELB2, G, P" },
    "16": { says: "load balancer deletion protection", publicRules: "C CKV_AWS_150, G" },
    "17": { says: "cross-zone load balancing", publicRules: "C CKV_AWS_152" },
    "18": { says: "invalid headers dropped", publicRules: "C CKV_AWS_131, T AWS-0052" },
    "19": { says: "desync mode defensive or strictest", publicRules: "C CKV_AWS_328" },
    "20": {
        says: "listeners are HTTPS, TLS, TCP, UDP or an HTTP redirect",
        publicRules: "C CKV_AWS_2",
    },
    "21": { says: "HTTP redirects to HTTPS", publicRules: "C CKV2_AWS_20, N, G, T AWS-0054" },
    "22": {
        says: "TLS 1.2 or newer on HTTPS and TLS listeners",
        publicRules: "C CKV_AWS_103, T AWS-0047, P",
    },
    "23": { says: "a target group defines a health check", publicRules: "C CKV_AWS_261" },
    "24": { says: "a public ALB has a web ACL", publicRules: "C CKV2_AWS_28, N" },
    "25": {
        says: "an internet-facing load balancer needs a recorded exception",
        publicRules: "T AWS-0053",
    },
    "26": {
        says: "Redis encrypted at rest",
        publicRules: "C CKV_AWS_29, T AWS-0045, N AEC3",
    },
    "27": { says: "Redis encrypted in transit", publicRules: "C CKV_AWS_30, T AWS-0051" },
    "28": { says: "Redis auth token or user group", publicRules: "C CKV_AWS_31, N AEC6" },
    "29": { says: "Redis with a customer key (optional)", publicRules: "C CKV_AWS_191" },
    "30": {
        says: "Redis Multi-AZ and automatic failover",
        publicRules: "C CKV2_AWS_50, N AEC4",
    },
    "31": {
        says: "Redis backups",
        publicRules: "C CKV_AWS_134, T AWS-0050, N, S ElastiCache.1",
    },
    "32": {
        says: "Redis minor upgrades; no default subnet group",
        publicRules: "C CKV_AWS_322, CKV_AWS_323",
    },
    "33": { says: "Redis on a non-default port (off by default)", publicRules: "N AEC5, RDS11" },
    "34": {
        says: "databases, regional and global, encrypted",
        publicRules: "C CKV_AWS_140, CKV_AWS_96, T AWS-0079",
    },
    "35": {
        says: "databases protected from deletion",
        publicRules: "C CKV_AWS_139, T AWS-0343, N RDS10",
    },
    "36": { says: "database backups, at least 3 days", publicRules: "T AWS-0077, P" },
    "37": {
        says: "databases take IAM tokens",
        publicRules: "T AWS-0176, C CKV_AWS_162, N RDS6",
    },
    "38": {
        says: "DNSSEC, query logs, records point at resources",
        publicRules: "C CKV2_AWS_38, CKV2_AWS_39, CKV2_AWS_23",
    },
    "39": {
        says: "CloudFront: HTTPS, TLS floor, logs, web ACL, failover, HTTPS to the origin",
        publicRules: "C CKV_AWS_34, 68, 86, 174, 310, T AWS-0010 to AWS-0013, N CFR1-5",
    },
    "40": { says: "alarms have enabled actions", publicRules: "C CKV_AWS_319, N" },
    "41": {
        says: "topics encrypted, publish over TLS",
        publicRules: "C CKV_AWS_26, T AWS-0095, AWS-0136, N SNS3",
    },
    "42": {
        says: "log groups: retention, key, at least a year where audits need it",
        publicRules: "C CKV_AWS_66, CKV_AWS_158, CKV_AWS_338, T AWS-0017",
    },
    "43": {
        says: "flow logs; closed default security group; no automatic public addresses",
        publicRules: "C CKV2_AWS_11, CKV2_AWS_12, CKV_AWS_130, T AWS-0178, AWS-0173, AWS-0164",
    },
    "44": {
        says: "described security group rules; nothing open but the front door; rules in one place",
        publicRules:
            "C CKV_AWS_23, 24, 25, 260, 277, 382, T AWS-0099, AWS-0104, AWS-0107, AWS-0124",
    },
    "45": {
        says: "buckets: no public access, encryption, versions, access logs, TLS only",
        publicRules: "C CKV_AWS_18, 19, 21, 53-56, T AWS-0086 to AWS-0094",
    },
    "46": { says: "keys rotate", publicRules: "C CKV_AWS_7, T AWS-0065" },
    "47": {
        says: "no wildcard action on a wildcard resource; pass-role limited",
        publicRules: "C CKV_AWS_62, 63, 289, 290, 355, T AWS-0057",
    },
    "48": {
        says: "secrets: customer key where asked, rotation or a recorded reason",
        publicRules: "C CKV_AWS_149, CKV2_AWS_57",
    },
    capacity: { says: "minimum, maximum and desired inside the limits; a warm-up" },
    "scaling policy": {
        says: "targets at most the limits; a way out and one owner of scale-in; steps in order; missing data never scales in",
    },
    predictive: {
        says: "buffer under the period, mode explicit, maximum exceeded only on purpose",
    },
    schedule: {
        says: "time zone explicit, desired never alone, inside the bounds, -1 leaves alone",
    },
    spot: {
        says: "on-demand base and share, allocation not by price, types of one size, rebalancing",
    },
    refresh: { says: "template version pinned, refresh with automatic rollback" },
    nodes: {
        says: "a group of Kubernetes nodes leaves scaling, health and balance to the cluster",
    },
    "load balancer": {
        says: "health checks at the checklist's interval, draining inside the hook, two zones",
    },
    sharding: {
        says: "shards divide the partitions, enough copies, replicas elsewhere, a store never evicts",
    },
    GeoDNS: {
        says: "a default record that falls over, health everywhere, aliases of this stack, no area twice",
    },
    alarms: {
        says: "ScalingFrequent, ScalingFailed and CapacityLimit in every region, with datapoints, missing-data rule, runbook and target",
    },
    Kubernetes: {
        says: "pod scalers inside the limits and one a workload, never beside a vertical one on the same resource; requests, room to drain, time to leave; versions, registries and proxies that work",
    },
    replication: { says: "lag alarms on every secondary, in the metric's own unit" },
    recovery: {
        says: "backups, a second region or a recorded exception, and a reference to a runbook",
    },
    cost: { says: "a budget with a forecast alarm exists; the projected cost is within it" },
} as const satisfies Record<string, Row>;

export type RowId = keyof typeof ROWS;
