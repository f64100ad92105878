import { strict as assert } from "node:assert";
import { type MigrateOptions, migrateOptions } from "../../../dataplane/migrate/options";
import { Session } from "../../../dataplane/migrate/session";
import { Throttle } from "../../../dataplane/migrate/throttle";
import { startValkey, whyNoServer } from "../../servers";
import { skip } from "../../skip";

describe("the throttle of a migration", () => {
    /** A throttle on a clock that stands unless it is told to wait, or we turn it. */
    function throttled(options: Partial<MigrateOptions>) {
        const clock = { nowMs: 5_000, waits: [] as number[] };
        const throttle = new Throttle(migrateOptions(options), {
            now: () => clock.nowMs,
            sleep: (ms) => {
                clock.waits.push(ms);
                clock.nowMs += ms;
                return Promise.resolve();
            },
        });
        return { throttle, clock };
    }

    it("waits until the keys so far are no more than allowed", async () => {
        const { throttle, clock } = throttled({ maxKeysPerSecond: 100 });
        await throttle.after(50, 1_000_000, 0);
        await throttle.after(25, 0, 0);
        clock.nowMs += 100;
        await throttle.after(25, 0, 0);
        assert.deepEqual(clock.waits, [500, 250, 150]);
        assert.equal(throttle.waitMs(400), 600);
        assert.equal(throttle.waitMs(1_000), 0);
    });

    it("waits until the bytes so far are no more than allowed", async () => {
        const { throttle, clock } = throttled({ maxBytesPerSecond: 1_000 });
        await throttle.after(1_000_000, 500, 0);
        clock.nowMs += 1_000;
        await throttle.after(0, 500, 0);
        await throttle.after(0, 3_000, 0);
        assert.deepEqual(clock.waits, [500, 2_500]);
    });

    it("minds the stricter of the two bounds", async () => {
        const { throttle, clock } = throttled({ maxKeysPerSecond: 10, maxBytesPerSecond: 1_000 });
        await throttle.after(10, 2_000, 0);
        await throttle.after(20, 0, 0);
        assert.deepEqual(clock.waits, [2_000, 1_000]);
    });

    it("gives a slow source as much rest as its average answer is over the bound, at most 1 s", async () => {
        const { throttle, clock } = throttled({ maxSourceLatencyMs: 50 });
        // The average takes a fifth of each answer: 40, 72, then 57.6 and 46.08.
        for (const answerMs of [200, 200, 0, 0]) await throttle.after(1, 1, answerMs);
        assert.deepEqual(
            clock.waits.map((ms) => Number(ms.toFixed(6))),
            [22, 7.6],
        );
        await throttle.after(1, 1, 60_000);
        assert.equal(clock.waits.at(-1), 1_000);
    });

    it("does not wait without bounds and with a quick source", async () => {
        const { throttle, clock } = throttled({});
        await throttle.after(1_000_000, 1_000_000_000, 50);
        assert.deepEqual(clock.waits, []);
    });

    it("hears the bytes of a big key of every type", async function () {
        this.timeout(60_000);
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        const servers = await Promise.all([startValkey(), startValkey(), startValkey()]);
        const [metadata, source, target] = servers;
        const session = new Session({
            metadataUrl: metadata.url,
            options: { bigKeyBytes: 10_000, chunkElements: 50, chunkBytes: 8_192 },
        });
        const heard: [keys: number, bytes: number][] = [];
        const { after } = Throttle.prototype;
        try {
            const first = { name: "shard-0", weight: 1, url: source.url };
            await session.init({ nodes: [first], partitions: 16 });
            // ARGV: the type's command, elements. Each element has a value of 1,000 bytes.
            const fill = `
                for i = 1, 100 do
                    local v = string.rep('v', 995) .. string.format('%05d', i)
                    if ARGV[1] == 'HSET' then redis.call('HSET', KEYS[1], 'f' .. i, v)
                    elseif ARGV[1] == 'ZADD' then redis.call('ZADD', KEYS[1], i, v)
                    elseif ARGV[1] == 'XADD' then redis.call('XADD', KEYS[1], i .. '-1', 'f', v)
                    else redis.call(ARGV[1], KEYS[1], v) end
                end`;
            const kinds = ["HSET", "ZADD", "XADD", "RPUSH", "SADD", "APPEND"];
            Throttle.prototype.after = (keys, bytes) => {
                heard.push([keys, bytes]);
                return Promise.resolve();
            };
            const second = { name: "shard-1", weight: 1, url: target.url };
            for (const kind of kinds) {
                const key = `big-${kind}`;
                await source.command("EVAL", fill, "1", key, kind);
                heard.length = 0;
                // Everything goes to the other one, and back for the next.
                assert.equal(await session.migrate([second]), "done");
                const bytes = heard.reduce((sum, [, count]) => sum + count, 0);
                assert.ok(bytes >= 100_000 && bytes < 104_000, `${kind}: ${bytes} bytes`);
                assert.equal(await target.command("EXISTS", key), 1);
                await target.command("DEL", key);
                assert.equal(await session.migrate([first]), "done");
            }
        } finally {
            Throttle.prototype.after = after;
            session.close();
            await Promise.all(servers.map((server) => server.dispose()));
        }
    });
});
