import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Plugin } from "./client";
import { UNKNOWN, type JsonObject } from "./wire";

const CLUSTER = "aws:eks/cluster:Cluster";
const urn = (name: string) => `urn:pulumi:eks::logcaster::${CLUSTER}::${name}`;
const GIVEN = { roleArn: "arn", version: "1.36", vpcConfig: { subnetIds: ["subnet-1"] } };

describe("what the aws stand-in computes inside of what a program gives", () => {
    let directory: string;
    let aws: Plugin;
    before(async () => {
        directory = fs.mkdtempSync(path.join(os.tmpdir(), "standin-"));
        aws = await Plugin.start({
            name: "aws",
            world: directory,
            configuration: { region: "ap-northeast-2" },
        });
    });
    after(async () => {
        await aws?.stop();
        fs.rmSync(directory, { recursive: true, force: true });
    });

    const group = (outputs: JsonObject) => {
        const { subnetIds, clusterSecurityGroupId } = outputs.vpcConfig as JsonObject;
        assert.deepEqual(subnetIds, ["subnet-1"]);
        return clusterSecurityGroupId;
    };

    it("is unknown in a preview", async () => {
        const { inputs } = await aws.check(urn("seen"), {}, GIVEN);
        const { outputs } = await aws.create(urn("seen"), inputs, true);
        assert.equal(group(outputs), UNKNOWN);
    });

    it("is there once created, stays through an update, and is no drift", async () => {
        const where = urn("pods");
        const { inputs } = await aws.check(where, {}, GIVEN);
        const made = { inputs, ...(await aws.create(where, inputs)) };
        assert.match(String(group(made.outputs)), /^sg-[0-9a-f]{17}$/);
        const read = await aws.read(where, made.id, made);
        assert.deepEqual(read?.inputs, inputs);
        const updated = await aws.update(where, made.id, made, { ...inputs, version: "1.37" });
        assert.equal(group(updated), group(made.outputs));
    });
});
