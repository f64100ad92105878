import assert from "node:assert/strict";
import { GROUP, startStandIn, urn } from "./stand-in";
import { isSecret, secret } from "./wire";

describe("a stand-in that is asked for what it holds", () => {
    const standIn = startStandIn();

    it("shows in a refresh what the world changed, and nothing that ignoreChanges covers", async () => {
        const made = await standIn.make(GROUP, "drifted", {
            minSize: 3,
            maxSize: 20,
            desiredCapacity: 5,
        });
        standIn.world.set(made.urn, "desiredCapacity", 9);
        standIn.world.set(made.urn, "maxSize", 40);
        const read = await standIn.aws.read(made.urn, made.id, made);
        assert.deepEqual(read?.inputs, { ...made.inputs, desiredCapacity: 9, maxSize: 40 });
        assert.ok(read);
        // The engine diffs a refresh the other way round: the new state against the old inputs.
        const diff = await standIn.aws.diff(made.urn, made.id, read, made.inputs, [
            "desiredCapacity",
        ]);
        assert.deepEqual(diff.detailed, { maxSize: "update" });
        const all = await standIn.aws.diff(made.urn, made.id, read, made.inputs);
        assert.deepEqual(all.detailed, { desiredCapacity: "update", maxSize: "update" });
    });

    it("reads a resource that is gone as gone, and refuses to update it", async () => {
        const made = await standIn.make(GROUP, "lost", { minSize: 1, maxSize: 1 });
        standIn.world.remove(made.urn, GROUP, made.id);
        assert.equal(await standIn.aws.read(made.urn, made.id, made), undefined);
        await assert.rejects(
            standIn.aws.update(made.urn, made.id, made, { ...made.inputs, maxSize: 2 }),
            /gone from the simulated cloud: refresh first/,
        );
        await standIn.aws.delete(made.urn, made.id, made);
    });

    it("keeps secret inputs secret through check, create, read and update", async () => {
        const type = "aws:secretsmanager/secretVersion:SecretVersion";
        const value = { secretId: "arn:secret", secretString: secret("hunter2") };
        const made = await standIn.make(type, "credentials", value);
        assert.ok(isSecret(made.inputs.secretString));
        assert.deepEqual(made.outputs.secretString, secret("hunter2"));
        const read = await standIn.aws.read(made.urn, made.id, made);
        assert.deepEqual(read?.outputs, made.outputs);
        assert.deepEqual(read?.inputs, made.inputs);
        // Rotation makes a new version; the comparison looks under the wrapper.
        const same = { ...made.inputs, secretString: "hunter2" };
        assert.equal((await standIn.aws.diff(made.urn, made.id, made, same)).changed, false);
        const next = { ...made.inputs, secretString: secret("hunter3") };
        const diff = await standIn.aws.diff(made.urn, made.id, made, next);
        assert.deepEqual(diff.detailed, { secretString: "update-replace" });
    });

    it("finds a resource under the URN that an alias gave it", async () => {
        const made = await standIn.make(GROUP, "before", { minSize: 1, maxSize: 2 });
        const renamed = urn(GROUP, "after");
        await standIn.aws.update(renamed, made.id, made, { ...made.inputs, maxSize: 3 });
        assert.equal(standIn.world.read(renamed, "maxSize"), 3);
        assert.throws(() => standIn.world.find(made.urn), /there is no such resource/);
    });
});
