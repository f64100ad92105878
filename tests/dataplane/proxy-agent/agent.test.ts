/** The proxy agent between a real HAProxy and a fake of the Auto Scaling API. */
import * as assert from "node:assert/strict";
import { imbalance, stateFileOf } from "logcaster-model/proxy-config";
import {
    type AgentEvent,
    autoScalingSource,
    HaproxyRuntime,
    ProxyAgent,
} from "../../../dataplane/proxy-agent";
import {
    FakeAutoScaling,
    FakeLogCaster,
    type ProxyServerProcess,
    startProxy,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import {
    closeSenders,
    HAPROXIES,
    lineSpec,
    openSender,
    openSenders,
    ping,
    type Sender,
    startFakes,
    stopAll,
    until,
} from "../../proxy/fixture";

const GROUP = "logcaster-test";
const SLOTS = 50;

describe("the proxy agent", () => {
    for (const name of HAPROXIES) {
        describe(`with ${name}`, () => {
            let api: FakeAutoScaling;
            let fakes: FakeLogCaster[];
            let proxy: ProxyServerProcess;
            let agent: ProxyAgent;
            let port: number;
            let clock: number;
            let events: AgentEvent[];
            let chatter: NodeJS.Timeout;
            const runtime = () => new HaproxyRuntime(proxy.socket, "line", 3600);
            const environment = { ...process.env };
            const of = (some: readonly FakeLogCaster[], lifecycle?: string) =>
                some.map(({ host, name: id }) => ({
                    id: `i-${id}`,
                    address: host,
                    ...(lifecycle ? { lifecycle } : {}),
                }));
            const slots = async (state: string) =>
                (await runtime().slots())
                    .filter((slot) => slot.state === state)
                    .map(({ address }) => address)
                    .sort();
            const hosts = (some: readonly FakeLogCaster[]) => some.map(({ host }) => host).sort();
            const upCount = async () => (await runtime().slots()).filter(({ isUp }) => isUp).length;

            before(async function () {
                this.timeout(180_000);
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
                fakes = await startFakes(SLOTS);
                api = await FakeAutoScaling.start(GROUP);
                Object.assign(process.env, api.env);
            });
            after(async () => {
                process.env = environment;
                await api?.stop();
                await stopAll(fakes ?? []);
            });
            beforeEach(async () => {
                const spec = await lineSpec(name, { from: "agent", slots: SLOTS });
                proxy = await startProxy(name, spec);
                port = spec.listeners[0]!.port;
                clock = 0;
                events = [];
                agent = new ProxyAgent({
                    source: await autoScalingSource({
                        group: GROUP,
                        region: "eu-west-1",
                        port: fakes[0]!.port,
                    }),
                    runtime: runtime(),
                    stateFile: stateFileOf(spec),
                    intervalSeconds: 5,
                    rebalance: { tolerancePercent: 10, withinSeconds: 60 },
                    quietSeconds: 5,
                    now: () => clock,
                    log: (event) => events.push(event),
                });
            });
            afterEach(async () => {
                clearInterval(chatter);
                closeSenders();
                for (const fake of fakes) fake.fault = "none";
                fakes.forEach((fake) => fake.endSenders());
                api.isAway = false;
                await proxy.dispose();
            });

            it("follows a fleet from 3 to 50 and back to 3", async () => {
                for (const count of [3, 50, 3]) {
                    api.instances = of(fakes.slice(0, count));
                    await agent.look();
                    await agent.look(); // whose slots are free of connections is emptied
                    assert.deepEqual(await slots("ready"), hosts(fakes.slice(0, count)));
                    await until(`${count} up`, async () => (await upCount()) === count);
                    const before = fakes.map(({ sendersEver }) => sendersEver);
                    await openSenders(port, 2 * count, fakes);
                    const got = fakes.map(({ sendersEver }, i) => sendersEver - before[i]!);
                    assert.deepEqual(
                        got,
                        fakes.map((_, i) => (i < count ? 2 : 0)),
                    );
                    closeSenders();
                    await until("them to leave", () => fakes.every((f) => f.connections === 0));
                }
                assert.deepEqual(
                    events.filter(({ event }) => event === "problem"),
                    [],
                );
            });

            it("drains an instance that waits to terminate: its connections finish, new ones go elsewhere", async () => {
                const three = fakes.slice(0, 3);
                api.instances = of(three);
                await agent.look();
                await until("all up", async () => (await upCount()) === 3);
                const senders = await openSenders(port, 6, three);
                // Busy: the agent ends quiet connections of a draining backend, not these.
                chatter = setInterval(
                    () => senders.forEach(({ socket }) => socket.write("more\n")),
                    20,
                );
                await until("chatter", () => three.every(({ lines }) => lines > 20));
                api.instances = [...of(three.slice(1)), ...of([three[0]!], "Terminating:Wait")];
                for (clock = 0; clock <= 120; clock += 5) await agent.look();
                assert.deepEqual(await slots("draining"), [three[0]!.host]);
                assert.equal(three[0]!.connections, 2);
                const { lines } = three[0]!;
                await until("its lines to come", () => three[0]!.lines > lines + 10);
                const before = three[0]!.sendersEver;
                await openSenders(port, 4, three);
                assert.equal(three[0]!.sendersEver, before);
                clearInterval(chatter);
                assert.ok(senders.every(({ isClosed }) => !isClosed));
                closeSenders();
                api.instances = of(three.slice(1));
                await until("its slot to be empty", async () => {
                    await agent.look();
                    return (await slots("draining")).length === 0;
                });
                assert.deepEqual(await slots("ready"), hosts(three.slice(1)));
            });

            it("leaves the last known servers in place while the API is away, knows no group, or has no instance", async () => {
                const three = fakes.slice(0, 3);
                api.instances = of(three);
                await agent.look();
                await until("all up", async () => (await upCount()) === 3);
                api.isAway = true;
                await agent.look();
                await agent.look();
                api.isAway = false;
                api.instances = [];
                await agent.look();
                assert.deepEqual(await slots("ready"), hosts(three));
                for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
                assert.deepEqual(
                    events.slice(3).map(({ event, what }) => `${event} ${what}`),
                    ["problem discovery", "well discovery"],
                );
            });

            it("takes a backend out that accepts but does not PONG, and brings it back when it does", async () => {
                const three = fakes.slice(0, 3);
                api.instances = of(three);
                await agent.look();
                await until("all up", async () => (await upCount()) === 3);
                three[1]!.fault = "no-pong";
                await until("it to be out", async () => (await upCount()) === 2);
                const before = three[1]!.sendersEver;
                for (let i = 0; i < 20; i++) assert.equal(await ping(port), "PONG");
                const senders = await openSenders(port, 20, three);
                assert.equal(three[1]!.sendersEver, before);
                // The agent looks on; health is HAProxy's to know.
                await agent.look();
                assert.equal(await upCount(), 2);
                three[1]!.fault = "none";
                await until("it to be back", async () => (await upCount()) === 3);
                senders.push(...(await openSenders(port, 4, three)));
                assert.equal(three[1]!.sendersEver, before + 4);
                closeSenders();
            });

            it("lets a reloaded HAProxy start with the servers that the old one had", async () => {
                const four = fakes.slice(0, 4);
                api.instances = [...of(four.slice(1)), ...of([four[0]!])];
                await agent.look();
                await until("all up", async () => (await upCount()) === 4);
                api.instances = [...of(four.slice(1)), ...of([four[0]!], "Terminating:Wait")];
                const [kept] = await openSenders(port, 4, four);
                await agent.look(); // drains, and saves what is known
                const pid = async () =>
                    /^Pid: .*/m.exec(
                        await runtime()
                            .command("show info")
                            .catch(() => ""),
                    )?.[0];
                const old = await pid();
                proxy.reload();
                await until("the new process", async () => ((await pid()) ?? old) !== old);
                assert.deepEqual(await slots("ready"), hosts(four.slice(1)));
                assert.deepEqual(await slots("draining"), [four[0]!.host]);
                // One that does not PONG is out after the first check, made at once.
                four[1]!.fault = "no-pong";
                proxy.reload();
                await until("it to be out", async () => (await upCount().catch(() => 0)) === 3);
                const before = four.map(({ sendersEver }) => sendersEver);
                await openSenders(port, 4, four);
                assert.deepEqual(
                    four.map(({ sendersEver }, i) => sendersEver - before[i]!),
                    [0, 0, 2, 2],
                );
                assert.equal(kept!.isClosed, false);
            });

            it("spreads long-lived connections over twice as many backends within its time", async () => {
                const four = fakes.slice(0, 4);
                api.instances = of(four.slice(0, 2));
                await agent.look();
                await until("two up", async () => (await upCount()) === 2);
                const senders = new Set<Sender>();
                let ended = 0;
                const keep = (sender: Sender) => {
                    senders.add(sender);
                    sender.socket.on("close", () => {
                        senders.delete(sender);
                        ended++;
                        if (!isOver) void openSender(port).then(keep);
                    });
                };
                let isOver = false;
                for (const sender of await openSenders(port, 80, four)) keep(sender);
                const counts = () => four.map(({ connections }) => connections);
                assert.deepEqual(counts(), [40, 40, 0, 0]);
                api.instances = of(four);
                const measured = [imbalance(counts())];
                for (clock = 0; clock <= 60; clock += 5) {
                    await agent.look();
                    await until("all to be back", () => {
                        const now = counts().reduce((sum, count) => sum + count, 0);
                        return now === 80 && senders.size === 80;
                    });
                    measured.push(imbalance(counts()));
                }
                isOver = true;
                assert.equal(measured[0], 2);
                assert.ok(measured.at(-1)! <= 1.1, `imbalance over time: ${measured.join(" ")}`);
                // No more than what was above the share, and a few that divide unevenly.
                assert.ok(ended >= 36 && ended <= 42, `${ended} ended`);
                await agent.look();
                assert.equal(imbalance(counts()), measured.at(-1));
                closeSenders();
            });

            it("says that there are more backends than slots, and serves with those that fit", async () => {
                api.instances = [...of(fakes), { id: "i-more", address: "127.0.2.1" }];
                await agent.look();
                assert.equal((await slots("ready")).length, SLOTS);
                assert.match(
                    String(events.find(({ event }) => event === "problem")?.message),
                    /^1 backends have no slot \(127\.0\.2\.1, \.\.\.\)/,
                );
            });
        });
    }
});
