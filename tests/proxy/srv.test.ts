/** Backends from the SRV records of a headless Service, over TCP. */
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
                answer(3);
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
            const answer = (count: number) => {
                dns.records = fakes.slice(0, count).map(({ name: pod, host, port: at }) => ({
                    target: `${pod}.logcaster.logs.svc.cluster.local`,
                    port: at,
                    address: host,
                }));
            };
            const up = async () =>
                [...(await proxy.command("show stat")).matchAll(/^line,line\d+,.*?,UP,/gm)].length;

            it("follows a workload from 3 pods to 50 and back to 3", async function () {
                this.timeout(120_000);
                for (const count of [3, 50, 3]) {
                    answer(count);
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
                    () => ((dns.isBroken = false), answer(0)),
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
});
