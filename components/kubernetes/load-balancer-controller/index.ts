export * from "./args";
export { LoadBalancerController } from "./load-balancer-controller";
