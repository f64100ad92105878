export {
    BalancerTargetType,
    BalancingStrategy,
    DesyncMode,
    type HealthCheckArgs,
    type LoadBalancerTierArgs,
} from "./args";
export { LoadBalancerTier } from "./load-balancer-tier";
