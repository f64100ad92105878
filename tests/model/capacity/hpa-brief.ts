/** The brief's own autoscaler (2.1), under connections that jump beyond its maximum and then fall away. */
import { HPA_FLAGS, type HpaSpec } from "../../../model/capacity/hpa";
import type { Series, Step } from "./hpa-series";

export const BRIEF_SPEC: HpaSpec = {
    minReplicas: 3,
    maxReplicas: 50,
    metrics: [
        { kind: "resource", resource: "cpu", target: { kind: "utilization", percent: 70 } },
        { kind: "resource", resource: "memory", target: { kind: "utilization", percent: 80 } },
        { kind: "pods", target: { kind: "averageValue", milli: 100_000 } },
        { kind: "external", target: { kind: "value", milli: 1_000_000 } },
    ],
    behavior: {
        scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [
                { type: "Percent", value: 50, periodSeconds: 60 },
                { type: "Pods", value: 2, periodSeconds: 60 },
            ],
            selectPolicy: "Min",
        },
        scaleUp: {
            stabilizationWindowSeconds: 0,
            policies: [
                { type: "Percent", value: 100, periodSeconds: 15 },
                { type: "Pods", value: 5, periodSeconds: 15 },
            ],
            selectPolicy: "Max",
        },
    },
};

/** Connections in all, by minute: 8,000 need more than 50 pods; 150 need no more than the minimum. */
const HIGH = { connections: 8000, minutes: 12 };
const LOW = { connections: 150, minutes: 34 };

function step(connections: number): Step {
    const answer = { error: false, latencyMs: 0, ageMs: 0, windowMs: 30_000, strayMilli: [] };
    const idle = { ...answer, podsMilli: [100], valuesMilli: [0] };
    return {
        podsDelta: 0,
        statusReplicasDelta: 0,
        pods: [
            {
                phase: "Running",
                ready: "True",
                startedMs: -3_600_000,
                readyChangedMs: -3_600_000,
                deleting: false,
                requestMilli: { cpu: 1000, memory: 1000 },
            },
        ],
        metrics: [idle, idle, { ...idle, totalMilli: connections * 1000 }, idle],
    };
}

export const BRIEF_SERIES: Series = {
    id: "brief",
    spec: BRIEF_SPEC,
    controller: HPA_FLAGS,
    initialReplicas: 3,
    steps: [HIGH, LOW].flatMap(({ connections, minutes }) =>
        Array.from({ length: (minutes * 60_000) / HPA_FLAGS.syncPeriodMs }, () =>
            step(connections),
        ),
    ),
};
