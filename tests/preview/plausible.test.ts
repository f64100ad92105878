import assert from "node:assert/strict";
import { UNKNOWN } from "logcaster-preview";
import { preview, resource } from "./run";

// The forms are those of AWS's documentation; that AWS would give these very values is not claimed, nor could it be.
describe("plausible values for what a cloud computes (--up)", () => {
    let outputs: (name: string) => Record<string, unknown>;
    let state: (name: string) => { id?: string; inputs: Record<string, unknown> };
    before(async () => {
        const result = await preview("balancers", { up: true });
        assert.equal(result.exitCode, 0, result.text);
        outputs = (name) => resource(result, name).newState.outputs;
        state = (name) => resource(result, name).newState;
    });

    it("tell network from application load balancers in ARN, DNS name and zone", () => {
        const [nlb, alb] = [outputs("nlb"), outputs("alb")];
        assert.match(
            String(nlb["arn"]),
            /^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer\/net\/nlb-[0-9a-f]{7}\/[0-9a-f]{16}$/,
        );
        assert.match(
            String(alb["arn"]),
            /^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer\/app\/front\/[0-9a-f]{16}$/,
        );
        assert.match(
            String(nlb["dnsName"]),
            /^nlb-[0-9a-f]{7}-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/,
        );
        assert.match(
            String(alb["dnsName"]),
            /^front-[0-9a-f]{10}\.eu-west-1\.elb\.amazonaws\.com$/,
        );
        assert.deepEqual([nlb["zoneId"], alb["zoneId"]], ["Z2IFOLAFXWLO4F", "Z32O12XQLNTSW2"]);
        assert.match(String(alb["arnSuffix"]), /^app\/front\/[0-9a-f]{16}$/);
    });

    it("flow into what is made of them", () => {
        const [record] = state("record").inputs["aliases"] as { name: string; zoneId: string }[];
        assert.deepEqual(
            [record!.name, record!.zoneId],
            [outputs("alb")["dnsName"], outputs("alb")["zoneId"]],
        );
        assert.equal(state("record").inputs["zoneId"], state("zone").id);
        assert.match(
            String(outputs("listener")["arn"]),
            /^arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener\/net\/nlb-[0-9a-f]{7}\/[0-9a-f]{16}\/[0-9a-f]{16}$/,
        );
    });

    it("have ids of the type's form", () => {
        assert.equal(state("topic").id, outputs("topic")["arn"]);
        assert.match(state("topic").id!, /^arn:aws:sns:eu-west-1:123456789012:topic-[0-9a-f]{7}$/);
        assert.match(state("template").id!, /^lt-[0-9a-f]{17}$/);
        assert.match(state("zone").id!, /^Z[0-9A-F]{20}$/);
        assert.match(state("key").id!, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.equal(
            outputs("key")["arn"],
            `arn:aws:kms:eu-west-1:123456789012:key/${state("key").id}`,
        );
        assert.match(
            String(outputs("role")["arn"]),
            /^arn:aws:iam::123456789012:role\/role-[0-9a-f]{7}$/,
        );
    });

    it("stay unknown where a name does not say what it holds", () => {
        assert.equal(outputs("zone")["primaryNameServer"], UNKNOWN);
        assert.equal(outputs("role")["createDate"], UNKNOWN);
    });
});

describe("what a cloud computes inside of what a program gives", () => {
    const template = async (up: boolean) => {
        const result = await preview("clusters", { up });
        assert.equal(result.exitCode, 0, result.text);
        const cluster = resource(result, "cluster").newState.outputs["vpcConfig"];
        assert.deepEqual((cluster as { subnetIds: string[] }).subnetIds, ["subnet-a", "subnet-b"]);
        return resource(result, "template").newState.inputs;
    };

    it("is unknown in a preview", async () => {
        const { vpcSecurityGroupIds, description } = await template(false);
        assert.deepEqual(vpcSecurityGroupIds, [UNKNOWN]);
        assert.equal(description, UNKNOWN);
    });

    it("has a plausible value after an update (--up)", async () => {
        const { vpcSecurityGroupIds, description } = await template(true);
        assert.match(String((vpcSecurityGroupIds as string[])[0]), /^sg-[0-9a-f]{17}$/);
        assert.match(String(description), /^[A-Za-z0-9+/]+=*$/);
    });
});
