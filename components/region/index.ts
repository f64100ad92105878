export { type RegionArgs, type RegionLoadBalancerArgs, type RegionRedisArgs } from "./args";
export { Region } from "./region";
