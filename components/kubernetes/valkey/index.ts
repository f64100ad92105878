export * from "./args";
export { AppendFsync, ValkeyRole } from "./defaults";
export { ValkeyCluster } from "./valkey-cluster";
