export * from "./args";
export { KubernetesProxy } from "./kubernetes-proxy";
