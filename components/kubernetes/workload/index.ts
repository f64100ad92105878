export * from "./args";
export { KubernetesWorkload } from "./kubernetes-workload";
