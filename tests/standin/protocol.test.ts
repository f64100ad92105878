import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Plugin } from "./client";
import { listener } from "./listener";
import { disclaimer, noRow } from "./messages";
import { DEFAULTS_KEY } from "./model";
import { MODELS } from "./models";
import { holdsUnknown, isSecret, secret, toStruct, UNKNOWN, type JsonObject } from "./wire";
import { World } from "./world";

const urn = (type: string, name: string) =>
    `urn:pulumi:dev::logcaster::pkg:index:Fleet$${type}::${name}`;
const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const REDIS = "aws:elasticache/replicationGroup:ReplicationGroup";
const CONFIGURATION = {
    region: "us-east-1",
    defaultTags: JSON.stringify({ tags: { project: "logcaster" } }),
};
const SEED = new Uint8Array(32).fill(7);

describe("a stand-in, called as the engine calls a provider", () => {
    let engine: Awaited<ReturnType<typeof listener>>;
    let directory: string;
    let world: World;
    let aws: Plugin;

    before(async () => {
        directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        world = new World(directory);
        engine = await listener();
        aws = await Plugin.start({
            name: "aws",
            world: directory,
            engine: engine.address,
            configuration: CONFIGURATION,
        });
    });

    after(async () => {
        await aws?.stop();
        engine?.stop();
        fs.rmSync(directory, { recursive: true, force: true });
    });

    /** Check, preview, create: what the engine does with a new resource. */
    async function make(type: string, name: string, inputs: JsonObject) {
        const where = urn(type, name);
        const checked = await aws.check(where, {}, inputs, { seed: SEED });
        assert.deepEqual(checked.failures, []);
        const { id, outputs } = await aws.create(where, checked.inputs);
        return { urn: where, id, inputs: checked.inputs, outputs };
    }

    it("says through the engine that it proves wiring and not that AWS accepts a request", () => {
        assert.deepEqual(engine.heard[0], {
            severity: LogSeverity.INFO,
            message: disclaimer("aws"),
        });
        assert.match(disclaimer("aws"), /proves wiring, not that aws accepts a request/);
        assert.ok(aws.errors.join("").includes(disclaimer("aws")));
    });

    it("agrees to secrets, previews and naming rules, and reports the SDK's version", async () => {
        const greeting = await aws.handshake(engine.address);
        assert.deepEqual(
            [greeting.getAcceptSecrets(), greeting.getSupportsAutonamingConfiguration()],
            [true, true],
        );
        const configured = await aws.configure("aws", { region: "us-east-1" });
        assert.deepEqual(
            [configured.getAcceptsecrets(), configured.getSupportspreview()],
            [true, true],
        );
        const { version } = MODELS.aws();
        assert.equal((await aws.info()).getVersion(), version);
        // Back to the configuration that the other tests expect.
        await aws.configure("aws", CONFIGURATION);
    });

    it("attaches to an engine that did not start it, and has a schema of its own name", async () => {
        const second = await listener();
        try {
            const request = new PluginAttach().setAddress(second.address);
            await aws.call<Empty>((done) => aws.raw.attach(request, done));
            await aws.configure("aws", {});
            assert.deepEqual(
                second.heard.map(({ message }) => message),
                [disclaimer("aws")],
            );
        } finally {
            second.stop();
            await aws.handshake(engine.address);
            await aws.configure("aws", CONFIGURATION);
        }
        const schema = await aws.call<pb.GetSchemaResponse>((done) =>
            aws.raw.getSchema(new pb.GetSchemaRequest(), done),
        );
        const { name, version } = MODELS.aws();
        assert.deepEqual(JSON.parse(schema.getSchema()), { name, version });
    });

    it("serves engines that send neither old inputs nor a type beside the URN", async () => {
        const made = await make(GROUP, "older", { minSize: 1, maxSize: 2 });
        const request = new pb.DiffRequest()
            .setId(made.id)
            .setUrn(made.urn)
            .setOlds(toStruct(made.inputs))
            .setNews(toStruct({ ...made.inputs, maxSize: 3 }));
        const diff = await aws.call<pb.DiffResponse>((done) => aws.raw.diff(request, done));
        assert.equal(diff.getChanges(), pb.DiffResponse.DiffChanges.DIFF_SOME);
        assert.deepEqual(diff.getDiffsList(), ["maxSize"]);
    });

    it("gives provider arguments back as they came and replaces a provider of another region", async () => {
        const where = "urn:pulumi:dev::logcaster::pulumi:providers:aws::main";
        const args = { region: "us-east-1", skipCredentialsValidation: "true", version: "7.48.0" };
        assert.deepEqual(await aws.checkConfig(where, {}, args), args);
        assert.equal((await aws.diffConfig(where, args, args)).changed, false);
        const tags = await aws.diffConfig(where, args, { ...args, defaultTags: "{}" });
        assert.deepEqual([tags.changed, tags.replaces], [true, []]);
        const moved = await aws.diffConfig(where, args, { ...args, region: "eu-west-1" });
        assert.deepEqual(moved.replaces, ["region"]);
    });

    it("names what has no name, the same way for the same seed, and keeps the name afterwards", async () => {
        const where = urn(GROUP, "logs-fleet");
        const first = await aws.check(where, {}, { minSize: 3, maxSize: 20 }, { seed: SEED });
        const again = await aws.check(where, {}, { minSize: 3, maxSize: 20 }, { seed: SEED });
        assert.match(String(first.inputs.name), /^logs-fleet-[0-9a-f]{7}$/);
        assert.equal(again.inputs.name, first.inputs.name);
        const later = await aws.check(where, first.inputs, { minSize: 3, maxSize: 30 });
        assert.equal(later.inputs.name, first.inputs.name);
        assert.ok((later.inputs[DEFAULTS_KEY] as string[]).includes("name"));
        const named = await aws.check(where, {}, { name: "mine", minSize: 3, maxSize: 20 });
        assert.equal(named.inputs.name, "mine");
    });

    it("refuses a balancer whose automatic name is over 32 characters", async () => {
        const name = "logcaster-us-east-1-balancer";
        const { failures } = await aws.check(urn(BALANCER, name), {}, {}, { seed: SEED });
        assert.equal(failures.length, 1);
        assert.equal(failures[0]?.property, "name");
        assert.match(
            failures[0]?.reason ?? "",
            /is 36 characters long, and at most 32 are allowed/,
        );
        const fits = await aws.check(urn(BALANCER, "logcaster-us-east-1-nlb"), {}, {});
        assert.deepEqual(fits.failures, []);
    });

    it("follows the engine's own naming rules", async () => {
        const where = urn(REDIS, "Store");
        const proposed = await aws.check(
            where,
            {},
            {},
            { autonaming: { mode: 0, name: "Store-abc" } },
        );
        assert.equal(proposed.inputs.replicationGroupId, "store-abc");
        const enforced = await aws.check(where, {}, {}, { autonaming: { mode: 1, name: "Store" } });
        assert.equal(enforced.inputs.replicationGroupId, "Store");
        const off = await aws.check(where, {}, {}, { autonaming: { mode: 2, name: "" } });
        assert.match(off.failures[0]?.reason ?? "", /automatic naming is switched off/);
    });

    it("puts the provider's default tags into a resource's own", async () => {
        const { inputs } = await aws.check(urn(BALANCER, "nlb"), {}, { tags: { Name: "nlb" } });
        assert.deepEqual(inputs.tags, { project: "logcaster", Name: "nlb" });
        // A group's tags are a list, which default tags do not reach.
        const group = await aws.check(urn(GROUP, "fleet"), {}, { minSize: 1, maxSize: 1 });
        assert.equal(group.inputs.tags, undefined);
    });

    it("previews a creation with everything that only the cloud knows unknown, and changes nothing", async () => {
        const where = urn(BALANCER, "previewed");
        const { inputs } = await aws.check(
            where,
            {},
            { loadBalancerType: "network", subnets: [UNKNOWN] },
        );
        const { outputs } = await aws.create(where, inputs, true);
        assert.equal(outputs.arn, UNKNOWN);
        assert.equal(outputs.dnsName, UNKNOWN);
        assert.equal(outputs.region, "us-east-1");
        assert.equal(outputs.loadBalancerType, "network");
        assert.deepEqual(outputs.subnets, [UNKNOWN]);
        assert.equal(
            world.all().some((thing) => thing.urn === where),
            false,
        );
    });

    it("creates what a read then finds unchanged, so that a second update has no diff", async () => {
        const made = await make(GROUP, "steady", { minSize: 3, maxSize: 20, region: "eu-west-1" });
        assert.equal(made.id, made.inputs.name);
        assert.equal(made.outputs.desiredCapacity, 3);
        assert.match(
            String(made.outputs.arn),
            /^arn:aws:autoscaling:eu-west-1:\d{12}:autoScalingGroup:/,
        );
        const read = await aws.read(made.urn, made.id, made);
        assert.deepEqual(read, { id: made.id, inputs: made.inputs, outputs: made.outputs });
        const checked = await aws.check(made.urn, made.inputs, {
            minSize: 3,
            maxSize: 20,
            region: "eu-west-1",
        });
        const diff = await aws.diff(made.urn, made.id, made, checked.inputs);
        assert.deepEqual(diff, {
            changed: false,
            replaces: [],
            deleteBeforeReplace: false,
            detailed: {},
        });
    });

    it("shows an exact diff, and what replaces and what does not", async () => {
        const made = await make(GROUP, "grown", { minSize: 3, maxSize: 20 });
        const bigger = { ...made.inputs, maxSize: 30 };
        const diff = await aws.diff(made.urn, made.id, made, bigger);
        assert.deepEqual(
            [diff.changed, diff.detailed, diff.replaces],
            [true, { maxSize: "update" }, []],
        );
        const outputs = await aws.update(made.urn, made.id, made, bigger);
        assert.equal(outputs.maxSize, 30);
        assert.equal(outputs.arn, made.outputs.arn);
        const moved = await aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            region: "eu-west-1",
        });
        assert.deepEqual(moved.detailed, { region: "add-replace" });
        assert.deepEqual(moved.replaces, ["region"]);
    });

    it("asks for deletion first only where a fixed name is in the way", async () => {
        const fixed = { name: "fixed", loadBalancerType: "network", internal: false };
        const made = await make(BALANCER, "fixed", fixed);
        const inside = await aws.diff(made.urn, made.id, made, { ...made.inputs, internal: true });
        assert.deepEqual(
            [inside.detailed, inside.deleteBeforeReplace],
            [{ internal: "update-replace" }, true],
        );
        const both = { ...made.inputs, name: "other", internal: true };
        assert.equal((await aws.diff(made.urn, made.id, made, both)).deleteBeforeReplace, false);
        const auto = await make(BALANCER, "auto", { loadBalancerType: "network", internal: false });
        const changed = await aws.diff(auto.urn, auto.id, auto, { ...auto.inputs, internal: true });
        assert.deepEqual([changed.replaces, changed.deleteBeforeReplace], [["internal"], false]);
    });

    it("refuses a second resource of one name in a region, until the first is deleted", async () => {
        const first = await make(GROUP, "one", { name: "taken", minSize: 1, maxSize: 1 });
        await assert.rejects(
            make(GROUP, "two", { name: "taken", minSize: 1, maxSize: 1 }),
            /already exists in the simulated cloud/,
        );
        await make(GROUP, "three", { name: "taken", minSize: 1, maxSize: 1, region: "eu-west-1" });
        await aws.delete(first.urn, first.id, first);
        await make(GROUP, "two", { name: "taken", minSize: 1, maxSize: 1 });
    });

    it("gives a network balancer more subnets in place and takes none away in place", async () => {
        const made = await make(BALANCER, "subnets", {
            loadBalancerType: "network",
            subnets: ["a", "b"],
        });
        const more = await aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            subnets: ["a", "b", "c"],
        });
        assert.deepEqual([more.detailed, more.replaces], [{ "subnets[2]": "add" }, []]);
        const less = await aws.diff(made.urn, made.id, made, { ...made.inputs, subnets: ["a"] });
        assert.deepEqual(
            [less.detailed, less.replaces],
            [{ "subnets[1]": "delete-replace" }, ["subnets"]],
        );
    });

    it("makes a new version of a changed launch template, unknown in the preview", async () => {
        const made = await make(TEMPLATE, "lt", { imageId: "ami-1", updateDefaultVersion: true });
        assert.deepEqual([made.outputs.latestVersion, made.outputs.defaultVersion], [1, 1]);
        const news = { ...made.inputs, imageId: "ami-2" };
        const diff = await aws.diff(made.urn, made.id, made, news);
        assert.deepEqual([diff.detailed, diff.replaces], [{ imageId: "update" }, []]);
        const preview = await aws.update(made.urn, made.id, made, news, { preview: true });
        assert.equal(preview.latestVersion, UNKNOWN);
        assert.equal(preview.arn, made.outputs.arn);
        const outputs = await aws.update(made.urn, made.id, made, news);
        assert.deepEqual([outputs.latestVersion, outputs.defaultVersion], [2, 2]);
        const tags = { ...news, tags: { a: "b" } };
        const tagged = await aws.update(made.urn, made.id, { inputs: news, outputs }, tags);
        assert.equal(tagged.latestVersion, 2);
    });

    it("reshards, adds copies and changes the node type of Redis in place", async () => {
        const made = await make(REDIS, "store", {
            description: "store",
            engine: "valkey",
            engineVersion: "8.0",
            nodeType: "cache.r7g.large",
            numNodeGroups: 3,
            replicasPerNodeGroup: 2,
            clusterMode: "enabled",
        });
        assert.equal((made.outputs.memberClusters as string[]).length, 9);
        assert.match(
            String(made.outputs.configurationEndpointAddress),
            /^clustercfg\.store-[0-9a-f]{7}\.[0-9a-f]{6}\.use1\.cache\.amazonaws\.com$/,
        );
        for (const [property, value] of [
            ["numNodeGroups", 4],
            ["replicasPerNodeGroup", 1],
            ["nodeType", "cache.r7g.xlarge"],
            ["engineVersion", "8.1"],
        ] as const) {
            const diff = await aws.diff(made.urn, made.id, made, {
                ...made.inputs,
                [property]: value,
            });
            assert.deepEqual(diff.detailed, { [property]: "update" }, property);
            assert.deepEqual(diff.replaces, [], property);
        }
        const outputs = await aws.update(made.urn, made.id, made, {
            ...made.inputs,
            numNodeGroups: 4,
        });
        assert.equal((outputs.memberClusters as string[]).length, 12);
        assert.equal(
            outputs.configurationEndpointAddress,
            made.outputs.configurationEndpointAddress,
        );
        for (const change of [
            { engineVersion: "7.2" },
            { engine: "redis" },
            { port: 7000 },
        ] as JsonObject[]) {
            const diff = await aws.diff(made.urn, made.id, made, { ...made.inputs, ...change });
            assert.deepEqual(diff.replaces, Object.keys(change));
        }
    });

    it("shows in a refresh what the world changed, and nothing that ignoreChanges covers", async () => {
        const made = await make(GROUP, "drifted", { minSize: 3, maxSize: 20, desiredCapacity: 5 });
        world.set(made.urn, "desiredCapacity", 9);
        world.set(made.urn, "maxSize", 40);
        const read = await aws.read(made.urn, made.id, made);
        assert.deepEqual(read?.inputs, { ...made.inputs, desiredCapacity: 9, maxSize: 40 });
        assert.ok(read);
        // The engine diffs a refresh the other way round: the new state against the old inputs.
        const diff = await aws.diff(made.urn, made.id, read, made.inputs, ["desiredCapacity"]);
        assert.deepEqual(diff.detailed, { maxSize: "update" });
        const all = await aws.diff(made.urn, made.id, read, made.inputs);
        assert.deepEqual(all.detailed, { desiredCapacity: "update", maxSize: "update" });
    });

    it("reads a resource that is gone as gone, and refuses to update it", async () => {
        const made = await make(GROUP, "lost", { minSize: 1, maxSize: 1 });
        world.remove(made.urn, GROUP, made.id);
        assert.equal(await aws.read(made.urn, made.id, made), undefined);
        await assert.rejects(
            aws.update(made.urn, made.id, made, { ...made.inputs, maxSize: 2 }),
            /gone from the simulated cloud: refresh first/,
        );
        await aws.delete(made.urn, made.id, made);
    });

    it("keeps secret inputs secret through check, create, read and update", async () => {
        const type = "aws:secretsmanager/secretVersion:SecretVersion";
        const value = { secretId: "arn:secret", secretString: secret("hunter2") };
        const made = await make(type, "credentials", value);
        assert.ok(isSecret(made.inputs.secretString));
        assert.deepEqual(made.outputs.secretString, secret("hunter2"));
        const read = await aws.read(made.urn, made.id, made);
        assert.deepEqual(read?.outputs, made.outputs);
        assert.deepEqual(read?.inputs, made.inputs);
        // Rotation makes a new version; the comparison looks under the wrapper.
        const same = { ...made.inputs, secretString: "hunter2" };
        assert.equal((await aws.diff(made.urn, made.id, made, same)).changed, false);
        const next = { ...made.inputs, secretString: secret("hunter3") };
        const diff = await aws.diff(made.urn, made.id, made, next);
        assert.deepEqual(diff.detailed, { secretString: "update-replace" });
    });

    it("takes an unknown for a change, and for a replacement where the property forces one", async () => {
        const made = await make(GROUP, "unknowing", {
            minSize: 1,
            maxSize: 1,
            healthCheckType: "ELB",
        });
        const diff = await aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            healthCheckType: UNKNOWN,
            region: UNKNOWN,
        });
        assert.deepEqual(diff.detailed, { healthCheckType: "update", region: "add-replace" });
        const preview = await aws.update(
            made.urn,
            made.id,
            made,
            { ...made.inputs, healthCheckType: UNKNOWN },
            { preview: true },
        );
        assert.ok(holdsUnknown(preview.healthCheckType));
        assert.equal(world.read(made.urn, "healthCheckType"), "ELB");
    });

    it("says once that a type has no row, and still serves it", async () => {
        const type = "aws:kinesis/stream:Stream";
        const made = await make(type, "stream", { shardCount: 1 });
        await make(type, "stream2", { shardCount: 1 });
        assert.match(String(made.outputs.name), /^stream-[0-9a-f]{7}$/);
        assert.match(String(made.outputs.arn), /^arn:aws:kinesis:us-east-1:/);
        const warnings = engine.heard.filter((entry) => entry.message === noRow("aws", type));
        assert.deepEqual(warnings, [
            { severity: LogSeverity.WARNING, message: noRow("aws", type) },
        ]);
    });

    it("refuses functions and calls with a sentence that says what to do", async () => {
        await assert.rejects(aws.invoke("aws:ec2/getAmi:getAmi", {}), {
            code: grpc.status.UNIMPLEMENTED,
            details: /aws:ec2\/getAmi:getAmi was called: pass the value in as a setting/,
        });
    });

    it("serves other processes from the same world", async () => {
        const made = await make(GROUP, "shared", { minSize: 1, maxSize: 2 });
        const other = await Plugin.start({ name: "aws", world: directory });
        try {
            const outputs = await other.update(made.urn, made.id, made, {
                ...made.inputs,
                maxSize: 3,
            });
            assert.equal(outputs.maxSize, 3);
            assert.equal((await aws.read(made.urn, made.id, made))?.outputs.maxSize, 3);
        } finally {
            await other.stop();
        }
    });

    it("finds a resource under the URN that an alias gave it", async () => {
        const made = await make(GROUP, "before", { minSize: 1, maxSize: 2 });
        const renamed = urn(GROUP, "after");
        await aws.update(renamed, made.id, made, { ...made.inputs, maxSize: 3 });
        assert.equal(world.read(renamed, "maxSize"), 3);
        assert.throws(() => world.find(made.urn), /there is no such resource/);
    });

    it("ends with a message and no port when it is told of no world", async () => {
        await assert.rejects(Plugin.start({ name: "random", world: "" }), /STANDIN_DIR is not set/);
    });
});
