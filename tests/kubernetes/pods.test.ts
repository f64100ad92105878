import * as assert from "node:assert/strict";
import {
    type ControlPlane,
    controlPlane,
    eventually,
    NODE_CPU,
    type KubernetesObject,
    ZONES,
} from "./control-plane";
import { applyAll } from "./manifests";
import { budgetAllows, cordon, evict, isReady, listPods, type Pod, readyPods } from "./pods";
import { workload } from "./program";

interface Refusal {
    readonly details?: { readonly causes?: readonly { readonly reason: string }[] };
}

describe("Pods of the workload on a control plane", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    before(async function () {
        cluster = await controlPlane(this);
    });

    /** Starts `replicas` pods and waits until they are ready and their budget counts them. */
    async function start(namespace: string, replicas: number): Promise<Pod[]> {
        const objects = await workload({ namespace, replicas });
        await applyAll(cluster, objects);
        const ready = await readyPods(cluster, namespace, replicas);
        const { metadata } = objects.find(({ kind }) => kind === "PodDisruptionBudget")!;
        const disruptions = Math.ceil(replicas * 0.2);
        await budgetAllows(cluster, metadata, { pods: replicas, disruptions });
        return ready;
    }

    const deployment = (namespace: string): KubernetesObject => ({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "logcaster", namespace },
    });
    const resize = (namespace: string, replicas: number) =>
        cluster.api.merge(deployment(namespace), { spec: { replicas } });

    it("spread evenly over three zones and their hosts", async () => {
        const ready = await start("spread", 9);
        const nodes = ready.map(({ spec }) => spec.nodeName!);
        for (const zone of ZONES) {
            assert.equal(nodes.filter((node) => node.startsWith(zone)).length, 3, zone);
        }
        assert.equal(new Set(nodes).size, 9, "one a host");
    });

    it("wait rather than crowd two zones while the third has no room", async () => {
        await start("full-zone", 3);
        const full = (await cluster.api.list("/api/v1/nodes"))
            .map(({ metadata }) => metadata.name)
            .filter((name) => name.startsWith(ZONES[2]));
        const room = (cpu: string) =>
            Promise.all(
                full.map((name) =>
                    cluster.api.merge(
                        { apiVersion: "v1", kind: "Node", metadata: { name } },
                        { status: { allocatable: { cpu } } },
                        "/status",
                    ),
                ),
            );
        await room("0");
        try {
            await resize("full-zone", 9);
            await eventually("four pods wait", async () => {
                const waiting = (await listPods(cluster, "full-zone")).filter(({ status }) =>
                    status.conditions?.some(
                        (c) => c.type === "PodScheduled" && c.reason === "Unschedulable",
                    ),
                );
                return waiting.length === 4;
            });
            await readyPods(cluster, "full-zone", 5);
        } finally {
            await room(NODE_CPU);
        }
        const ready = await readyPods(cluster, "full-zone", 9);
        const late = ready.filter(({ spec }) => spec.nodeName!.startsWith(ZONES[2]));
        assert.equal(late.length, 3);
    });

    it("start in the zone that is left when the other two are cordoned", async () => {
        await start("one-zone", 3);
        const away = (await cluster.api.list("/api/v1/nodes"))
            .map(({ metadata }) => metadata.name)
            .filter((name) => !name.startsWith(ZONES[0]));
        await cordon(cluster, away, true);
        try {
            await resize("one-zone", 6);
            // Cordoned nodes are tainted, and tainted nodes are no domain: their zones do not hold the third one back.
            const ready = await readyPods(cluster, "one-zone", 6);
            const inFirst = ready.filter(({ spec }) => spec.nodeName!.startsWith(ZONES[0]));
            assert.equal(inFirst.length, 4);
        } finally {
            await cordon(cluster, away, false);
        }
    });

    it("are evicted at once only as far as the budget allows", async () => {
        const ready = await start("evictions", 10);
        const nodes = (await cluster.api.list("/api/v1/nodes")).map((n) => n.metadata.name);
        // Nobody replaces what is evicted: the budget stays used up.
        await cordon(cluster, nodes, true);
        try {
            const answers = await Promise.all(ready.map((pod) => evict<Refusal>(cluster, pod)));
            assert.equal(answers.filter(({ status }) => status === 201).length, 2);
            const refused = answers.filter(({ status }) => status === 429);
            assert.equal(refused.length, 8);
            for (const { body } of refused) {
                assert.equal(body.details?.causes?.[0]?.reason, "DisruptionBudget");
            }
        } finally {
            await cordon(cluster, nodes, false);
        }
    });

    it("keep four fifths ready while a node is drained in the middle of a roll-out", async () => {
        const replicas = 10;
        const namespace = "drain";
        const ready = await start(namespace, replicas);
        let fewest = replicas;
        const state = new Map(ready.map((pod) => [pod.metadata.name, pod]));
        const stop = cluster.api.watch<Pod>(`/api/v1/namespaces/${namespace}/pods`, (pod) => {
            state.set(pod.metadata.name, pod);
            // The last word on a deleted pod is that it is being deleted.
            const now = [...state.values()].filter(isReady).length;
            fewest = Math.min(fewest, now);
        });
        const node = ready[0]!.spec.nodeName!;
        try {
            await cluster.api.merge(deployment(namespace), {
                spec: {
                    // The test needs no proof that a pod stays up: nothing runs in it.
                    minReadySeconds: 0,
                    template: { metadata: { annotations: { roll: "out" } } },
                },
            });
            await cordon(cluster, [node], true);
            await eventually("the node is empty", async () => {
                const left = (await listPods(cluster, namespace)).filter(
                    (p) => p.spec.nodeName === node,
                );
                await Promise.all(left.map((pod) => evict(cluster, pod)));
                return left.length === 0;
            });
            await eventually("every pod is new", async () => {
                const now = (await listPods(cluster, namespace)).filter(isReady);
                return (
                    now.length === replicas &&
                    now.every(
                        ({ metadata }) =>
                            (metadata.annotations as Record<string, string>).roll === "out",
                    )
                );
            });
        } finally {
            stop();
            await cordon(cluster, [node], false);
        }
        assert.ok(fewest >= replicas * 0.8, `only ${fewest} were ready`);
    });
});
