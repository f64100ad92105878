import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { InputError, messageOf } from "./errors";
import { comparePlans, type Plan } from "./plan";
import { changesText, painter } from "./print";
import { previewPlan, type PreviewResult } from "./preview";

/** What a command built on this one adds. */
export interface MainOptions {
    /** The command as a user types it, for the help. @default "preview" */
    name?: string;
    /** Packs and their configuration when the user names none, decided by the program's directory. */
    defaults?: (request: {
        cwd: string;
        stack: string;
    }) => { policyPacks?: string[]; policyConfig?: string } | undefined;
    /** Adds to the plan after a preview: keys of the JSON, and a section of the text. */
    extend?: (
        result: PreviewResult,
        /** The plan of `--against`. */
        earlier?: Plan,
    ) => { json?: Record<string, unknown>; text?: string } | undefined;
}

interface Flags {
    stack: string;
    cwd: string;
    policyPack?: string[];
    policyConfig?: string;
    config?: string[];
    json?: boolean;
    up?: boolean;
    against?: string;
}

const PROGRESS_AFTER_MS = 2000;
const INTERRUPTED_EXIT_CODE = 130;

/** Runs the command. @returns the exit code: 0 fine, 1 a violation or a failure, 2 bad input. */
export async function main(argv: string[], options: MainOptions = {}): Promise<number> {
    const out = new Printer();
    try {
        const flags = parse(argv, options.name ?? "preview");
        return flags ? await run(flags, options, out) : 0;
    } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
        process.stderr.write(`error: ${messageOf(error)}\n`);
        return error instanceof InputError ? 2 : 1;
    } finally {
        await out.flushed();
    }
}

function parse(argv: string[], name: string): Flags | undefined {
    const collect = (value: string, previous: string[] = []) => [...previous, value];
    const command = new Command(name)
        .description(
            "Shows what a Pulumi program (Node.js) would create and which policies it breaks: no account, no CLI.",
        )
        .requiredOption("-s, --stack <name>", "the stack, as in Pulumi.<name>.yaml")
        .option("-C, --cwd <dir>", "the program's directory", process.cwd())
        .option("--policy-pack <dir>", "a policy pack to run, repeatable", collect)
        .option("--policy-config <file>", "settings of the policies, JSON")
        .option("-c, --config <ns:path=value>", "a setting over the stack's, repeatable", collect)
        .option("-j, --json", "print the plan as JSON, as `pulumi preview --json` does")
        .option("--up", "give computed outputs plausible values, so that stack policies see them")
        .option("--against <plan.json>", "show the difference to an earlier plan")
        .addHelpText(
            "after",
            `\nExamples:\n  ${name} --stack prod\n  ${name} --stack dev -c app:scaling.max=10 --json > plan.json\n` +
                `  ${name} --stack dev --against plan.json\n  ${name} --cwd ../other --stack dev --policy-pack ../pack\n` +
                "\nExits with 0 when all is well, 1 on a mandatory violation or a failure, 2 on bad input.",
        )
        .exitOverride()
        .allowExcessArguments(false);
    return command.parse(argv, { from: "user" }).opts<Flags>();
}

async function run(flags: Flags, options: MainOptions, out: Printer): Promise<number> {
    const earlier = flags.against ? readPlan(flags.against) : undefined;
    const defaults = options.defaults?.({ cwd: flags.cwd, stack: flags.stack });
    const policyPacks = flags.policyPack ?? defaults?.policyPacks ?? [];
    const policyConfig =
        flags.policyConfig ?? (flags.policyPack ? undefined : defaults?.policyConfig);
    if (flags.policyConfig && policyPacks.length === 0) {
        throw new InputError("--policy-config needs a policy pack: give --policy-pack too.");
    }
    const abort = new AbortController();
    const interrupt = () => abort.abort();
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const progress = new Progress();
    try {
        const colours = coloursWanted(process.stdout);
        const result = await previewPlan({
            cwd: flags.cwd,
            stack: flags.stack,
            config: flags.config ?? [],
            policyPacks,
            ...(policyConfig ? { policyConfig } : {}),
            up: flags.up ?? false,
            colours: colours && !flags.json,
            signal: abort.signal,
            onProgress: (resources) => progress.show(resources),
        });
        progress.clear();
        const refused = result.exitCode === 2 || result.plan.steps.length === 0;
        const extension = refused ? undefined : options.extend?.(result, earlier);
        const changes = earlier && !refused ? comparePlans(earlier, result.plan) : undefined;
        if (refused) process.stderr.write(result.text);
        else if (!flags.json) {
            out.write(extension?.text ? `${result.text}\n${extension.text}` : result.text);
        }
        if (flags.json) {
            const plan = { ...result.plan, ...extension?.json, ...(changes ? { changes } : {}) };
            out.write(`${JSON.stringify(plan, undefined, 4)}\n`);
        } else if (changes) {
            out.write(`\n${changesText(changes, painter(colours))}`);
        }
        return result.exitCode;
    } catch (error) {
        if (abort.signal.aborted) return INTERRUPTED_EXIT_CODE;
        throw error;
    } finally {
        progress.clear();
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
}

function readPlan(file: string): Plan {
    let plan: unknown;
    try {
        plan = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new InputError(`--against ${file} cannot be read: ${messageOf(error)}`);
    }
    if (!Array.isArray((plan as Partial<Plan> | null)?.steps)) {
        throw new InputError(`--against ${file} holds no plan: make one with --json.`);
    }
    return plan as Plan;
}

/** NO_COLOR and FORCE_COLOR as their conventions say, else colours on a terminal. */
function coloursWanted(stream: NodeJS.WriteStream): boolean {
    if (process.env["NO_COLOR"]) return false;
    return Boolean(stream.isTTY) || Boolean(process.env["FORCE_COLOR"]);
}

/** One line on a terminal that counts resources, once a preview takes longer than people like to wait. */
class Progress {
    private readonly started = Date.now();
    private shown = false;

    show(resources: number): void {
        if (!process.stderr.isTTY || Date.now() - this.started < PROGRESS_AFTER_MS) return;
        const seconds = Math.round((Date.now() - this.started) / 1000);
        process.stderr.write(`\r\x1b[KPreviewing: ${resources} resources, ${seconds} s`);
        this.shown = true;
    }

    clear(): void {
        if (this.shown) process.stderr.write("\r\x1b[K");
        this.shown = false;
    }
}

/** Standard output, complete before the process ends: an early exit cuts pipes at 64 KiB. */
class Printer {
    private last: Promise<void> = Promise.resolve();

    write(text: string): void {
        this.last = new Promise((resolve) => process.stdout.write(text, () => resolve()));
    }

    flushed(): Promise<void> {
        return this.last;
    }
}
