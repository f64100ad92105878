import type * as pulumi from "@pulumi/pulumi";

/** How connections of the line protocol reach instances. */
export const BalancingStrategy = {
    /** The network load balancer hashes each flow to an instance. */
    FlowHash: "flow-hash",
    /** Through a proxy fleet that knows how many connections each instance has: it joins the TCP target group instead of the instances. */
    LeastConnections: "least-connections",
} as const;
export type BalancingStrategy = (typeof BalancingStrategy)[keyof typeof BalancingStrategy];

/** How the HTTP load balancer treats requests that do not follow RFC 7230. */
export const DesyncMode = {
    /** Lets through what is known to be harmless. */
    Defensive: "defensive",
    /** Lets through only what follows the RFC. */
    Strictest: "strictest",
} as const;
export type DesyncMode = (typeof DesyncMode)[keyof typeof DesyncMode];

/** What stands behind the front door. */
export const BalancerTargetType = {
    /** EC2 instances, which an auto scaling group registers. */
    Instance: "instance",
    /** Addresses of pods, which Kubernetes registers by TargetGroupBinding. */
    Ip: "ip",
} as const;
export type BalancerTargetType = (typeof BalancerTargetType)[keyof typeof BalancerTargetType];

/** HTTP check of `/health` on every target. */
export interface HealthCheckArgs {
    /** Time between two checks, 5 to 300 s. @default 5, brief 1.1 */
    intervalSeconds?: number;
    /** Time a check may take, 2 to 120 s and under the interval. @default 3 */
    timeoutSeconds?: number;
    /** Checks that must pass before a target gets traffic, 2 to 10. @default 2 */
    healthyThreshold?: number;
    /** Checks that must fail before a target gets none, 2 to 10. @default 3 */
    unhealthyThreshold?: number;
    /** Port of the instance's local agent, which asks the service PING and answers `/health`. */
    port: number;
}

/** Arguments of LoadBalancerTier. */
export interface LoadBalancerTierArgs {
    /** Region of every resource. */
    region: string;
    /** The VPC. */
    vpcId: pulumi.Input<string>;
    /** Its IPv4 block, the only place the load balancers may send to. */
    vpcCidr: pulumi.Input<string>;
    /** Public subnets, one a zone, in two zones at least. */
    publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Port of the line protocol, on the load balancer and on instances. @default 9999 */
    port?: number;
    /** HTTP port of the service on an instance. @default 80 */
    httpPort?: number;
    /** Terminate TLS on the line protocol's port; needs `certificateArn`. @default false */
    tls?: boolean;
    /** Certificate for 443, and for `port` where `tls` is true; of this region. */
    certificateArn?: string;
    /** Security policy of both TLS listeners, TLS 1.2 or newer. @default a hybrid post-quantum one */
    tlsPolicy?: string;
    /** How connections of the line protocol reach instances. @default flow-hash */
    strategy?: BalancingStrategy;
    /** What joins the target groups; fixed at creation. @default instance */
    targetType?: BalancerTargetType;
    /** IPv4 blocks that may connect: the recorded front door. @default ["0.0.0.0/0"] */
    allowedCidrs?: string[];
    /** Brief 1.1: health check every 5 s. */
    healthCheck: HealthCheckArgs;
    /** Time that existing connections of a leaving target may last, 0 to 3600 s. @default 300 */
    deregistrationDelaySeconds?: number;
    /** Time a quiet TCP connection is kept, 60 to 6000 s; AWS fixes it at 350 s where `tls` is true. @default 3600 */
    tcpIdleTimeoutSeconds?: number;
    /** Time a quiet HTTP connection is kept, 1 to 4000 s. @default 60 */
    httpIdleTimeoutSeconds?: number;
    /** How the HTTP load balancer treats requests that do not follow RFC 7230. @default defensive */
    desyncMode?: DesyncMode;
    /** Refuse deletion of the load balancers. @default true */
    deletionProtection?: boolean;
    /** Write access logs to a bucket of their own. @default true */
    accessLogs?: boolean;
    /** Days that access logs are kept, 1 to 3653. @default 365 */
    accessLogDays?: number;
    /** Protect the log bucket from deletion by Pulumi. @default true */
    protect?: boolean;
}
