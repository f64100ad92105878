import * as assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ValkeyCluster, type ValkeyClusterArgs } from "logcaster-scaling/kubernetes";
import { renderUsers } from "logcaster-scaling/kubernetes/valkey/configuration";
import { firstSlots } from "logcaster-scaling/kubernetes/valkey/scripts";
import { valkeyProblems } from "logcaster-scaling/kubernetes/valkey/validate";
import { SLOT_COUNT } from "logcaster-model/partitions";
import { record } from "../recorder";
import { assertFineByPolicies } from "./policies";

const IMAGE = `registry.example.com/valkey@sha256:${"0".repeat(64)}`;
const ARGS: ValkeyClusterArgs = {
    namespace: "data",
    image: IMAGE,
    tlsSecretName: "valkey-tls",
};
const create = (args: Partial<ValkeyClusterArgs> = {}) =>
    record(() => new ValkeyCluster("valkey", { ...ARGS, ...args }));

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const JOB = "kubernetes:batch/v1:Job";
const SECRET = "kubernetes:core/v1:Secret";

interface Named {
    readonly metadata: { readonly name: string };
}
interface SetSpec {
    readonly replicas: number;
    readonly serviceName: string;
    readonly template: {
        readonly metadata: { readonly annotations: Record<string, string> };
        readonly spec: {
            readonly topologySpreadConstraints: readonly {
                readonly whenUnsatisfiable: string;
                readonly labelSelector: { readonly matchLabels: Record<string, string> };
            }[];
            readonly containers: readonly { readonly name: string; readonly image: string }[];
        };
    };
}

const setsOf = (recording: Awaited<ReturnType<typeof create>>) =>
    recording.resources.filter(({ type }) => type === STATEFUL_SET);
const checksums = (recording: Awaited<ReturnType<typeof create>>) =>
    setsOf(recording).map(({ inputs }) => (inputs.spec as SetSpec).template.metadata.annotations);

describe("ValkeyCluster", () => {
    it("has exactly these children, all its own", async () => {
        const recording = await create({ metrics: { exporterImage: IMAGE, podMonitor: true } });
        const component = recording.one("logcaster-scaling:index:ValkeyCluster");
        const children = recording.resources.filter((resource) => resource !== component);
        const count = new Map<string, number>();
        for (const { type, parent, name } of children) {
            assert.equal(parent, component.urn, name);
            count.set(type, (count.get(type) ?? 0) + 1);
        }
        assert.deepEqual(Object.fromEntries([...count].sort()), {
            [STATEFUL_SET]: 3,
            [JOB]: 1,
            "kubernetes:core/v1:ConfigMap": 1,
            [SECRET]: 3,
            "kubernetes:core/v1:Service": 2,
            "kubernetes:monitoring.coreos.com/v1:PodMonitor": 1,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 1,
            "kubernetes:policy/v1:PodDisruptionBudget": 1,
            "random:index/randomPassword:RandomPassword": 6,
        });
    });

    it("is a set of copies a shard, spread over zones, updated one shard after the other", async () => {
        const sets = setsOf(await create({ shards: 4, copies: 2 }));
        assert.deepEqual(
            sets.map(({ inputs }) => (inputs.metadata as Named["metadata"]).name),
            ["valkey-0", "valkey-1", "valkey-2", "valkey-3"],
        );
        sets.forEach(({ inputs, opts }, shard) => {
            const { replicas, serviceName, template } = inputs.spec as SetSpec;
            assert.equal(replicas, 2);
            assert.equal(serviceName, "valkey-nodes");
            const [zones] = template.spec.topologySpreadConstraints;
            assert.equal(zones!.whenUnsatisfiable, "DoNotSchedule");
            assert.equal(zones!.labelSelector.matchLabels["logcaster/shard"], String(shard));
            assert.ok(opts.protect);
            const before = sets[shard - 1];
            if (before) assert.ok(opts.dependencies.includes(before.urn));
        });
    });

    it("makes another Job for other shards, and restarts no pod for them", async () => {
        const [three, four] = [await create(), await create({ shards: 4 })];
        const nameOf = (recording: typeof three) =>
            (recording.one(JOB).inputs.metadata as Named["metadata"]).name;
        assert.notEqual(nameOf(three), nameOf(four));
        assert.equal(nameOf(three), nameOf(await create()));
        assert.deepEqual(checksums(three)[0], checksums(four)[0]);
    });

    it("restarts pods for another configuration", async () => {
        const [first] = checksums(await create());
        const [cache] = checksums(await create({ role: "cache" }));
        assert.notDeepEqual(first, cache);
    });

    it("changes the password of the user that is not in use with a new generation", async () => {
        const keepers = async (credentialGeneration: number) =>
            Object.fromEntries(
                (await create({ credentialGeneration })).resources
                    .filter(({ type }) => type.startsWith("random:"))
                    .map(({ name, inputs }) => [name, inputs.keepers as { version: string }]),
            );
        const [one, two] = [await keepers(1), await keepers(2)];
        const changed = Object.keys(one).filter((k) => one[k]!.version !== two[k]!.version);
        assert.deepEqual(changed, ["valkey-b-password"]);
    });

    it("keeps passwords secret", async () => {
        const recording = await create();
        for (const { type, secretInputs, name } of recording.resources) {
            if (type === SECRET) assert.deepEqual(secretInputs, ["stringData"], name);
        }
    });

    it("tells the store's servers to keep everything, the cache's to evict", async () => {
        const configuration = async (args: Partial<ValkeyClusterArgs>) => {
            const { inputs } = (await create(args)).one("kubernetes:core/v1:ConfigMap");
            return (inputs.data as Record<string, string>)["valkey.conf"]!;
        };
        assert.match(await configuration({}), /^maxmemory-policy noeviction$/m);
        assert.match(await configuration({}), /^appendfsync always$/m);
        assert.match(await configuration({}), /^maxmemory 1288490188$/m);
        assert.match(await configuration({ role: "cache" }), /^maxmemory-policy allkeys-lru$/m);
    });

    it("lets the exporter log in as the user that reads numbers, by the Secret", async () => {
        const [set] = setsOf(await create({ metrics: { exporterImage: IMAGE } }));
        const { containers } = (set!.inputs.spec as SetSpec).template.spec;
        const exporter = containers.find(({ name }) => name === "exporter") as unknown as {
            args: string[];
            env: object[];
        };
        assert.ok(exporter.args.includes("--redis.user=monitor"));
        assert.deepEqual(exporter.env.at(-1), {
            name: "REDIS_PASSWORD",
            valueFrom: { secretKeyRef: { name: "valkey-users", key: "monitor-password" } },
        });
    });

    it("is fine by every policy on Kubernetes", async () => {
        assertFineByPolicies(await create({ metrics: { exporterImage: IMAGE } }));
    });

    it("refuses every mistake at once", () => {
        const problems = valkeyProblems({
            ...ARGS,
            clusterName: "Valkey",
            image: "k8s.gcr.io/valkey:8",
            role: "queue" as "store",
            appendFsync: "never" as "always",
            shards: 2,
            copies: 1,
            storageGibibytes: 0,
            metrics: { exporterImage: "" },
        });
        assert.deepEqual(
            problems.map(({ path }) => path),
            [
                "clusterName",
                "image",
                "metrics.exporterImage",
                "role",
                "appendFsync",
                "shards",
                "copies",
                "storageGibibytes",
            ],
        );
        assert.deepEqual(valkeyProblems(ARGS), []);
    });
});

describe("The slots of a new Valkey cluster", () => {
    it("are all given, in whole partitions", () => {
        for (const shards of [3, 4, 7, 128]) {
            const ranges = firstSlots(shards);
            assert.equal(ranges[0]![0], 0);
            assert.equal(ranges.at(-1)![1], SLOT_COUNT - 1);
            ranges.forEach(([from, to], i) => {
                assert.equal(from % 128, 0);
                assert.equal((to + 1) % 128, 0);
                if (i > 0) assert.equal(from, ranges[i - 1]![1] + 1);
            });
        }
    });
});

describe("The users of a Valkey cluster", () => {
    it("have their passwords by digest, and nobody is the default one", () => {
        const digest = createHash("sha256").update("word").digest("hex");
        assert.equal(
            renderUsers([{ name: "a", access: "~* +get", password: "word" }]),
            `user default off resetpass -@all\nuser a on #${digest} ~* +get\n`,
        );
    });
});
