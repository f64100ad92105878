/** What one client, one backend or an operator does harms nobody else. */
import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyListener } from "logcaster-model/proxy-config";
import { FakeLogCaster, type ProxyServerProcess, startProxy, whyNoServer } from "../servers";
import { skip } from "../skip";
import {
    BINARIES,
    closeSenders,
    lineSpec,
    listOf,
    openSender,
    ping,
    startFakes,
    stopAll,
    until,
} from "./fixture";

const RELOADS = 20;
const CONNECTIONS_A_SECOND = 200;
const RELOAD_EVERY_MS = 200;
const LONG_LINE_MIB = 100;
const LIMIT = 40;
/** /proc/net/tcp's number of the state established, and of a running keepalive timer. */
const ESTABLISHED = "01";
const KEEPALIVE_TIMER = "02";

describe("a proxy under strain", () => {
    for (const name of BINARIES) {
        describe(name, () => {
            let fakes: FakeLogCaster[] = [];
            let proxy: ProxyServerProcess;
            let port: number;
            const peers: Socket[] = [];
            before(async function () {
                this.timeout(180_000);
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
            });
            const start = async (change: Partial<ProxyListener> = {}) => {
                fakes = await startFakes(2);
                const spec = await lineSpec(name, listOf(fakes), change);
                proxy = await startProxy(name, spec);
                port = spec.listeners[0]!.port;
            };
            afterEach(async () => {
                closeSenders();
                for (const peer of peers.splice(0)) peer.destroy();
                await proxy?.dispose();
                await stopAll(fakes);
                fakes = [];
            });
            const peer = (from: string, allowHalfOpen = false) => {
                const socket = connect({
                    port,
                    host: "127.0.0.1",
                    localAddress: from,
                    allowHalfOpen,
                });
                socket.on("error", () => undefined);
                peers.push(socket);
                return socket;
            };
            const allAnswer = async (times: number) => {
                for (let i = 0; i < times; i++) assert.equal(await ping(port), "PONG");
            };

            it(`loses no connection in ${RELOADS} reloads under ${CONNECTIONS_A_SECOND} new ones a second`, async () => {
                await start();
                const kept = await openSender(port);
                const answers: Promise<string>[] = [];
                const load = setInterval(
                    () => answers.push(ping(port, 20_000)),
                    1_000 / CONNECTIONS_A_SECOND,
                );
                for (let i = 0; i < RELOADS; i++) {
                    proxy.reload();
                    await sleep(RELOAD_EVERY_MS);
                }
                clearInterval(load);
                const all = await Promise.all(answers);
                assert.ok(all.length > RELOADS, String(all.length));
                assert.deepEqual(
                    all.filter((answer) => answer !== "PONG"),
                    [],
                );
                // Who was connected before the first reload still is, and is heard.
                assert.equal(kept.isClosed, false);
                const { lines } = fakes[0]!;
                kept.socket.write("still here\n");
                await until("the line", () => fakes[0]!.lines + fakes[1]!.lines > lines);
            });

            it("holds a flood from one source at its limit, and serves the others", async () => {
                await start({ perSource: { connections: LIMIT } });
                for (let i = 0; i < 5 * LIMIT; i++) {
                    peer("127.0.0.9").on("connect", function (this: Socket) {
                        this.write("flood\n");
                    });
                }
                const arrived = () => fakes.reduce((sum, { connections }) => sum + connections, 0);
                await until("the limit", () => arrived() === LIMIT);
                await until(
                    "the rest to be refused",
                    () => peers.filter(({ closed }) => closed).length === 4 * LIMIT,
                );
                await allAnswer(20);
                assert.equal(arrived(), LIMIT);
            });

            it(`carries a line of ${LONG_LINE_MIB} MiB while others are answered`, async () => {
                await start();
                const socket = peer("127.0.0.8");
                const part = Buffer.alloc(2 ** 20, "x");
                let sent = 0;
                const write = () => {
                    while (sent < LONG_LINE_MIB) {
                        sent++;
                        if (!socket.write(part)) return void socket.once("drain", write);
                    }
                    socket.write("\n");
                };
                write();
                await allAnswer(20);
                const bytes = () => fakes.reduce((sum, one) => sum + one.bytes, 0);
                await until("all of it", () => bytes() === LONG_LINE_MIB * 2 ** 20, 60_000);
            });

            it("is not held up by clients that are slow, that have half closed, or that say nothing", async () => {
                await start();
                const slow = Array.from({ length: 20 }, () => peer("127.0.0.7"));
                const halfClosed = Array.from({ length: 20 }, () => peer("127.0.0.7", true));
                for (let i = 0; i < 20; i++) peer("127.0.0.7"); // nothing
                for (const socket of halfClosed) socket.end("PIN");
                const drip = setInterval(() => slow.forEach((socket) => socket.write("P")), 20);
                await allAnswer(30);
                clearInterval(drip);
                await allAnswer(10);
            });

            it("has the kernel ask a quiet peer whether it is still there, on both sides", async () => {
                await start();
                await openSender(port);
                const backend = () => fakes.find(({ connections }) => connections > 0);
                await until("it to arrive", () => backend() !== undefined);
                await until(
                    "the keepalive timers",
                    () =>
                        timerOf(port, "local") === KEEPALIVE_TIMER &&
                        timerOf(backend()!.port, "remote") === KEEPALIVE_TIMER,
                );
            });
        });
    }
});

/** The timer of the established socket whose port on that side is this one. */
function timerOf(port: number, side: "local" | "remote"): string | undefined {
    const wanted = port.toString(16).toUpperCase().padStart(4, "0");
    const sockets = readFileSync("/proc/net/tcp", "latin1")
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(/\s+/));
    return sockets
        .filter(([, local, remote, state]) => {
            const address = side === "local" ? local : remote;
            return state === ESTABLISHED && address?.endsWith(`:${wanted}`);
        })
        .map((fields) => fields[5]?.split(":")[0])
        .find((timer) => timer === KEEPALIVE_TIMER);
}
