export {
    type RegionArgs,
    type RegionLoadBalancerArgs,
    type RegionProxyArgs,
    type RegionRedisArgs,
} from "./args";
export type {
    ExistingClusterArgs,
    RegionKubernetesArgs,
    RegionPodScalingArgs,
    RegionSourcesArgs,
} from "./kubernetes-args";
export { Region } from "./region";
