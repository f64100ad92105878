export {
    RedisDurability,
    RedisEngine,
    RedisEviction,
    RedisRole,
    type PartitionScheme,
    type RedisAutoScalingArgs,
    type RedisRoleArgs,
    type RedisShardClusterArgs,
} from "./args";
export {
    type RedisGlobalDatastoreArgs,
    type RedisGlobalMember,
    type RedisGlobalRegionArgs,
} from "./global-args";
export { RedisGlobalDatastore } from "./global-datastore";
export { REDIS_PORT } from "./defaults";
export { RedisShardCluster, partitionScheme } from "./redis-shard-cluster";
