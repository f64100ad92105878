/** What KubernetesProxy renders, under the real engines. */
import * as assert from "node:assert/strict";
import { ProxyEngine, renderHaproxy, renderNginx } from "logcaster-model/proxy-config";
import { choose, proxySpecOf } from "logcaster-scaling/kubernetes/proxy/spec";
import type { KubernetesProxyArgs } from "logcaster-scaling/kubernetes";
import { ENGINES, LISTENER } from "logcaster-scaling/kubernetes/proxy/defaults";
import {
    type FakeLogCaster,
    FakeNameServer,
    freePort,
    nginxBuild,
    proxyDirectory,
    type ProxyServerProcess,
    startProxy,
    whyNoServer,
} from "../servers";
import { skip } from "../skip";
import {
    closeSenders,
    HAPROXIES,
    openSender,
    openSenders,
    ping,
    startFakes,
    stopAll,
    until,
} from "./fixture";

const SRV = "_line._tcp.logcaster-pods.production.svc.cluster.local";
const PODS = 3;

/** The component's specification, on loopback. */
async function specOf(
    engine: "haproxy" | "nginx",
    nameserver: string,
    more: Partial<KubernetesProxyArgs> = {},
) {
    const spec = proxySpecOf(
        choose({
            namespace: "production",
            image: "image",
            engine,
            srvName: SRV,
            nameservers: [nameserver],
            ingressCidrs: ["127.0.0.0/8"],
            // Of the files that a test may open.
            connectionsPerProxy: 500,
            ...more,
        }),
    );
    return {
        ...spec,
        listeners: [{ ...spec.listeners[0]!, address: "127.0.0.1", port: await freePort() }],
        admin: { ...spec.admin, address: "127.0.0.1", port: await freePort() },
        runDirectory: proxyDirectory(),
    };
}

describe("a proxy in Kubernetes", () => {
    for (const name of HAPROXIES) {
        describe(`by ${name}`, function () {
            this.timeout(60_000);
            let fakes: FakeLogCaster[];
            let dns: FakeNameServer;
            let proxy: ProxyServerProcess;
            let port: number;
            before(async function () {
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
                fakes = await startFakes(PODS);
                dns = await FakeNameServer.start(SRV, await freePort());
                const spec = await specOf(
                    ProxyEngine.Haproxy,
                    dns.address,
                    // 2.6 ends at that time only, 2.8 with its last connection.
                    name === "debianHaproxy" ? { drainSeconds: 5 } : {},
                );
                port = spec.listeners[0]!.port;
                proxy = await startProxy(name, spec, renderHaproxy(spec));
            });
            after(async () => {
                closeSenders();
                await proxy?.dispose();
                await dns?.stop();
                await stopAll(fakes ?? []);
            });

            it("says that it is unwell while no pod is known, and well once one is", async () => {
                assert.equal((await proxy.admin("/health")).status, 503);
                dns.records = fakes.map((fake) => ({
                    target: `${fake.name}.logcaster-pods.production.svc.cluster.local`,
                    port: fake.port,
                    address: fake.host,
                }));
                await until(
                    "a pod to be up",
                    async () => (await proxy.admin("/health")).status === 200,
                );
                assert.equal(await ping(port), "PONG");
            });

            it("gives each pod as many connections", async () => {
                const up = async () =>
                    [
                        ...(await proxy.command("show stat")).matchAll(
                            new RegExp(`^${LISTENER},${LISTENER}\\d+,.*?,UP,`, "gm"),
                        ),
                    ].length;
                await until("every pod to be up", async () => (await up()) === PODS);
                const before = fakes.map(({ sendersEver }) => sendersEver);
                await openSenders(port, PODS, fakes);
                assert.deepEqual(
                    fakes.map(({ sendersEver }, i) => sendersEver - before[i]!),
                    fakes.map(() => 1),
                );
                closeSenders();
            });

            it("told to drain, takes no new connection and ends with its last one", async () => {
                const sender = await openSender(port);
                proxy.process.signal(`SIG${ENGINES.haproxy.drainSignal}`);
                await until("it to refuse", async () => (await ping(port, 1_000)) !== "PONG");
                assert.ok(!sender.isClosed, "the connection that was there goes on");
                assert.ok(proxy.process.isRunning);
                sender.socket.destroy();
                // Sooner than the time that its connections would get.
                await until("it to end", () => !proxy.process.isRunning);
            });
        });
    }

    it("by NGINX is accepted, starts, and ends when told to drain", async function () {
        this.timeout(60_000);
        const reason = await whyNoServer("nginx");
        if (reason) skip(this, reason);
        const build = await nginxBuild("nginx");
        const spec = await specOf(ProxyEngine.Nginx, "127.0.0.1:1", {
            nginxVersion: build.version,
        });
        const text = renderNginx(spec, build);
        const proxy = await startProxy("nginx", spec, text);
        try {
            assert.deepEqual((await proxy.check(text)).code, 0);
            // Nobody resolves the name: no pod is known.
            assert.equal((await proxy.admin("/health")).status, 503);
            proxy.process.signal(`SIG${ENGINES.nginx.drainSignal}`);
            await until("it to end", () => !proxy.process.isRunning);
        } finally {
            await proxy.dispose();
        }
    });
});
