import { execFile } from "node:child_process";
import * as path from "node:path";

const LAUNCHER = path.resolve(__dirname, "../../../dataplane/cli/logcaster.cjs");

/** What a run of the command left behind. */
export interface Run {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs the `logcaster` command as a process of its own. */
export function logcaster(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return new Promise((resolve) => {
        const options = { env: { ...process.env, ...env } };
        execFile(process.execPath, [LAUNCHER, ...args], options, (error, stdout, stderr) => {
            resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
        });
    });
}
