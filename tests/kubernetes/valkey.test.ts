import * as assert from "node:assert/strict";
import { ValkeyCluster } from "logcaster-scaling/kubernetes";
import { record } from "../components/recorder";
import { type ControlPlane, controlPlane, type KubernetesObject, ZONES } from "./control-plane";
import { applyAll, manifests } from "./manifests";
import { budgetAllows, cordon, evict, type Pod, readyPods, zonesOf } from "./pods";

const NAMESPACE = "valkey-pods";
const SHARDS = 3;
const COPIES = 3;
const CLASS = "test-disks";

/** What no component of ours makes: the namespace, a class and as many disks as pods. */
const world = (): KubernetesObject[] => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    ...Array.from({ length: SHARDS * COPIES }, (_, i) => ({
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: `${CLASS}-${i}` },
        spec: {
            capacity: { storage: "20Gi" },
            accessModes: ["ReadWriteOnce"],
            storageClassName: CLASS,
            hostPath: { path: `/disks/${i}` },
        },
    })),
];

describe("Pods of a Valkey cluster on a control plane", function () {
    this.timeout(180_000);
    let cluster: ControlPlane;
    let pods: readonly Pod[];

    before(async function () {
        cluster = await controlPlane(this);
        const recording = await record(
            () =>
                new ValkeyCluster("valkey", {
                    namespace: NAMESPACE,
                    image: `registry.example.com/valkey@sha256:${"0".repeat(64)}`,
                    tlsSecretName: "valkey-tls",
                    storageClassName: CLASS,
                    metrics: { exporterImage: "registry.example.com/exporter:1", podMonitor: true },
                    clientNamespaces: ["production"],
                    egress: [{ cidr: "10.0.0.0/8", port: 6379 }],
                }),
        );
        await applyAll(cluster, [...world(), ...manifests(recording)]);
        const isServer = ({ metadata }: Pod) => !metadata.name.includes("create");
        pods = await readyPods(cluster, NAMESPACE, SHARDS * COPIES, isServer);
    });

    it("have the names that the scripts call each other by", () => {
        assert.deepEqual(
            pods.map(({ metadata }) => metadata.name).sort(),
            [0, 1, 2].flatMap((shard) => [0, 1, 2].map((copy) => `valkey-${shard}-${copy}`)),
        );
    });

    it("have each shard's copies in three zones", () => {
        for (let shard = 0; shard < SHARDS; shard++) {
            const copies = pods.filter(({ metadata }) =>
                metadata.name.startsWith(`valkey-${shard}-`),
            );
            assert.deepEqual(zonesOf(copies), [...ZONES]);
        }
    });

    it("are never two on a host", () => {
        assert.equal(new Set(pods.map(({ spec }) => spec.nodeName)).size, SHARDS * COPIES);
    });

    it("go one at a time, of the whole cluster", async () => {
        const budget = { name: "valkey", namespace: NAMESPACE };
        await budgetAllows(cluster, budget, { pods: SHARDS * COPIES, disruptions: 1 });
        // Nobody replaces what is evicted: the budget stays used up.
        const nodes = (await cluster.api.list("/api/v1/nodes")).map((n) => n.metadata.name);
        await cordon(cluster, nodes, true);
        const answers = await Promise.all(pods.map((pod) => evict(cluster, pod)));
        await cordon(cluster, nodes, false);
        const statuses = answers.map(({ status }) => status).sort();
        assert.deepEqual(statuses, [201, ...new Array<number>(8).fill(429)]);
    });
});
