export {
    type RegionArgs,
    type RegionLoadBalancerArgs,
    type RegionProxyArgs,
    type RegionRedisArgs,
} from "./args";
export { Region } from "./region";
