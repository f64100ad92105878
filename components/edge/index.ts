export { EdgePlaces, type EdgeCacheArgs, type EdgePathArgs } from "./args";
export { EdgeCache } from "./edge-cache";
