import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { json, TieredCache } from "../../../dataplane/cache";
import { type RedisKind, startCluster, type TestCluster, whyNoServer } from "../../servers";
import { skip } from "../../skip";

const KEYS = 100;

for (const kind of ["valkey", "redis"] as RedisKind[]) {
    describe(`TieredCache on a ${kind} cluster`, function () {
        this.timeout(60_000);
        let cluster: TestCluster;
        const caches: TieredCache<string>[] = [];

        before(async function () {
            const reason = await whyNoServer(kind === "valkey" ? "valkey-server" : "redis-server");
            if (reason) skip(this, reason);
            cluster = await startCluster(kind, { primaries: 3 });
        });
        after(async () => {
            for (const cache of caches) cache.close();
            await cluster?.dispose();
        });

        async function open(): Promise<TieredCache<string>> {
            const url = cluster.servers.map((server) => server.url);
            const cache = new TieredCache<string>({ url, codec: json(), l2TimeoutMs: 2_000 });
            caches.push(cache);
            while (!cache.hears) await sleep(5);
            return cache;
        }

        it("answers another process's cache, whichever shard a key is on, and tells it of deletions", async () => {
            const [a, b] = [await open(), await open()];
            const keys = Array.from({ length: KEYS }, (_, index) => `key:${index}`);
            let loads = 0;
            const load = (key: string) => Promise.resolve({ value: `${key}=${++loads}` });
            for (const [index, key] of keys.entries()) {
                assert.equal(await a.getOrLoad(key, load), `${key}=${index + 1}`);
            }
            const sizes = await Promise.all(cluster.connections.map((one) => one.call("DBSIZE")));
            assert.ok(
                sizes.every((size) => Number(size) > 0),
                String(sizes),
            );
            const values = await b.getMany(keys);
            assert.deepEqual(
                [...values.values()],
                keys.map((key, index) => `${key}=${index + 1}`),
            );
            assert.equal(loads, KEYS);
            for (const key of keys) await a.delete(key);
            for (const key of keys) while ((await b.get(key)) !== undefined) await sleep(5);
        });
    });
}
