/** The local health agent, run by real HAProxy of the oldest and the newest version that must work. */
import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { renderHealthAgent } from "logcaster-model/user-data";
import {
    type Binary,
    freePort,
    removeTemporaryDirectory,
    serverBinary,
    ServerProcess,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";

const run = promisify(execFile);

function status(port: number, url = "/health"): Promise<number> {
    return new Promise((resolve, reject) => {
        request({ host: "127.0.0.1", port, path: url, agent: false }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
        })
            .on("error", reject)
            .end();
    });
}

/** Waits for a status; the agent changes its mind after three checks of two seconds. */
async function becomes(port: number, wanted: number): Promise<void> {
    let last = 0;
    for (let i = 0; i < 300; i++) {
        last = await status(port).catch(() => 0);
        if (last === wanted) return;
        await sleep(50);
    }
    assert.fail(`/health stays at ${last}, not ${wanted}`);
}

for (const name of ["haproxy", "debianHaproxy"] as const) {
    describe(`The health agent in ${name === "haproxy" ? "HAProxy" : "Debian's HAProxy"}`, function () {
        this.timeout(60_000);
        let binary: Binary;
        let directory: string;
        let agent: ServerProcess;
        let service: Server;
        let answer: string;
        let healthPort: number;
        let file: string;
        const asked: string[] = [];

        before(async function () {
            this.timeout(0);
            const why = await whyNoServer(name);
            if (why) skip(this, why);
            binary = await serverBinary(name);
            directory = temporaryDirectory("health");
            file = path.join(directory, "health.cfg");
            const servicePort = await freePort();
            healthPort = await freePort();
            // On an instance the balancer asks from outside; here nothing listens beyond loopback.
            const text = renderHealthAgent({ servicePort, healthPort });
            writeFileSync(
                file,
                text.replace(`bind :${healthPort}`, `bind 127.0.0.1:${healthPort}`),
            );
            answer = "PONG\r\n";
            service = createServer((socket) => {
                socket.on("error", () => undefined);
                socket.on("data", (data) => {
                    asked.push(data.toString());
                    socket.end(answer);
                });
            });
            await new Promise<void>((done) => service.listen(servicePort, "127.0.0.1", done));
            agent = new ServerProcess({
                binary,
                args: ["-db", "-f", file],
                cwd: directory,
                ready: () => status(healthPort).then(() => true),
            });
            await agent.start();
        });
        after(async () => {
            await agent?.stop();
            service?.close();
            if (directory) await removeTemporaryDirectory(directory);
        });

        it("is accepted by `haproxy -c` without a warning", async () => {
            const env = { ...process.env, ...binary.env };
            const { stdout, stderr } = await run(binary.path, ["-c", "-f", file], { env });
            assert.doesNotMatch(stdout + stderr, /warning|alert/i);
        });

        it("answers 200 while the service answers PONG to PING", async () => {
            answer = "PONG\r\n";
            await becomes(healthPort, 200);
            assert.equal(asked.at(-1), "PING\r\n");
        });

        it("answers 503 when the service answers something else, and 200 again after PONG", async () => {
            answer = "PING\r\n"; // an echo is no PONG
            await becomes(healthPort, 503);
            answer = "PONG\r\n";
            await becomes(healthPort, 200);
        });

        it("answers nothing else", async () => {
            assert.equal(await status(healthPort, "/other"), 404);
        });

        it("answers 503 when nothing listens", async () => {
            await new Promise((done) => service.close(done));
            await becomes(healthPort, 503);
        });
    });
}
