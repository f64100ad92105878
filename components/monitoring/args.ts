import type * as pulumi from "@pulumi/pulumi";

/** Who is told what, and by which way. Nobody named: the topics are there, without subscribers. */
export interface AlertArgs {
    /** Who hears of what can wait: `mailto:` and `https://` addresses. @default [] */
    notifyOps?: string[];
    /** Who is woken. @default [] */
    pageOncall?: string[];
    /** Who plans capacity. @default [] */
    capacityPlanning?: string[];
    /** HTTPS address, secret, that pages are posted to as well; it must confirm the subscription. @default none */
    pageOncallUrl?: pulumi.Input<string>;
    /** Response plan of Incident Manager that a page starts; in any region, replicated to this one. @default none */
    incidentResponsePlanArn?: string;
    /** Where the runbooks are read, without the last slash. @default docs/runbooks, in the repository */
    runbooksUrl?: string;
    /** Changes of the group's size in an hour above which scaling counts as restless. Brief 8.1. @default 10 */
    maxScalingEventsPerHour?: number;
    /** Share of the group's maximum, in percent, from which capacity counts as nearly used up. Brief 8.1. @default 90 */
    maxCapacityPercent?: number;
}

/** The instances of a region, as their metrics name them. */
export interface MonitoredFleetArgs {
    /** Auto scaling group. */
    groupName: pulumi.Input<string>;
    /** Whether some of it is spot. */
    spot: boolean;
    /** Whether AWS forecasts its load; then `predictivePolicyName` is needed. */
    predictive: boolean;
    /** The predictive scaling policy. @default none */
    predictivePolicyName?: pulumi.Input<string>;
    /** Average price of an instance-hour by the spot mix, for the cost panel. @default unknown: the panel counts hours */
    instanceHourUsd?: number;
}

/** The front door of a region, as its metrics name it. */
export interface MonitoredBalancerArgs {
    /** net/<name>/<id> */
    nlbArnSuffix: pulumi.Input<string>;
    /** app/<name>/<id> */
    albArnSuffix: pulumi.Input<string>;
    /** targetgroup/<name>/<id> */
    tcpTargetGroupArnSuffix: pulumi.Input<string>;
    /** targetgroup/<name>/<id> */
    httpTargetGroupArnSuffix: pulumi.Input<string>;
}

/** A Redis cluster, as its metrics name it: AWS calls a node <replication group>-<shard>-<node>. */
export interface MonitoredRedisArgs {
    /** Replication group. */
    replicationGroupId: pulumi.Input<string>;
    /** Shards; where AWS changes the number, the most there can be. */
    shards: number;
    /** Copies of a shard; where AWS changes the number, the most there can be. */
    copies: number;
}

/** Arguments of RegionMonitoring. */
export interface RegionMonitoringArgs {
    /** Name of the region. */
    region: string;
    /** Name of the environment, in the names of alarms and dashboards. */
    environment: string;
    /** Who is told what. */
    alerts?: AlertArgs;
    /** The instances that run the service. @default pods run it, on `nodes` */
    fleet?: MonitoredFleetArgs;
    /** Groups of Kubernetes nodes by name. @default none */
    nodes?: Record<string, MonitoredFleetArgs>;
    /** The proxies before them. @default none */
    proxies?: MonitoredFleetArgs;
    balancer: MonitoredBalancerArgs;
    /** The cluster that holds data. */
    store: MonitoredRedisArgs;
    /** The cluster that caches. */
    cache: MonitoredRedisArgs;
    /** Protect the log of scaling events from deletion by Pulumi. */
    protect: boolean;
}

/** What the overview shows of a region. */
export interface OverviewRegionArgs {
    /** Group of the instances that run the service. @default pods run it, on `nodeGroupNames` */
    groupName?: pulumi.Input<string>;
    /** Groups of Kubernetes nodes. @default [] */
    nodeGroupNames?: pulumi.Input<pulumi.Input<string>[]>;
    nlbArnSuffix: pulumi.Input<string>;
    albArnSuffix: pulumi.Input<string>;
    /** Composite alarms that page. */
    outageAlarmArns: pulumi.Input<pulumi.Input<string>[]>;
}

/** Where chat messages go. */
export interface SlackArgs {
    /** Workspace, authorised once in the console of Amazon Q Developer in chat applications. */
    teamId: string;
    channelId: string;
}

/** Arguments of MonitoringOverview. */
export interface MonitoringOverviewArgs {
    /** Name of the environment, in the dashboard's name. */
    environment: string;
    /** Region that the dashboard is managed through; it shows all. */
    region: string;
    /** By region's name. */
    regions: Record<string, OverviewRegionArgs>;
    /** Average price of an instance-hour, for the cost panel. @default unknown: the panel counts hours */
    instanceHourUsd?: number;
    /** Also write the alerts of `topicArns` into this channel. @default none */
    slack?: SlackArgs;
    /** The topics of all regions. @default [] */
    topicArns?: pulumi.Input<string>[];
}

/** The topics of a region. */
export interface AlertTopicsArgs {
    /** Who hears of what can wait. */
    notifyOpsTopicArn: pulumi.Input<string>;
    /** Who is woken. */
    pageOncallTopicArn: pulumi.Input<string>;
    /** Who plans capacity. */
    capacityPlanningTopicArn: pulumi.Input<string>;
}

/** Alertmanager of kube-prometheus-stack, as KubernetesMetrics installs it, publishing to topics. */
export interface AlertRoutesArgs {
    /** Region of cluster and topics. */
    region: string;
    /** Role that Alertmanager's pods wear; it is granted to publish to the topics. */
    roleName: pulumi.Input<string>;
    /** Namespace of Alertmanager. @default monitoring */
    namespace?: string;
    topics: AlertTopicsArgs;
}

/** Arguments of KubernetesMonitoring. */
export interface KubernetesMonitoringArgs {
    /** Namespace of the service. */
    namespace: string;
    /** Deployment of the service, whose autoscaler is called after it. */
    workload: string;
    /** Labels by which Prometheus selects rules: of kube-prometheus-stack, its release. @default none */
    ruleLabels?: Record<string, string>;
    /** Where the runbooks are read, without the last slash. @default docs/runbooks, in the repository */
    runbooksUrl?: string;
    /** Changes of the number of pods in an hour above which scaling counts as restless. Brief 8.1. @default 10 */
    maxScalingEventsPerHour?: number;
    /** Share of the largest number of pods, in percent, from which capacity counts as nearly used up. Brief 8.1. @default 90 */
    maxCapacityPercent?: number;
    /** Tell topics of SNS what Prometheus finds. @default routes are the cluster's own */
    routes?: AlertRoutesArgs;
    /** Price of a pod-hour, for the cost panel. @default unknown: the panel counts hours */
    podHourUsd?: number;
}
