import { CAPACITY } from "../defaults";
import { HPA_FLAGS, HpaController, type HpaSpec, type PodGroup } from "../hpa";
import type { Policy } from "../world";

/** The brief's scale-up and scale-down rules (2.1). */
export const BRIEF_BEHAVIOR: NonNullable<HpaSpec["behavior"]> = {
    scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: "Max",
        policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 5, periodSeconds: 15 },
        ],
    },
    scaleDown: {
        stabilizationWindowSeconds: 300,
        selectPolicy: "Min",
        policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 2, periodSeconds: 60 },
        ],
    },
};

/** A HorizontalPodAutoscaler that holds the load of a pod at `targetPercent` of what it carries. */
export function hpaPolicy(
    targetPercent: number,
    behavior: HpaSpec["behavior"] = BRIEF_BEHAVIOR,
    name = `HPA at ${targetPercent} %`,
): Policy {
    return {
        name,
        deployable: "kubernetes",
        start: ({ capacityPerInstance, min, max }) => {
            // Counted in millionths of a pod's capacity, so that the controller's whole numbers keep small loads apart.
            const unit = 1e6 / capacityPerInstance;
            const controller = new HpaController(
                {
                    minReplicas: min,
                    maxReplicas: max,
                    metrics: [
                        {
                            kind: "pods",
                            target: { kind: "averageValue", milli: targetPercent * 1e4 },
                        },
                    ],
                    ...(behavior ? { behavior } : {}),
                },
                { ...HPA_FLAGS, syncPeriodMs: CAPACITY.tickMs },
            );
            return ({ nowMs, load, ready, booting, desired }) => {
                const pods: PodGroup[] = [
                    { count: ready, phase: "Running", ready: true },
                    { count: booting, phase: "Pending" },
                ];
                const podMilli = [
                    ready > 0 ? Math.round((load * unit) / ready) : undefined,
                    undefined,
                ];
                return controller.sync(nowMs, {
                    specReplicas: desired,
                    statusReplicas: ready + booting,
                    pods,
                    answers: [{ podMilli }],
                });
            };
        },
    };
}
