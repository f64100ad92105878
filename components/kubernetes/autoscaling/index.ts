export * from "./args";
export { KubernetesAutoscaling } from "./kubernetes-autoscaling";
