import type { Settings } from "./schema";

/** Physical name of a region's fleet, or of its Kubernetes cluster: unique in account and region, so that two stacks can share them. */
export const fleetNameOf = (environment: string, region: string): string =>
    `logcaster-${environment}-${region}`;

/** The regions that hold a copy of the Redis data that all regions read: those named, or all but the primary. */
export function sharedRedisSecondaries({ redis, regions, primaryRegion }: Settings): string[] {
    const others = Object.keys(regions).filter((region) => region !== primaryRegion);
    return redis.global?.secondaryRegions ?? others;
}
