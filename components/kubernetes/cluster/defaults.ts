import { DEFAULT_EKS_MINOR } from "logcaster-model/eks";
import { LIMITS } from "logcaster-model/limits";
import {
    type FleetScalingArgs,
    type FleetServiceArgs,
    MaxBreach,
    PredictiveMode,
    ScalingMode,
} from "../../fleet/args";

export const CLUSTER_DEFAULTS = Object.freeze({
    version: DEFAULT_EKS_MINOR,
    /** EKS' own default, said so that nodes know it. */
    serviceCidr: "172.20.0.0/16",
    logDays: LIMITS["kubernetes.logDays"].value,
    protect: true,
});

/** Every log there is of the control plane. https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
export const LOG_TYPES = Object.freeze([
    "api",
    "audit",
    "authenticator",
    "controllerManager",
    "scheduler",
] as const);

/** Label of a node: the group it belongs to. */
export const NODE_GROUP_LABEL = "logcaster/node-group";

/** Managed policies of a node's role: what its pods may is the pods' own. */
export const NODE_MANAGED_POLICIES = Object.freeze([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
] as const);

/** Nodes run no service of the fleet's own: pods have theirs. */
export const NODE_SERVICE: Readonly<FleetServiceArgs> = Object.freeze({
    image: "",
    port: LIMITS["service.port"].value,
    httpPort: LIMITS["service.httpPort"].value,
    connectionsPerInstance: LIMITS["service.connectionsPerInstance"].value,
});

/** Kubernetes' autoscaler owns the size; a spot node that is taken back would not be drained, so all are on demand. */
export const NODE_SCALING: Readonly<Omit<FleetScalingArgs, "tier" | "min" | "max">> = Object.freeze(
    {
        mode: ScalingMode.Target,
        targetCpuPercent: LIMITS["scaling.targetCpuPercent"].value,
        targetMemoryPercent: LIMITS["scaling.targetMemoryPercent"].value,
        warmupSeconds: LIMITS["scaling.warmupSeconds"].value,
        healthCheckGraceSeconds: LIMITS["scaling.healthCheckGraceSeconds"].value,
        drainSeconds: LIMITS["scaling.drainSeconds"].value,
        step: {
            outPercent: LIMITS["scaling.step.outPercent"].value,
            outInstances: LIMITS["scaling.step.outInstances"].value,
            inPercent: LIMITS["scaling.step.inPercent"].value,
            inInstances: LIMITS["scaling.step.inInstances"].value,
        },
        schedule: { enabled: false, periods: [], otherwise: LIMITS["scaling.min"].value },
        predictive: {
            mode: PredictiveMode.Off,
            bufferSeconds: 0,
            maxBreach: MaxBreach.HonorMax,
            maxBufferPercent: 0,
        },
        spot: { enabled: false, onDemandBase: 0, onDemandPercentAboveBase: 100 },
    },
);
