/** Live migration beside redis-cli's reshard and the server's own migration driven by hand. */
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    partitionOf,
    partitionsOf,
    planTo,
    primaryOf,
    slotRange,
} from "logcaster-model/partitions";
import { clusterNodes, ownNode, rangesOf, slotsOf } from "../../dataplane/migrate/cluster";
import { waitUntilWhole } from "../../dataplane/migrate/cluster-form";
import { Session } from "../../dataplane/migrate/session";
import { Connection, metadataSource, Router } from "../../dataplane/router";
import { serverBinary, startCluster, startValkey, type TestCluster } from "../../tests/servers";
import { type Section, table } from "../section";

const KEYS = Number(process.env["BENCH_KEYS"] ?? 1_000_000);
const VALUE = "v".repeat(100);
const LOAD_BATCH = 5_000;
const WRITE_EVERY_MS = 2;
const POLL_MS = 10;
const AGREE_MS = 60_000;
/** redis-cli moves so many keys with one MIGRATE when asked; more brought nothing. */
const BEST_PIPELINE = 1_000;
const ROOT = path.resolve(__dirname, "../..");
/** The bundle, as it is published: reading TypeScript would be measured too. */
const LAUNCHER = path.join(ROOT, "dataplane/cli/start.cjs");

const WHY_MIGRATE_IS_SLOW =
    "MIGRATE itself sets the pace without native migration: the source waits for the target's answer to " +
    "every key of a batch (about 25 us a key here), redis-cli's default for a round trip each 10 keys more. " +
    "Three sources work at a time, and share two cores with the target, the migrator and the writer.";

export interface Outcome {
    readonly seconds: number;
    readonly p99Ms: number;
    readonly longestMs: number;
    readonly peakBytes: number;
}

/** 3 -> 4 shards in turn by each tool on one cluster, back again in between, while a writer writes. */
export async function measure(): Promise<Section> {
    execFileSync("npm", ["run", "build", "-w", "logcaster-dataplane"], { cwd: ROOT });
    const cluster = await startCluster("valkey", { primaries: 3, spare: 1 });
    const metadata = await startValkey();
    try {
        await load(cluster);
        const contenders: [string, () => Promise<Outcome>][] = [
            [
                "logcaster, native",
                () => timed(cluster, metadata.url, () => ours(cluster, metadata.url, [])),
            ],
            ["MIGRATESLOTS by hand", () => timed(cluster, metadata.url, () => byHand(cluster, 4))],
            [
                "logcaster, MIGRATE (--legacy)",
                () => timed(cluster, metadata.url, () => ours(cluster, metadata.url, ["--legacy"])),
            ],
            ["redis-cli reshard", () => timed(cluster, metadata.url, () => redisCli(cluster, 10))],
            [
                `redis-cli reshard, pipeline ${BEST_PIPELINE}`,
                () => timed(cluster, metadata.url, () => redisCli(cluster, BEST_PIPELINE)),
            ],
        ];
        const outcomes = new Map<string, Outcome>();
        for (const [name, run] of contenders) {
            console.log(`  ${name}`);
            outcomes.set(name, await run());
            await byHand(cluster, 3);
        }
        console.log("  logcaster, client mode");
        outcomes.set("logcaster, client mode", await clientMode());
        return section(outcomes);
    } finally {
        await Promise.all([metadata.dispose(), cluster.dispose()]);
    }
}

/** What the issue asks, beside what was measured. */
function verdicts(outcomes: ReadonlyMap<string, Outcome>): string {
    const of = (name: string) => outcomes.get(name)!;
    const [native, legacy, client] = ["native", "MIGRATE (--legacy)", "client mode"].map((name) =>
        of(`logcaster, ${name}`),
    ) as [Outcome, Outcome, Outcome];
    const redisCli = of("redis-cli reshard").seconds;
    const best = Math.min(redisCli, of(`redis-cli reshard, pipeline ${BEST_PIPELINE}`).seconds);
    const times = (peer: number, ours: Outcome) => `${(peer / ours.seconds).toFixed(1)} x`;
    const slower = native.seconds / of("MIGRATESLOTS by hand").seconds - 1;
    const worst = (read: (outcome: Outcome) => number) =>
        Math.max(...[native, legacy, client].map(read));
    return table(
        ["asked", "measured"],
        [
            ["8 x redis-cli's default, native", times(redisCli, native)],
            ["8 x redis-cli's default, MIGRATE", times(redisCli, legacy)],
            ["ahead of redis-cli's best, MIGRATE", times(best, legacy)],
            [
                "native within 10 % of MIGRATESLOTS by hand",
                `${Math.abs(slower * 100).toFixed(0)} % ${slower > 0 ? "slower" : "faster"}`,
            ],
            [
                "a writer's p99 50 ms",
                [native, legacy, client].map((one) => one.p99Ms.toFixed(1)).join(", ") +
                    " ms (native, MIGRATE, client mode)",
            ],
            [
                "peak memory 200 MB",
                `${Math.round(worst((one) => one.peakBytes) / 1e6)} MB, start of Node and the bundle included`,
            ],
        ],
    );
}

export function section(outcomes: ReadonlyMap<string, Outcome>): Section {
    const moved = Math.round(KEYS / 4);
    const base = outcomes.get("redis-cli reshard")!.seconds;
    const rows = [...outcomes].map(([name, { seconds, p99Ms, longestMs, peakBytes }]) => [
        name,
        seconds.toFixed(2),
        Math.round(moved / seconds).toLocaleString("en"),
        `${(base / seconds).toFixed(1)} x`,
        p99Ms.toFixed(1),
        longestMs.toFixed(0),
        peakBytes > 0 ? `${Math.round(peakBytes / 2 ** 20)}` : "-",
    ]);
    const head = [
        "tool",
        "s",
        "keys/s",
        "against redis-cli",
        "writer p99 ms",
        "writer longest ms",
        "peak MiB",
    ];
    return {
        title: "Migration, 3 -> 4 shards",
        text: [
            `${KEYS.toLocaleString("en")} keys of ${VALUE.length} bytes, a quarter moves, one writer every ` +
                `${WRITE_EVERY_MS} ms. Process start included. Client mode copies, verifies and cuts over ` +
                "through the router, which the servers' own moves do not; the others move slots inside a Valkey 9 " +
                "cluster. MIGRATESLOTS by hand moves one source after the other and keeps no journal.",
            "",
            table(head, rows),
            "",
            verdicts(outcomes),
            "",
            WHY_MIGRATE_IS_SLOW,
            "",
            "On servers without native migration, MIGRATE blocks both servers for as long as one key takes: " +
                "a key of 100 MB holds them for about its transfer time.",
        ].join("\n"),
    };
}

async function load(cluster: TestCluster): Promise<void> {
    for (let start = 0; start < KEYS; start += LOAD_BATCH) {
        const writes: Promise<unknown>[] = [];
        for (let index = start; index < Math.min(start + LOAD_BATCH, KEYS); index++) {
            const key = `log:${index}`;
            const shard = primaryOf(cluster.table, partitionOf(cluster.table, key));
            writes.push(cluster.connections[Number(shard.at(-1))]!.call("SET", key, VALUE));
        }
        await Promise.all(writes);
    }
}

/** Runs one tool while a writer notes how long each of its writes took. */
async function timed(
    cluster: TestCluster,
    metadataUrl: string,
    run: () => Promise<number>,
): Promise<Outcome> {
    const reset = new Connection({ url: metadataUrl });
    await reset.call("FLUSHALL");
    reset.close();
    const writer = clusterWriter(cluster);
    const startedAt = performance.now();
    const peakBytes = await run();
    const seconds = (performance.now() - startedAt) / 1_000;
    return { seconds, peakBytes, ...writer.stop() };
}

/** Writes by the slot map, follows MOVED and ASK: a pause is all a client sees of a migration. */
function clusterWriter(cluster: TestCluster) {
    const byPort = new Map(
        cluster.servers.map((server, index) => [server.port, cluster.connections[index]!]),
    );
    const owners = new Map<number, Connection>();
    const write = async (key: string) => {
        const partition = partitionOf(cluster.table, key);
        let target = owners.get(partition) ?? cluster.connections[0]!;
        for (let isAsked = false; ;) {
            try {
                const asking = isAsked ? target.call("ASKING") : undefined;
                await Promise.all([asking, target.call("SET", key, VALUE)]);
                return;
            } catch (error) {
                const [word, , address] = (error as Error).message.split(" ");
                if (word !== "MOVED" && word !== "ASK") {
                    await sleep(1);
                    continue;
                }
                target = byPort.get(Number(address!.split(":").at(-1)))!;
                isAsked = word === "ASK";
                if (!isAsked) owners.set(partition, target);
            }
        }
    };
    return pacedWriter(write);
}

function pacedWriter(write: (key: string) => Promise<unknown>) {
    const times: number[] = [];
    let isOver = false;
    void (async () => {
        for (let turn = 0; !isOver; turn++) {
            const startedAt = performance.now();
            await write(`log:${(turn * 7_919) % KEYS}`);
            times.push(performance.now() - startedAt);
            await sleep(WRITE_EVERY_MS);
        }
    })();
    return {
        stop() {
            isOver = true;
            const sorted = times.sort((a, b) => a - b);
            return {
                p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
                longestMs: sorted.at(-1) ?? 0,
            };
        },
    };
}

/** `logcaster shards migrate` as an operator runs it; answers its peak memory. */
async function ours(cluster: TestCluster, metadataUrl: string, flags: string[]): Promise<number> {
    const session = new Session({ metadataUrl });
    await session.putFirst(cluster.table);
    session.close();
    const add = ["--add", `shard-3=${cluster.servers[3]!.url}`];
    const journal = ["--journal", cluster.servers[0]!.directory];
    return command(process.execPath, [
        LAUNCHER,
        "shards",
        "migrate",
        "--metadata",
        metadataUrl,
        ...journal,
        ...add,
        ...flags,
    ]);
}

async function redisCli(cluster: TestCluster, pipeline: number): Promise<number> {
    const cli = await serverBinary("redis-cli");
    const ids = await Promise.all(cluster.connections.map(async (one) => (await ownNode(one)).id));
    const from = ids.slice(0, 3).join(",");
    const args = [
        "--cluster",
        "reshard",
        `127.0.0.1:${cluster.servers[0]!.port}`,
        "--cluster-from",
        from,
    ];
    const how = [
        "--cluster-slots",
        "4096",
        "--cluster-yes",
        "--cluster-pipeline",
        String(pipeline),
    ];
    return command(cli.path, [...args, "--cluster-to", ids[3]!, ...how], { ...cli.env });
}

/** Peak resident bytes of a command. @throws Error when it fails. */
async function command(
    file: string,
    args: string[],
    env: Record<string, string> = {},
): Promise<number> {
    const child = spawn(file, args, {
        env: { ...process.env, ...env },
        stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let peak = 0;
    const sample = setInterval(() => {
        try {
            const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
            peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1_024);
        } catch {
            // It has just ended, or there is no /proc here.
        }
    }, POLL_MS);
    const code = await ended;
    clearInterval(sample);
    if (code !== 0) throw new Error(`${path.basename(file)} ended with ${code}: ${errors}`);
    return peak;
}

/** The server's own migration with nothing around it: one command a source, polled. */
async function byHand(cluster: TestCluster, shards: 3 | 4): Promise<number> {
    const nodes = cluster.table.nodes;
    const all = [...nodes, { name: "shard-3", weight: 1 }];
    const grown = planTo(cluster.table, { nodes: all }).target;
    const wanted = shards === 4 ? grown : cluster.table;
    const width = wanted.owners.length;
    for (const [index, connection] of cluster.connections.entries()) {
        const own = await ownNode(connection);
        const mine = new Set(slotsOf(own.slots));
        for (const [goal, target] of cluster.connections.entries()) {
            if (goal === index) continue;
            const partitions = partitionsOf(wanted, `shard-${goal}`);
            const slots = slotsOf(partitions.map((p) => slotRange(p, width))).filter((s) =>
                mine.has(s),
            );
            if (slots.length === 0) continue;
            const words = rangesOf(slots).flatMap(([first, last]) => [String(first), String(last)]);
            const { id } = await ownNode(target);
            await connection.call("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", ...words, "NODE", id);
            while (slotsOf((await ownNode(connection)).slots).some((s) => slots.includes(s)))
                await sleep(POLL_MS);
        }
    }
    await waitUntilWhole(cluster.connections, AGREE_MS);
    if ((await clusterNodes(cluster.connections[0]!)).length !== 4)
        throw new Error("A node is missing.");
    return 0;
}

/** Four independent servers, the writer through a router. */
async function clientMode(): Promise<Outcome> {
    const servers = await Promise.all(Array.from({ length: 5 }, () => startValkey()));
    const [metadata, ...shards] = servers;
    const nodes = shards.map(({ url }, index) => ({ name: `shard-${index}`, weight: 1, url }));
    const session = new Session({ metadataUrl: metadata!.url });
    try {
        await session.init({ nodes: nodes.slice(0, 3) });
        const router = await Router.open({ source: metadataSource(metadata!.url) });
        for (let start = 0; start < KEYS; start += LOAD_BATCH) {
            const count = Math.min(LOAD_BATCH, KEYS - start);
            await Promise.all(
                Array.from({ length: count }, (_, i) =>
                    router.execute("SET", `log:${start + i}`, VALUE),
                ),
            );
        }
        const writer = pacedWriter((key) => router.execute("SET", key, VALUE));
        const startedAt = performance.now();
        const add = ["--add", `shard-3=${nodes[3]!.url}`, "--journal", metadata!.directory];
        const peakBytes = await command(process.execPath, [
            LAUNCHER,
            "shards",
            "migrate",
            "--metadata",
            metadata!.url,
            ...add,
        ]);
        const seconds = (performance.now() - startedAt) / 1_000;
        const pauses = writer.stop();
        await router.close();
        return { seconds, peakBytes, ...pauses };
    } finally {
        session.close();
        await Promise.all(servers.map((server) => server.dispose()));
    }
}
