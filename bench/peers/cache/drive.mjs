// usage: node drive.mjs <peer> <scenario> <redis url>   prints {"perSecond": n, "loads": n} for one cache and one scenario
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const require = createRequire(import.meta.url);
const [, , peer, scenario, url] = process.argv;
const VALUE = "x".repeat(1000);
const KEYS = Array.from({ length: 1000 }, (_, i) => `key:${i}`);

/** Each peer: get, set, getOrLoad, close; `noL1` makes every get go to Redis. */
const PEERS = {
    async ours(noL1) {
        // The bundle, as it is published: the compiler's heap would be measured too.
        const { TieredCache, json } = require("../../../dataplane/bin/index.js");
        const cache = new TieredCache({ url, codec: json(), l2TimeoutMs: 5000, ...(noL1 ? { l1MaxBytes: 1024 } : {}) });
        while (!cache.hears) await sleep(5);
        return {
            get: (key) => cache.get(key),
            set: (key, value) => cache.set(key, value),
            getOrLoad: (key, load) => cache.getOrLoad(key, async () => ({ value: await load() })),
        };
    },
    async bentocache(noL1) {
        const { BentoCache, bentostore } = await import("bentocache");
        const { redisDriver } = await import("bentocache/drivers/redis");
        const { memoryDriver } = await import("bentocache/drivers/memory");
        const { hostname, port } = new URL(url);
        const l2 = redisDriver({ connection: { host: hostname, port: Number(port) } });
        const store = noL1 ? bentostore().useL2Layer(l2) : bentostore().useL1Layer(memoryDriver({ maxSize: "64mb" })).useL2Layer(l2);
        const cache = new BentoCache({ default: "it", stores: { it: store } });
        return {
            get: (key) => cache.get({ key }),
            set: (key, value) => cache.set({ key, value, ttl: "10m" }),
            getOrLoad: (key, load) => cache.getOrSet({ key, factory: load, ttl: "10m" }),
        };
    },
    async cacheable(noL1) {
        const { Cacheable, Keyv } = await import("cacheable");
        const { default: KeyvRedis } = await import("@keyv/redis");
        const { CacheableMemory, KeyvCacheableMemory } = await import("cacheable");
        void CacheableMemory;
        const cache = new Cacheable({
            primary: new Keyv({ store: new KeyvCacheableMemory({ lruSize: noL1 ? 1 : 10000, useClone: false }) }),
            secondary: new KeyvRedis(url),
            ttl: "10m",
        });
        return {
            get: (key) => cache.get(key),
            set: (key, value) => cache.set(key, value),
            getOrLoad: (key, load) => cache.getOrSet(key, load, { ttl: "10m" }),
        };
    },
    async "cache-manager"(noL1) {
        const { createCache } = await import("cache-manager");
        const { Keyv } = await import("keyv");
        const { default: KeyvRedis } = await import("@keyv/redis");
        const l2 = new Keyv({ store: new KeyvRedis(url) });
        const cache = createCache({ stores: noL1 ? [l2] : [new Keyv(), l2], ttl: 600000 });
        return {
            get: (key) => cache.get(key),
            set: (key, value) => cache.set(key, value),
            getOrLoad: (key, load) => cache.wrap(key, load),
        };
    },
    async "node-redis client cache"(noL1) {
        const { createClient } = require("redis");
        const client = createClient({ url, RESP: 3, ...(noL1 ? {} : { clientSideCache: { ttl: 600000, maxEntries: 100000 } }) });
        await client.connect();
        return { get: (key) => client.get(key), set: (key, value) => client.set(key, value) };
    },
};

const SCENARIOS = {
    async l1(open) {
        const cache = await open(false);
        await cache.set("key", VALUE);
        await sleep(50);
        const loop = async (n) => {
            for (let i = 0; i < n; i++) if ((await cache.get("key")) !== VALUE) throw new Error("a miss");
        };
        await loop(20_000);
        return { perSecond: await rate(200_000, loop) };
    },
    async l2(open) {
        const cache = await open(true);
        for (const key of KEYS) await cache.set(key, VALUE);
        await sleep(50);
        const loop = async (n) => {
            for (let i = 0; i < n; i += 50) {
                const values = await Promise.all(Array.from({ length: 50 }, (_, j) => cache.get(KEYS[(i + j) % KEYS.length])));
                if (values.some((value) => value !== VALUE)) throw new Error("a miss");
            }
        };
        await loop(20_000);
        return { perSecond: await rate(100_000, loop) };
    },
    async stampede(open) {
        const cache = await open(false);
        if (!cache.getOrLoad) return { perSecond: null };
        let loads = 0;
        const load = async () => {
            loads++;
            await sleep(5);
            return VALUE;
        };
        let round = 0;
        const loop = async (n) => {
            for (let i = 0; i < n; i += 1000) {
                const key = `stampede:${round++}`;
                await Promise.all(Array.from({ length: 1000 }, () => cache.getOrLoad(key, load)));
            }
        };
        await loop(5_000);
        loads = 0;
        const perSecond = await rate(40_000, loop);
        return { perSecond, loads: loads / 40 };
    },
};

async function rate(n, loop) {
    const started = process.hrtime.bigint();
    await loop(n);
    return n / (Number(process.hrtime.bigint() - started) / 1e9);
}

const result = await SCENARIOS[scenario](PEERS[peer]);
process.stdout.write(JSON.stringify(result) + "\n", () => process.exit(0));
