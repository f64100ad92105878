/** Names that pods, scripts, certificates and clients agree on. */

/** Hostnames of a cluster's pods, by shard: each shard is a StatefulSet of its own, each copy one of its pods. */
export function podNames(clusterName: string, shards: number, copies: number): string[][] {
    return Array.from({ length: shards }, (_, shard) =>
        Array.from({ length: copies }, (_, copy) => `${shardName(clusterName, shard)}-${copy}`),
    );
}

export const shardName = (clusterName: string, shard: number) => `${clusterName}-${shard}`;
/** The headless Service that gives every pod a name. */
export const nodesService = (clusterName: string) => `${clusterName}-nodes`;

/** Folders in the pods. */
export const FOLDERS = Object.freeze({
    data: "/data",
    configuration: "/etc/valkey",
    secrets: "/run/secrets/valkey",
    certificates: "/run/secrets/valkey-tls",
});
