/** The proxy agent between a real NGINX and a fake of the Auto Scaling API. */
import * as assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { imbalance, type NginxBuild, type ProxySpec } from "logcaster-model/proxy-config";
import { type AgentEvent, autoScalingSource, NginxAgent } from "../../../dataplane/proxy-agent";
import {
    FakeAutoScaling,
    FakeLogCaster,
    nginxBuild,
    type ProxyServerProcess,
    startProxy,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import {
    closeSenders,
    lineSpec,
    listOf,
    NGINXES,
    openSender,
    ping,
    startFakes,
    stopAll,
    until,
} from "../../proxy/fixture";

const GROUP = "logcaster-test";
const DRAIN_SECONDS = 2;

describe("the proxy agent of NGINX", () => {
    for (const name of NGINXES) {
        describe(`with ${name}`, () => {
            let api: FakeAutoScaling;
            let fakes: FakeLogCaster[];
            let proxy: ProxyServerProcess;
            let spec: ProxySpec;
            let agent: NginxAgent;
            let port: number;
            let events: AgentEvent[];
            let configFile: string;
            let build: NginxBuild;
            const environment = { ...process.env };
            const of = (some: readonly FakeLogCaster[], lifecycle = "InService") =>
                some.map(({ host, name: id }) => ({ id: `i-${id}`, address: host, lifecycle }));
            const listed = async () =>
                [
                    ...(await readFile(configFile, "utf8")).matchAll(
                        /server (127\.0\.1\.\d+):\d+ max/g,
                    ),
                ]
                    .map((match) => match[1])
                    .filter((address, i, all) => all.indexOf(address) === i);

            before(async function () {
                this.timeout(180_000);
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
                fakes = await startFakes(50);
                api = await FakeAutoScaling.start(GROUP);
                Object.assign(process.env, api.env);
                build = await nginxBuild(name);
            });
            after(async () => {
                process.env = environment;
                await api?.stop();
                await stopAll(fakes ?? []);
            });
            beforeEach(async () => {
                const base = await lineSpec(name, listOf([]), {}, { drainSeconds: DRAIN_SECONDS });
                spec = { ...base, admin: { ...base.admin, backendHealthPort: fakes[0]!.httpPort } };
                proxy = await startProxy(name, spec);
                configFile = `${spec.runDirectory}/proxy.cfg`;
                port = spec.listeners[0]!.port;
                events = [];
                agent = new NginxAgent({
                    source: await autoScalingSource({
                        group: GROUP,
                        region: "eu-west-1",
                        port: fakes[0]!.port,
                    }),
                    spec,
                    build,
                    configFile,
                    reload: async () => proxy.reload(),
                    log: (event) => events.push(event),
                });
            });
            afterEach(async () => {
                closeSenders();
                await proxy.dispose();
            });

            it("follows a fleet from none to 3, to 50 and back to 3", async () => {
                for (const count of [3, 50, 3]) {
                    api.instances = of(fakes.slice(0, count));
                    await agent.look();
                    assert.equal((await listed()).length, count);
                    // Old workers take the last few connections: asked again until the new list alone answers.
                    const ever = () => fakes.map(({ sendersEver }) => sendersEver);
                    const total = () => ever().reduce((sum, one) => sum + one, 0);
                    await until(
                        "each backend of the list to get one, and no other any",
                        async () => {
                            const before = ever();
                            for (let i = 0; i < count; i++) {
                                const arrived = total();
                                const sender = await openSender(port);
                                await until("it", () => sender.isClosed || total() > arrived);
                            }
                            closeSenders();
                            return ever().every((now, i) => now - before[i]! === Number(i < count));
                        },
                    );
                }
                assert.deepEqual(
                    events.map(({ event, backends }) => `${event} ${backends}`),
                    ["rendered 3", "rendered 50", "rendered 3"],
                );
            });

            it("leaves out who waits to terminate or is unhealthy, and keeps the last list while the API is away", async () => {
                api.instances = [
                    ...of(fakes.slice(0, 2)),
                    ...of([fakes[2]!], "Terminating:Wait"),
                    { id: "i-b4", address: fakes[3]!.host, health: "Unhealthy" },
                ];
                await agent.look();
                assert.deepEqual(await listed(), ["127.0.1.1", "127.0.1.2"]);
                await until("PONG", async () => (await ping(port)) === "PONG");
                api.isAway = true;
                await agent.look();
                api.isAway = false;
                api.instances = [];
                await agent.look();
                assert.deepEqual(await listed(), ["127.0.1.1", "127.0.1.2"]);
                assert.deepEqual(
                    events.map(({ event }) => event),
                    ["rendered", "problem", "well"],
                );
            });

            it("does not reload for the same fleet in another order", async () => {
                api.instances = of(fakes.slice(0, 3));
                await agent.look();
                api.instances = of([fakes[2]!, fakes[0]!, fakes[1]!]);
                await agent.look();
                assert.equal(events.length, 1);
            });

            it("spreads long-lived connections over twice as many backends when the old workers end", async () => {
                const four = fakes.slice(0, 4);
                api.instances = of(four.slice(0, 2));
                await agent.look();
                await until("PONG", async () => (await ping(port)) === "PONG");
                const counts = () => four.map(({ connections }) => connections);
                let isOver = false;
                const keep = async (): Promise<void> => {
                    const { socket } = await openSender(port);
                    socket.on("close", () => isOver || void keep());
                };
                for (let i = 0; i < 40; i++) await keep();
                await until("all", () => counts().reduce((a, b) => a + b) === 40);
                const before = imbalance(counts());
                api.instances = of(four);
                await agent.look();
                await until("the spread", () => {
                    const now = counts();
                    return now.reduce((a, b) => a + b) === 40 && imbalance(now) <= 1.1;
                });
                isOver = true;
                assert.equal(before, 2);
            });
        });
    }

    it("writes a first, empty configuration when there is none and nobody to serve: /health then says 503", async function () {
        const reason = await whyNoServer("nginx");
        if (reason) skip(this, reason);
        const spec = await lineSpec("nginx", listOf([]));
        const configFile = `${spec.runDirectory}/new.conf`;
        const agent = new NginxAgent({
            source: { list: async () => [] },
            spec,
            build: { version: "1.31.3" },
            configFile,
            reload: async () => undefined,
            log: () => undefined,
        });
        await agent.look();
        const config = await readFile(configFile, "utf8");
        const proxy = await startProxy("nginx", spec, config);
        assert.equal((await proxy.admin("/health")).status, 503);
        await writeFile(configFile, "");
        await proxy.dispose();
    });
});
