import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { RemoteAway, TieredCache, json, type CacheOptions } from "../../../dataplane/cache";
import { Breaker } from "../../../dataplane/cache/breaker";
import { FakeL2 } from "./fake-l2";

const OPEN_MS = 1_000;

describe("Breaker", () => {
    let nowMs: number;
    let breaker: Breaker;
    beforeEach(() => {
        nowMs = 5_000;
        breaker = new Breaker(3, OPEN_MS, () => nowMs);
    });
    const fail = (times: number) => {
        for (let i = 0; i < times; i++) breaker.failed();
    };

    it("opens with the last of so many failures in a row, not before", () => {
        fail(2);
        assert.equal(breaker.allows(), true);
        fail(1);
        assert.equal(breaker.allows(), false);
    });

    it("counts failures in a row: a success between them begins anew", () => {
        fail(2);
        breaker.succeeded();
        fail(2);
        assert.equal(breaker.allows(), true);
    });

    it("stays open for its whole time, then lets one command through as a trial", () => {
        fail(3);
        nowMs += OPEN_MS - 1;
        assert.equal(breaker.allows(), false);
        nowMs += 1;
        assert.deepEqual([breaker.allows(), breaker.allows()], [true, false]);
    });

    it("closes with a trial that succeeds, and opens for its time again with one that fails", () => {
        fail(3);
        nowMs += OPEN_MS;
        breaker.allows();
        nowMs += 10;
        fail(1);
        nowMs += OPEN_MS - 1;
        assert.equal(breaker.allows(), false);
        nowMs += 1;
        assert.equal(breaker.allows(), true);
        breaker.succeeded();
        assert.deepEqual([breaker.allows(), breaker.allows()], [true, true]);
    });

    it("lets another trial through where one never tells how it ended", () => {
        fail(3);
        nowMs += OPEN_MS;
        breaker.allows();
        nowMs += OPEN_MS;
        assert.equal(breaker.allows(), true);
    });
});

describe("TieredCache with an L2 that answers badly or not at all", () => {
    let l2: FakeL2;
    let cache: TieredCache<string>;
    let nowMs: number;

    beforeEach(async () => {
        nowMs = 5_000;
        l2 = await FakeL2.start();
    });
    afterEach(async () => {
        cache.close();
        await l2.stop();
    });

    async function open(options: Partial<CacheOptions<string>>): Promise<void> {
        cache = new TieredCache<string>({
            url: l2.url,
            codec: json(),
            l2TimeoutMs: 60_000,
            breakerFailures: 3,
            breakerOpenMs: OPEN_MS,
            awayTtlMs: 60_000,
            now: () => nowMs,
            ...options,
        });
        while (!cache.hears) await sleep(5);
    }

    it("goes on to the loader at its time limit, while L2 still owes its answer", async () => {
        await open({ l2TimeoutMs: 50, breakerFailures: 1_000 });
        const events: string[] = [];
        l2.answer = (command) => {
            events.push(`L2 gets ${command}`);
            return undefined;
        };
        // Were the limit ignored, nothing below would end: no answer ever comes.
        const loader = () => (events.push("the loader"), Promise.resolve({ value: "loaded" }));
        assert.equal(await cache.getOrLoad("k", loader), "loaded");
        events.push("the answer");
        assert.deepEqual(events, ["L2 gets EVAL", "the loader", "the answer"]);
        assert.equal(cache.metrics.l2Errors, 1);
        await assert.rejects(cache.set("k", "v"), /^RemoteAway: .*no answer within 50 ms/);
    });

    it("sends L2 no command while its breaker is open, then one, then all once that one succeeds", async () => {
        await open({});
        let isWell = false;
        l2.answer = (command) =>
            !isWell
                ? "-ERR out of order\r\n"
                : command === "MGET"
                  ? "*1\r\n_\r\n"
                  : "*2\r\n$1\r\n5\r\n$1\r\n0\r\n";
        /** The commands that a few calls send. */
        const sentBy = async (calls: () => Promise<unknown>) => {
            const before = l2.commands.length;
            await calls();
            return l2.commands.slice(before);
        };
        const READ = ["MGET", "TIME"];
        for (let i = 0; i < 3; i++) {
            assert.deepEqual(await sentBy(() => cache.get(`k${i}`)), READ);
        }
        let calls = 0;
        const everything = async () => {
            assert.equal(await cache.get("k"), undefined);
            const loader = () => Promise.resolve({ value: "loaded" });
            assert.equal(await cache.getOrLoad(`new ${++calls}`, loader), "loaded");
            await assert.rejects(cache.set("k", "v"), RemoteAway);
            await assert.rejects(cache.delete("k"), /left alone by the circuit breaker/);
        };
        assert.deepEqual(await sentBy(everything), []);
        nowMs += OPEN_MS - 1;
        assert.deepEqual(await sentBy(everything), []);
        // One trial, which fails.
        nowMs += 1;
        assert.deepEqual(await sentBy(() => cache.get("k")), READ);
        assert.deepEqual(await sentBy(everything), []);
        assert.equal(cache.metrics.l2Errors, 4);
        // One trial, which succeeds.
        isWell = true;
        nowMs += OPEN_MS;
        assert.deepEqual(await sentBy(() => cache.get("k")), READ);
        assert.deepEqual(await sentBy(() => cache.get("k")), READ);
        assert.equal(cache.metrics.l2Errors, 4);
    });
});
