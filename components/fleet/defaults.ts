import { HEALTH_PORT as AGENT_PORT } from "logcaster-model/user-data/layout";

/** Port on which the local health agent of an instance answers /health; what target groups check. */
export const HEALTH_PORT = AGENT_PORT;

/** Time between two looks of a proxy's agent at the group: a third of what a new backend takes to pass ELB's checks. */
export const AGENT_INTERVAL_SECONDS = 5;

/** Amazon Linux 2023's NGINX. */
export const NGINX = Object.freeze({
    version: "1.26.0",
    modules: Object.freeze(["/usr/lib64/nginx/modules/ngx_stream_module.so"]),
});

/** CloudWatch namespace of ActiveConnections and mem_used_percent. */
export const METRIC_NAMESPACE = "LogCaster";

/** Dimension of these metrics, and of AWS's own. */
export const GROUP_DIMENSION = "AutoScalingGroupName";

/** Name of the lifecycle hook that the drain agent completes. */
export const DRAIN_HOOK = "drain";

export const FLEET_DEFAULTS = Object.freeze({
    timeZone: "UTC",
    volumeType: "gp3",
    /** Amazon Linux 2023's. */
    rootDeviceName: "/dev/xvda",
} as const);

/** The step rule's alarms look at averages of a minute; out after three, in after five (brief 6.1: the last five minutes). */
export const STEP_ALARMS = Object.freeze({ periodSeconds: 60, outMinutes: 3, inMinutes: 5 });

/** An instance refresh starts a replacement before it takes an instance away, a fifth of the group at a time. */
export const REFRESH = Object.freeze({ minHealthyPercentage: 100, maxHealthyPercentage: 120 });

/** Metrics of the group itself; without them an alarm on capacity has no data. */
export const GROUP_METRICS = Object.freeze([
    "GroupMinSize",
    "GroupMaxSize",
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
] as const);

/** The four scaling events. */
export const SCALING_EVENTS = Object.freeze([
    "autoscaling:EC2_INSTANCE_LAUNCH",
    "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
    "autoscaling:EC2_INSTANCE_TERMINATE",
    "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
] as const);

/** Managed policies of a node's role, after `arn:<partition>:iam::aws:policy/`. */
export const NODE_POLICIES = Object.freeze([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKS_CNI_Policy",
] as const);

export const SESSION_MANAGER_POLICY = "AmazonSSMManagedInstanceCore";
