import { readFile } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { Command } from "commander";
import { drill, type Finding, PlanError } from "logcaster-model/recovery";
import { BadInput } from "../migrate/errors";
import { print, table } from "./output";
import { EXIT } from "./run";

const EXAMPLES = `
Exit code: 0 every part holds or recovers; 1 something fails; 2 the plan cannot be used.

Examples:
  $ npm run --silent preview -- --stack prod --up --json > plan.json
  $ logcaster drill --plan plan.json
  $ npm run --silent preview -- --stack prod --up --json | logcaster drill --plan - --json`;

/** `logcaster drill`: what a plan has left without each zone and each region. */
export function drillCommand(): Command {
    return new Command("drill")
        .description("Remove each zone and each region from a plan and report what is left")
        .requiredOption("--plan <file>", "a plan with known ids, as JSON; - reads standard input")
        .option("--all", "also list what holds")
        .option("--json", "print one JSON document")
        .addHelpText("after", EXAMPLES)
        .action(run);
}

async function run(flags: { plan: string; all?: boolean; json?: boolean }): Promise<void> {
    const findings = findingsOf(await readPlan(flags.plan), flags.plan);
    const fails = findings.filter(({ verdict }) => verdict === "fails").length;
    if (fails > 0) process.exitCode = EXIT.failed;
    if (flags.json) return print(JSON.stringify({ fails, findings }));
    const shown = flags.all ? findings : findings.filter(({ verdict }) => verdict !== "holds");
    if (shown.length > 0) print(tableOf(shown));
    const losses = new Set(findings.map(({ lost }) => lost)).size;
    const count = (verdict: Finding["verdict"]) =>
        findings.filter((finding) => finding.verdict === verdict).length;
    print(
        `${losses} losses drilled: ${count("holds")} parts hold, ${count("recovers")} recover, ${fails} fail.`,
    );
}

function findingsOf(text: string, file: string): Finding[] {
    try {
        return drill(JSON.parse(text));
    } catch (error) {
        if (error instanceof PlanError) throw new BadInput(`--plan ${file}: ${error.message}`);
        if (error instanceof SyntaxError) {
            throw new BadInput(
                `--plan ${file} is no JSON (${error.message}); allowed: what \`npm run --silent preview -- --stack <stack> --up --json\` prints.`,
            );
        }
        throw error;
    }
}

async function readPlan(file: string): Promise<string> {
    if (file === "-") return textOf(process.stdin);
    try {
        return await readFile(file, "utf8");
    } catch (error) {
        throw new BadInput(`--plan ${file} cannot be read: ${(error as Error).message}.`);
    }
}

const MARK = { holds: "ok", recovers: "recovers", fails: "FAILS" } as const;

function tableOf(findings: readonly Finding[]): string {
    return table([
        ["lost", "in", "part", "left", "", "verdict", "then"],
        ...findings.map(({ lost, region, part, unit, before, left, needed, verdict, note }) => [
            lost,
            region,
            part,
            `${left} of ${before}`,
            `${unit}, needs ${needed}`,
            MARK[verdict],
            note,
        ]),
    ]);
}
