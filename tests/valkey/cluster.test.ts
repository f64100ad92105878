import assert from "node:assert/strict";
import { firstSlots } from "logcaster-scaling/kubernetes/valkey/scripts";
import { logcaster } from "../dataplane/cli/logcaster";
import {
    removeTemporaryDirectory,
    type RedisServer,
    startValkey,
    temporaryDirectory,
    whyNoServer,
} from "../servers";
import { skip } from "../skip";
import { type Pod, type ServerKind, until, ValkeyPods } from "./pods";
import { Writer } from "./writer";

const SHARDS = 3;
const COPIES = 2;
const SLOTS = 16_384;
/** In the first shard's slots: 0 to 5503. */
const TAG = "b";
const WRITES = 200;
const KEYS = 300;

/** Id, role and slots of each node, as one pod sees them. */
async function shape(pod: Pod): Promise<string[]> {
    const nodes = (await pod.ask("CLUSTER", "NODES")).trim().split("\n");
    return nodes
        .map((line) => line.split(" "))
        .map(([id, , flags, primary, , , , , ...slots]) =>
            [id, flags!.replace("myself,", ""), primary, ...slots].join(" "),
        )
        .sort();
}

const isPrimary = async (pod: Pod) => (await pod.ask("ROLE")).startsWith("master");
const idOf = async (pod: Pod) => pod.ask("CLUSTER", "MYID");

async function primaryOf(shard: readonly Pod[]): Promise<Pod> {
    for (const pod of shard) if (await isPrimary(pod).catch(() => false)) return pod;
    throw new Error("the shard has no primary");
}

/** Every pod is ready, and nobody knows of nodes that are away. */
const allWell = (pods: ValkeyPods) =>
    until("every pod to be well", async () => {
        for (const pod of pods.all) {
            if (!(await pod.passes("ready.sh"))) return false;
            const nodes = await pod.ask("CLUSTER", "NODES");
            if (/fail|handshake|noaddr|disconnected/.test(nodes)) return false;
            if (nodes.trim().split("\n").length !== pods.all.length) return false;
        }
        return true;
    });

/** @param diedHalfWay whether a Job before the one that makes the cluster got as far as the first shard's slots */
function suite(kind: ServerKind, tls: boolean, diedHalfWay: boolean): void {
    let pods: ValkeyPods;

    before(async function () {
        const reason = await whyNoServer("valkey-server", "redis-server", "redis-cli");
        if (reason) skip(this, reason);
        pods = await ValkeyPods.create(kind, SHARDS, COPIES, tls);
        for (const pod of pods.all) pod.start();
    });
    after(async () => pods?.dispose());

    it(`is made by the Job${diedHalfWay ? ", also after one that died half-way" : ""}, which changes nothing when it runs again`, async () => {
        const [speaker] = pods.all as [Pod];
        if (diedHalfWay) {
            await until("a server", () => speaker.passes("live.sh"));
            const [[from, to] = assert.fail()] = firstSlots(SHARDS);
            assert.equal(await speaker.ask("CLUSTER", "ADDSLOTSRANGE", `${from}`, `${to}`), "OK");
        }
        await speaker.script("create.sh");
        const made = await shape(speaker);
        assert.equal(made.filter((line) => line.includes(" master ")).length, SHARDS);
        assert.equal(made.filter((line) => line.includes(" slave ")).length, SHARDS);
        for (const [first, ...others] of pods.shards) {
            assert.ok(await isPrimary(first!), first!.name);
            const primary = await idOf(first!);
            for (const pod of others) {
                const mine = (await idOf(pod)) + " slave " + primary;
                assert.ok(made.includes(mine), `${pod.name} is a copy in its own shard`);
            }
        }
        await allWell(pods);
        await speaker.script("create.sh");
        assert.deepEqual(await shape(speaker), made);
    });

    it("lets nobody in without a user, and each user do what it is for", async () => {
        const [pod] = pods.all as [Pod];
        const refused = async (user: "logcaster" | "operator", ...command: string[]) => {
            const connection = pod.connect(user);
            try {
                return String(await connection.call(...command));
            } catch (error) {
                return /NOPERM|no permissions/i.exec((error as Error).message)?.[0] ?? error;
            } finally {
                connection.close();
            }
        };
        assert.match(String(await refused("logcaster", "FLUSHALL")), /NOPERM|permissions/);
        assert.match(String(await refused("logcaster", "CONFIG", "GET", "*")), /NOPERM|perm/);
        assert.match(String(await refused("operator", "GET", `{${TAG}}1`)), /NOPERM|perm/);
        assert.equal(await refused("operator", "PING"), "PONG");
    });

    it("finds a copy that comes back at another address, by the nodes.conf it has", async () => {
        const pod = pods.shards[1]![1]!;
        const id = await idOf(pod);
        await pod.terminate();
        pod.move();
        await allWell(pods);
        assert.equal(await idOf(pod), id);
        const seen = await pods.all[0]!.ask("CLUSTER", "NODES");
        assert.match(seen, new RegExp(`${id} ${pod.address}:\\S+ slave`));
    });

    it("hands over when a primary gets SIGTERM, and loses no acknowledged write", async () => {
        const shard = pods.shards[0]!;
        const before = await primaryOf(shard);
        const writer = new Writer(pods, TAG);
        writer.start();
        await until("writes", async () => writer.acknowledged.length > WRITES);
        await before.terminate();
        const heir = await primaryOf(shard);
        assert.notEqual(heir.name, before.name);
        assert.match(before.output, /has handed over to/);
        before.move();
        const goal = writer.acknowledged.length + WRITES;
        await until("further writes", async () => writer.acknowledged.length > goal);
        await writer.stop();
        await allWell(pods);
        assert.deepEqual(await writer.lost(), []);
        assert.equal((await primaryOf(shard)).name, heir.name, "what came back is a copy");
    });

    it("replaces a primary that dies, and loses no acknowledged write", async () => {
        const shard = pods.shards[0]!;
        const before = await primaryOf(shard);
        const writer = new Writer(pods, TAG);
        writer.start();
        await until("writes", async () => writer.acknowledged.length > WRITES);
        await before.kill();
        await until("another primary", async () => (await primaryOf(shard)).name !== before.name);
        before.move();
        const goal = writer.acknowledged.length + WRITES;
        await until("further writes", async () => writer.acknowledged.length > goal);
        await writer.stop();
        await allWell(pods);
        assert.deepEqual(await writer.lost(), []);
    });

    it("stands again with all its data after every pod has moved at once", async () => {
        const [pod] = pods.all as [Pod];
        const ids = (await shape(pod)).map((line) => line.split(" ")[0]);
        const writer = new Writer(pods, TAG);
        writer.start();
        await until("writes", async () => writer.acknowledged.length > WRITES);
        await writer.stop();
        await Promise.all(pods.all.map((one) => one.kill()));
        for (const one of pods.all) one.move();
        await allWell(pods);
        assert.deepEqual((await shape(pod)).map((line) => line.split(" ")[0]).sort(), ids.sort());
        assert.deepEqual(await writer.lost(), []);
    });

    it("takes a pod that lost its volume in as a new copy, and forgets the old one", async () => {
        const shard = pods.shards[2]!;
        const primary = await primaryOf(shard);
        const pod = shard.find((one) => one !== primary)!;
        const old = await idOf(pod);
        await pod.kill();
        pod.wipe();
        pod.move();
        await allWell(pods);
        assert.notEqual(await idOf(pod), old);
        const seen = await shape(primary);
        assert.ok(seen.includes(`${await idOf(pod)} slave ${await idOf(primary)}`));
        assert.ok(!seen.join().includes(old));
    });

    it("takes a further shard in, onto which live migration then moves slots", async () => {
        const added = pods.add(COPIES);
        for (const pod of added) pod.start();
        await added[0]!.script("create.sh");
        await allWell(pods);
        const joined = await primaryOf(added);
        assert.equal(await ownedBy(joined), 0);
        const metadata: RedisServer = await startValkey();
        const journal = temporaryDirectory();
        try {
            const env = {
                LOGCASTER_METADATA_URL: metadata.url,
                ...(pods.tls ? { LOGCASTER_CA_FILE: pods.tls.authority } : {}),
            };
            const shards = (...args: string[]) =>
                logcaster(["shards", ...args, "--journal", journal], env);
            const primaries = await Promise.all(pods.shards.slice(0, SHARDS).map(primaryOf));
            const named = primaries.flatMap((pod, i) => [
                "--shard",
                `shard-${i}=${pod.url("migrator")}`,
            ]);
            const keys = await fill(pods);
            const initialized = await shards("init", "--mode", "cluster", ...named);
            assert.equal(initialized.code, 0, initialized.stderr);
            const moved = await shards("migrate", "--add", `shard-3=${joined.url("migrator")}`);
            assert.equal(moved.code, 0, moved.stderr);
            await allWell(pods);
            assert.equal(await ownedBy(joined), SLOTS / (SHARDS + 1));
            assert.equal(await countKeys(pods), keys);
        } finally {
            await metadata.dispose();
            await removeTemporaryDirectory(journal);
        }
    });
}

/** Keys all over the cluster. */
async function fill(pods: ValkeyPods): Promise<number> {
    for (let i = 0; i < KEYS; i++) {
        const writer = pods.shards.map(primaryOf);
        for (const pod of await Promise.all(writer)) {
            if (await pod.ask("SET", `fill${i}`, "x").then(Boolean, () => false)) break;
        }
    }
    return countKeys(pods);
}

async function countKeys(pods: ValkeyPods): Promise<number> {
    const primaries = await Promise.all(pods.shards.map(primaryOf));
    const sizes = await Promise.all(primaries.map((pod) => pod.ask("DBSIZE")));
    return sizes.reduce((sum, size) => sum + Number(size), 0);
}

async function ownedBy(pod: Pod): Promise<number> {
    const me = (await pod.ask("CLUSTER", "NODES")).split("\n").find((l) => l.includes("myself"))!;
    return me
        .split(" ")
        .slice(8)
        .map((range) => range.split("-").map(Number))
        .reduce((sum, [from, to = from]) => sum + to! - from! + 1, 0);
}

describe("A Valkey cluster of pods, by the component's own scripts", function () {
    this.timeout(240_000);
    describe("on Valkey", () => suite("valkey", false, false));
    // Redis 7, because the Valkey that tests install is built without TLS.
    describe("on Redis with TLS", () => suite("redis", true, true));
});
