/**
 * Rotates the credentials of a deployed stack under the stand-ins of the providers.
 * Not proven: that ElastiCache takes a new password without closing connections, which AWS documents.
 */
import * as assert from "node:assert/strict";
import { resolve } from "node:path";
import { parseRuntimeConfig } from "logcaster-model/runtime-config";
import { nameOf, summary, typeOf } from "../../engine/deployment";
import { MiniEngine } from "../../engine/mini/engine";
import { plainObject, type JsonObject } from "../../standin/wire";

describe("a rotation of Redis' credentials", function () {
    this.timeout(0);
    const stack = new MiniEngine(resolve(__dirname, "../../.."), "dev");
    after(() => stack.dispose());

    /** Passwords by user as the engine has them, logins as clients read them, and the one they are told to use. */
    async function logins() {
        const state = (await stack.state()).map(({ urn, inputs }) => ({
            urn,
            inputs: plainObject(inputs as JsonObject),
        }));
        const of = (type: string, prefix: string) =>
            state.filter(
                ({ urn }) => typeOf(urn) === type && nameOf(urn).startsWith(`us-east-1-${prefix}`),
            );
        const engine = of("aws:elasticache/user:User", "store").map(
            ({ inputs }): [string, unknown] => [
                String(inputs.userName),
                (inputs.passwords as unknown[])[0],
            ],
        );
        const clients = of("aws:secretsmanager/secretVersion:SecretVersion", "store").map(
            ({ inputs }) => JSON.parse(String(inputs.secretString)) as Record<string, string>,
        );
        const [parameter] = of("aws:ssm/parameter:Parameter", "runtime");
        return {
            engine: Object.fromEntries(engine),
            clients: Object.fromEntries(clients.map((c) => [c.username, c.password])),
            active: parseRuntimeConfig(String(parameter?.inputs.insecureValue)).redis.store.secret,
        };
    }

    it("makes a new password for the user at rest, tells clients to use it, and leaves the other alone", async () => {
        assert.equal((await stack.up()).failed, false);
        const before = await logins();
        assert.equal(before.active, "redis-store-a");

        await stack.configure("logcaster:redis.store.credentialGeneration", "2");
        const { failed, changes } = await stack.up();
        assert.equal(failed, false);
        assert.deepEqual(summary(changes), [
            "replace aws:secretsmanager/secretVersion:SecretVersion us-east-1-store-b-secret-value {secretString: update-replace}",
            "replace random:index/randomPassword:RandomPassword us-east-1-store-b-password {keepers.version: update-replace}",
            "update aws:elasticache/user:User us-east-1-store-b {passwords[0]: update}",
            "update aws:ssm/parameter:Parameter us-east-1-runtime {insecureValue: update}",
        ]);
        const after = await logins();
        const [inUse, atRest] = ["logcaster-store-a", "logcaster-store-b"] as const;
        assert.equal(after.active, "redis-store-b");
        assert.notEqual(after.engine[atRest], before.engine[atRest]);
        assert.equal(after.engine[inUse], before.engine[inUse]);
        assert.deepEqual(after.clients, {
            [inUse]: after.engine[inUse],
            [atRest]: after.engine[atRest],
        });
    });
});
