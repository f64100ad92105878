export { NatMode, type ExistingNetworkArgs, type NetworkArgs } from "./args";
export { Network } from "./network";
