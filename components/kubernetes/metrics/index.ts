export * from "./args";
export { KubernetesMetrics } from "./kubernetes-metrics";
