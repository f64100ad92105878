import { type ControlPlane, eventually, type KubernetesObject, ZONES } from "./control-plane";

export interface Pod extends KubernetesObject {
    readonly spec: { readonly nodeName?: string };
    readonly status: {
        readonly conditions?: readonly { type: string; status: string; reason?: string }[];
    };
}

interface Budget extends KubernetesObject {
    readonly status?: { readonly disruptionsAllowed: number; readonly expectedPods: number };
}

/** Whether it serves, and nobody deletes it. */
export const isReady = ({ metadata, status }: Pod): boolean =>
    metadata.deletionTimestamp === undefined &&
    (status.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false);

export const listPods = ({ api }: ControlPlane, namespace: string): Promise<Pod[]> =>
    api.list<Pod>(`/api/v1/namespaces/${namespace}/pods`);

/** Waits until so many pods of a namespace are ready, of those that are looked at. */
export const readyPods = (
    cluster: ControlPlane,
    namespace: string,
    count: number,
    isMeant: (pod: Pod) => boolean = () => true,
): Promise<Pod[]> =>
    eventually(`${count} ready pods`, async () => {
        const ready = (await listPods(cluster, namespace)).filter(isMeant).filter(isReady);
        return ready.length === count && ready;
    });

/** The zone of each pod's node, sorted. */
export const zonesOf = (pods: readonly Pod[]) =>
    pods.map(({ spec }) => ZONES.find((zone) => spec.nodeName!.startsWith(zone))).sort();

/** Waits until a budget counts every pod and lets so many go. */
export const budgetAllows = (
    { api }: ControlPlane,
    metadata: KubernetesObject["metadata"],
    { pods, disruptions }: { pods: number; disruptions: number },
): Promise<unknown> =>
    eventually("the budget counts every pod", async () => {
        const kind = "PodDisruptionBudget";
        const { status } = await api.read<Budget>({ apiVersion: "policy/v1", kind, metadata });
        return status?.expectedPods === pods && status.disruptionsAllowed === disruptions;
    });

/** Asks for a pod's eviction; a budget may refuse it. */
export const evict = <Body>({ api }: ControlPlane, { metadata: { name, namespace } }: Pod) =>
    api.request<Body>("POST", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
    });

/** Cordons nodes, or lets pods on them again. */
export const cordon = ({ api }: ControlPlane, nodes: readonly string[], unschedulable: boolean) =>
    Promise.all(
        nodes.map((name) =>
            api.merge(
                { apiVersion: "v1", kind: "Node", metadata: { name } },
                { spec: { unschedulable } },
            ),
        ),
    );
