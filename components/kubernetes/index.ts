export * from "./autoscaling";
export * from "./cluster";
export * from "./cluster-autoscaler";
export * from "./load-balancer-controller";
export * from "./metrics";
export * from "./migration-job";
export * from "./valkey";
export * from "./workload";
