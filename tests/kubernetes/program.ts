/** The components under test, with arguments that fit each other; every namespace its own workload. */
import {
    KubernetesAutoscaling,
    type KubernetesAutoscalingArgs,
    KubernetesWorkload,
    type KubernetesWorkloadArgs,
} from "logcaster-scaling/kubernetes";
import { record } from "../components/recorder";
import type { KubernetesObject } from "./control-plane";
import { manifests } from "./manifests";

const DIGEST = `sha256:${"0".repeat(64)}`;

export const WORKLOAD: KubernetesWorkloadArgs = {
    image: `registry.example.com/logcaster@${DIGEST}`,
    healthAgentImage: `registry.example.com/haproxy@${DIGEST}`,
    ingressCidrs: ["10.40.0.0/16"],
};

/** A workload alone, of a fixed size. */
export async function workload(args: Partial<KubernetesWorkloadArgs>): Promise<KubernetesObject[]> {
    return manifests(
        await record(() => void new KubernetesWorkload("app", { ...WORKLOAD, ...args })),
    );
}

/** A workload and its autoscaler in a namespace. */
export async function scaledWorkload(
    namespace: string,
    args: Partial<KubernetesAutoscalingArgs>,
): Promise<KubernetesObject[]> {
    return manifests(
        await record(() => {
            const app = new KubernetesWorkload("app", { ...WORKLOAD, namespace });
            new KubernetesAutoscaling("scale", {
                namespace: app.namespace,
                deploymentName: app.deploymentName,
                mode: "hpa",
                sources: { metricsServer: "existing", metricsAdapter: "existing" },
                ...args,
            });
        }),
    );
}
