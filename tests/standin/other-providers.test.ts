import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Plugin } from "./client";
import { isSecret, plain, secret, UNKNOWN, type JsonObject } from "./wire";
import { World } from "./world";

const urn = (type: string, name: string) => `urn:pulumi:eks::logcaster::${type}::${name}`;
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

describe("the kubernetes stand-in", () => {
    let directory: string;
    let kubernetes: Plugin;
    before(async () => {
        directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        kubernetes = await Plugin.start({ name: "kubernetes", world: directory });
    });
    after(async () => {
        await kubernetes?.stop();
        fs.rmSync(directory, { recursive: true, force: true });
    });

    async function make(type: string, name: string, manifest: JsonObject) {
        const where = urn(type, name);
        const { inputs } = await kubernetes.check(where, {}, manifest);
        const { id, outputs } = await kubernetes.create(where, inputs);
        return { urn: where, id, inputs, outputs };
    }

    const workload = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { namespace: "logs", labels: { app: "logcaster" } },
        spec: { replicas: 3, selector: { matchLabels: { app: "logcaster" } } },
    };

    it("names what has no name with a suffix, marks the name as its own, and keeps it", async () => {
        const made = await make(DEPLOYMENT, "ingest", workload);
        assert.match(made.id, /^logs\/ingest-[0-9a-f]{8}$/);
        const metadata = made.inputs.metadata as JsonObject;
        assert.deepEqual(metadata.annotations, { "pulumi.com/autonamed": "true" });
        const later = await kubernetes.check(made.urn, made.inputs, workload);
        assert.deepEqual(later.inputs, made.inputs);
        assert.equal((await kubernetes.diff(made.urn, made.id, made, later.inputs)).changed, false);
        const read = await kubernetes.read(made.urn, made.id, made);
        assert.deepEqual(read?.inputs, made.inputs);
        assert.deepEqual(read?.outputs, made.outputs);
    });

    it("keeps a name that is given, and no namespace on what lives outside of them", async () => {
        const role = await make("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", {
            metadata: { name: "cluster-autoscaler" },
        });
        assert.equal(role.id, "cluster-autoscaler");
        assert.equal((role.outputs.metadata as JsonObject).namespace, undefined);
        const map = await make("kubernetes:core/v1:ConfigMap", "map", { metadata: { name: "m" } });
        assert.equal(map.id, "default/m");
        assert.equal((map.outputs.metadata as JsonObject).namespace, "default");
    });

    it("scales in place, and replaces for a selector, deleting first where the name is given", async () => {
        const made = await make(DEPLOYMENT, "scaled", {
            ...workload,
            metadata: { ...workload.metadata, name: "scaled" },
        });
        const more = { ...made.inputs, spec: { ...workload.spec, replicas: 9 } };
        const scaled = await kubernetes.diff(made.urn, made.id, made, more);
        assert.deepEqual([scaled.detailed, scaled.replaces], [{ "spec.replicas": "update" }, []]);
        const other = {
            ...made.inputs,
            spec: { replicas: 3, selector: { matchLabels: { app: "x" } } },
        };
        const moved = await kubernetes.diff(made.urn, made.id, made, other);
        assert.deepEqual(moved.detailed, { "spec.selector.matchLabels.app": "update-replace" });
        assert.equal(moved.deleteBeforeReplace, true);
    });

    it("gives a Secret's texts back encoded and secret, and previews without knowing its uid", async () => {
        const made = await make("kubernetes:core/v1:Secret", "credentials", {
            stringData: secret({ password: "hunter2" }),
        });
        assert.ok(isSecret(made.outputs.data));
        assert.deepEqual(plain(made.outputs.data ?? null), {
            password: Buffer.from("hunter2").toString("base64"),
        });
        assert.equal(made.outputs.stringData, undefined);
        const read = await kubernetes.read(made.urn, made.id, made);
        assert.deepEqual(read?.inputs, made.inputs);
        const { outputs } = await kubernetes.create(made.urn, made.inputs, true);
        assert.equal((outputs.metadata as JsonObject).uid, UNKNOWN);
    });

    it("installs a release under its name, upgrades it in place, and moves it by replacing it", async () => {
        const release = { chart: "keda", version: "2.20.2", namespace: "monitoring", values: {} };
        const type = "kubernetes:helm.sh/v3:Release";
        const made = await make(type, "scaler", { ...release, name: "keda" });
        assert.equal(made.id, "monitoring/keda");
        assert.equal((made.outputs.status as JsonObject).revision, 1);
        const newer = { ...made.inputs, version: "2.21.0" };
        const diff = await kubernetes.diff(made.urn, made.id, made, newer);
        assert.deepEqual([diff.detailed, diff.replaces], [{ version: "update" }, []]);
        const outputs = await kubernetes.update(made.urn, made.id, made, newer);
        assert.equal((outputs.status as JsonObject).revision, 2);
        const moved = { ...made.inputs, namespace: "scaling" };
        const { replaces } = await kubernetes.diff(made.urn, made.id, made, moved);
        assert.deepEqual(replaces, ["namespace"]);
        assert.match(
            (await make(type, "unnamed", release)).id,
            /^monitoring\/unnamed-[0-9a-f]{8}$/,
        );
    });

    it("updates a Secret in place where the provider was told to, and else replaces it", async () => {
        const texts = (text: string) => ({ metadata: { name: "own" }, stringData: { text } });
        const made = await make("kubernetes:core/v1:Secret", "own", texts("a"));
        const changed = { ...made.inputs, ...texts("b") };
        const replaces = async () =>
            (await kubernetes.diff(made.urn, made.id, made, changed)).replaces;
        assert.deepEqual(await replaces(), ["stringData"]);
        await kubernetes.configure("kubernetes", { enableSecretMutable: "true" });
        assert.deepEqual(await replaces(), []);
        await kubernetes.configure("kubernetes", {});
    });

    it("shows replicas that were changed behind the engine's back", async () => {
        const made = await make(DEPLOYMENT, "drift", workload);
        new World(directory).set(made.urn, "spec.replicas", 12);
        const read = await kubernetes.read(made.urn, made.id, made);
        assert.ok(read);
        const diff = await kubernetes.diff(made.urn, made.id, read, made.inputs);
        assert.deepEqual(diff.detailed, { "spec.replicas": "update" });
        const ignored = await kubernetes.diff(made.urn, made.id, read, made.inputs, [
            "spec.replicas",
        ]);
        assert.equal(ignored.changed, false);
    });
});

describe("the random stand-in", () => {
    let directory: string;
    let random: Plugin;
    before(async () => {
        directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        random = await Plugin.start({ name: "random", world: directory });
    });
    after(async () => {
        await random?.stop();
        fs.rmSync(directory, { recursive: true, force: true });
    });
    const where = urn("random:index/randomPassword:RandomPassword", "password");

    it("makes secret passwords that keep to the arguments", async () => {
        const { inputs } = await random.check(
            where,
            {},
            { length: 40, special: false, minNumeric: 5, minUpper: 4 },
        );
        const preview = await random.create(where, inputs, true);
        assert.deepEqual(preview.outputs.result, secret(UNKNOWN));
        const { id, outputs } = await random.create(where, inputs);
        assert.equal(id, "none");
        assert.ok(isSecret(outputs.result) && isSecret(outputs.bcryptHash));
        const password = String(plain(outputs.result ?? ""));
        assert.match(password, /^[A-Za-z0-9]{40}$/);
        assert.ok(password.replace(/\D/g, "").length >= 5);
        const again = await random.create(where, inputs);
        assert.notDeepEqual(again.outputs.result, outputs.result);
    });

    it("keeps everything in the engine's state, and replaces for any argument", async () => {
        const { inputs } = await random.check(where, {}, { length: 20 });
        const { id, outputs } = await random.create(where, inputs);
        assert.deepEqual(await random.read(where, id, { inputs, outputs }), {
            id,
            inputs,
            outputs,
        });
        assert.deepEqual(new World(directory).all(), []);
        const keepers = { ...inputs, keepers: { rotation: "2" } };
        const diff = await random.diff(where, id, { inputs, outputs }, keepers);
        assert.deepEqual(diff.detailed, { keepers: "add-replace" });
    });

    it("makes ids, pets, numbers and shuffles of the right form", async () => {
        const make = async (type: string, inputs: JsonObject) => {
            const name = urn(`random:index/${type}`, "x");
            const checked = await random.check(name, {}, inputs);
            return random.create(name, checked.inputs);
        };
        const id = await make("randomId:RandomId", { byteLength: 4 });
        assert.match(String(id.outputs.hex), /^[0-9a-f]{8}$/);
        assert.match((await make("randomPet:RandomPet", {})).id, /^[a-z]{5}-[a-z]{5}$/);
        const integer = await make("randomInteger:RandomInteger", { min: 3, max: 3 });
        assert.equal(integer.outputs.result, 3);
        const shuffled = await make("randomShuffle:RandomShuffle", { inputs: ["a", "b"] });
        assert.deepEqual([...(shuffled.outputs.results as string[])].sort(), ["a", "b"]);
        const { failures } = await random.check(urn("random:index/dice:Dice", "x"), {}, {});
        assert.match(failures[0]?.reason ?? "", /makes no random:index\/dice:Dice/);
    });
});
