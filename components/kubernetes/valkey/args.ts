import type * as pulumi from "@pulumi/pulumi";
import type { EgressArgs } from "../workload/args";
import type { AppendFsync, ValkeyRole } from "./defaults";

/** Numbers of the cluster for Prometheus. */
export interface ValkeyMetricsArgs {
    /** Image by digest of the exporter (redis_exporter). */
    exporterImage: string;
    /** Create a PodMonitor; the Prometheus operator's definitions must exist. @default false */
    podMonitor?: boolean;
}

/** Arguments of ValkeyCluster. */
export interface ValkeyClusterArgs {
    /** Namespace; it exists. */
    namespace: string;
    /** Name of the cluster, its pods and its Services. @default valkey */
    clusterName?: string;
    /** Image by digest with valkey-server and valkey-cli, Valkey 8 or newer, or Redis 7 with commands of those names. */
    image: string;
    /** Store or cache. @default store */
    role?: ValkeyRole;
    /** Primaries, 3 to 128. More join without slots, for `logcaster shards migrate` to fill. @default 3 */
    shards?: number;
    /** Copies of all data, the primary's included, 2 to 5. Brief 1.1: replication factor 3. @default 3 */
    copies?: number;
    /** When a write is on disk. @default always */
    appendFsync?: AppendFsync;
    /** Size of each pod's volume in GiB, 1 to 16,384; a volume grows where its class can. @default 20 */
    storageGibibytes?: number;
    /** Class of the volumes. @default the cluster's default class */
    storageClassName?: string;
    /** CPU each pod requests, in thousandths. @default 500 */
    cpuRequestMilli?: number;
    /** Memory each pod requests, and its limit, in MiB; three fifths of it hold data. @default 2048 */
    memoryMebibytes?: number;
    /** Secret of type kubernetes.io/tls with tls.crt, tls.key and ca.crt; the certificate names `*.<nodesDomain>`. */
    tlsSecretName: pulumi.Input<string>;
    /** Raise it to give users of the service new passwords, one of two at a time. @default 1 */
    credentialGeneration?: number;
    /** Namespaces whose pods may connect, beside the cluster's own. @default none */
    clientNamespaces?: string[];
    /** Where pods may connect to beside each other and DNS: servers that slots are moved to or from. @default nowhere */
    egress?: EgressArgs[];
    /** Numbers for Prometheus. @default none */
    metrics?: ValkeyMetricsArgs;
    /** Namespace of Prometheus, which may read the numbers. @default monitoring */
    monitoringNamespace?: string;
    /** Refuse to delete the pods' sets, on which data depends. Volumes stay in any case. @default true */
    protect?: boolean;
}
