import { strict as assert } from "node:assert";
import { skip } from "../skip";
import {
    CutProxy,
    type RedisKind,
    type RedisServer,
    serverBinary,
    startServer,
    whyNoServer,
} from "./index";
import { createClient } from "redis";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const BINARY = { valkey: "valkey-server", redis: "redis-server" } as const;

describe("tests/servers", () => {
    for (const kind of ["valkey", "redis"] as RedisKind[]) {
        describe(kind, () => {
            let server: RedisServer;
            before(async function () {
                this.timeout(120_000);
                const reason = await whyNoServer(BINARY[kind]);
                if (reason) skip(this, reason);
                server = await startServer(kind, { appendFsync: "always", password: "secret" });
            });
            after(() => server?.dispose());

            it("keeps an acknowledged write over kill -9 and a restart on the same disk", async () => {
                assert.equal(await server.command("SET", "k", "v"), "OK");
                await server.kill();
                assert.equal(server.process.isRunning, false);
                await assert.rejects(server.command("PING"));
                await server.restart();
                assert.equal(await server.command("GET", "k"), "v");
            });

            it("is reached through a proxy until that is cut, and again once it is healed", async () => {
                const proxy = await CutProxy.start(server.port);
                const url = `redis://:secret@127.0.0.1:${proxy.port}`;
                const client = createClient({ url, disableOfflineQueue: true });
                client.on("error", () => undefined);
                await client.connect();
                assert.equal(await client.ping(), "PONG");
                proxy.cut();
                await assert.rejects(client.ping());
                proxy.heal();
                while (!client.isReady) await new Promise((resolve) => setTimeout(resolve, 10));
                assert.equal(await client.ping(), "PONG");
                client.destroy();
                await proxy.stop();
            });
        });
    }

    for (const [name, flag] of [
        ["haproxy", "-v"],
        ["nginx", "-v"],
        ["debianHaproxy", "-v"],
        ["debianNginx", "-v"],
    ] as const) {
        it(`has a ${name} that runs`, async function () {
            this.timeout(120_000);
            const reason = await whyNoServer(name);
            if (reason) skip(this, reason);
            const binary = await serverBinary(name);
            const { stdout, stderr } = await run(binary.path, [flag], { env: { ...binary.env } });
            assert.match(stdout + stderr, /version/i);
        });
    }
});
