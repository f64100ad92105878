/** Rendered configurations on real proxies: accepted, balanced, healthy, drained. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { ProxyEngine, type ProxySpec } from "logcaster-model/proxy-config";
import {
    checkConfig,
    engineOf,
    FakeLogCaster,
    get,
    nginxBuild,
    proxyDirectory,
    type ProxyServerProcess,
    removeTemporaryDirectory,
    renderFor,
    serverBinary,
    startProxy,
    whyNoServer,
} from "../servers";
import { skip } from "../skip";
import {
    BINARIES,
    closeSenders,
    lineSpec,
    listOf,
    openSenders,
    ping,
    startFakes,
    stopAll,
    until,
} from "./fixture";

describe("rendered proxy configurations", () => {
    for (const name of BINARIES) {
        const isHaproxy = engineOf(name) === ProxyEngine.Haproxy;
        describe(name, () => {
            let fakes: FakeLogCaster[] = [];
            let proxy: ProxyServerProcess | undefined;
            before(async function () {
                this.timeout(180_000);
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
            });
            afterEach(async () => {
                closeSenders();
                await proxy?.dispose();
                await stopAll(fakes);
                proxy = undefined;
                fakes = [];
            });
            const start = async (spec: ProxySpec) => (proxy = await startProxy(name, spec));
            /** Connections that the proxy counts; NGINX tells nobody, but ends its side with the backend's. */
            const openNow = async (binary: string) =>
                binary.toLowerCase().includes("haproxy")
                    ? Number(
                          /^line,BACKEND,\d*,\d*,(\d+)/m.exec(
                              await proxy!.command("show stat"),
                          )?.[1],
                      )
                    : counts().reduce((sum, count) => sum + count, 0);
            const counts = () => fakes.map(({ connections }) => connections);

            it("are accepted with everything that the engine can do, without a warning", async () => {
                const directory = proxyDirectory();
                const spec = await everything(name, directory);
                const binary = await serverBinary(name);
                const file = `${directory}/all.cfg`;
                writeFileSync(file, await renderFor(name, spec));
                const { code, says } = await checkConfig(engineOf(name), binary, directory, file);
                assert.equal(code, 0, says);
                assert.doesNotMatch(says, /\[?(WARNING|ALERT|warn|emerg)/);
                await removeTemporaryDirectory(directory);
            });

            it("give each of three backends a third of the connections", async () => {
                fakes = await startFakes(3);
                const spec = await lineSpec(name, listOf(fakes));
                await start(spec);
                await openSenders(spec.listeners[0]!.port, 30, fakes);
                assert.deepEqual(counts(), [10, 10, 10]);
                // Whoever has the fewest gets the next ones, which round-robin would not do.
                fakes[0]!.endSenders();
                await until("them to be gone", async () => (await openNow(name)) === 20);
                await openSenders(spec.listeners[0]!.port, 10, fakes);
                assert.deepEqual(counts(), [10, 10, 10]);
            });

            it("give backends of weight 3, 2 and 1 connections in that proportion", async () => {
                fakes = await startFakes(3);
                const spec = await lineSpec(
                    name,
                    listOf(fakes, (i) => ({ weight: 3 - i })),
                );
                await start(spec);
                await openSenders(spec.listeners[0]!.port, 60, fakes);
                assert.deepEqual(counts(), [30, 20, 10]);
            });

            it("use the backup only while no other backend is up", async () => {
                fakes = await startFakes(3);
                const spec = await lineSpec(
                    name,
                    listOf(fakes, (i) => ({ backup: i === 2 })),
                );
                await start(spec);
                const { port } = spec.listeners[0]!;
                await openSenders(port, 6, fakes);
                assert.deepEqual(counts(), [3, 3, 0]);
                await Promise.all([fakes[0]!.stop(), fakes[1]!.stop()]);
                await until("the backup to answer", async () => (await ping(port)) === "PONG");
                await openSenders(port, 2, fakes);
                assert.equal(fakes[2]!.connections, 2);
                fakes = [fakes[2]!];
            });

            it("lose no new connection when a backend dies", async () => {
                fakes = await startFakes(3);
                const spec = await lineSpec(name, listOf(fakes));
                await start(spec);
                const { port } = spec.listeners[0]!;
                const [dead] = fakes.splice(0, 1);
                await dead!.stop();
                for (let i = 0; i < 30; i++) assert.equal(await ping(port), "PONG");
            });

            it("answer /health with 200 while a backend is well, and 503 when none is", async () => {
                fakes = await startFakes(2);
                const admin = {
                    address: "127.0.0.1",
                    port: 0,
                    backendHealthPort: fakes[0]!.httpPort,
                };
                const spec = await lineSpec(name, listOf(fakes));
                await start({ ...spec, admin: { ...admin, port: spec.admin.port } });
                const status = async () => (await get(spec.admin.port, "/health")).status;
                await until("health", async () => (await status()) === 200);
                fakes[0]!.fault = "no-pong";
                for (let i = 0; i < 10; i++) assert.equal(await status(), 200);
                fakes[1]!.fault = "no-pong";
                await until("the truth", async () => (await status()) === 503);
                fakes[1]!.fault = "none";
                await until("health again", async () => (await status()) === 200);
                assert.equal((await get(spec.admin.port, "/other")).status, 404);
            });

            it("believe the PROXY header of the balancer in front, and tell the backend who the client is", async () => {
                fakes = await startFakes(1);
                const spec = await lineSpec(name, listOf(fakes), {
                    acceptProxyFrom: ["127.0.0.0/8"],
                    sendProxy: true,
                    perSource: { connections: 1 },
                });
                await start(spec);
                const send = (client: string) => {
                    const socket = connect(spec.listeners[0]!.port, "127.0.0.1", () =>
                        socket.write(`PROXY TCP4 ${client} 10.0.0.1 4000 9999\r\nline\n`),
                    );
                    socket.on("error", () => undefined);
                    return socket;
                };
                const sockets = [send("203.0.113.7")];
                await until("the first client", () => fakes[0]!.connections === 1);
                assert.equal(
                    fakes[0]!.lastProxied,
                    isHaproxy ? "v2 203.0.113.7" : "v1 203.0.113.7",
                );
                // The limit is the client's, not the balancer's.
                const second = send("203.0.113.7");
                await until("the limit", () => second.closed);
                sockets.push(send("203.0.113.8"));
                await until("another client", () => fakes[0]!.connections === 2);
                sockets.forEach((socket) => socket.destroy());
            });

            it("terminate TLS", async () => {
                fakes = await startFakes(1);
                const base = await lineSpec(name, listOf(fakes));
                const [line] = base.listeners;
                const { pem, key } = certificate(base.runDirectory, isHaproxy);
                const tls = { certificateFile: pem, ...(isHaproxy ? {} : { keyFile: key }) };
                await start({ ...base, listeners: [{ ...line!, tls }] });
                const answer = await new Promise<string>((resolve, reject) => {
                    const socket = connectTls(
                        { port: line!.port, host: "127.0.0.1", rejectUnauthorized: false },
                        () => socket.write("PING\r\n"),
                    );
                    socket.on("data", (data) => {
                        resolve(`${socket.getProtocol()} ${String(data).trim()}`);
                        socket.destroy();
                    });
                    socket.on("error", reject);
                });
                assert.equal(answer, "TLSv1.3 PONG");
            });

            it("carry HTTP with the client's address, to another backend when one is gone", async () => {
                fakes = await startFakes(2);
                const spec = await lineSpec(name, listOf(fakes), {
                    name: "http",
                    protocol: "http",
                    backends: {
                        from: "list",
                        servers: fakes.map((f) => ({
                            name: f.name,
                            host: f.host,
                            port: f.httpPort,
                        })),
                    },
                    ...(isHaproxy ? { check: { ...httpCheck } } : {}),
                });
                await start(spec);
                const { port } = spec.listeners[0]!;
                await until("HTTP", async () => (await get(port, "/x")).status === 200);
                const seen = new Set<string>();
                for (let i = 0; i < 10; i++) seen.add((await get(port, "/logs")).body.trim());
                assert.deepEqual([...seen].sort(), ["b1", "b2"]);
                assert.equal(fakes[0]!.requests[0]!.headers["x-forwarded-for"], "127.0.0.1");
                assert.equal(fakes[0]!.requests[0]!.headers["x-forwarded-proto"], "http");
                await fakes.shift()!.stop();
                for (let i = 0; i < 10; i++) assert.equal((await get(port, "/logs")).body, "b2\n");
            });
        });
    }

    const httpCheck = {
        kind: "http",
        intervalSeconds: 1,
        timeoutSeconds: 1,
        rise: 2,
        fall: 3,
    } as const;

    /** A certificate that signs itself; for HAProxy with its key in the same file. */
    function certificate(directory: string, isHaproxy: boolean) {
        const pem = `${directory}/cert.pem`;
        const key = `${directory}/key.pem`;
        execFileSync(
            "openssl",
            [
                ...[
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                ],
                ...["-keyout", key, "-out", pem, "-days", "1", "-subj", "/CN=logs.example.com"],
            ],
            { stdio: "ignore" },
        );
        if (isHaproxy) execFileSync("sh", ["-c", `cat ${key} >> ${pem}`]);
        return { pem, key };
    }

    /** A specification that uses every feature of the engine, and files for it. */
    async function everything(name: (typeof BINARIES)[number], directory: string) {
        const isHaproxy = engineOf(name) === ProxyEngine.Haproxy;
        const { pem, key } = certificate(directory, isHaproxy);
        writeFileSync(`${directory}/servers.state`, "1\n");
        const hasSrv = isHaproxy || name === "nginx";
        if (!isHaproxy) assert.match((await nginxBuild(name)).version, /^1\.\d+\.\d+$/);
        const base = await lineSpec(
            name,
            hasSrv
                ? { from: "srv", name: "_line._tcp.logcaster.ns.svc.cluster.local", slots: 50 }
                : listOf([]),
            {
                tls: isHaproxy ? { certificateFile: pem } : { certificateFile: pem, keyFile: key },
                acceptProxyFrom: ["10.0.0.0/8", "127.0.0.0/8"],
                sendProxy: true,
                connectionsPerServer: 2_000,
                perSource: isHaproxy
                    ? { connections: 500, newPerSecond: 100 }
                    : { connections: 500 },
                ...(isHaproxy ? { slowStartSeconds: 30 } : {}),
            },
            { runDirectory: directory, nameservers: ["127.0.0.1:53", "127.0.0.2:53"] },
        );
        const [line] = base.listeners;
        const http = {
            ...line!,
            name: "web",
            protocol: "http" as const,
            port: line!.port + 1,
            sendProxy: isHaproxy,
            balance: "random" as const,
            backends: {
                from: "list" as const,
                servers: [{ name: "a", host: "127.0.0.1", port: 80, weight: 3 }],
            },
            ...(isHaproxy ? { check: httpCheck } : {}),
        };
        const hash = {
            ...line!,
            name: "hashed",
            port: line!.port + 2,
            balance: "source-hash" as const,
            backends: isHaproxy
                ? ({ from: "agent", slots: 50 } as const)
                : ({ from: "list", servers: [{ name: "a", host: "127.0.0.1", port: 9 }] } as const),
        };
        return { ...base, listeners: [line!, http, hash] };
    }
});
