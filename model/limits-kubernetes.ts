/** The numbers of running on Kubernetes; part of LIMITS. `group` stands for any node group. */
import type { Limit } from "./limits";

/** A pod that leaves takes connections so long: longer than three health checks of 5 s, after which a load balancer sends no new one. */
export const PRE_STOP_SECONDS = 15;

/** Name of a Valkey cluster and its namespace: a pod's is the cluster's, a hyphen, the shard, a hyphen and the copy, 63 characters together. */
export const VALKEY_NAME = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;
export const VALKEY_NAME_SAYS = "small letters, digits and hyphens, 40 at most, a letter first";

export const KUBERNETES_LIMITS = {
    "kubernetes.logDays": {
        value: 365,
        unit: "days",
        aws: "logs.retentionDays",
        origin: "Checkov CKV_AWS_338: audit logs are kept for a year",
    },
    "kubernetes.nodeGroups.group.minPerZone": {
        value: 1,
        unit: "nodes of a zone",
        min: 0,
        max: 50,
        origin: "brief 1.1: at least 3 instances, one in each of three zones; 0 where another group carries what must always run",
    },
    "kubernetes.nodeGroups.group.maxPerZone": {
        value: 6,
        unit: "nodes of a zone",
        min: 1,
        max: 50,
        origin: "brief 1.1: 20 instances, over three zones; brief 6.1: a hard ceiling of 50",
    },
    "kubernetes.autoscaling.min": {
        value: 3,
        unit: "pods",
        min: 3,
        max: 50,
        origin: "brief 2.1: at least 3 pods",
    },
    "kubernetes.autoscaling.max": {
        value: 50,
        unit: "pods",
        min: 3,
        max: 50,
        origin: "brief 2.1: 50 pods",
    },
    "kubernetes.autoscaling.connectionsPerPod": {
        value: 100,
        unit: "connections",
        min: 1,
        max: 50_000,
        origin: "brief 2.1: 100 connections a pod; brief 3.2: maxconn 50,000",
    },
    "kubernetes.autoscaling.queueEntriesPerPod": {
        value: 1000,
        unit: "entries",
        min: 1,
        max: 1_000_000,
        origin: "brief 2.1: queue_size; ours: what a pod drains in the delay that is acceptable (docs/kubernetes.md)",
    },
    "kubernetes.valkey.shards": {
        value: 3,
        unit: "shards",
        min: 3,
        max: 128,
        origin: "with fewer primaries the others have no majority when one is away; 128 partitions",
    },
    "kubernetes.valkey.copies": {
        value: 3,
        unit: "copies of all data",
        min: 2,
        max: 5,
        origin: "brief 1.1: replication factor 3; with one copy alone a pod that restarts takes its shard away",
    },
    "kubernetes.valkey.storageGibibytes": {
        value: 20,
        unit: "GiB of a pod",
        min: 1,
        max: 16_384,
        origin: "ours: the append-only file and its rewrite, several times the memory",
    },
    "kubernetes.valkey.cpuRequestMilli": {
        value: 500,
        unit: "thousandths of a CPU",
        min: 50,
        max: 64_000,
        origin: "ours: a server uses one CPU for commands",
    },
    "kubernetes.valkey.memoryMebibytes": {
        value: 2048,
        unit: "MiB of a pod",
        min: 256,
        max: 524_288,
        origin: "ours: three fifths of it hold data",
    },
    "kubernetes.valkey.credentialGeneration": {
        value: 1,
        unit: "generation",
        min: 1,
        max: 1_000_000,
        origin: "each generation replaces the password that is not in use",
    },
} as const satisfies Record<string, Limit>;
