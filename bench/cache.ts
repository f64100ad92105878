/** The tiered cache beside the libraries people use, on one real Valkey. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startValkey } from "../tests/servers";
import { run } from "./process";
import { median, table, type Section } from "./section";

const ROOT = join(__dirname, "..");
const PEERS_FOLDER = join(__dirname, "peers", "cache");
const PEERS = ["ours", "bentocache", "cacheable", "cache-manager", "node-redis client cache"];
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);

const SCENARIOS: readonly [name: string, title: string][] = [
    ["l1", "L1 hit, awaited, gets/s"],
    ["l2", "L2 hit, 1 kB, 50 at a time, gets/s"],
    ["stampede", "getOrLoad, 1,000 callers of a missing key, calls/s"],
];

interface Outcome {
    perSecond: number | null;
    loads?: number;
}

/** Measures every cache in every scenario, in turn, several rounds; each in a process of its own against an empty server. */
export async function measure(): Promise<Section> {
    execFileSync("npm", ["run", "build", "-w", "logcaster-dataplane"], { cwd: ROOT });
    if (!existsSync(join(PEERS_FOLDER, "node_modules"))) {
        execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
            cwd: PEERS_FOLDER,
        });
    }
    const server = await startValkey({});
    const rows: string[][] = [];
    try {
        for (const [scenario, title] of SCENARIOS) {
            const outcomes = new Map<string, Outcome[]>();
            for (let round = 0; round < ROUNDS; round++) {
                for (const peer of PEERS) {
                    await server.command("FLUSHALL");
                    const { stdout, stderr, exitCode } = await run(
                        process.execPath,
                        [join(PEERS_FOLDER, "drive.mjs"), peer, scenario, server.url],
                        { cwd: PEERS_FOLDER },
                    );
                    if (exitCode !== 0) throw new Error(`${peer} ${scenario}: ${stderr}`);
                    const list = outcomes.get(peer) ?? [];
                    outcomes.set(peer, [...list, JSON.parse(stdout) as Outcome]);
                }
            }
            const rateOf = (peer: string) =>
                median(outcomes.get(peer)!.flatMap(({ perSecond }) => perSecond ?? []));
            for (const peer of PEERS) {
                const rate = rateOf(peer);
                const loads = outcomes.get(peer)![0]!.loads;
                rows.push([
                    title,
                    peer,
                    Number.isNaN(rate) ? "has none" : Math.round(rate).toLocaleString("en"),
                    Number.isNaN(rate) || peer === "ours"
                        ? ""
                        : `${(rateOf("ours") / rate).toFixed(2)} x`,
                    loads === undefined ? "" : String(loads),
                ]);
            }
        }
    } finally {
        await server.dispose();
    }
    return {
        title: "Tiered cache",
        text: table(["what", "cache", "rate", "ours / it", "loader calls a key"], rows),
    };
}
