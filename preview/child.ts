import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** How a child process ended. */
export interface Ending {
    code: number | null;
    signal: NodeJS.Signals | null;
}

/** Every child that still runs, so that none outlives this process. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

const PRELOAD = join(__dirname, "preload.cjs");
/** ts-node uses a deprecated constructor in ES module programs; no user can do anything about it. */
const SILENCED = "--disable-warning=DEP0180";
const COMPILE_CACHE = join(
    process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
    "pulumi-preview",
);

/** A Node.js process that runs one of the Pulumi SDK's runners. */
export class Child {
    readonly ended: Promise<Ending>;
    private readonly process: ChildProcess;

    /** Starts `node [nodeArgs] script ...args` in `cwd`; both outputs are handed on as they come. */
    constructor(options: {
        nodeArgs?: string[];
        script: string;
        args: string[];
        cwd: string;
        env: NodeJS.ProcessEnv;
        onStdout: (text: string) => void;
        onStderr: (text: string) => void;
    }) {
        const child = spawn(
            process.execPath,
            ["-r", PRELOAD, SILENCED, ...(options.nodeArgs ?? []), options.script, ...options.args],
            {
                cwd: options.cwd,
                // Descriptor 3 is the lifeline: see preload.cjs.
                stdio: ["ignore", "pipe", "pipe", "pipe"],
                env: {
                    ...options.env,
                    NO_COLOR: "1",
                    FORCE_COLOR: undefined,
                    NODE_COMPILE_CACHE: compileCache(),
                },
            },
        );
        this.process = child;
        running.add(child);
        child.stdout?.setEncoding("utf8").on("data", options.onStdout);
        child.stderr?.setEncoding("utf8").on("data", options.onStderr);
        child.stdio[3]?.on("error", () => undefined);
        this.ended = new Promise((resolve, reject) => {
            child.on("error", reject);
            child.on("close", (code, signal) => resolve({ code, signal }));
        });
        this.ended.catch(() => undefined).finally(() => running.delete(child));
    }

    get pid(): number | undefined {
        return this.process.pid;
    }

    /** Kills the process and waits until it is gone. */
    async kill(): Promise<void> {
        this.process.kill("SIGKILL");
        await this.ended.catch(() => undefined);
    }
}

function compileCache(): string {
    const directory = process.env["NODE_COMPILE_CACHE"] ?? COMPILE_CACHE;
    try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch {
        // A home that cannot be written to: Node then goes without a cache.
    }
    return directory;
}

/** The directory of an installed package as code in `directory` would find it, if it is installed. */
export function packageDirectory(directory: string, name: string): string | undefined {
    try {
        return dirname(createRequire(join(directory, "noop.js")).resolve(`${name}/package.json`));
    } catch {
        return undefined;
    }
}
