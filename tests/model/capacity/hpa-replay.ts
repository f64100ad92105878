/** Runs series through the real HPA controller (tools/hpa-replay); the built program is kept under .cache. */
import { execFileSync, spawnSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Series, seriesLine } from "./hpa-series";

const SOURCE = resolve(__dirname, "../../../tools/hpa-replay");
const PROGRAM = resolve(__dirname, "../../../.cache/hpa-replay/replay.test");
const GO_MINOR = 26;

/** Milliseconds since the series began and the replicas asked for after the sync that began then. */
export type Trajectory = [syncMs: number, replicas: number][];

/** Why the replayer cannot run here, or undefined. */
export function replayerMissing(): string | undefined {
    const go = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
    if (go.status !== 0) return `Go 1.${GO_MINOR} or newer is not on PATH (https://go.dev/dl)`;
    const minor = Number(/^go1\.(\d+)/.exec(go.stdout.trim())?.[1] ?? 0);
    return minor < GO_MINOR
        ? `Go is ${go.stdout.trim()}, the HPA controller needs 1.${GO_MINOR}`
        : undefined;
}

/** Builds the replayer where its sources are newer; minutes on a cold cache. */
export function buildReplayer(): void {
    const sources = readdirSync(SOURCE).map((name) => statSync(join(SOURCE, name)).mtimeMs);
    if (existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs > Math.max(...sources)) return;
    mkdirSync(resolve(PROGRAM, ".."), { recursive: true });
    execFileSync("go", ["test", "-c", "-vet=off", "-o", PROGRAM, "."], {
        cwd: SOURCE,
        stdio: "inherit",
    });
}

/** The trajectory of each series, from the controller of Kubernetes itself. */
export function replay(all: readonly Series[]): Trajectory[] {
    const folder = mkdtempSync(join(tmpdir(), "hpa-replay-"));
    try {
        const [input, output] = [join(folder, "series.jsonl"), join(folder, "trajectories.jsonl")];
        writeFileSync(input, all.map((series) => `${seriesLine(series)}\n`).join(""));
        execFileSync(PROGRAM, ["-test.run", "TestReplay", "-test.timeout", "10m"], {
            env: { ...process.env, HPA_REPLAY_IN: input, HPA_REPLAY_OUT: output },
            stdio: ["ignore", "ignore", "inherit"],
        });
        const lines = readFileSync(output, "utf8").trimEnd().split("\n");
        return lines.map((line) => (JSON.parse(line) as { trajectory: Trajectory }).trajectory);
    } finally {
        rmSync(folder, { recursive: true });
    }
}
