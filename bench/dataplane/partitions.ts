/** Partition look-ups beside the hash rings people use, and the planner beside its optimum. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { HashRing, initialTable, partitionOf, planTo } from "logcaster-model/partitions";
import { median, type Section, table } from "../section";

const PEERS_FOLDER = path.join(__dirname, "../peers/partitions");
const KEYS = 1_000_000;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const SHARDS = 4;
const PARTITIONS = 4_096;
const NODES = 256;

type Lookup = (key: string) => string;

/** Each contender takes its turn in every round; the median round counts. */
export async function measure(): Promise<Section> {
    const keys = Array.from({ length: KEYS }, (_, index) => `log:${index}`);
    const contenders = lookups();
    const rates = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
    let sink = 0;
    for (let round = 0; round < ROUNDS; round++) {
        for (const [name, lookup] of Object.entries(contenders)) {
            const startedAt = performance.now();
            for (const key of keys) sink += lookup(key).length;
            rates.get(name)!.push(KEYS / (performance.now() - startedAt) / 1_000);
        }
    }
    if (sink === 0) throw new Error("Nothing was looked up.");
    const ours = median(rates.get("partition table")!);
    const rows = [...rates].map(([name, values]) => {
        const rate = median(values);
        return [name, rate.toFixed(2), `${(ours / rate).toFixed(1)} x`];
    });
    const plan = measurePlanner();
    const over = (names: readonly string[]) =>
        Math.min(...names.map((name) => ours / median(rates.get(name)!))).toFixed(1);
    const peers = [...rates.keys()].filter((name) => name !== "partition table");
    return {
        title: "Partitions",
        text: [
            `${KEYS.toLocaleString("en")} distinct keys on ${SHARDS} shards, median of ${ROUNDS} rounds in turn.`,
            "",
            table(["look-up", "million keys/s", "partition table is faster by"], rows),
            "",
            `Asked: 20 x hashring and ahead of all. Measured: ${over(["hashring"])} x hashring, ` +
                `${over(peers)} x the fastest of the others.`,
            "",
            `Adding one node to ${NODES} with ${PARTITIONS.toLocaleString("en")} partitions: ${plan.moves} moves ` +
                `(the optimum: ${plan.optimum}), ${plan.ms.toFixed(1)} ms (target: under 50 ms).`,
            "",
            "`consistent-hash` builds a different ring in each process; `hashring` and `node-hashring` hash with md5.",
        ].join("\n"),
    };
}

function lookups(): Record<string, Lookup> {
    if (!existsSync(path.join(PEERS_FOLDER, "node_modules"))) {
        execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
            cwd: PEERS_FOLDER,
        });
    }
    const peer = createRequire(path.join(PEERS_FOLDER, "package.json"));
    const names = Array.from({ length: SHARDS }, (_, index) => `shard-${index}`);
    const partitions = initialTable({ nodes: names.map((name) => ({ name, weight: 1 })) });
    const primaries = partitions.owners.map(([primary]) => primary!);
    const ring = new HashRing(names);
    const HashRingPeer = peer("hashring") as new (names: string[]) => { get: Lookup };
    const hashring = new HashRingPeer(names);
    const NodeHashring = peer("node-hashring") as new (names: string[]) => { findNode: Lookup };
    const nodeHashring = new NodeHashring(names);
    const ConsistentHash = peer("consistent-hash") as new () => { add: Lookup; get: Lookup };
    const consistent = new ConsistentHash();
    for (const name of names) consistent.add(name);
    // The plain loop people write first: a naive byte hash, then the table.
    const plain: Lookup = (key) => {
        let hash = 0;
        for (const byte of Buffer.from(key)) hash = (hash * 31 + byte) >>> 0;
        return primaries[hash % primaries.length]!;
    };
    return {
        "partition table": (key) => primaries[partitionOf(partitions, key)]!,
        "our HashRing": (key) => ring.serverOf(key),
        "plain table loop": plain,
        hashring: (key) => hashring.get(key),
        "node-hashring": (key) => nodeHashring.findNode(key),
        "consistent-hash": (key) => consistent.get(key),
    };
}

function measurePlanner(): { moves: number; optimum: number; ms: number } {
    const named = (count: number) =>
        Array.from({ length: count }, (_, index) => ({ name: `node-${index}`, weight: 1 }));
    const before = initialTable({ nodes: named(NODES), partitions: PARTITIONS });
    const times: number[] = [];
    let moves = 0;
    for (let round = 0; round < ROUNDS; round++) {
        const startedAt = performance.now();
        moves = planTo(before, { nodes: named(NODES + 1) }).moves.length;
        times.push(performance.now() - startedAt);
    }
    return { moves, optimum: Math.floor(PARTITIONS / (NODES + 1)), ms: median(times) };
}
