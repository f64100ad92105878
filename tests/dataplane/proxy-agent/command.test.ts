/** `logcaster proxy-agent` as a process. */
import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { FakeAutoScaling, freePort, startProxy, whyNoServer } from "../../servers";
import { skip } from "../../skip";
import { lineSpec, ping, startFakes, stopAll, until } from "../../proxy/fixture";

const COMMAND = path.resolve(__dirname, "../../../dataplane/cli/logcaster.cjs");

describe("logcaster proxy-agent", () => {
    let child: ChildProcess;
    let out = "";
    const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
        out = "";
        child = spawn(process.execPath, [COMMAND, "proxy-agent", ...args], {
            env: { ...process.env, AWS_REGION: "", ...env },
        });
        for (const stream of [child.stdout, child.stderr]) {
            stream!.on("data", (data) => (out += String(data)));
        }
    };
    afterEach(() => void child?.kill("SIGKILL"));

    it("fills HAProxy's slots from the group, logs a line of JSON a step, and ends on SIGTERM", async function () {
        const reason = await whyNoServer("haproxy");
        if (reason) skip(this, reason);
        const fakes = await startFakes(3);
        const api = await FakeAutoScaling.start("the-group");
        api.instances = fakes.map(({ name, host }) => ({ id: `i-${name}`, address: host }));
        const spec = await lineSpec("haproxy", { from: "agent", slots: 5 });
        const proxy = await startProxy("haproxy", spec);
        start(
            [
                ...["--group", "the-group", "--region", "eu-west-1", "--interval-seconds", "1"],
                ...["--socket", proxy.socket, "--state-file", `${spec.runDirectory}/servers.state`],
                ...["--port", String(fakes[0]!.port)],
            ],
            api.env,
        );
        await until("PONG", async () => (await ping(spec.listeners[0]!.port)) === "PONG");
        child.kill("SIGTERM");
        assert.deepEqual(await once(child, "exit"), [0, null]);
        assert.deepEqual(
            out
                .trim()
                .split("\n")
                .slice(0, 3)
                .map((line) => JSON.parse(line)),
            fakes.map(({ host, port }, i) => ({
                event: "filled",
                slot: `line${i + 1}`,
                address: `${host}:${port}`,
            })),
        );
        await proxy.dispose();
        await api.stop();
        await stopAll(fakes);
    });

    it("goes on while HAProxy is away, and says so once", async () => {
        start(
            [
                ...["--group", "g", "--region", "eu-west-1", "--interval-seconds", "1"],
                ...["--socket", "/nowhere/admin.sock"],
            ],
            { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`, AWS_MAX_ATTEMPTS: "1" },
        );
        await until("both problems", () => out.split("\n").length > 2);
        child.kill("SIGTERM");
        assert.deepEqual(await once(child, "exit"), [0, null]);
        assert.match(out, /"what":"discovery"/);
        assert.match(out, /HAProxy's socket \/nowhere\/admin\.sock/);
        assert.equal(out.trim().split("\n").length, 2, out);
    });

    it("exits with 2 for flags that cannot be used", async () => {
        start(["--group", "g", "--region", "eu-west-1", "--port", "70000"]);
        assert.deepEqual(await once(child, "exit"), [2, null]);
        assert.match(out, /A whole number from 1 to 65535 is allowed/);
    });
});
