export * from "./args";
export { KubernetesCluster } from "./kubernetes-cluster";
