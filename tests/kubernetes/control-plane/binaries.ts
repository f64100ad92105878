/** The control plane's programs, built from the Go modules below tools/ and kept under .cache. */
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = resolve(__dirname, "../../..");
const CACHE = join(ROOT, ".cache/control-plane");
const GO_MINOR = 26;
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** The Go modules below tools/; every `tool` line of one is a program. */
const MODULES = ["etcd", "kwok", "kubernetes"] as const;
type Module = (typeof MODULES)[number];

export interface Programs {
    readonly etcd: string;
    readonly kwok: string;
    readonly apiserver: string;
    readonly controllerManager: string;
    readonly scheduler: string;
}

/** Why the control plane cannot run here, or undefined. */
export function controlPlaneMissing(): string | undefined {
    const go = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
    if (go.status !== 0) {
        return `Go 1.${GO_MINOR} or newer, which builds Kubernetes, is not on PATH (https://go.dev/dl)`;
    }
    const minor = Number(/^go1\.(\d+)/.exec(go.stdout.trim())?.[1] ?? 0);
    if (minor < GO_MINOR) return `Go is ${go.stdout.trim()}, Kubernetes needs 1.${GO_MINOR}`;
    if (spawnSync("openssl", ["version"]).status !== 0) {
        return "openssl, which makes the control plane's certificate, is not on PATH";
    }
    return undefined;
}

/** Builds what is not built yet: about ten minutes on a cold cache, at once afterwards. */
export async function buildPrograms(): Promise<Programs> {
    // One after the other: each build takes every core by itself.
    const folders = {} as Record<Module, string>;
    for (const module of MODULES) folders[module] = await build(module);
    return {
        // The last part of etcd's package path is its major version, the one before names the program.
        etcd: join(folders.etcd, "server"),
        kwok: join(folders.kwok, "kwok"),
        apiserver: join(folders.kubernetes, "kube-apiserver"),
        controllerManager: join(folders.kubernetes, "kube-controller-manager"),
        scheduler: join(folders.kubernetes, "kube-scheduler"),
    };
}

/** Where a module that a tool's go.mod names lies unpacked. */
export async function moduleFolder(tool: Module, module: string): Promise<string> {
    const { stdout } = await run("go", ["list", "-m", "-f", "{{.Dir}}", module], {
        cwd: join(ROOT, "tools", tool),
    });
    return stdout.trim();
}

/** Fills a folder named after the module's pins; the first of several builders that finishes wins. */
async function build(module: Module): Promise<string> {
    const cwd = join(ROOT, "tools", module);
    const pins = createHash("sha256");
    for (const file of ["go.mod", "go.sum"]) pins.update(await readFile(join(cwd, file)));
    const done = join(CACHE, `${module}-${pins.digest("hex").slice(0, 12)}`);
    if (await exists(done)) return done;
    await mkdir(CACHE, { recursive: true });
    const temporary = await mkdtemp(`${done}.`);
    try {
        process.stderr.write(`building ${module} from tools/${module}, once\n`);
        const flags = ["-s", "-w", ...(module === "kubernetes" ? await versionFlags() : [])];
        await run("go", ["build", "-ldflags", flags.join(" "), "-o", `${temporary}/`, "tool"], {
            cwd,
            maxBuffer: OUTPUT_BYTES,
        });
        await rename(temporary, done).catch(async (error: unknown) => {
            if (!(await exists(done))) throw error;
        });
        return done;
    } finally {
        await rm(temporary, { recursive: true, force: true });
    }
}

/** Built without them, the API server says it is v0.0.0, which its own components refuse. */
async function versionFlags(): Promise<string[]> {
    const version = await kubernetesVersion();
    const [major, minor] = version.split(".");
    const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
    return Object.entries(values).map(([k, v]) => `-X k8s.io/component-base/version.${k}=${v}`);
}

async function kubernetesVersion(): Promise<string> {
    const text = await readFile(join(ROOT, "tools/kubernetes/go.mod"), "utf8");
    return /k8s\.io\/kubernetes v(\S+)/.exec(text)![1]!;
}

function exists(file: string): Promise<boolean> {
    return access(file).then(
        () => true,
        () => false,
    );
}
