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
    const ratios: { scenario: string; peer: string; ratio: number }[] = [];
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
                const ratio = rateOf("ours") / rate;
                if (peer !== "ours" && !Number.isNaN(rate)) ratios.push({ scenario, peer, ratio });
                rows.push([
                    title,
                    peer,
                    Number.isNaN(rate) ? "has none" : Math.round(rate).toLocaleString("en"),
                    Number.isNaN(rate) || peer === "ours" ? "" : `${ratio.toFixed(2)} x`,
                    loads === undefined ? "" : String(loads),
                ]);
            }
        }
    } finally {
        await server.dispose();
    }
    const head = ["what", "cache", "rate", "ours / it", "loader calls a key"];
    return { title: "Tiered cache", text: `${table(head, rows)}\n\n${verdict(ratios)}` };
}

/** What was asked, beside what was measured. */
function verdict(ratios: readonly { scenario: string; peer: string; ratio: number }[]): string {
    const least = (scenario: string, peer?: string) => {
        const some = ratios.filter((one) => one.scenario === scenario);
        const values = some.filter((one) => !peer || one.peer === peer).map((one) => one.ratio);
        return `${Math.min(...values).toFixed(2)} x`;
    };
    return (
        "Asked: 5 x bentocache on an L1 hit, ahead of every other on the rest. Measured: " +
        `${least("l1", "bentocache")} bentocache on L1; against the fastest of the others ` +
        `${least("l1")} on L1, ${least("l2")} on L2, ${least("stampede")} under a stampede, where the ` +
        "loader itself takes 5 ms of each round."
    );
}
