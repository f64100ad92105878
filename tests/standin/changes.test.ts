import assert from "node:assert/strict";
import { BALANCER, GROUP, REDIS, TEMPLATE, startStandIn, urn } from "./stand-in";
import { holdsUnknown, UNKNOWN, type JsonObject } from "./wire";

describe("a stand-in that previews, creates and changes", () => {
    const standIn = startStandIn();

    it("previews a creation with everything that only the cloud knows unknown, and changes nothing", async () => {
        const where = urn(BALANCER, "previewed");
        const { inputs } = await standIn.aws.check(
            where,
            {},
            { loadBalancerType: "network", subnets: [UNKNOWN] },
        );
        const { outputs } = await standIn.aws.create(where, inputs, true);
        assert.equal(outputs.arn, UNKNOWN);
        assert.equal(outputs.dnsName, UNKNOWN);
        assert.equal(outputs.region, "us-east-1");
        assert.equal(outputs.loadBalancerType, "network");
        assert.deepEqual(outputs.subnets, [UNKNOWN]);
        assert.equal(
            standIn.world.all().some((thing) => thing.urn === where),
            false,
        );
    });

    it("creates what a read then finds unchanged, so that a second update has no diff", async () => {
        const made = await standIn.make(GROUP, "steady", {
            minSize: 3,
            maxSize: 20,
            region: "eu-west-1",
        });
        assert.equal(made.id, made.inputs.name);
        assert.equal(made.outputs.desiredCapacity, 3);
        assert.match(
            String(made.outputs.arn),
            /^arn:aws:autoscaling:eu-west-1:\d{12}:autoScalingGroup:/,
        );
        const read = await standIn.aws.read(made.urn, made.id, made);
        assert.deepEqual(read, { id: made.id, inputs: made.inputs, outputs: made.outputs });
        const checked = await standIn.aws.check(made.urn, made.inputs, {
            minSize: 3,
            maxSize: 20,
            region: "eu-west-1",
        });
        const diff = await standIn.aws.diff(made.urn, made.id, made, checked.inputs);
        assert.deepEqual(diff, {
            changed: false,
            replaces: [],
            deleteBeforeReplace: false,
            detailed: {},
        });
    });

    it("shows an exact diff, and what replaces and what does not", async () => {
        const made = await standIn.make(GROUP, "grown", { minSize: 3, maxSize: 20 });
        const bigger = { ...made.inputs, maxSize: 30 };
        const diff = await standIn.aws.diff(made.urn, made.id, made, bigger);
        assert.deepEqual(
            [diff.changed, diff.detailed, diff.replaces],
            [true, { maxSize: "update" }, []],
        );
        const outputs = await standIn.aws.update(made.urn, made.id, made, bigger);
        assert.equal(outputs.maxSize, 30);
        assert.equal(outputs.arn, made.outputs.arn);
        const moved = await standIn.aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            region: "eu-west-1",
        });
        assert.deepEqual(moved.detailed, { region: "add-replace" });
        assert.deepEqual(moved.replaces, ["region"]);
    });

    it("asks for deletion first only where a fixed name is in the way", async () => {
        const fixed = { name: "fixed", loadBalancerType: "network", internal: false };
        const made = await standIn.make(BALANCER, "fixed", fixed);
        const inside = await standIn.aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            internal: true,
        });
        assert.deepEqual(
            [inside.detailed, inside.deleteBeforeReplace],
            [{ internal: "update-replace" }, true],
        );
        const both = { ...made.inputs, name: "other", internal: true };
        assert.equal(
            (await standIn.aws.diff(made.urn, made.id, made, both)).deleteBeforeReplace,
            false,
        );
        const auto = await standIn.make(BALANCER, "auto", {
            loadBalancerType: "network",
            internal: false,
        });
        const changed = await standIn.aws.diff(auto.urn, auto.id, auto, {
            ...auto.inputs,
            internal: true,
        });
        assert.deepEqual([changed.replaces, changed.deleteBeforeReplace], [["internal"], false]);
    });

    it("refuses a second resource of one name in a region, until the first is deleted", async () => {
        const first = await standIn.make(GROUP, "one", { name: "taken", minSize: 1, maxSize: 1 });
        await assert.rejects(
            standIn.make(GROUP, "two", { name: "taken", minSize: 1, maxSize: 1 }),
            /already exists in the simulated cloud/,
        );
        await standIn.make(GROUP, "three", {
            name: "taken",
            minSize: 1,
            maxSize: 1,
            region: "eu-west-1",
        });
        await standIn.aws.delete(first.urn, first.id, first);
        await standIn.make(GROUP, "two", { name: "taken", minSize: 1, maxSize: 1 });
    });

    it("gives a network balancer more subnets in place and takes none away in place", async () => {
        const made = await standIn.make(BALANCER, "subnets", {
            loadBalancerType: "network",
            subnets: ["a", "b"],
        });
        const more = await standIn.aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            subnets: ["a", "b", "c"],
        });
        assert.deepEqual([more.detailed, more.replaces], [{ "subnets[2]": "add" }, []]);
        const less = await standIn.aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            subnets: ["a"],
        });
        assert.deepEqual(
            [less.detailed, less.replaces],
            [{ "subnets[1]": "delete-replace" }, ["subnets"]],
        );
    });

    it("makes a new version of a changed launch template, unknown in the preview", async () => {
        const made = await standIn.make(TEMPLATE, "lt", {
            imageId: "ami-1",
            updateDefaultVersion: true,
        });
        assert.deepEqual([made.outputs.latestVersion, made.outputs.defaultVersion], [1, 1]);
        const news = { ...made.inputs, imageId: "ami-2" };
        const diff = await standIn.aws.diff(made.urn, made.id, made, news);
        assert.deepEqual([diff.detailed, diff.replaces], [{ imageId: "update" }, []]);
        const preview = await standIn.aws.update(made.urn, made.id, made, news, { preview: true });
        assert.equal(preview.latestVersion, UNKNOWN);
        assert.equal(preview.arn, made.outputs.arn);
        const outputs = await standIn.aws.update(made.urn, made.id, made, news);
        assert.deepEqual([outputs.latestVersion, outputs.defaultVersion], [2, 2]);
        const tags = { ...news, tags: { a: "b" } };
        const tagged = await standIn.aws.update(made.urn, made.id, { inputs: news, outputs }, tags);
        assert.equal(tagged.latestVersion, 2);
    });

    it("reshards, adds copies and changes the node type of Redis in place", async () => {
        const made = await standIn.make(REDIS, "store", {
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
            const diff = await standIn.aws.diff(made.urn, made.id, made, {
                ...made.inputs,
                [property]: value,
            });
            assert.deepEqual(diff.detailed, { [property]: "update" }, property);
            assert.deepEqual(diff.replaces, [], property);
        }
        const outputs = await standIn.aws.update(made.urn, made.id, made, {
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
            const diff = await standIn.aws.diff(made.urn, made.id, made, {
                ...made.inputs,
                ...change,
            });
            assert.deepEqual(diff.replaces, Object.keys(change));
        }
    });

    it("takes an unknown for a change, and for a replacement where the property forces one", async () => {
        const made = await standIn.make(GROUP, "unknowing", {
            minSize: 1,
            maxSize: 1,
            healthCheckType: "ELB",
        });
        const diff = await standIn.aws.diff(made.urn, made.id, made, {
            ...made.inputs,
            healthCheckType: UNKNOWN,
            region: UNKNOWN,
        });
        assert.deepEqual(diff.detailed, { healthCheckType: "update", region: "add-replace" });
        const preview = await standIn.aws.update(
            made.urn,
            made.id,
            made,
            { ...made.inputs, healthCheckType: UNKNOWN },
            { preview: true },
        );
        assert.ok(holdsUnknown(preview.healthCheckType));
        assert.equal(standIn.world.read(made.urn, "healthCheckType"), "ELB");
    });
});
