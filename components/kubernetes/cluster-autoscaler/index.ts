export * from "./args";
export { ClusterAutoscaler } from "./cluster-autoscaler";
