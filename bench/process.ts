import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { median } from "./section";

/** One run of a command, with everything it started. */
export interface Run {
    readonly exitCode: number;
    readonly wallMs: number;
    /** Largest sum of resident memory over all processes of the session, sampled every 20 ms. */
    readonly peakBytes: number;
    readonly stdout: string;
    readonly stderr: string;
}

const PAGE_BYTES = 4096;
const SAMPLE_MS = 20;

/** Resident bytes of every process whose session is `session`, from /proc. */
function residentBytes(session: number): number {
    let sum = 0;
    for (const pid of readdirSync("/proc")) {
        if (!/^\d+$/.test(pid)) continue;
        try {
            // The command's name may hold spaces and parentheses: fields are counted after the last one.
            const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
            const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
            if (Number(fields[3]) === session) sum += Number(fields[21]) * PAGE_BYTES;
        } catch {
            // The process ended between the listing and the reading.
        }
    }
    return sum;
}

/** Runs a command to its end in a session of its own. */
export function run(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Run> {
    return new Promise((resolve, reject) => {
        const started = process.hrtime.bigint();
        const child = spawn(command, args, {
            cwd: options.cwd,
            env: { ...process.env, ...options.env },
            detached: true,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let peakBytes = 0;
        let stdout = "";
        let stderr = "";
        const timer = setInterval(() => {
            peakBytes = Math.max(peakBytes, residentBytes(child.pid!));
        }, SAMPLE_MS);
        child.stdout.on("data", (chunk) => (stdout += String(chunk)));
        child.stderr.on("data", (chunk) => (stderr += String(chunk)));
        child.on("error", reject);
        child.on("close", (code) => {
            clearInterval(timer);
            const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
            resolve({ exitCode: code ?? -1, wallMs, peakBytes, stdout, stderr });
        });
    });
}

/** Runs several commands in turn, A B C A B C, after one warm-up of each; medians of wall time and peak memory. Tells each run on stderr. */
export async function sideBySide(
    commands: Readonly<Record<string, () => Promise<Run>>>,
    rounds: number,
): Promise<Record<string, { wallMs: number; peakBytes: number }>> {
    const runs: Record<string, Run[]> = {};
    for (let round = 0; round <= rounds; round++) {
        for (const [name, start] of Object.entries(commands)) {
            const result = await start();
            if (result.exitCode !== 0) {
                throw new Error(
                    `${name} ended with ${result.exitCode}:\n${result.stderr.slice(-2000)}`,
                );
            }
            if (round > 0) (runs[name] ??= []).push(result);
            const what = round === 0 ? "warm-up" : `round ${round} of ${rounds}`;
            console.error(`  ${what}: ${name} ${(result.wallMs / 1000).toFixed(1)} s`);
        }
    }
    return Object.fromEntries(
        Object.entries(runs).map(([name, list]) => [
            name,
            {
                wallMs: median(list.map((r) => r.wallMs)),
                peakBytes: median(list.map((r) => r.peakBytes)),
            },
        ]),
    );
}
