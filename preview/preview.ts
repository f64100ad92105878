import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Child, Ending } from "./child";
import { loadStackConfig, parseJson, type StackConfig } from "./config";
import type { Diagnostic, Engine } from "./engine";
import { InputError, PreviewFailure } from "./errors";
import { type RunningPack, startPack } from "./pack-process";
import type { PackSummary, PolicyPacks, Violation } from "./packs";
import { changeSummary, inOrder, type Plan, planStep } from "./plan";
import { painter, previewText } from "./print";
import { pulumiEnvironment, stackName, startProgram } from "./program";
import { loadProject, type Project } from "./project";
import type { PolicyConfigFile } from "./policy-config";
import { ProviderSdks } from "./schema";
import { secret, SecretMask, UNKNOWN } from "./values";

/** What to preview. */
export interface PreviewOptions {
    /** The program's directory. @default the current one */
    cwd?: string;
    stack: string;
    /** Settings that override the stack's, each `ns:path=value`. */
    config?: string[];
    /** Directories of policy packs. */
    policyPacks?: string[];
    /** A file of policy settings (JSON), or the settings themselves. */
    policyConfig?: string | Record<string, unknown>;
    /** Gives computed outputs with known names plausible values, as after an update. */
    up?: boolean;
    /** The environment of the program and the packs. @default this process's */
    env?: NodeJS.ProcessEnv;
    /** Whether the text has colours. @default false */
    colours?: boolean;
    /** Whether the SDK may be spared work that no plan shows. @default true */
    tuned?: boolean;
    /** Ends the preview early; its children are then gone when it rejects. */
    signal?: AbortSignal;
    /** Called as resources arrive. */
    onProgress?: (resources: number) => void;
}

/** What a preview found. */
export interface PreviewResult {
    /** 0 fine; 1 a mandatory violation or a program that failed; 2 bad input. */
    exitCode: 0 | 1 | 2;
    plan: Plan;
    violations: Violation[];
    diagnostics: Diagnostic[];
    packs: PackSummary[];
    /** The whole as people read it. */
    text: string;
}

const BAD_INPUT_EXIT_CODE = 2;
const PROGRESS_INTERVAL_MS = 250;
const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** Previews a program and its policy packs. Never throws for what the user did: that is exit 1 or 2 of the result. */
export async function previewPlan(options: PreviewOptions): Promise<PreviewResult> {
    try {
        return await new Preview(options).run();
    } catch (error) {
        if (error instanceof InputError) return failure(2, error.message);
        if (error instanceof PreviewFailure) return failure(1, error.message);
        throw error;
    }
}

function failure(exitCode: 1 | 2, message: string): PreviewResult {
    const diagnostics: Diagnostic[] = [{ severity: "error", message }];
    return {
        exitCode,
        plan: {
            config: {},
            steps: [],
            diagnostics,
            duration: 0,
            changeSummary: {},
            policyViolations: [],
            policyRemediations: [],
        },
        violations: [],
        diagnostics,
        packs: [],
        text: errorText(diagnostics),
    };
}

/** Mistakes of the user are all that a refused preview shows. */
function errorText(diagnostics: Diagnostic[]): string {
    return diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ message }) => `error: ${message}\n`)
        .join("");
}

/** What blocks comes before what advises. */
function weight({ level }: Violation): number {
    return level === "advisory" ? 1 : 0;
}

interface Finding {
    urn: string;
    policy: string;
}

function byUrnAndPolicy(a: Finding, b: Finding): number {
    return a.urn.localeCompare(b.urn) || a.policy.localeCompare(b.policy);
}

/** One run. */
class Preview {
    private readonly started = performance.now();
    private readonly project: Project;
    private readonly config: StackConfig;
    private readonly mask = new SecretMask();
    private directory = "";
    private readonly children: Child[] = [];
    /** Whole, not as they come: a secret may lie across two pieces. */
    private readonly printed: string[] = [];
    private stderr = "";

    constructor(private readonly options: PreviewOptions) {
        this.project = loadProject(options.cwd ?? process.cwd());
        this.config = loadStackConfig(this.project, options.stack, options.config ?? []);
        for (const key of this.config.secretKeys) {
            const text = this.config.values[key] ?? "";
            this.mask.learn(secret(text.includes(UNKNOWN) ? "" : [text, parseJson(text)]));
        }
    }

    async run(): Promise<PreviewResult> {
        const { signal } = this.options;
        const stop = () => void this.stop();
        signal?.addEventListener("abort", stop, { once: true });
        let close = () => {};
        try {
            signal?.throwIfAborted();
            this.directory = mkdtempSync(join(tmpdir(), "preview-"));
            const socket = join(this.directory, "engine.sock");
            const program = this.startProgram(socket);
            const running = this.startPacks();
            const { engine, packs } = this.createEngine(running);
            close = () => {
                engine.close();
                packs.close();
            };
            await engine.listen(socket);
            const progress = setInterval(
                () => this.options.onProgress?.(engine.resources.size),
                PROGRESS_INTERVAL_MS,
            );
            // A pack that cannot start, or is configured wrongly, ends the run: its program would wait for it.
            const ready = packs.ready();
            const ending = await Promise.race([
                program.ended,
                ready.then(() => program.ended),
            ]).finally(() => clearInterval(progress));
            const summaries = await ready;
            await engine.settle();
            signal?.throwIfAborted();
            return this.result(engine, packs, summaries, ending);
        } catch (error) {
            // Whatever broke after an interruption broke because of it.
            signal?.throwIfAborted();
            throw error;
        } finally {
            signal?.removeEventListener("abort", stop);
            close();
            await this.stop();
        }
    }

    private startProgram(socket: string): Child {
        const child = startProgram({
            project: this.project,
            stack: this.options.stack,
            config: this.config,
            socket,
            env: this.options.env ?? process.env,
            tuned: this.options.tuned ?? true,
            onStdout: this.collector(),
            onStderr: (message) => {
                this.stderr += message;
            },
        });
        this.children.push(child);
        return child;
    }

    /** Keeps what one process prints. */
    private collector(): (text: string) => void {
        const index = this.printed.push("") - 1;
        return (text) => {
            this.printed[index] += text;
        };
    }

    private startPacks(): RunningPack[] {
        const env = {
            ...(this.options.env ?? process.env),
            ...pulumiEnvironment({
                project: this.project,
                stack: this.options.stack,
                config: this.config,
            }),
        };
        return (this.options.policyPacks ?? []).map((directory) => {
            const pack = startPack(directory, env, this.options.tuned ?? true, this.collector());
            this.children.push(pack.child);
            return pack;
        });
    }

    private createEngine(running: RunningPack[]) {
        /* eslint-disable @typescript-eslint/no-require-imports -- loaded while the children start, not before */
        const { Engine } = require("./engine") as typeof import("./engine");
        const { PolicyPacks } = require("./packs") as typeof import("./packs");
        const { readPolicyConfig } = require("./policy-config") as typeof import("./policy-config");
        /* eslint-enable @typescript-eslint/no-require-imports */
        const { policyConfig } = this.options;
        const policyFile =
            typeof policyConfig === "object"
                ? ({ file: "", policies: policyConfig } as PolicyConfigFile)
                : readPolicyConfig(policyConfig);
        const stack = stackName(this.options.stack);
        const { name: project } = this.project;
        const config = this.config.values;
        const packs = new PolicyPacks(running, policyFile, { name: stack, project, config });
        const engine = new Engine({
            project,
            stack,
            config,
            packs,
            sdks: new ProviderSdks(this.project.pwd),
            mask: this.mask,
            up: this.options.up ?? false,
        });
        return { engine, packs };
    }

    private async stop(): Promise<void> {
        await Promise.all(this.children.map((child) => child.kill()));
        if (this.directory) rmSync(this.directory, { recursive: true, force: true });
    }

    private result(
        engine: Engine,
        packs: PolicyPacks,
        summaries: PackSummary[],
        ending: Ending,
    ): PreviewResult {
        const diagnostics = this.diagnostics(engine, ending);
        const violations = packs.violations
            .map((violation) => ({ ...violation, message: this.mask.text(violation.message) }))
            .sort((a, b) => weight(a) - weight(b) || byUrnAndPolicy(a, b));
        const steps = inOrder(engine.resources).map((state) => planStep(state, this.mask));
        const plan: Plan = {
            config: this.shownConfig(),
            steps,
            diagnostics,
            duration: Math.round((performance.now() - this.started) * NANOSECONDS_PER_MILLISECOND),
            changeSummary: changeSummary(steps),
            policyViolations: violations,
            policyRemediations: [...packs.remediations].sort(byUrnAndPolicy),
        };
        const failed = diagnostics.some(({ severity }) => severity === "error");
        const violated = violations.some(({ level }) => level !== "advisory");
        const badInput = failed && ending.code === BAD_INPUT_EXIT_CODE;
        return {
            exitCode: badInput ? 2 : failed || violated ? 1 : 0,
            plan,
            violations,
            diagnostics,
            packs: summaries,
            text: badInput
                ? errorText(diagnostics)
                : previewText(plan, {
                      project: this.project.name,
                      stack: stackName(this.options.stack),
                      packs: summaries,
                      paint: painter(this.options.colours ?? false),
                      failed,
                      up: this.options.up ?? false,
                  }),
        };
    }

    private diagnostics(engine: Engine, ending: Ending): Diagnostic[] {
        const found: Diagnostic[] = [
            ...this.config.warnings.map((message) => ({ severity: "warning" as const, message })),
            ...engine.diagnostics,
            ...this.printed
                .filter((text) => text.trim() !== "")
                .map((text) => ({ severity: "info" as const, message: text.trimEnd() })),
        ];
        const stderr = this.stderr.trim();
        const failed = ending.code !== 0 || !engine.finished;
        const explained = found.some(({ severity }) => severity === "error");
        if (failed && !explained) {
            const how = ending.signal
                ? `was ended by ${ending.signal}`
                : `exited with ${ending.code}`;
            found.push({
                severity: "error",
                message: stderr || `The program ${how} without a message.`,
            });
        } else if (stderr) {
            found.push({ severity: "info#err", message: stderr });
        }
        if (failed && engine.unansweredCalls.size > 0) {
            found.push({
                severity: "warning",
                message:
                    `The program asked its provider for ${[...engine.unansweredCalls].join(", ")}; without an account ` +
                    "the answers are unknown. The Output form of a function (getXOutput) copes with that.",
            });
        }
        return found.map((diagnostic) => ({
            ...diagnostic,
            message: this.mask.text(diagnostic.message).replaceAll(UNKNOWN, "<unknown>"),
        }));
    }

    private shownConfig(): Record<string, string> {
        const secrets = new Set(this.config.secretKeys);
        const entries = Object.entries(this.config.values).map(([key, value]) => [
            key,
            secrets.has(key) ? "[secret]" : this.mask.text(value),
        ]);
        return Object.fromEntries(entries) as Record<string, string>;
    }
}
