import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ec2 from "@pulumi/aws/ec2";
import { record } from "./recorder";

class Pair extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("test:index:Pair", name, {}, opts);
        const vpc = new ec2.Vpc(
            `${name}-vpc`,
            { cidrBlock: "10.0.0.0/16", tags: { Secret: pulumi.secret("s") } },
            { parent: this, protect: true, ignoreChanges: ["tags"], aliases: [{ name: "old" }] },
        );
        new ec2.Subnet(
            `${name}-subnet`,
            { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" },
            { parent: this },
        );
        this.vpcId = vpc.id;
        this.registerOutputs({ vpcId: this.vpcId });
    }
}

describe("the graph recorder", () => {
    it("sees type, name, parent, inputs, secrets and options of every resource", async () => {
        const recording = await record(() => new Pair("p"));
        const [pair, vpc, subnet] = recording.resources;
        assert.deepEqual(
            recording.resources.map((r) => [r.type, r.name, r.custom, r.parent]),
            [
                ["test:index:Pair", "p", false, ""],
                ["aws:ec2/vpc:Vpc", "p-vpc", true, pair!.urn],
                ["aws:ec2/subnet:Subnet", "p-subnet", true, pair!.urn],
            ],
        );
        assert.deepEqual(vpc!.inputs, { cidrBlock: "10.0.0.0/16", tags: { Secret: "s" } });
        assert.deepEqual(vpc!.secretInputs, ["tags"]);
        assert.equal(vpc!.opts.protect, true);
        assert.deepEqual(vpc!.opts.ignoreChanges, ["tags"]);
        assert.deepEqual(vpc!.opts.aliases, ["old"]);
        assert.match(vpc!.opts.version, /^7\./);
        assert.deepEqual(subnet!.opts.dependencies, [vpc!.urn]);
        assert.deepEqual(subnet!.opts.propertyDependencies.vpcId, [vpc!.urn]);
        assert.deepEqual(pair!.registeredOutputs, { vpcId: "p-vpc-id" });
    });

    it("resolves what the program returns", async () => {
        const { outputs } = await record(() => ({ id: new Pair("p").vpcId, n: 1 }));
        assert.deepEqual(outputs, { id: "p-vpc-id", n: 1 });
    });

    it("leaves what a cloud computes unknown in a preview", async () => {
        const recording = await record(() => new Pair("p").vpcId, { preview: true });
        assert.ok(pulumi.isUnknown(recording.outputs));
        assert.ok(pulumi.isUnknown(recording.one("aws:ec2/subnet:Subnet").inputs.vpcId));
    });

    it("refuses two resources of one URN, as an engine does", async () => {
        await assert.rejects(
            record(() => {
                new Pair("p");
                new Pair("p");
            }),
            /registered twice: .*Pair::p/,
        );
    });

    it("passes on what the program throws", async () => {
        await assert.rejects(
            record(() => {
                throw new Error("no");
            }),
            /^Error: no$/,
        );
    });
});
