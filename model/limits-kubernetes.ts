/** The numbers of running on Kubernetes; part of LIMITS. `group` stands for any node group. */
import type { Limit } from "./limits";

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
} as const satisfies Record<string, Limit>;
