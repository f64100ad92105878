import assert from "node:assert/strict";
import { DEFAULTS_KEY } from "./model";
import { BALANCER, GROUP, REDIS, SEED, startStandIn, urn } from "./stand-in";

describe("a stand-in that checks inputs", () => {
    const standIn = startStandIn();

    it("names what has no name, the same way for the same seed, and keeps the name afterwards", async () => {
        const where = urn(GROUP, "logs-fleet");
        const first = await standIn.aws.check(
            where,
            {},
            { minSize: 3, maxSize: 20 },
            { seed: SEED },
        );
        const again = await standIn.aws.check(
            where,
            {},
            { minSize: 3, maxSize: 20 },
            { seed: SEED },
        );
        assert.match(String(first.inputs.name), /^logs-fleet-[0-9a-f]{7}$/);
        assert.equal(again.inputs.name, first.inputs.name);
        const later = await standIn.aws.check(where, first.inputs, { minSize: 3, maxSize: 30 });
        assert.equal(later.inputs.name, first.inputs.name);
        assert.ok((later.inputs[DEFAULTS_KEY] as string[]).includes("name"));
        const named = await standIn.aws.check(where, {}, { name: "mine", minSize: 3, maxSize: 20 });
        assert.equal(named.inputs.name, "mine");
    });

    it("refuses a balancer whose automatic name is over 32 characters", async () => {
        const name = "logcaster-us-east-1-balancer";
        const { failures } = await standIn.aws.check(urn(BALANCER, name), {}, {}, { seed: SEED });
        assert.equal(failures.length, 1);
        assert.equal(failures[0]?.property, "name");
        assert.match(
            failures[0]?.reason ?? "",
            /is 36 characters long, and at most 32 are allowed/,
        );
        const fits = await standIn.aws.check(urn(BALANCER, "logcaster-us-east-1-nlb"), {}, {});
        assert.deepEqual(fits.failures, []);
    });

    it("follows the engine's own naming rules", async () => {
        const where = urn(REDIS, "Store");
        const proposed = await standIn.aws.check(
            where,
            {},
            {},
            { autonaming: { mode: 0, name: "Store-abc" } },
        );
        assert.equal(proposed.inputs.replicationGroupId, "store-abc");
        const enforced = await standIn.aws.check(
            where,
            {},
            {},
            { autonaming: { mode: 1, name: "Store" } },
        );
        assert.equal(enforced.inputs.replicationGroupId, "Store");
        const off = await standIn.aws.check(where, {}, {}, { autonaming: { mode: 2, name: "" } });
        assert.match(off.failures[0]?.reason ?? "", /automatic naming is switched off/);
    });

    it("puts the provider's default tags into a resource's own", async () => {
        const { inputs } = await standIn.aws.check(
            urn(BALANCER, "nlb"),
            {},
            { tags: { Name: "nlb" } },
        );
        assert.deepEqual(inputs.tags, { project: "logcaster", Name: "nlb" });
        // A group's tags are a list, which default tags do not reach.
        const group = await standIn.aws.check(urn(GROUP, "fleet"), {}, { minSize: 1, maxSize: 1 });
        assert.equal(group.inputs.tags, undefined);
    });
});
