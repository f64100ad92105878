import type { Settings } from "./schema";

/** The regions that hold a copy of the Redis data that all regions read: those named, or all but the primary. */
export function sharedRedisSecondaries({ redis, regions, primaryRegion }: Settings): string[] {
    const others = Object.keys(regions).filter((region) => region !== primaryRegion);
    return redis.global?.secondaryRegions ?? others;
}
