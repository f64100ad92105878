export * from "./autoscaling";
export * from "./cluster-autoscaler";
export * from "./metrics";
export * from "./migration-job";
export * from "./workload";
