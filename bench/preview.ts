/** The preview beside `cdk synth` with cdk-nag, beside the same program started the common way, and its growth with the number of regions. */
import { execFileSync } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { parse, stringify } from "yaml";
import { run, sideBySide, type Run } from "./process";
import { CliStack, onPath } from "../tests/engine/cli";
import { median, table, type Section } from "./section";

const ROOT = join(__dirname, "..");
const WORK = join(ROOT, ".cache", "bench");
const CDK = join(__dirname, "peers", "cdk");
const COMMON = join(__dirname, "peers", "common");
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const REGION_COUNTS = [1, 3, 10, 30];
const MIB = 2 ** 20;
const ASKED =
    "Asked of ours: at most 0.6 of `cdk synth` at 3 regions and 1.5 of it at 30, no more memory, and a third of the common way. " +
    "What holds it back: every resource passes through the SDK's promises and through two processes by gRPC, one message each, " +
    "and the runner of policy packs copies all resources for each stack policy; the peer's constructs are plain objects of one process.";

/** Real region names, so that the settings accept them. */
const REGIONS = (
    "us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1 eu-west-1 eu-west-2 eu-west-3 eu-central-1 " +
    "eu-central-2 eu-north-1 eu-south-1 eu-south-2 af-south-1 me-south-1 me-central-1 il-central-1 ap-south-1 ap-south-2 ap-east-1 " +
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-northeast-1 ap-northeast-2 ap-northeast-3"
).split(" ");

interface Plan {
    steps: { newState: { type: string; custom: boolean; inputs?: { region?: string } } }[];
}

/** A stack like prod with `count` regions, in a folder of its own whose program is this repository's. */
function stackOf(count: number): string {
    const folder = join(WORK, `regions-${count}`);
    mkdirSync(folder, { recursive: true });
    const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as Record<
        string,
        unknown
    >;
    writeFileSync(
        join(folder, "Pulumi.yaml"),
        stringify({ ...project, main: join(ROOT, "index.ts") }),
    );
    const { config } = parse(readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8")) as {
        config: Record<string, Record<string, unknown>>;
    };
    const model = (config["logcaster:regions"] as Record<string, Record<string, unknown>>)[
        "us-east-1"
    ]!;
    const names = REGIONS.slice(0, count);
    config["logcaster:regions"] = Object.fromEntries(
        names.map((name, i) => [
            name,
            {
                ...model,
                zones: ["a", "b", "c"].map((letter) => `${name}${letter}`),
                cidr: `10.${i}.0.0/16`,
                certificateArn: String(model["certificateArn"]).replace("us-east-1", name),
            },
        ]),
    );
    // AWS takes five secondary regions of a global database; beyond them the stack has none.
    if (count > 6) {
        delete config["logcaster:database"];
        delete config["logcaster:recovery"];
    }
    // AWS takes two secondary regions of a Global Datastore; there is none without a second region.
    const redis = config["logcaster:redis"] as { global?: { secondaryRegions?: string[] } };
    if (count < 2) delete redis.global;
    else if (redis.global) redis.global.secondaryRegions = names.slice(1, 3);
    // An area for each region: the default, and countries for the others.
    config["logcaster:dns"]!["areas"] = names.map((region, i) => ({
        area:
            i === 0
                ? "*"
                : `country:${String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))}`,
        region,
    }));
    writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ config }));
    return folder;
}

function ours(folder: string, ...more: string[]): Promise<Run> {
    const args = ["run", "--silent", "preview", "--", "--stack", "prod", "--cwd", folder];
    const pack = ["--policy-pack", "policy", "--policy-config", "policy/config/prod.json"];
    return run("npm", [...args, ...pack, ...more], { cwd: ROOT }).then(planned);
}

/** A plan with violations (thirty regions are over prod's budget) is a plan all the same. */
function planned(result: Run): Run {
    const isPlan = result.exitCode === 1 && result.stdout.includes("to create");
    return isPlan ? { ...result, exitCode: 0 } : result;
}

/** The plan of a stack; violations are the business of the tests, not of this measurement. */
async function planOf(folder: string): Promise<Plan> {
    return JSON.parse((await ours(folder, "--json")).stdout) as Plan;
}

/** What the peer builds: the plan's resources by region and type. */
function rowsOf(plan: Plan): { region: string; type: string; count: number }[] {
    const counts = new Map<string, number>();
    for (const { newState } of plan.steps) {
        if (!newState.custom || newState.type.startsWith("pulumi:")) continue;
        const key = `${newState.inputs?.region ?? "us-east-1"} ${newState.type}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]) => {
        const [region, type] = key.split(" ") as [string, string];
        return { region, type, count };
    });
}

function cdk(
    rows: readonly object[],
    name: string,
): { start: (app: string) => () => Promise<Run>; count: () => number } {
    const [plan, counted] = [join(WORK, `${name}.json`), join(WORK, `${name}.count`)];
    writeFileSync(plan, JSON.stringify(rows));
    const args = ["--quiet", "--ignore-errors", "--output", join(WORK, `${name}.out`)];
    const env = { PLAN: plan, COUNT_FILE: counted, CDK_DISABLE_VERSION_CHECK: "1" };
    return {
        start: (app) => () =>
            run(
                join(CDK, "node_modules/.bin/cdk"),
                ["synth", "--app", app, ...args, "--no-notices"],
                { cwd: CDK, env },
            ),
        count: () => Number(readFileSync(counted, "utf8")),
    };
}

/** The policy pack as its authors' tools start it: from TypeScript source. */
function packFromSource(): string {
    const folder = join(WORK, "pack");
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(ROOT, "policy"), folder, {
        recursive: true,
        filter: (path) => !/\/(bin|node_modules)$/.test(path),
    });
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as object;
    writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, main: "index.ts" }));
    if (!existsSync(join(folder, "node_modules"))) {
        symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    }
    return folder;
}

function common(): Promise<Run> {
    cpSync(join(ROOT, "Pulumi.prod.yaml"), join(COMMON, "Pulumi.prod.yaml"));
    const args = [COMMON, packFromSource(), join(ROOT, "policy/config/prod.json")];
    return run(process.execPath, ["-r", "./scripts/ts.cjs", "bench/common.ts", ...args], {
        cwd: ROOT,
    }).then(planned);
}

/** Measures; the peer's packages are installed on first use. */
export async function measure(): Promise<Section> {
    mkdirSync(WORK, { recursive: true });
    if (!existsSync(join(CDK, "node_modules"))) {
        execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: CDK });
    }
    execFileSync("npm", ["run", "--silent", "build", "-w", "logcaster-scaling-policy"], {
        cwd: ROOT,
    });
    // What runs after `tsc`: no compiler is timed.
    buildSync({ entryPoints: [join(CDK, "app.ts")], outdir: CDK, format: "cjs", platform: "node" });
    const text: string[] = [];
    const cost = ({ wallMs, peakBytes }: { wallMs: number; peakBytes: number }) => [
        `${(wallMs / 1000).toFixed(2)} s`,
        `${Math.round(peakBytes / MIB)} MiB`,
    ];

    for (const count of [3, 30]) {
        const folder = stackOf(count);
        const plan = await planOf(folder);
        const rows = rowsOf(plan);
        const peer = cdk(rows, `cdk-${count}`);
        const measured = await sideBySide(
            {
                ours: () => ours(folder),
                cdk: peer.start("node_modules/.bin/ts-node --prefer-ts-exts app.ts"),
                cdkJs: peer.start("node app.js"),
                ...(count === 3 ? { common } : {}),
            },
            count === 3 ? ROUNDS : Math.ceil(ROUNDS / 2),
        );
        const [a, b, c] = [measured["ours"]!, measured["cdk"]!, measured["common"]];
        const js = measured["cdkJs"]!;
        const resources = rows.reduce((sum, row) => sum + row.count, 0);
        const ratio = (x: number, y: number) => `${(x / y).toFixed(2)} x`;
        text.push(
            `### ${count} regions`,
            table(
                [
                    "",
                    "resources",
                    "wall",
                    "peak memory, all processes",
                    "ours / it, wall",
                    "ours / it, memory",
                ],
                [
                    [
                        "`npm run preview -- --stack prod`, policy pack",
                        String(resources),
                        ...cost(a),
                        "",
                        "",
                    ],
                    [
                        "`cdk synth` with cdk-nag, TypeScript as `cdk init` sets it up",
                        String(peer.count()),
                        ...cost(b),
                        ratio(a.wallMs, b.wallMs),
                        ratio(a.peakBytes, b.peakBytes),
                    ],
                    [
                        "the same, compiled to JavaScript before",
                        String(peer.count()),
                        ...cost(js),
                        ratio(a.wallMs, js.wallMs),
                        ratio(a.peakBytes, js.peakBytes),
                    ],
                    ...(c
                        ? [
                              [
                                  "our program and pack, started the common way",
                                  String(resources),
                                  ...cost(c),
                                  ratio(a.wallMs, c.wallMs),
                                  ratio(a.peakBytes, c.peakBytes),
                              ],
                          ]
                        : []),
                ],
            ),
        );
    }

    text.push(ASKED);

    const growth = [];
    for (const count of REGION_COUNTS) {
        const folder = stackOf(count);
        const resources = (await planOf(folder)).steps.length;
        const measured = (await sideBySide({ ours: () => ours(folder) }, Math.ceil(ROUNDS / 2)))[
            "ours"
        ]!;
        growth.push([
            String(count),
            String(resources),
            ...cost(measured),
            `${(measured.wallMs / resources).toFixed(1)} ms`,
            `${Math.round(measured.peakBytes / resources / 1024)} KiB`,
        ]);
    }
    text.push(
        "### Growth",
        table(
            ["regions", "resources", "wall", "peak memory", "wall a resource", "memory a resource"],
            growth,
        ),
    );
    text.push(await underTheCli(), await counts());
    return { title: "Preview", text: text.join("\n\n") };
}

/** The preview of the real CLI against the stand-ins, with the node flags that Pulumi.yaml sets and without. */
async function underTheCli(): Promise<string> {
    const heading = "### Under the Pulumi CLI";
    if (!onPath("pulumi")) return `${heading}\n\nNot measured: no \`pulumi\` on PATH.`;
    const plain = join(WORK, "no-node-flags");
    copyWithoutNodeFlags(plain);
    const rows = [];
    for (const [what, repository] of [
        ["as Pulumi.yaml stands", ROOT],
        ["without its node flags", plain],
    ] as const) {
        const stack = await CliStack.create(repository, "prod");
        const seconds: number[] = [];
        try {
            for (let round = 0; round <= ROUNDS; round++) {
                const started = performance.now();
                const { failed, said } = await stack.preview();
                if (failed) throw new Error(`pulumi preview failed:\n${said.slice(-2000)}`);
                if (round > 0) seconds.push((performance.now() - started) / 1000);
            }
        } finally {
            await stack.dispose();
        }
        rows.push([what, `${median(seconds).toFixed(2)} s`]);
    }
    return `${heading}\n\n${table(["`pulumi preview -s prod`, stand-in providers", "wall"], rows)}`;
}

/** The repository's root with another Pulumi.yaml; folders are linked. */
function copyWithoutNodeFlags(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const entry of readdirSync(ROOT, { withFileTypes: true })) {
        const [from, to] = [join(ROOT, entry.name), join(folder, entry.name)];
        if (entry.name === ".git" || entry.name === ".cache") continue;
        if (entry.isFile()) cpSync(from, to);
        else symlinkSync(from, to);
    }
    const file = join(folder, "Pulumi.yaml");
    const project = parse(readFileSync(file, "utf8")) as {
        runtime: { options: { nodeargs?: string } };
    };
    delete project.runtime.options.nodeargs;
    writeFileSync(file, stringify(project));
}

/** How much was previewed, checked and tested. */
async function counts(): Promise<string> {
    const { stdout } = await ours(ROOT);
    const resources = /(\d+) to create/.exec(stdout)?.[1];
    const policies = /(\d+) policies ran/.exec(stdout)?.[1];
    const tests = await run("npx", ["mocha", "--dry-run", "tests/**/*.test.ts"], { cwd: ROOT });
    const declared = /(\d+) passed/.exec(tests.stdout)?.[1];
    if (!resources || !policies || !declared)
        throw new Error("the counts are not where they were printed");
    return `prod as it stands: ${resources} resources, ${policies} policies run. The repository has ${declared} tests.`;
}
