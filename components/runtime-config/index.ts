export { RegionRole, type RedisEndpointArgs, type RuntimeConfigArgs } from "./args";
export { RuntimeConfig, parameterPath } from "./runtime-config";
