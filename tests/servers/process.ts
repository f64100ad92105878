import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Binary } from "./install";

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
const LOG_TAIL_CHARACTERS = 4_000;

const running = new Set<ServerProcess>();
const directories = new Set<string>();
process.once("exit", () => {
    for (const server of running) server.killNow();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

// A run that is told to stop must not leave servers behind.
process.once("SIGTERM", () => process.exit(128 + 15));

/** A directory of its own, removed by removeTemporaryDirectory or when the process exits. */
export function temporaryDirectory(prefix = "logcaster"): string {
    const directory = mkdtempSync(path.join(tmpdir(), `${prefix}-`));
    directories.add(directory);
    return directory;
}

/** Removes a directory made by temporaryDirectory. */
export async function removeTemporaryDirectory(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
    directories.delete(directory);
}

/** How to start one server and know that it answers. */
export interface ProcessOptions {
    readonly binary: Binary;
    readonly args: readonly string[];
    readonly cwd: string;
    /** Resolves to true once the server answers; asked until then. */
    readonly ready: () => Promise<boolean>;
}

/** A real server as a child process: it can be killed like a power cut and started on the same disk. */
export class ServerProcess {
    private child: ChildProcess | undefined;
    private log = "";

    constructor(private readonly options: ProcessOptions) {}

    get pid(): number | undefined {
        return this.child?.pid;
    }

    get isRunning(): boolean {
        return this.child !== undefined && this.child.exitCode === null && !this.child.signalCode;
    }

    /** The last lines the server printed. */
    get output(): string {
        return this.log;
    }

    /** Starts the server and waits until it answers; throws with its last output otherwise. */
    async start(): Promise<void> {
        const { binary, args, cwd } = this.options;
        const child = spawn(binary.path, args, { cwd, env: { ...process.env, ...binary.env } });
        this.child = child;
        running.add(this);
        const keep = (data: Buffer) => {
            this.log = (this.log + data.toString()).slice(-LOG_TAIL_CHARACTERS);
        };
        child.stdout?.on("data", keep);
        child.stderr?.on("data", keep);
        child.once("error", (error) => keep(Buffer.from(error.message)));
        child.once("exit", () => running.delete(this));
        for (let waited = 0; waited < START_TIMEOUT_MS; waited += POLL_MS) {
            if (!this.isRunning) break;
            if (await this.options.ready().catch(() => false)) {
                // Another server may have answered on this port while ours failed to bind.
                await sleep(0);
                if (this.isRunning) return;
            }
            await sleep(POLL_MS);
        }
        const status = this.isRunning ? "does not answer" : `exited with ${child.exitCode}`;
        this.killNow();
        throw new Error(`${binary.path} ${args.join(" ")} ${status}:\n${this.log}`);
    }

    /** kill -9, and waits until the process is gone. The disk stays as it is. */
    async kill(): Promise<void> {
        await this.end("SIGKILL");
    }

    /** Asks the server to stop cleanly; kills it when it does not within ten seconds. */
    async stop(): Promise<void> {
        const timer = setTimeout(() => this.killNow(), STOP_TIMEOUT_MS);
        await this.end("SIGTERM");
        clearTimeout(timer);
    }

    /** Starts the server again on the same disk and port. */
    async restart(): Promise<void> {
        if (this.isRunning) await this.stop();
        await this.start();
    }

    /** Sends a signal, for example SIGSTOP and SIGCONT for a server that hangs. */
    signal(signal: NodeJS.Signals): void {
        this.child?.kill(signal);
    }

    /** kill -9 without waiting. */
    killNow(): void {
        if (this.isRunning) this.child?.kill("SIGKILL");
    }

    private async end(signal: NodeJS.Signals): Promise<void> {
        const child = this.child;
        if (!child || !this.isRunning) return;
        const gone = once(child, "exit");
        child.kill(signal);
        await gone;
    }
}
