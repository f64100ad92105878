import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
    BYTES,
    RemoteAway,
    TieredCache,
    json,
    type CacheOptions,
    type Loaded,
} from "../../../dataplane/cache";
import { skip } from "../../skip";
import { CutProxy, startValkey, whyNoServer, type RedisServer } from "../../servers";

/** Waits until something holds; the test's own time limit ends a wait that never does. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(5);
}

/** A loader whose moment of answering the test chooses. */
function gate<V>() {
    let open!: (loaded: Loaded<V>) => void;
    const opened = new Promise<Loaded<V>>((resolve) => (open = resolve));
    return { open, loader: () => opened };
}

describe("TieredCache on a real Valkey", function () {
    let server: RedisServer;
    let caches: TieredCache<never>[] = [];

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        server = await startValkey({});
    });
    after(() => server?.dispose());
    afterEach(async () => {
        caches.forEach((cache) => cache.close());
        caches = [];
        await server.command("FLUSHALL");
    });

    async function open<V>(options: Partial<CacheOptions<V>> = {}): Promise<TieredCache<V>> {
        const cache = new TieredCache<V>({
            url: server.url,
            codec: json<V>(),
            l2TimeoutMs: 2_000,
            ttlJitterPercent: 0,
            ...options,
        });
        caches.push(cache as unknown as TieredCache<never>);
        await until(() => cache.hears);
        return cache;
    }

    it("answers from L1, then from L2 in another process's place, then from the loader", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        let loads = 0;
        const loader = () => Promise.resolve({ value: `v${++loads}` });
        assert.equal(await a.getOrLoad("k", loader), "v1");
        // The news of the write may still be on its way: it drops the first answer from L1 once more.
        await until(async () => (await b.getOrLoad("k", loader), b.metrics.hits.l1 > 0));
        assert.ok(b.metrics.hits.l2 > 0);
        assert.equal(await b.get("k"), "v1");
        assert.equal(loads, 1);
    });

    it("keeps bytes as they are", async () => {
        const [a, b] = [await open({ codec: BYTES }), await open({ codec: BYTES })];
        const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
        await a.set("bin", bytes);
        assert.deepEqual(await b.get("bin"), bytes);
    });

    it("never answers a key with another key's value, whatever characters the keys have", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        const keys = ["a{b}", "a%7Bb%7D", "{a}", "}", "{}", "a", "a ", "키", "%", "%25"];
        for (const key of keys) await a.set(key, `value of ${key}`);
        for (const key of keys) assert.equal(await b.get(key), `value of ${key}`);
        await server.command("COPY", "lc:v:{a}", "lc:v:{other}");
        assert.equal(await b.get("other"), undefined);
    });

    it("tells other processes of a deletion", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        await a.set("k", "old");
        assert.equal(await b.get("k"), "old");
        await a.delete("k");
        await until(async () => (await b.get("k")) === undefined);
        assert.equal(await a.get("k"), undefined);
    });

    it("does not keep what a loader brings that started before a deletion, in any process", async () => {
        const [a, b, c] = [await open<string>(), await open<string>(), await open<string>()];
        const slow = gate<string>();
        let calls = 0;
        const loading = a.getOrLoad("k", () =>
            ++calls === 1 ? slow.loader() : Promise.resolve({ value: "new" }),
        );
        await until(() => calls === 1);
        await b.delete("k");
        slow.open({ value: "old" });
        assert.equal(await loading, "new");
        assert.equal(a.metrics.refusedFills, 1);
        for (const cache of [a, b, c]) assert.equal(await cache.get("k"), "new");
    });

    it("does not overwrite a newer write with what an older loader brings", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        const slow = gate<string>();
        let calls = 0;
        const loading = a.getOrLoad("k", () => (calls++, slow.loader()));
        await until(() => calls === 1);
        await b.set("k", "written");
        slow.open({ value: "loaded" });
        assert.equal(await loading, "written");
        assert.equal(await a.get("k"), "written");
        assert.equal(await b.get("k"), "written");
    });

    it("lets a caller that comes after a deletion start a load of its own", async () => {
        const a = await open<string>();
        const slow = gate<string>();
        let calls = 0;
        const first = a.getOrLoad("k", () => (calls++, slow.loader()));
        await until(() => calls === 1);
        await a.delete("k");
        assert.equal(await a.getOrLoad("k", () => Promise.resolve({ value: "new" })), "new");
        slow.open({ value: "old" });
        assert.equal(await first, "new");
    });

    it("keeps an entry in L1 no longer than L2 does", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        await a.set("k", "v", { ttlMs: 300 });
        await sleep(200);
        assert.equal(await b.get("k"), "v");
        await sleep(150);
        assert.equal(await b.get("k"), undefined);
        assert.equal(await a.get("k"), undefined);
    });

    it("shortens lifetimes by jitter, and never lengthens them", async () => {
        const a = await open<string>({ ttlJitterPercent: 50, random: () => 0.5 });
        await a.set("k", "v", { ttlMs: 100_000 });
        const left = Number(await server.command("PTTL", "lc:v:{k}"));
        assert.ok(left > 70_000 && left <= 75_000, String(left));
    });

    it("remembers that there is no such thing", async () => {
        const a = await open<string>();
        let loads = 0;
        const loader = () => (loads++, Promise.resolve({ value: undefined }));
        assert.equal(await a.getOrLoad("k", loader), undefined);
        assert.equal(await a.getOrLoad("k", loader), undefined);
        assert.equal(loads, 1);
    });

    it("answers a stale value at once and loads it anew behind the answer", async () => {
        const a = await open<string>({ staleMs: 60_000 });
        let loads = 0;
        const loader = () => Promise.resolve({ value: `v${++loads}` });
        await a.getOrLoad("k", loader, { ttlMs: 50 });
        await sleep(60);
        assert.equal(await a.getOrLoad("k", loader, { ttlMs: 60_000 }), "v1");
        await until(async () => (await a.getOrLoad("k", loader)) === "v2");
        assert.equal(loads, 2);
    });

    it("refreshes a value early, before anybody has to wait", async () => {
        const a = await open<string>({ earlyRefreshPercent: 99 });
        let loads = 0;
        const loader = () => Promise.resolve({ value: `v${++loads}` });
        await a.getOrLoad("k", loader, { ttlMs: 1_000 });
        await sleep(20);
        assert.equal(await a.getOrLoad("k", loader, { ttlMs: 60_000 }), "v1");
        await until(() => loads === 2);
    });

    it("drops what carries a tag when the tag is invalidated, loads that run included", async () => {
        const [a, b] = [await open<string>(), await open<string>()];
        await a.set("x", "1", { tags: ["red"] });
        await a.set("y", "2", { tags: ["red", "blue"] });
        await a.set("z", "3", { tags: ["blue"] });
        const slow = gate<string>();
        let calls = 0;
        const loading = a.getOrLoad("w", () => (calls++, slow.loader()), { tags: ["red"] });
        await until(() => calls === 1);
        await b.invalidateTag("red");
        slow.open({ value: "old" });
        await loading;
        for (const cache of [a, b]) {
            await until(async () => (await cache.getMany(["x", "y", "z", "w"])).size === 1);
            assert.deepEqual([...(await cache.getMany(["x", "y", "z", "w"]))], [["z", "3"]]);
        }
    });

    it("gives a loader's error to its callers and keeps nothing", async () => {
        const a = await open<string>();
        const failing = () => Promise.reject(new Error("source is down"));
        await assert.rejects(a.getOrLoad("k", failing), /source is down/);
        assert.equal(await a.getOrLoad("k", () => Promise.resolve({ value: "v" })), "v");
    });

    it("aborts a loader that takes too long", async () => {
        const a = await open<string>({ loadTimeoutMs: 50 });
        let aborted = false;
        const never = (_key: string, { signal }: { signal: AbortSignal }) => {
            signal.addEventListener("abort", () => (aborted = true));
            return new Promise<Loaded<string>>(() => undefined);
        };
        await assert.rejects(a.getOrLoad("k", never), /took over 50 ms/);
        assert.ok(aborted);
    });

    it("stays under its bound with values of any size", async () => {
        const l1MaxBytes = 1024 * 1024;
        const a = await open({ codec: BYTES, l1MaxBytes });
        for (let i = 0; i < 400; i++) {
            await a.set(`k${i}`, Buffer.alloc((i * 7919) % 400_000));
            assert.ok((await a.metrics.registry.metrics()).length > 0);
            const gauge = await a.metrics.registry
                .getSingleMetric("logcaster_cache_l1_bytes")!
                .get();
            assert.ok(gauge.values[0]!.value <= l1MaxBytes, String(gauge.values[0]!.value));
        }
    });

    it("counts hits and misses of each tier, and times one answer of L1 in 1,024 and one of L2 in 16", async () => {
        // Each look at the clock is a tick after the one before: an answer takes one.
        let [nowMs, tickMs] = [0, 0.25];
        const now = () => (nowMs += tickMs);
        const a = await open<string>();
        for (let i = 0; i < 15; i++) await a.set(`k${i}`, "v");
        // Opened after the writes: no invalidation comes in between.
        const b = await open<string>({ now });
        assert.deepEqual([b.metrics.hitRatio("l1"), b.metrics.hitRatio("l2")], [NaN, NaN]);
        for (let i = 0; i < 15; i++) assert.equal(await b.get(`k${i}`), "v");
        const latency = async () => (await b.metrics.latency.get()).values;
        const of = async (tier: string, name: string, le?: number) =>
            (await latency()).find(
                ({ labels, metricName }) =>
                    labels.tier === tier &&
                    (labels as { le?: number }).le === le &&
                    metricName === `logcaster_cache_latency_seconds_${name}`,
            )?.value;
        assert.deepEqual(await latency(), []);
        for (let i = 0; i < 5; i++) assert.equal(await b.get(`none ${i}`), undefined);
        assert.equal(b.metrics.hitRatio("l2"), 15 / 20);
        assert.deepEqual([await of("l2", "count"), await of("l2", "sum")], [1, 0.00025]);
        assert.equal(await of("l1", "count"), undefined);
        tickMs = 4;
        for (let i = 0; i < 1_024; i++) assert.equal(await b.get("k14"), "v");
        assert.deepEqual([await of("l1", "count"), await of("l1", "sum")], [1, 0.004]);
        assert.deepEqual(
            [await of("l1", "bucket", 0.001), await of("l1", "bucket", 0.005)],
            [0, 1],
        );
        assert.equal(b.metrics.hitRatio("l1"), 1_024 / (1_024 + 20));
        assert.equal(b.metrics.hitRatio("l2"), 15 / 20);
    });

    it("refuses options and keys out of range, all mistakes together", () => {
        assert.throws(
            () =>
                new TieredCache({ url: server.url, codec: BYTES, ttlMs: 0, breakerFailures: NaN }),
            {
                name: "RangeError",
                message:
                    "ttlMs is 0; allowed: 1 to 4294967295 ms\nbreakerFailures is NaN; allowed: 1 to 1000000 failures",
            },
        );
    });

    it("hears of deletions by pub/sub where the server refuses client tracking", async () => {
        await server.command(
            "ACL",
            "SETUSER",
            "old",
            "on",
            ">pw",
            "~*",
            "&*",
            "+@all",
            "-client|tracking",
        );
        const url = server.url.replace("redis://", "redis://old:pw@");
        const [a, b] = [await open<string>({ url }), await open<string>({ url })];
        await a.set("k", "old");
        assert.equal(await b.get("k"), "old");
        await a.delete("k");
        await until(async () => (await b.get("k")) === undefined);
    });

    it("calls the loader once for 10 processes with 1,000 concurrent misses each", async function () {
        const workers = Array.from({ length: 10 }, () =>
            fork(`${__dirname}/stampede-worker.ts`, [server.url], {
                execArgv: ["-r", "ts-node/register/transpile-only"],
            }),
        );
        try {
            await Promise.all(workers.map((worker) => once(worker, "message")));
            const answers = workers.map((worker) => once(worker, "message"));
            workers.forEach((worker) => worker.send("go"));
            const values = (await Promise.all(answers)).map(([message]) => message as string[]);
            assert.equal(await server.command("GET", "loads"), "1");
            assert.deepEqual([...new Set(values.flat())], ["the value"]);
            assert.equal(values.flat().length, 10_000);
        } finally {
            workers.forEach((worker) => worker.kill());
        }
    });
});

describe("TieredCache with its L2 away", function () {
    let server: RedisServer;
    let proxy: CutProxy;
    let cache: TieredCache<string>;

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        server = await startValkey({});
    });
    after(() => server?.dispose());
    beforeEach(async () => {
        proxy = await CutProxy.start(server.port);
        cache = new TieredCache<string>({
            url: `redis://127.0.0.1:${proxy.port}`,
            codec: json(),
            l2TimeoutMs: 200,
            awayTtlMs: 60_000,
        });
        await until(() => cache.hears);
    });
    afterEach(async () => {
        cache.close();
        await proxy.stop();
        await server.command("FLUSHALL");
    });

    it("answers with the loader's values, and from L1 after that", async () => {
        await cache.set("before", "old");
        proxy.cut();
        await until(() => !cache.hears);
        let loads = 0;
        const loader = () => Promise.resolve({ value: `loaded ${++loads}` });
        // What L1 held may have been deleted by others since: it is gone.
        assert.equal(await cache.getOrLoad("before", loader), "loaded 1");
        assert.equal(await cache.getOrLoad("before", loader), "loaded 1");
        assert.equal(loads, 1);
    });

    it("fails a write or a deletion, saying that L2 did not take it", async () => {
        proxy.cut();
        await until(() => !cache.hears);
        await assert.rejects(cache.set("k", "v"), RemoteAway);
        assert.equal(await cache.get("k"), undefined);
        await assert.rejects(cache.delete("k"), RemoteAway);
    });

    it("forgets what it held while L2 was away once it is back", async () => {
        proxy.cut();
        await until(() => !cache.hears);
        await cache.getOrLoad("k", () => Promise.resolve({ value: "alone" }));
        await server.command("SET", "unrelated", "1");
        proxy.heal();
        await until(() => cache.hears);
        assert.equal(await cache.get("k"), undefined);
    });
});
