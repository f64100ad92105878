import assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Plugin } from "./client";
import { listener } from "./listener";
import { disclaimer, noRow } from "./messages";
import { MODELS } from "./models";
import { CONFIGURATION, GROUP, startStandIn } from "./stand-in";
import { toStruct } from "./wire";

describe("a stand-in, called as the engine calls a provider", () => {
    const standIn = startStandIn();

    it("says through the engine that it proves wiring and not that AWS accepts a request", () => {
        assert.deepEqual(standIn.engine.heard[0], {
            severity: LogSeverity.INFO,
            message: disclaimer("aws"),
        });
        assert.match(disclaimer("aws"), /proves wiring, not that aws accepts a request/);
        assert.ok(standIn.aws.errors.join("").includes(disclaimer("aws")));
    });

    it("agrees to secrets, previews and naming rules, and reports the SDK's version", async () => {
        const greeting = await standIn.aws.handshake(standIn.engine.address);
        assert.deepEqual(
            [greeting.getAcceptSecrets(), greeting.getSupportsAutonamingConfiguration()],
            [true, true],
        );
        const configured = await standIn.aws.configure("aws", { region: "us-east-1" });
        assert.deepEqual(
            [configured.getAcceptsecrets(), configured.getSupportspreview()],
            [true, true],
        );
        const { version } = MODELS.aws();
        assert.equal((await standIn.aws.info()).getVersion(), version);
        // Back to the configuration that the other tests expect.
        await standIn.aws.configure("aws", CONFIGURATION);
    });

    it("attaches to an engine that did not start it, and has a schema of its own name", async () => {
        const second = await listener();
        try {
            const request = new PluginAttach().setAddress(second.address);
            await standIn.aws.call<Empty>((done) => standIn.aws.raw.attach(request, done));
            await standIn.aws.configure("aws", {});
            assert.deepEqual(
                second.heard.map(({ message }) => message),
                [disclaimer("aws")],
            );
        } finally {
            second.stop();
            await standIn.aws.handshake(standIn.engine.address);
            await standIn.aws.configure("aws", CONFIGURATION);
        }
        const schema = await standIn.aws.call<pb.GetSchemaResponse>((done) =>
            standIn.aws.raw.getSchema(new pb.GetSchemaRequest(), done),
        );
        const { name, version } = MODELS.aws();
        assert.deepEqual(JSON.parse(schema.getSchema()), { name, version });
    });

    it("serves engines that send neither old inputs nor a type beside the URN", async () => {
        const made = await standIn.make(GROUP, "older", { minSize: 1, maxSize: 2 });
        const request = new pb.DiffRequest()
            .setId(made.id)
            .setUrn(made.urn)
            .setOlds(toStruct(made.inputs))
            .setNews(toStruct({ ...made.inputs, maxSize: 3 }));
        const diff = await standIn.aws.call<pb.DiffResponse>((done) =>
            standIn.aws.raw.diff(request, done),
        );
        assert.equal(diff.getChanges(), pb.DiffResponse.DiffChanges.DIFF_SOME);
        assert.deepEqual(diff.getDiffsList(), ["maxSize"]);
    });

    it("gives provider arguments back as they came and replaces a provider of another region", async () => {
        const where = "urn:pulumi:dev::logcaster::pulumi:providers:aws::main";
        const args = { region: "us-east-1", skipCredentialsValidation: "true", version: "7.48.0" };
        assert.deepEqual(await standIn.aws.checkConfig(where, {}, args), args);
        assert.equal((await standIn.aws.diffConfig(where, args, args)).changed, false);
        const tags = await standIn.aws.diffConfig(where, args, { ...args, defaultTags: "{}" });
        assert.deepEqual([tags.changed, tags.replaces], [true, []]);
        const moved = await standIn.aws.diffConfig(where, args, { ...args, region: "eu-west-1" });
        assert.deepEqual(moved.replaces, ["region"]);
    });

    it("says once that a type has no row, and still serves it", async () => {
        const type = "aws:kinesis/stream:Stream";
        const made = await standIn.make(type, "stream", { shardCount: 1 });
        await standIn.make(type, "stream2", { shardCount: 1 });
        assert.match(String(made.outputs.name), /^stream-[0-9a-f]{7}$/);
        assert.match(String(made.outputs.arn), /^arn:aws:kinesis:us-east-1:/);
        const warnings = standIn.engine.heard.filter(
            (entry) => entry.message === noRow("aws", type),
        );
        assert.deepEqual(warnings, [
            { severity: LogSeverity.WARNING, message: noRow("aws", type) },
        ]);
    });

    it("refuses functions and calls with a sentence that says what to do", async () => {
        await assert.rejects(standIn.aws.invoke("aws:ec2/getAmi:getAmi", {}), {
            code: grpc.status.UNIMPLEMENTED,
            details: /aws:ec2\/getAmi:getAmi was called: pass the value in as a setting/,
        });
    });

    it("serves other processes from the same world", async () => {
        const made = await standIn.make(GROUP, "shared", { minSize: 1, maxSize: 2 });
        const other = await Plugin.start({ name: "aws", world: standIn.directory });
        try {
            const outputs = await other.update(made.urn, made.id, made, {
                ...made.inputs,
                maxSize: 3,
            });
            assert.equal(outputs.maxSize, 3);
            assert.equal((await standIn.aws.read(made.urn, made.id, made))?.outputs.maxSize, 3);
        } finally {
            await other.stop();
        }
    });

    it("ends with a message and no port when it is told of no world", async () => {
        await assert.rejects(Plugin.start({ name: "random", world: "" }), /STANDIN_DIR is not set/);
    });
});
