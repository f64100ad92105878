import type * as pulumi from "@pulumi/pulumi";

/** Vertical size of an instance (model/instance-types.ts). Brief 1.2. */
export const FleetTier = {
    /** 2 CPU, 4 GiB, 1 Gbps, 3,000 IOPS. */
    Small: "small",
    /** 4 CPU, 16 GiB, 5 Gbps, 10,000 IOPS. */
    Medium: "medium",
    /** 16 CPU, 64 GiB, 10 Gbps, 30,000 IOPS. */
    Large: "large",
    /** 32 CPU, 128 GiB, 25 Gbps, 60,000 IOPS. */
    Xlarge: "xlarge",
} as const;
export type FleetTier = (typeof FleetTier)[keyof typeof FleetTier];

/** Who owns scale-in; exactly one does. */
export const ScalingMode = {
    /** Target tracking of CPU and connections. */
    Target: "target",
    /** Two alarms on connections an instance; tracking then only scales out. Brief 6.1. */
    Step: "step",
} as const;
export type ScalingMode = (typeof ScalingMode)[keyof typeof ScalingMode];

/** What predictive scaling may do. */
export const PredictiveMode = {
    Off: "off",
    /** Forecasts to look at. */
    ForecastOnly: "forecast-only",
    /** Starts instances ahead of the forecast hour; it never removes any. */
    ForecastAndScale: "forecast-and-scale",
} as const;
export type PredictiveMode = (typeof PredictiveMode)[keyof typeof PredictiveMode];

/** What a forecast above the maximum does. */
export const MaxBreach = { HonorMax: "honor-max", IncreaseMax: "increase-max" } as const;
export type MaxBreach = (typeof MaxBreach)[keyof typeof MaxBreach];

/** EBS volume type of an instance. */
export const FleetVolumeType = {
    /** Cheapest IOPS, up to 80,000. */
    Gp3: "gp3",
    /** Steadier latency, every IOPS paid. */
    Io2: "io2",
} as const;
export type FleetVolumeType = (typeof FleetVolumeType)[keyof typeof FleetVolumeType];

/** What runs on an instance. */
export interface FleetServiceArgs {
    /** Container image by digest: a tag can change under a running fleet. */
    image: string;
    /** TCP port of the line protocol. Brief 3.2: 9999. */
    port: number;
    /** HTTP port. Brief 3.1: 80. */
    httpPort: number;
    /** Connections one instance is meant to carry. Brief 6.1: 1,000. */
    connectionsPerInstance: number;
}

/** The step rule of brief 6.1, in percent of connectionsPerInstance. */
export interface FleetStepArgs {
    /** Average above which instances are added. */
    outPercent: number;
    /** Instances added at once. */
    outInstances: number;
    /** Average below which instances are removed. */
    inPercent: number;
    /** Instances removed at once. */
    inInstances: number;
}

/** Hours of the day with a minimum of their own. */
export interface FleetPeriodArgs {
    /** First hour, 0 to 23. */
    from: number;
    /** Hour at which the period ends, 1 to 24. */
    to: number;
    /** Minimum number of instances. */
    min: number;
}

/** Scheduled minimums, by hour of the time zone. Brief 6.1. */
export interface FleetScheduleArgs {
    enabled: boolean;
    periods: FleetPeriodArgs[];
    /** Minimum at all other hours. */
    otherwise: number;
}

/** Predictive scaling by AWS, beside the reactive policies. */
export interface FleetPredictiveArgs {
    mode: PredictiveMode;
    /** Seconds ahead of the forecast hour at which instances start, under 3,600. */
    bufferSeconds: number;
    maxBreach: MaxBreach;
    /** Percent above the forecast, with maxBreach increase-max alone. */
    maxBufferPercent: number;
}

/** The mix of purchase options. Brief 6.2. */
export interface FleetSpotArgs {
    /** Mix spot instances in above the base. */
    enabled: boolean;
    /** Instances that are always on demand. */
    onDemandBase: number;
    /** Percent on demand above the base. */
    onDemandPercentAboveBase: number;
    /** Types to use instead of the tier's own, all of the tier. @default every type of the tier that the region offers */
    instanceTypes?: string[];
}

/** How many instances, of which size, and who changes the number; the stack's `scaling` settings. */
export interface FleetScalingArgs {
    tier: FleetTier;
    /** Smallest number of instances. Brief 1.1: 3. */
    min: number;
    /** Largest number of instances. Brief 1.1: 20. */
    max: number;
    mode: ScalingMode;
    /** Average CPU to hold. Brief 1.1: 70. */
    targetCpuPercent: number;
    /** Average memory above which instances are added. Brief 1.1: 80. */
    targetMemoryPercent: number;
    /** Seconds until a new instance's metrics count. */
    warmupSeconds: number;
    /** Seconds a new instance has before failing checks replace it. */
    healthCheckGraceSeconds: number;
    /** Length of the drain hook; longer than the deregistration delay. */
    drainSeconds: number;
    step: FleetStepArgs;
    schedule: FleetScheduleArgs;
    predictive: FleetPredictiveArgs;
    spot: FleetSpotArgs;
}

/** The security groups of what stands in front, the only ones that reach an instance. */
export interface FleetBalancerGroupsArgs {
    /** Of the network load balancer: line protocol and health. @default it does not reach an instance */
    nlb?: pulumi.Input<string>;
    /** Of the application load balancer: HTTP and health. @default it does not reach an instance */
    alb?: pulumi.Input<string>;
    /** Of the proxies: line protocol and health. @default there are none */
    proxy?: pulumi.Input<string>;
}

/** What a proxy runs. */
export const FleetProxyEngine = {
    /** Knows each backend's connections and health by itself. */
    Haproxy: "haproxy",
    /** Takes a backend out when connections to it fail, or its group says that it is unhealthy. */
    Nginx: "nginx",
} as const;
export type FleetProxyEngine = (typeof FleetProxyEngine)[keyof typeof FleetProxyEngine];

/** Instances as proxies of the line protocol, in front of another fleet. Brief 3.1 and 3.2. */
export interface FleetProxyArgs {
    engine: FleetProxyEngine;
    /** Auto scaling group of the backends, by its physical name, in the same region. */
    backendGroupName: string;
    /** Most backends there can be: the group's maximum. */
    slots: number;
    /** Connections one proxy opens to one backend at most. */
    connectionsPerBackend: number;
    /** Connections one address may have on a proxy. */
    connectionsPerSource: number;
    /** Time a quiet connection is kept. */
    idleTimeoutSeconds: number;
    /** Time in which long-lived connections are spread over new backends. */
    rebalanceSeconds: number;
}

/** What an instance may read at boot; the outputs of RuntimeConfig. */
export interface FleetRuntimeConfigArgs {
    /** Its parameter `runtime` holds the document. */
    parameterPath: pulumi.Input<string>;
    /** The parameters an instance reads, exactly. */
    parameterArns: pulumi.Input<pulumi.Input<string>[]>;
    /** The secrets an instance reads, exactly. */
    secretArns: pulumi.Input<pulumi.Input<string>[]>;
}

/** A taint of every node. */
export interface NodeTaintArgs {
    key: string;
    value: string;
    /** NoSchedule, PreferNoSchedule or NoExecute. */
    effect: string;
}

/** Instances as nodes of a Kubernetes cluster, whose autoscaler then owns the group's size. */
export interface NodeModeArgs {
    /** Name of the EKS cluster, also in the autoscaler's discovery tags. */
    clusterName: string;
    /** The cluster's API server. */
    apiServerEndpoint: pulumi.Input<string>;
    /** Base64 of the cluster's certificate authority. */
    certificateAuthority: pulumi.Input<string>;
    /** IPv4 block of the cluster's services. */
    serviceCidr: pulumi.Input<string>;
    /** The cluster's own security group, worn beside the fleet's. */
    clusterSecurityGroupId: pulumi.Input<string>;
    /** Labels of every node, told to the autoscaler too, for scale from zero. @default none */
    labels?: { [key: string]: string };
    /** Taints of every node, told to the autoscaler too. @default none */
    taints?: NodeTaintArgs[];
    /** More tags for the autoscaler, such as node-template/resources/... @default none */
    autoscalerTags?: { [key: string]: string };
    /** Managed policies of a node's role. @default EKS worker node, ECR pull only, EKS CNI */
    managedPolicyArns?: string[];
}

/** Arguments of AutoscalingFleet. */
export interface AutoscalingFleetArgs {
    /** Region of every resource. */
    region: string;
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Its IPv4 block: where the data stores and endpoints are. */
    vpcCidr: pulumi.Input<string>;
    /** Private subnets, one a zone. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** The zones of these subnets, at least two; in node mode one is enough. */
    zones: string[];
    /** Target groups that instances join; none in node mode. @default none */
    targetGroupArns?: pulumi.Input<string>[];
    /** @default nobody reaches an instance */
    loadBalancerSecurityGroupIds?: FleetBalancerGroupsArgs;
    /** Seconds that connections of a leaving target may last; the drain agent waits as long. */
    deregistrationDelaySeconds: number;
    service: FleetServiceArgs;
    scaling: FleetScalingArgs;
    /** Instances at creation; scaling owns the number afterwards. */
    desired: number;
    /** Machine image by id: Amazon Linux 2023 for x86-64, or one that has the packages of docs/fleet.md. */
    imageId: pulumi.Input<string>;
    /** IANA name of the schedule's time zone. @default UTC */
    timeZone?: string;
    /** @default gp3 */
    volumeType?: FleetVolumeType;
    /** Device name of the image's root volume. @default /dev/xvda */
    rootDeviceName?: string;
    /** Instances as Kubernetes nodes. @default instances run the service themselves */
    nodeMode?: NodeModeArgs;
    /** Instances as proxies; `service.image` is then that of the logcaster command. @default instances run the service themselves */
    proxy?: FleetProxyArgs;
    /** @default nothing is fetched at boot */
    runtimeConfig?: FleetRuntimeConfigArgs;
    /** Let people open a shell by Session Manager (AmazonSSMManagedInstanceCore). @default false */
    sessionManager?: boolean;
    /** Topic for the four scaling events. @default an encrypted one of its own */
    notificationTopicArn?: pulumi.Input<string>;
    /** Tags of every instance and volume. @default none */
    tags?: { [key: string]: string };
}
