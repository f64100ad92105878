import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { main, type Plan, type PreviewResult } from "logcaster-preview";
import { costText, planCost, type PlanCost } from "./cost";

// `npm run preview`: the preview engine, and what is this repository's own: its policy pack and its cost projection.

const REPOSITORY = resolve(__dirname, "..");
const PACK = join(REPOSITORY, "policy");
const FAILED_EXIT_CODE = 1;

process.env["NODE_COMPILE_CACHE"] ??= join(REPOSITORY, ".cache", "node");

/** Our pack and the stack's policy settings, when the program is this repository's. */
function ownPolicies({ cwd, stack }: { cwd: string; stack: string }) {
    if (!existsSync(cwd) || realpathSync(cwd) !== realpathSync(REPOSITORY)) return undefined;
    if (!existsSync(join(PACK, "PulumiPolicy.yaml"))) return undefined;
    buildPackIfStale();
    const config = join(PACK, "config", `${stack}.json`);
    return { policyPacks: [PACK], ...(existsSync(config) ? { policyConfig: config } : {}) };
}

function buildPackIfStale(): void {
    const manifest = JSON.parse(readFileSync(join(PACK, "package.json"), "utf8")) as {
        scripts?: Record<string, string>;
    };
    if (!manifest.scripts?.["build"]) return;
    const built = join(PACK, "bin", "index.js");
    const sources = Math.max(newest(PACK), newest(join(REPOSITORY, "model")));
    if (existsSync(built) && statSync(built).mtimeMs >= sources) return;
    process.stderr.write("Building the policy pack, whose sources have changed ...\n");
    // Its output goes to stderr: stdout may be a plan in JSON.
    const build = spawnSync("npm", ["run", "--silent", "build"], {
        cwd: PACK,
        stdio: ["ignore", 2, 2],
    });
    if (build.status !== 0) {
        throw new Error("The policy pack does not build: see above; fix it or give --policy-pack.");
    }
}

/** When the newest TypeScript source under a folder changed, ms since the epoch. */
function newest(folder: string): number {
    const times = readdirSync(folder, { withFileTypes: true })
        .filter(({ name }) => name !== "node_modules" && name !== "bin")
        .map((entry) => {
            const path = join(folder, entry.name);
            if (entry.isDirectory()) return newest(path);
            return /\.(ts|json)$/.test(entry.name) ? statSync(path).mtimeMs : 0;
        });
    return Math.max(0, ...times);
}

/** What we add to a plan: what it costs a month, as `cost` in JSON and as a table, and the difference to the plan of `--against`. */
function extendPlan(
    { plan }: PreviewResult,
    earlier: Plan | undefined,
): { json: { cost: PlanCost }; text: string } | undefined {
    if (!plan.steps.some(({ newState }) => newState.type.startsWith("aws:"))) return undefined;
    const cost = planCost(plan, earlier);
    return { json: { cost }, text: costText(cost) };
}

main(process.argv.slice(2), {
    name: "npm run preview --",
    defaults: ownPolicies,
    extend: extendPlan,
}).then(
    (code) => (process.exitCode = code),
    (error: unknown) => {
        process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = FAILED_EXIT_CODE;
    },
);
