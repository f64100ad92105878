export * from "./autoscaling";
export * from "./cluster-autoscaler";
export * from "./metrics";
export * from "./workload";
