/** Backends from the SRV records of a headless Service, over TCP; NGINX asks by datagram first. */
import * as assert from "node:assert/strict";
import {
    FakeLogCaster,
    FakeNameServer,
    freePort,
    type ProxyBinary,
    type ProxyServerProcess,
    startProxy,
    whyNoServer,
} from "../servers";
import { skip } from "../skip";
import {
    closeSenders,
    HAPROXIES,
    lineSpec,
    openSenders,
    ping,
    startFakes,
    stopAll,
    until,
} from "./fixture";

const NAME = "_line._tcp.logcaster.logs.svc.cluster.local";
const SLOTS = 50;
const NGINX_PODS = 12;

/** Lets the name server answer that these are the workload's pods. */
function answer(dns: FakeNameServer, pods: readonly FakeLogCaster[]): void {
    dns.records = pods.map(({ name: pod, host, port }) => ({
        target: `${pod}.logcaster.logs.svc.cluster.local`,
        port,
        address: host,
    }));
}

/** A proxy that finds its backends by the name server, at first three, for the tests of the suite that calls it. */
function follow(name: ProxyBinary, pods: number) {
    const suite = {} as {
        fakes: FakeLogCaster[];
        dns: FakeNameServer;
        proxy: ProxyServerProcess;
        port: number;
    };
    before(async function () {
        this.timeout(180_000);
        const reason = await whyNoServer(name);
        if (reason) skip(this, reason);
        suite.fakes = await startFakes(pods);
        suite.dns = await FakeNameServer.start(NAME, await freePort());
        answer(suite.dns, suite.fakes.slice(0, 3));
        const backends = { from: "srv", name: NAME, slots: pods } as const;
        const spec = await lineSpec(name, backends, {}, { nameservers: [suite.dns.address] });
        suite.proxy = await startProxy(name, spec);
        suite.port = spec.listeners[0]!.port;
    });
    after(async () => {
        closeSenders();
        await suite.proxy?.dispose();
        await suite.dns?.stop();
        await stopAll(suite.fakes ?? []);
    });
    return suite;
}

type Followed = ReturnType<typeof follow>;

/** How many of so many senders each backend gets. */
async function spread({ fakes, port }: Followed, senders: number): Promise<number[]> {
    const before = fakes.map(({ sendersEver }) => sendersEver);
    await openSenders(port, senders, fakes);
    const got = fakes.map(({ sendersEver }, i) => sendersEver - before[i]!);
    closeSenders();
    await until("them to leave", () => fakes.every((f) => f.connections === 0));
    return got;
}

async function assertAnswers({ port }: Followed): Promise<void> {
    for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
}

/** Whatever the name server answers now, the proxy has heard of it and goes on. */
async function assertUnmoved(suite: Followed): Promise<void> {
    const { questions } = suite.dns;
    await until("two more questions", () => suite.dns.questions >= questions + 2);
    await assertAnswers(suite);
}

describe("backends from SRV records", () => {
    for (const name of HAPROXIES) {
        describe(name, () => {
            const suite = follow(name, SLOTS);
            const up = async () =>
                [...(await suite.proxy.command("show stat")).matchAll(/^line,line\d+,.*?,UP,/gm)]
                    .length;

            it("follows a workload from 3 pods to 50 and back to 3", async function () {
                this.timeout(120_000);
                const { dns, fakes } = suite;
                for (const count of [3, 50, 3]) {
                    answer(dns, fakes.slice(0, count));
                    await until(`${count} up`, async () => (await up()) === count, 60_000);
                    assert.deepEqual(
                        await spread(suite, count),
                        fakes.map((_, i) => (i < count ? 1 : 0)),
                    );
                }
            });

            it("keeps the last known pods while the name server fails, answers nothing, or is away", async () => {
                const { dns } = suite;
                dns.isBroken = true;
                await assertUnmoved(suite);
                dns.isBroken = false;
                answer(dns, []);
                await assertUnmoved(suite);
                assert.ok((await up()) > 0);
                await dns.stop();
                await assertAnswers(suite);
            });
        });
    }

    // Of the two NGINXes only this one resolves SRV records (proxyProblems refuses them for the other).
    describe("nginx", () => {
        const suite = follow("nginx", NGINX_PODS);

        it(`follows a workload from 3 pods to ${NGINX_PODS} and back to 3`, async function () {
            this.timeout(180_000);
            const { dns, fakes } = suite;
            for (const count of [3, NGINX_PODS, 3]) {
                answer(dns, fakes.slice(0, count));
                const even = fakes.map((_, i) => (i < count ? NGINX_PODS / count : 0));
                let got: number[] = [];
                await until(
                    `${count} pods to have all senders`,
                    async () => (got = await spread(suite, NGINX_PODS)).join() === even.join(),
                    60_000,
                ).catch(() => assert.deepEqual(got, even));
            }
        });

        it("carries nothing while the workload has no pod by its records, and carries on with the first", async () => {
            const { dns, fakes, port } = suite;
            answer(dns, []);
            await until("it to refuse", async () => (await ping(port)) !== "PONG");
            answer(dns, fakes.slice(0, 1));
            await until("it to carry on", async () => (await ping(port)) === "PONG");
        });

        it("keeps the last known pods while the name server fails or is away", async () => {
            suite.dns.isBroken = true;
            await assertUnmoved(suite);
            await suite.dns.stop();
            await assertAnswers(suite);
        });
    });
});
