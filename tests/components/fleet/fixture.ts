import {
    AutoscalingFleet,
    type AutoscalingFleetArgs,
    type FleetScalingArgs,
    type NodeModeArgs,
} from "logcaster-scaling/fleet";
import { record, type Recording } from "../recorder";

export const NAME = "prod-us-east-1-fleet";
export const DIGEST = `sha256:${"a".repeat(64)}`;

/** Prod's scaling. */
export const SCALING: FleetScalingArgs = {
    tier: "medium",
    min: 3,
    max: 20,
    mode: "target",
    targetCpuPercent: 70,
    targetMemoryPercent: 80,
    warmupSeconds: 180,
    healthCheckGraceSeconds: 240,
    drainSeconds: 420,
    step: { outPercent: 120, outInstances: 2, inPercent: 60, inInstances: 1 },
    schedule: {
        enabled: true,
        periods: [
            { from: 0, to: 6, min: 3 },
            { from: 9, to: 12, min: 10 },
            { from: 14, to: 17, min: 10 },
        ],
        otherwise: 5,
    },
    predictive: {
        mode: "forecast-and-scale",
        bufferSeconds: 300,
        maxBreach: "honor-max",
        maxBufferPercent: 0,
    },
    spot: { enabled: true, onDemandBase: 2, onDemandPercentAboveBase: 30 },
};

export const ARGS: AutoscalingFleetArgs = {
    region: "us-east-1",
    vpcId: "vpc-1",
    vpcCidr: "10.0.0.0/16",
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    targetGroupArns: ["tg-tcp", "tg-http"],
    loadBalancerSecurityGroupIds: { nlb: "sg-nlb", alb: "sg-alb" },
    deregistrationDelaySeconds: 300,
    service: {
        image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/logcaster@${DIGEST}`,
        port: 9999,
        httpPort: 80,
        connectionsPerInstance: 1000,
    },
    scaling: SCALING,
    desired: 5,
    imageId: "ami-0123456789abcdef0",
    timeZone: "America/New_York",
    runtimeConfig: {
        parameterPath: "/logcaster/prod/us-east-1",
        parameterArns: ["arn:aws:ssm:us-east-1:123456789012:parameter/logcaster/prod/runtime"],
        secretArns: ["arn:aws:secretsmanager:us-east-1:123456789012:secret:store-a"],
    },
    tags: { team: "ingest" },
};

export const NODE_MODE: NodeModeArgs = {
    clusterName: "logcaster",
    apiServerEndpoint: "https://example.eks.amazonaws.com",
    certificateAuthority: "Y2VydGlmaWNhdGU=",
    serviceCidr: "172.20.0.0/16",
    clusterSecurityGroupId: "sg-cluster",
    labels: { pool: "ingest" },
    taints: [{ key: "dedicated", value: "ingest", effect: "NoSchedule" }],
};

/** A fleet of Kubernetes nodes. */
export const NODE_ARGS: AutoscalingFleetArgs = {
    ...withScaling({
        schedule: { ...SCALING.schedule, enabled: false },
        predictive: { ...SCALING.predictive, mode: "off" },
    }),
    targetGroupArns: [],
    runtimeConfig: undefined,
    nodeMode: NODE_MODE,
};

export function withScaling(scaling: Partial<FleetScalingArgs>): AutoscalingFleetArgs {
    return { ...ARGS, scaling: { ...SCALING, ...scaling } };
}

export function fleet(args: AutoscalingFleetArgs = ARGS): Promise<Recording<AutoscalingFleet>> {
    return record(() => new AutoscalingFleet(NAME, args));
}

/** Runs the program and answers the message that it ends with. */
export async function refused(args: AutoscalingFleetArgs): Promise<string> {
    try {
        await fleet(args);
    } catch (error) {
        return (error as Error).message;
    }
    throw new Error("the arguments were accepted");
}
