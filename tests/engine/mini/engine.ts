import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { previewPlan } from "logcaster-preview";
import { loadStackConfig } from "logcaster-preview/config";
import { loadProject, type Project } from "logcaster-preview/project";
import { fromStruct, plainObject, UNKNOWN } from "../../standin/wire";
import type { Change, Deployment, Outcome, StateResource } from "../deployment";
import { serveMonitor } from "./monitor";
import { Plugins } from "./plugins";
import { isProvider, makeUrn, packageOf, type Resource } from "./state";
import { custom, keepOwn, refreshed, type Step } from "./steps";

/** What an encrypted configuration value is to the program here, where nothing is decrypted. */
const SOME_SECRET = "https://example.com/stand-in-secret";

/**
 * A small engine for tests: runs a whole program against the stand-ins, registration by registration, with
 * the calls of the real engine in its order. It proves the stand-ins and the scenarios where there is no
 * Pulumi CLI; it stores nothing, encrypts nothing, and knows aliases by URN only.
 */
export class MiniEngine implements Deployment {
    readonly world = fs.mkdtempSync(path.join(os.tmpdir(), "mini-world-"));
    readonly #project: Project;
    readonly #settings: string[] = [];
    #state = new Map<string, Resource>();

    constructor(
        directory: string,
        private readonly stack: string,
    ) {
        this.#project = loadProject(directory);
    }

    configure(at: string, value: string): Promise<void> {
        this.#settings.push(`${at}=${value}`);
        return Promise.resolve();
    }

    preview(): Promise<Outcome> {
        return new Run(
            this.#project,
            this.stack,
            this.#settings,
            this.world,
            this.#state,
            true,
        ).go();
    }

    async up(): Promise<Outcome> {
        const run = new Run(
            this.#project,
            this.stack,
            this.#settings,
            this.world,
            this.#state,
            false,
        );
        const outcome = await run.go();
        // What a failed update did not come to is as it was.
        this.#state = outcome.failed ? new Map([...this.#state, ...run.completed]) : run.state;
        return outcome;
    }

    async refresh(): Promise<Outcome> {
        const plugins = new Plugins(this.world, () => "");
        const changes: Change[] = [];
        const now = new Map<string, Resource>();
        try {
            for (const old of this.#state.values()) {
                const step = await this.#refreshOne(plugins, old);
                if (step) now.set(old.urn, step.resource);
                if (step?.change) changes.push(step.change);
                if (!step) changes.push({ op: "delete", urn: old.urn, detailed: {} });
            }
        } finally {
            await plugins.stop();
        }
        this.#state = now;
        return { changes, failed: false, said: "" };
    }

    async #refreshOne(plugins: Plugins, old: Resource): Promise<Step | undefined> {
        if (!old.custom || isProvider(old.type)) return { resource: old };
        return refreshed(await pluginOf(plugins, this.#state, old), old);
    }

    async destroy(): Promise<Outcome> {
        const plugins = new Plugins(this.world, () => "");
        const changes: Change[] = [];
        try {
            const guarded = [...this.#state.values()].filter((resource) => resource.protect);
            if (guarded.length) {
                const said = guarded.map(({ urn }) => `${urn} is protected`).join("\n");
                return { changes, failed: true, said };
            }
            for (const old of [...this.#state.values()].reverse()) {
                if (!old.custom || isProvider(old.type)) continue;
                const plugin = await pluginOf(plugins, this.#state, old);
                await plugin.delete(old.urn, old.id, old);
                changes.push({ op: "delete", urn: old.urn, detailed: {} });
            }
        } finally {
            await plugins.stop();
        }
        this.#state = new Map();
        return { changes, failed: false, said: "" };
    }

    /** Policies are run by the preview engine, which is there for that. */
    async guarded(policies: Record<string, unknown>): Promise<Outcome> {
        const result = await previewPlan({
            cwd: this.#project.root,
            stack: this.stack,
            config: [...this.#settings],
            policyPacks: [path.join(this.#project.root, "policy")],
            policyConfig: policies,
        });
        return { changes: [], failed: result.exitCode !== 0, said: result.text };
    }

    state(): Promise<StateResource[]> {
        const all = [...this.#state.values()].filter((r) => r.custom && !isProvider(r.type));
        return Promise.resolve(all.map((r) => ({ ...r, inputs: r.inputs, outputs: r.outputs })));
    }

    stored(): Promise<undefined> {
        return Promise.resolve(undefined);
    }

    dispose(): Promise<void> {
        fs.rmSync(this.world, { recursive: true, force: true });
        return Promise.resolve();
    }
}

function pluginOf(plugins: Plugins, state: Map<string, Resource>, resource: Resource) {
    const urn = resource.provider.split("::").slice(0, 4).join("::");
    const provider = state.get(urn);
    if (!provider) throw new Error(`${resource.urn} has no provider: ${resource.provider}`);
    return plugins.get(urn, packageOf(provider.type), plainObject(provider.inputs));
}

/** One preview or update: the program runs, and each registration becomes a step. */
class Run {
    readonly state = new Map<string, Resource>();
    /** Those of the state whose step is done. */
    readonly completed = new Map<string, Resource>();
    readonly #plugins: Plugins;
    readonly #changes: Change[] = [];
    readonly #replaced: Resource[] = [];
    readonly #said: string[] = [];
    #failed = false;
    #address = "";

    constructor(
        private readonly project: Project,
        private readonly stack: string,
        private readonly settings: readonly string[],
        world: string,
        private readonly olds: ReadonlyMap<string, Resource>,
        private readonly preview: boolean,
    ) {
        this.#plugins = new Plugins(world, () => this.#address);
    }

    async go(): Promise<Outcome> {
        const monitor = await serveMonitor({
            project: this.project.name,
            stack: this.stack,
            preview: this.preview,
            register: (request) => this.#register(request),
            outputs: (urn, outputs) => {
                const resource = this.state.get(urn);
                if (resource) resource.outputs = outputs;
            },
            log: (severity, message) => {
                if (severity === "debug") return;
                this.#said.push(`${severity}: ${message}`);
                if (severity === "error") this.#failed = true;
            },
        });
        this.#address = monitor.address;
        try {
            await this.#program(monitor.address);
            if (!this.#failed) await this.#cleanUp();
        } finally {
            monitor.close();
            await this.#plugins.stop();
        }
        return { changes: this.#changes, failed: this.#failed, said: this.#said.join("\n") };
    }

    /** Runs the program as the language host does. */
    #program(address: string): Promise<void> {
        const { project } = this;
        const { values, secretKeys } = loadStackConfig(project, this.stack, [...this.settings]);
        const config = Object.fromEntries(
            Object.entries(values).map(([key, value]) => [
                key,
                value === UNKNOWN ? SOME_SECRET : value,
            ]),
        );
        const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
        const args = [
            // Two thirds of a run is stack traces of promises that no test looks at.
            "--stack-trace-limit=0",
            ...project.nodeArgs,
            path.join(sdk, "cmd/run/index.js"),
            `--monitor=${address}`,
            `--engine=${address}`,
            `--project=${project.name}`,
            `--stack=${this.stack}`,
            "--organization=organization",
            `--root-directory=${project.root}`,
            "--parallel=16",
            ...(this.preview ? ["--dry-run"] : []),
            `--pwd=${project.pwd}`,
            project.entry,
        ];
        const env = {
            ...process.env,
            PULUMI_CONFIG: JSON.stringify(config),
            PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
            PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
        };
        return new Promise((resolve) => {
            execFile(process.execPath, args, { cwd: project.pwd, env }, (error, stdout, stderr) => {
                if (error) {
                    this.#failed = true;
                    this.#said.push(stdout, stderr);
                }
                resolve();
            });
        });
    }

    async #register(request: rpc.RegisterResourceRequest): Promise<Resource> {
        const goal = await this.#goal(request);
        if (this.state.has(goal.urn)) throw new Error(`Duplicate resource URN '${goal.urn}'`);
        this.state.set(goal.urn, goal);
        const old =
            this.olds.get(goal.urn) ?? goal.aliases.map((a) => this.olds.get(a)).find(Boolean);
        const step =
            goal.custom && !isProvider(goal.type)
                ? await custom(
                      await pluginOf(this.#plugins, this.state, goal),
                      goal,
                      old,
                      this.preview,
                  )
                : keepOwn(goal, old);
        Object.assign(goal, step.resource);
        this.completed.set(goal.urn, goal);
        if (step.change) this.#changes.push(step.change);
        if (step.replaced) this.#replaced.push(step.replaced);
        return goal;
    }

    async #goal(request: rpc.RegisterResourceRequest): Promise<Resource> {
        const type = request.getType();
        const name = request.getName();
        const urn = makeUrn(this.project.name, this.stack, request.getParent(), type, name);
        const isCustom = request.getCustom();
        const inputs = fromStruct(request.getObject());
        const provider =
            isCustom && !isProvider(type)
                ? request.getProvider() || (await this.#defaultProvider(packageOf(type)))
                : "";
        return {
            urn,
            type,
            name,
            custom: isCustom,
            id: "",
            parent: request.getParent(),
            provider,
            inputs,
            outputs: {},
            protect: request.getProtect() ?? false,
            ignoreChanges: request.getIgnorechangesList(),
            replaceOnChanges: request.getReplaceonchangesList(),
            ...(request.getDeletebeforereplacedefined()
                ? { deleteBeforeReplace: request.getDeletebeforereplace() }
                : {}),
            additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            dependencies: request.getDependenciesList(),
            aliases: request.getAliasurnsList(),
        };
    }

    /** The provider that resources without one of their own get, configured by the stack. */
    #defaultProvider(name: string): Promise<string> {
        const type = `pulumi:providers:${name}`;
        const urn = makeUrn(this.project.name, this.stack, "", type, "default");
        let resource = this.state.get(urn);
        if (!resource) {
            const { values } = loadStackConfig(this.project, this.stack, [...this.settings]);
            const inputs = Object.fromEntries(
                Object.entries(values)
                    .filter(([key]) => key.startsWith(`${name}:`))
                    .map(([key, value]) => [key.slice(name.length + 1), value]),
            );
            resource = {
                urn,
                type,
                name: "default",
                custom: true,
                id: "",
                parent: "",
                provider: "",
                inputs,
                outputs: inputs,
                protect: false,
                ignoreChanges: [],
                replaceOnChanges: [],
                additionalSecretOutputs: [],
                dependencies: [],
                aliases: [],
            };
            Object.assign(resource, keepOwn(resource, this.olds.get(urn)).resource);
            this.state.set(urn, resource);
        }
        return Promise.resolve(`${urn}::${resource.id}`);
    }

    /** Deletes what was replaced and what the program registers no longer, newest first. */
    async #cleanUp(): Promise<void> {
        const aliased = new Set([...this.state.values()].flatMap((resource) => resource.aliases));
        const orphans = [...this.olds.values()]
            .filter((old) => !this.state.has(old.urn) && !aliased.has(old.urn))
            .filter((old) => old.custom && !isProvider(old.type));
        for (const old of orphans.reverse()) {
            if (old.protect) {
                this.#failed = true;
                this.#said.push(`error: ${old.urn} is protected`);
                continue;
            }
            this.#changes.push({ op: "delete", urn: old.urn, detailed: {} });
            await this.#remove(old);
        }
        for (const old of this.#replaced.reverse()) await this.#remove(old);
    }

    async #remove(old: Resource): Promise<void> {
        if (this.preview) return;
        const known = new Map([...this.olds, ...this.state]);
        const plugin = await pluginOf(this.#plugins, known, old);
        await plugin.delete(old.urn, old.id, old);
    }
}
