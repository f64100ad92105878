/** Backends from the SRV records of a headless Service, over TCP; NGINX asks by datagram first. */
import * as assert from "node:assert/strict";
import {
    FakeLogCaster,
    FakeNameServer,
    freePort,
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

describe("backends from SRV records", () => {
    for (const name of HAPROXIES) {
        describe(name, () => {
            let fakes: FakeLogCaster[];
            let dns: FakeNameServer;
            let proxy: ProxyServerProcess;
            let port: number;
            before(async function () {
                this.timeout(180_000);
                const reason = await whyNoServer(name);
                if (reason) skip(this, reason);
                fakes = await startFakes(SLOTS);
                dns = await FakeNameServer.start(NAME, await freePort());
                answer(dns, fakes.slice(0, 3));
                const spec = await lineSpec(
                    name,
                    { from: "srv", name: NAME, slots: SLOTS },
                    {},
                    { nameservers: [dns.address] },
                );
                proxy = await startProxy(name, spec);
                port = spec.listeners[0]!.port;
            });
            after(async () => {
                closeSenders();
                await proxy?.dispose();
                await dns?.stop();
                await stopAll(fakes ?? []);
            });
            const up = async () =>
                [...(await proxy.command("show stat")).matchAll(/^line,line\d+,.*?,UP,/gm)].length;

            it("follows a workload from 3 pods to 50 and back to 3", async function () {
                this.timeout(120_000);
                for (const count of [3, 50, 3]) {
                    answer(dns, fakes.slice(0, count));
                    await until(`${count} up`, async () => (await up()) === count, 60_000);
                    const before = fakes.map(({ sendersEver }) => sendersEver);
                    await openSenders(port, count, fakes);
                    assert.deepEqual(
                        fakes.map(({ sendersEver }, i) => sendersEver - before[i]!),
                        fakes.map((_, i) => (i < count ? 1 : 0)),
                    );
                    closeSenders();
                    await until("them to leave", () => fakes.every((f) => f.connections === 0));
                }
            });

            it("keeps the last known pods while the name server fails, answers nothing, or is away", async () => {
                for (const fail of [
                    () => (dns.isBroken = true),
                    () => ((dns.isBroken = false), answer(dns, [])),
                ]) {
                    fail();
                    const { questions } = dns;
                    await until("two more questions", () => dns.questions >= questions + 2);
                    for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
                }
                assert.ok((await up()) > 0);
                await dns.stop();
                for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
            });
        });
    }

    // Of the two NGINXes only this one resolves SRV records (proxyProblems refuses them for the other).
    describe("nginx", () => {
        let fakes: FakeLogCaster[];
        let dns: FakeNameServer;
        let proxy: ProxyServerProcess;
        let port: number;
        before(async function () {
            this.timeout(180_000);
            const reason = await whyNoServer("nginx");
            if (reason) skip(this, reason);
            fakes = await startFakes(NGINX_PODS);
            dns = await FakeNameServer.start(NAME, await freePort());
            answer(dns, fakes.slice(0, 3));
            const backends = { from: "srv", name: NAME, slots: NGINX_PODS } as const;
            const spec = await lineSpec("nginx", backends, {}, { nameservers: [dns.address] });
            proxy = await startProxy("nginx", spec);
            port = spec.listeners[0]!.port;
        });
        after(async () => {
            closeSenders();
            await proxy?.dispose();
            await dns?.stop();
            await stopAll(fakes ?? []);
        });
        /** How many of as many senders as there are pods each of them gets. */
        const spread = async () => {
            const before = fakes.map(({ sendersEver }) => sendersEver);
            await openSenders(port, NGINX_PODS, fakes);
            const got = fakes.map(({ sendersEver }, i) => sendersEver - before[i]!);
            closeSenders();
            await until("them to leave", () => fakes.every((f) => f.connections === 0));
            return got;
        };

        it(`follows a workload from 3 pods to ${NGINX_PODS} and back to 3`, async function () {
            this.timeout(180_000);
            for (const count of [3, NGINX_PODS, 3]) {
                answer(dns, fakes.slice(0, count));
                const even = fakes.map((_, i) => (i < count ? NGINX_PODS / count : 0));
                let got: number[] = [];
                await until(
                    `${count} pods to have all senders`,
                    async () => (got = await spread()).join() === even.join(),
                    60_000,
                ).catch(() => assert.deepEqual(got, even));
            }
        });

        it("carries nothing while the workload has no pod by its records, and carries on with the first", async () => {
            answer(dns, []);
            await until("it to refuse", async () => (await ping(port)) !== "PONG");
            answer(dns, fakes.slice(0, 1));
            await until("it to carry on", async () => (await ping(port)) === "PONG");
        });

        it("keeps the last known pods while the name server fails or is away", async () => {
            dns.isBroken = true;
            const { questions } = dns;
            await until("two more questions", () => dns.questions >= questions + 2);
            for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
            await dns.stop();
            for (let i = 0; i < 6; i++) assert.equal(await ping(port), "PONG");
        });
    });
});
