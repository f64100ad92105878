import { LoadBalancerTier, type LoadBalancerTierArgs } from "logcaster-scaling/load-balancer";
import { record, type Values } from "../recorder";

export const REGION = "eu-west-1";
export const ARGS: LoadBalancerTierArgs = {
    region: REGION,
    vpcId: "vpc-1",
    vpcCidr: "10.8.0.0/16",
    publicSubnetIds: ["subnet-a", "subnet-b"],
    healthCheck: { port: 8404 },
};
export const create = (args: Partial<LoadBalancerTierArgs> = {}) =>
    record(() => new LoadBalancerTier("lb", { ...ARGS, ...args }));
let made: ReturnType<typeof create> | undefined;
/** The graph of the arguments as they are, recorded once: no test changes it. */
export const plain = () => (made ??= create());

export const T = {
    balancer: "aws:lb/loadBalancer:LoadBalancer",
    targets: "aws:lb/targetGroup:TargetGroup",
    listener: "aws:lb/listener:Listener",
    group: "aws:ec2/securityGroup:SecurityGroup",
    ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    egress: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    bucket: "aws:s3/bucket:Bucket",
    bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
} as const;

export const pick = (inputs: Values, ...keys: string[]) =>
    Object.fromEntries(keys.map((key) => [key, inputs[key]]));
