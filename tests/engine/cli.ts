import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { PLUGIN_PATH } from "../standin/client";
import { SIGNATURE_KEY, type Json, type JsonObject } from "../standin/wire";
import {
    typeOf,
    type Change,
    type Deployment,
    type Outcome,
    type StateResource,
} from "./deployment";

const PASSPHRASE = "correct horse battery staple";
/** What an encrypted configuration value of a stack's file becomes: nobody here can decrypt it. */
const SOME_SECRET = "https://example.com/stand-in-secret";
/** A command that hangs must not hang the tests for ever. */
const COMMAND_TIMEOUT_MS = 900_000;
/** Linked into the copy of the project rather than copied: they are only read. */
const NOT_COPIED = new Set([".git", ".cache"]);

interface Ran {
    code: number;
    stdout: string;
    said: string;
}

/** A step of `pulumi preview --json`. */
interface PreviewStep {
    op: string;
    urn: string;
    detailedDiff?: Record<string, { kind: string }> | null;
    newState?: { custom?: boolean };
    oldState?: { custom?: boolean };
}

/** The path of an executable on PATH, or undefined. */
export function onPath(name: string): string | undefined {
    return (process.env.PATH ?? "")
        .split(path.delimiter)
        .map((directory) => path.join(directory, name))
        .find((file) => {
            try {
                fs.accessSync(file, fs.constants.X_OK);
                return fs.statSync(file).isFile();
            } catch {
                return false;
            }
        });
}

/**
 * A stack under the real Pulumi CLI: a copy of the project, a state in files, the stand-ins on PATH.
 * Nothing of the repository, of the user's Pulumi home or of an account is touched.
 */
export class CliStack implements Deployment {
    readonly #root = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-engine-"));
    readonly world = path.join(this.#root, "world");
    readonly #project = path.join(this.#root, "project");

    private constructor(
        private readonly repository: string,
        private readonly stack: string,
    ) {}

    /**
     * Copies the project and makes the stack.
     * @throws Error with the CLI's words if it refuses.
     */
    static async create(repository: string, stack: string): Promise<CliStack> {
        const made = new CliStack(repository, stack);
        try {
            for (const folder of ["world", "state", "home"]) {
                fs.mkdirSync(path.join(made.#root, folder), { mode: 0o700 });
            }
            const secrets = made.#copyProject();
            await made.#must("stack", "init", stack);
            for (const key of secrets) {
                await made.#must("config", "set", "--secret", key, SOME_SECRET, "--stack", stack);
            }
            return made;
        } catch (error) {
            await made.dispose();
            throw error;
        }
    }

    /** Copies the files of the root, links its folders; gives the keys whose values were encrypted. */
    #copyProject(): string[] {
        fs.mkdirSync(this.#project);
        for (const entry of fs.readdirSync(this.repository, { withFileTypes: true })) {
            if (NOT_COPIED.has(entry.name)) continue;
            const from = path.join(this.repository, entry.name);
            const to = path.join(this.#project, entry.name);
            if (entry.isFile()) fs.copyFileSync(from, to);
            else fs.symlinkSync(fs.realpathSync(from), to);
        }
        const file = path.join(this.#project, `Pulumi.${this.stack}.yaml`);
        const { config = {} } = (parse(fs.readFileSync(file, "utf8")) ?? {}) as {
            config?: JsonObject;
        };
        const encrypted = Object.keys(config).filter((key) =>
            JSON.stringify(config[key]).includes('{"secure":'),
        );
        for (const key of encrypted) delete config[key];
        // A salt belongs to its passphrase, so the copy starts without one.
        fs.writeFileSync(file, stringify({ config }));
        return encrypted;
    }

    #environment(): NodeJS.ProcessEnv {
        const inherited = Object.entries(process.env).filter(
            ([key]) => !/^(PULUMI_|AWS_|STANDIN_|KUBECONFIG$)/.test(key),
        );
        return {
            ...Object.fromEntries(inherited),
            PATH: [
                PLUGIN_PATH,
                path.join(this.repository, "node_modules", ".bin"),
                process.env.PATH,
            ].join(path.delimiter),
            STANDIN_DIR: this.world,
            PULUMI_HOME: process.env.PULUMI_HOME ?? path.join(this.#root, "home"),
            PULUMI_BACKEND_URL: `file://${path.join(this.#root, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
            NO_COLOR: "1",
        };
    }

    /** Runs the CLI; never rejects for what it answers. */
    #run(...args: string[]): Promise<Ran> {
        const all = [...args, "--non-interactive", "--color", "never"];
        return new Promise((resolve, reject) => {
            const child = spawn("pulumi", all, {
                cwd: this.#project,
                env: this.#environment(),
                stdio: ["ignore", "pipe", "pipe"],
                timeout: COMMAND_TIMEOUT_MS,
            });
            let stdout = "";
            let said = "";
            child.stdout.setEncoding("utf8").on("data", (text: string) => {
                stdout += text;
                said += text;
            });
            child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
            child.once("error", reject);
            child.once("close", (code) => resolve({ code: code ?? 1, stdout, said }));
        });
    }

    async #must(...args: string[]): Promise<string> {
        const { code, stdout, said } = await this.#run(...args);
        if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${said}`);
        return stdout;
    }

    async #operate(...args: string[]): Promise<Outcome> {
        const { code, said } = await this.#run(
            ...args,
            "--stack",
            this.stack,
            "--skip-plugin-pre-install",
        );
        return { changes: [], failed: code !== 0, said };
    }

    async configure(at: string, value: string): Promise<void> {
        await this.#must("config", "set", "--path", at, value, "--stack", this.stack);
    }

    async preview(): Promise<Outcome> {
        const { code, stdout, said } = await this.#run(
            "preview",
            "--json",
            "--stack",
            this.stack,
            "--skip-plugin-pre-install",
        );
        return { changes: changesOf(stdout), failed: code !== 0, said: readable(said) };
    }

    up(): Promise<Outcome> {
        return this.#operate("up", "--yes", "--skip-preview");
    }

    refresh(): Promise<Outcome> {
        return this.#operate("refresh", "--yes", "--skip-preview");
    }

    /** With its preview first, as a person runs it: a mandatory violation stops it before anything is made. */
    guarded(policies: Record<string, unknown>): Promise<Outcome> {
        const config = path.join(this.#root, "policies.json");
        fs.writeFileSync(config, JSON.stringify(policies));
        const pack = path.join(this.repository, "policy");
        return this.#operate(
            "up",
            "--yes",
            "--policy-pack",
            pack,
            "--policy-pack-config",
            config,
            "--urns",
        );
    }

    destroy(): Promise<Outcome> {
        return this.#operate("destroy", "--yes", "--skip-preview");
    }

    async state(): Promise<StateResource[]> {
        const text = await this.#must("stack", "export", "--show-secrets", "--stack", this.stack);
        const { deployment } = JSON.parse(text) as {
            deployment?: { resources?: (Partial<StateResource> & { urn: string })[] };
        };
        return (deployment?.resources ?? [])
            .filter(({ custom, urn }) => custom && !typeOf(urn).startsWith("pulumi:"))
            .map(({ urn, id, inputs, outputs }) => ({
                urn,
                type: typeOf(urn),
                id: id ?? "",
                custom: true,
                inputs: opened((inputs ?? {}) as Json) as JsonObject,
                outputs: opened((outputs ?? {}) as Json) as JsonObject,
            }));
    }

    /** What is exported, and every file of the state with it. */
    async stored(): Promise<string> {
        const exported = await this.#must("stack", "export", "--stack", this.stack);
        const folder = path.join(this.#root, "state");
        const files = fs
            .readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
        return [exported, ...files].join("\n");
    }

    dispose(): Promise<void> {
        fs.rmSync(this.#root, { recursive: true, force: true });
        return Promise.resolve();
    }
}

/** A secret of `stack export --show-secrets` in the form that travels: the value under `value`. */
function opened(value: Json): Json {
    if (Array.isArray(value)) return value.map(opened);
    if (typeof value !== "object" || value === null) return value;
    if (SIGNATURE_KEY in value && typeof value.plaintext === "string") {
        return {
            [SIGNATURE_KEY]: value[SIGNATURE_KEY] ?? null,
            value: opened(JSON.parse(value.plaintext) as Json),
        };
    }
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, opened(part)]));
}

/** The JSON document of a preview; the CLI may say other things before it. */
function documentIn(stdout: string): {
    steps?: PreviewStep[];
    diagnostics?: { message?: string }[];
} {
    const start = stdout.search(/^\{/m);
    if (start < 0) return {};
    try {
        return JSON.parse(stdout.slice(start, stdout.lastIndexOf("}") + 1)) as object;
    } catch {
        return {};
    }
}

/** Messages as text: inside JSON they have escapes. */
function readable(said: string): string {
    const messages = (documentIn(said).diagnostics ?? []).map(({ message }) => message ?? "");
    return messages.length ? `${messages.join("\n")}\n${said}` : said;
}

const OPERATIONS: Readonly<Record<string, Change["op"]>> = {
    create: "create",
    update: "update",
    delete: "delete",
    replace: "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
};

/** The changes of custom resources in a preview's document, one for each resource. */
export function changesOf(stdout: string): Change[] {
    const changes = new Map<string, Change>();
    for (const { op, urn, detailedDiff, newState, oldState } of documentIn(stdout).steps ?? []) {
        const kind = OPERATIONS[op];
        const custom = newState?.custom ?? oldState?.custom ?? false;
        if (!kind || !custom || typeOf(urn).startsWith("pulumi:")) continue;
        const detailed = Object.fromEntries(
            Object.entries(detailedDiff ?? {}).map(([property, diff]) => [property, diff.kind]),
        );
        const before = changes.get(urn);
        const replaced = before !== undefined && before.op !== kind;
        changes.set(urn, {
            op: replaced ? "replace" : kind,
            urn,
            detailed: { ...before?.detailed, ...detailed },
        });
    }
    return [...changes.values()];
}
