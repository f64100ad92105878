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
export { REDIS_PORT } from "./defaults";
export { RedisShardCluster, partitionScheme } from "./redis-shard-cluster";
