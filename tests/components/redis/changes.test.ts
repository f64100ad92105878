import * as assert from "node:assert/strict";
import { RedisDurability, type RedisShardClusterArgs } from "logcaster-scaling/redis";
import type { Recorded } from "../recorder";
import { CLUSTER, create, store } from "./fixture";

/** What a change of arguments changes: `name.property`, of all resources, and added or removed names. */
async function changed(before: RedisShardClusterArgs, after: RedisShardClusterArgs) {
    const key = (r: Recorded) => `${r.type.split(":").pop()} ${r.name}`;
    const [old, now] = [await create(before), await create(after)];
    const left = new Map(old.resources.map((r) => [key(r), r]));
    const found: string[] = [];
    for (const resource of now.resources) {
        const was = left.get(key(resource));
        left.delete(key(resource));
        if (!was) found.push(`+ ${key(resource)}`);
        const properties = new Set(Object.keys({ ...was?.inputs, ...resource.inputs }));
        for (const property of was ? properties : []) {
            const [a, b] = [was?.inputs[property], resource.inputs[property]];
            if (JSON.stringify(a) !== JSON.stringify(b)) {
                found.push(`${key(resource)}.${property}`);
            }
        }
    }
    return [...found, ...[...left.keys()].map((name) => `- ${name}`)].sort();
}

describe("a change of a RedisShardCluster", () => {
    // These are updates in place in the provider; what the API then does is the stand-in's to show.
    it("of the shard count touches the count alone", async () => {
        assert.deepEqual(await changed(store(), store({ shards: 8 })), [
            "ReplicationGroup r.numNodeGroups",
        ]);
    });

    it("of the copies touches the replica count alone", async () => {
        const five = { zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d"] };
        assert.deepEqual(await changed(store(five), store({ ...five, copies: 4 })), [
            "ReplicationGroup r.replicasPerNodeGroup",
        ]);
    });

    it("of the node type touches the node type alone", async () => {
        assert.deepEqual(await changed(store(), store({ nodeType: "cache.r7g.xlarge" })), [
            "ReplicationGroup r.nodeType",
        ]);
    });

    it("of the engine's major version takes a new parameter group and no new cluster", async () => {
        assert.deepEqual(
            await changed(store({ engineVersion: "8.2" }), store({ engineVersion: "9.0" })),
            [
                "ParameterGroup r-parameters.family",
                "ReplicationGroup r.durability",
                "ReplicationGroup r.engineVersion",
            ],
        );
    });

    it("by rotation makes the password of the user at rest and makes that user the active one", async () => {
        assert.deepEqual(await changed(store(), store({ credentialGeneration: 2 })), [
            "RandomPassword r-b-password.keepers",
        ]);
        assert.deepEqual(
            await changed(store({ credentialGeneration: 2 }), store({ credentialGeneration: 3 })),
            ["RandomPassword r-a-password.keepers"],
        );
        const active = async (credentialGeneration: number) =>
            (await create(store({ credentialGeneration }))).resources[0]!.registeredOutputs
                ?.activeUser;
        assert.deepEqual([await active(1), await active(2), await active(3)], ["a", "b", "a"]);
    });

    it("by AWS is ignored: minor versions and durability unless given, counts under auto scaling", async () => {
        const ignored = async (changes: Partial<RedisShardClusterArgs>) =>
            (await create(store(changes))).one(CLUSTER).opts.ignoreChanges;
        assert.deepEqual(await ignored({}), ["engineVersion", "durability"]);
        assert.deepEqual(
            await ignored({ engineVersion: "9.0", durability: RedisDurability.Sync }),
            [],
        );
        assert.deepEqual(
            await ignored({
                engineVersion: "9.0",
                durability: RedisDurability.Sync,
                autoScaling: { enabled: true, maxShards: 8, targetPercent: 60 },
            }),
            ["numNodeGroups", "replicasPerNodeGroup"],
        );
    });
});
