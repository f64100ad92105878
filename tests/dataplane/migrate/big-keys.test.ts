import { strict as assert } from "node:assert";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { initialTable, partitionOf } from "logcaster-model/partitions";
import { Session } from "../../../dataplane/migrate/session";
import { type RedisServer, startValkey, whyNoServer } from "../../servers";
import { skip } from "../../skip";

const ROOT = path.resolve(__dirname, "../../..");
/** The bundle, as it is published: reading TypeScript takes memory of its own. */
const LAUNCHER = path.join(ROOT, "dataplane/cli/start.cjs");
const FIELDS = 1_000_000;
const STRING_BYTES = 200 * 1024 * 1024;
const MEMORY_BOUND_BYTES = 200 * 1024 * 1024;
const EXPIRY = "4102444800000";

describe("big keys between independent servers", function () {
    this.timeout(300_000);
    let servers: RedisServer[] = [];

    before(async function () {
        const reason = await whyNoServer("valkey-server");
        if (reason) skip(this, reason);
        execFileSync("npm", ["run", "build", "-w", "logcaster-dataplane"], { cwd: ROOT });
        servers = await Promise.all([startValkey(), startValkey(), startValkey()]);
    });
    after(() => Promise.all(servers.map((server) => server.dispose())));

    it("carries a hash of 1,000,000 fields and a string of 200 MB in bounded memory", async () => {
        const [metadata, source, target] = servers as [RedisServer, RedisServer, RedisServer];
        const nodes = [{ name: "shard-0", weight: 1, url: source.url }];
        const session = new Session({ metadataUrl: metadata.url });
        await session.init({ nodes, partitions: 16 });
        session.close();
        // The new shard takes the upper half of 16 partitions.
        const table = initialTable({ nodes, partitions: 16 });
        const moving = (prefix: string): string => {
            for (let index = 0; ; index++) {
                if (partitionOf(table, `${prefix}${index}`) >= 8) return `${prefix}${index}`;
            }
        };
        const hash = moving("hash");
        const text = moving("text");
        const fill =
            "for i = 1, ARGV[1] do redis.call('HSET', KEYS[1], 'field-' .. i, 'value-' .. i) end";
        await source.command("EVAL", fill, "1", hash, String(FIELDS));
        await source.command("PEXPIREAT", hash, EXPIRY);
        await source.command("SETRANGE", text, String(STRING_BYTES - 3), "end");
        await source.command("SETRANGE", text, String(STRING_BYTES / 2), "middle");

        const args = [
            "shards",
            "migrate",
            "--metadata",
            metadata.url,
            "--journal",
            metadata.directory,
        ];
        const peakBytes = await peakMemoryOf([...args, "--add", `shard-1=${target.url}`]);

        assert.equal(await source.command("EXISTS", hash, text), 0);
        assert.equal(await target.command("HLEN", hash), FIELDS);
        for (const n of [1, 77_777, FIELDS]) {
            assert.equal(await target.command("HGET", hash, `field-${n}`), `value-${n}`);
        }
        assert.equal(String(await target.command("PEXPIRETIME", hash)), EXPIRY);
        assert.equal(await target.command("STRLEN", text), STRING_BYTES);
        const middle = [String(STRING_BYTES / 2), String(STRING_BYTES / 2 + 5)];
        assert.equal(await target.command("GETRANGE", text, ...middle), "middle");
        assert.equal(await target.command("GETRANGE", text, "-3", "-1"), "end");
        console.log(`      peak ${Math.round(peakBytes / 2 ** 20)} MiB`);
        assert.ok(peakBytes < MEMORY_BOUND_BYTES, `the migrator took ${peakBytes} bytes`);
    });
});

/** Runs `logcaster`; its peak resident memory where /proc tells, else 0. */
async function peakMemoryOf(args: readonly string[]): Promise<number> {
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
        stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    let peak = 0;
    const sample = setInterval(() => {
        const file = `/proc/${child.pid}/status`;
        if (!existsSync(file)) return;
        const status = readFileSync(file, "utf8");
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    }, 10);
    await once(child, "exit");
    clearInterval(sample);
    assert.equal(child.exitCode, 0, errors);
    return peak;
}
