import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesApi, KubernetesObject } from "./api";
import { moduleFolder } from "./binaries";

export const ZONES = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"] as const;
const NODES_A_ZONE = 3;
const REGION = "ap-northeast-2";
export const NODE_CPU = "48";
/** So that 50 pods of the small tier find room in every namespace of the tests. */
const CAPACITY = { cpu: NODE_CPU, memory: "192Gi", "ephemeral-storage": "100Gi", pods: "110" };

/** The stages by which kwok plays kubelet; it ships none built in. */
const STAGES = [
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
];

/** Writes the stages of kwok's own module into one file. */
export async function writeStages(file: string): Promise<void> {
    const folder = join(await moduleFolder("kwok", "sigs.k8s.io/kwok"), "kustomize/stage");
    const stages = await Promise.all(STAGES.map((stage) => readFile(join(folder, stage), "utf8")));
    await writeFile(file, stages.join("\n---\n"));
}

/** The nodes: as many in each of the three zones. */
export function nodes(): KubernetesObject[] {
    return ZONES.flatMap((zone) =>
        Array.from({ length: NODES_A_ZONE }, (_, i) => node(`${zone}-${i}`, zone)),
    );
}

function node(name: string, zone: string): KubernetesObject {
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            annotations: { "kwok.x-k8s.io/node": "fake" },
            labels: {
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                "topology.kubernetes.io/zone": zone,
                "topology.kubernetes.io/region": REGION,
            },
        },
    };
}

/** Creates nodes; kwok makes them ready. */
export async function createNodes(api: KubernetesApi, wanted: readonly KubernetesObject[]) {
    for (const object of wanted) {
        await api.create({
            ...object,
            status: { capacity: CAPACITY, allocatable: CAPACITY },
        });
    }
}
