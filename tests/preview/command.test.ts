import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Plan } from "logcaster-preview";
import { programDirectory } from "./run";

const REPOSITORY = join(__dirname, "../..");
const POLL_MS = 20;
const MOST_POLLS = 1000;

describe("the preview command", function () {
    // Processes start slowly on a busy machine; the bound is against hanging, nothing is measured.
    this.timeout(180_000);
    let directory: string;
    before(() => (directory = mkdtempSync(join(tmpdir(), "command-"))));
    after(() => rmSync(directory, { recursive: true }));

    function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
        return spawn(
            process.execPath,
            ["-r", "ts-node/register/transpile-only", "scripts/preview.ts", ...args],
            {
                cwd: REPOSITORY,
                env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
            },
        );
    }

    async function run(args: string[], env?: NodeJS.ProcessEnv) {
        const child = start(args, env);
        let [stdout, stderr] = ["", ""];
        child.stdout?.on("data", (data) => (stdout += data));
        child.stderr?.on("data", (data) => (stderr += data));
        const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
        return { exitCode, stdout, stderr };
    }

    const basic = ["--cwd", programDirectory("basic"), "--stack", "dev"];

    it("prints the tree, the outputs, the counts and what it proves", async () => {
        const { exitCode, stdout, stderr } = await run(basic);
        assert.deepEqual([exitCode, stderr], [0, ""]);
        assert.equal(
            stdout,
            `Previewing (dev) of basic

 + pulumi:pulumi:Stack                               basic-dev
 + ├─ basic:index:Site                               site
 + │  └─ random:index/randomPassword:RandomPassword  site-password
 + └─ random:index/randomPet:RandomPet               pet

Outputs:
  id      : <unknown>
  length  : 16
  password: [secret]

Resources:
  + 4 to create

This preview asked no cloud: it proves the wiring, the limits and the policies, not that a provider accepts the request.
`,
        );
    });

    it("prints the plan as the CLI's preview --json does, whole, also through a pipe", async () => {
        const large = await run(["--cwd", programDirectory("large"), "--stack", "dev", "--json"]);
        const plan = JSON.parse(large.stdout) as Plan;
        assert.ok(large.stdout.length > 2 * 65536);
        assert.deepEqual(plan.changeSummary, { create: 301 });
        assert.deepEqual(Object.keys(plan).sort(), [
            "changeSummary",
            "config",
            "diagnostics",
            "duration",
            "policyRemediations",
            "policyViolations",
            "steps",
        ]);
        assert.equal(Number.isInteger(plan.duration), true);
    });

    it("has colours when asked for, none with NO_COLOR", async () => {
        assert.ok((await run(basic, { FORCE_COLOR: "1" })).stdout.includes("\x1b["));
        assert.ok(
            !(await run(basic, { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout.includes("\x1b["),
        );
    });

    it("compares with an earlier plan: what appears, goes and changes, by property path", async () => {
        const { stdout } = await run([...basic, "--json"]);
        const earlier = JSON.parse(stdout) as Plan;
        const [stack, site, password, pet] = earlier.steps;
        site!.newState.inputs["length"] = 12;
        password!.newState.inputs["keepers"] = { a: [1] };
        pet!.urn = pet!.urn.replace(/pet$/, "cat");
        const file = join(directory, "plan.json");
        writeFileSync(file, JSON.stringify(earlier));
        const compared = await run([...basic, "--against", file]);
        assert.equal(compared.exitCode, 0, compared.stderr);
        assert.equal(
            compared.stdout.slice(compared.stdout.indexOf("Compared")),
            `Compared with the earlier plan:
 ~ basic:index:Site  site
     length: 12 => 16
 ~ random:index/randomPassword:RandomPassword  site-password
     keepers: {
       "a": [
         1
       ]
     } => (none)
 + random:index/randomPet:RandomPet  pet
 - random:index/randomPet:RandomPet  cat
   1 unchanged, 2 to update, 1 to create, 1 to delete
`,
        );
        const asJson = await run([...basic, "--against", file, "--json"]);
        const { changes } = JSON.parse(asJson.stdout) as { changes: { op: string; urn: string }[] };
        assert.deepEqual(
            changes.map(({ op }) => op),
            ["same", "update", "update", "create", "delete"],
        );
        assert.equal(changes[0]!.urn, stack!.urn);
    });

    it("exits with 2 and one message for bad flags, an unknown stack or an unreadable plan", async () => {
        const secrets = ["--cwd", programDirectory("secrets")];
        const rows: [string[], RegExp][] = [
            [[], /^error: required option '-s, --stack <name>' not specified\n$/],
            [[...basic, "--nonsense"], /^error: unknown option '--nonsense'\n$/],
            [[...basic, "extra"], /^error: too many arguments\./],
            [
                [...secrets, "--stack", "staging"],
                /^error: Unknown stack staging: there is no Pulumi\.staging\.yaml in .*; give --stack one of dev, prod\.\n$/,
            ],
            [
                [...basic, "--against", "/nowhere"],
                /^error: --against \/nowhere cannot be read: ENOENT.*\n$/,
            ],
            [
                [...basic, "--against", "package.json"],
                /^error: --against package\.json holds no plan: make one with --json\.\n$/,
            ],
            [
                [...basic, "--policy-config", "x.json"],
                /^error: --policy-config needs a policy pack: give --policy-pack too\.\n$/,
            ],
            [
                ["--cwd", programDirectory("run-error"), "--stack", "dev"],
                /^error: scaling\.max is 80, at most 50 is allowed\n$/,
            ],
        ];
        for (const [args, message] of rows) {
            const { exitCode, stdout, stderr } = await run(args);
            assert.deepEqual([exitCode, stdout], [2, ""], args.join(" "));
            assert.match(stderr, message);
        }
    });

    it("exits with 1 for a mandatory violation, given packs and their configuration by flags", async () => {
        const config = join(directory, "policies.json");
        writeFileSync(config, JSON.stringify({ "password-length": { minimum: 99 } }));
        const pack = [
            "--policy-pack",
            programDirectory("pack-compiled"),
            "--policy-config",
            config,
        ];
        const { exitCode, stdout } = await run([...basic, ...pack]);
        assert.equal(exitCode, 1);
        assert.match(stdout, /length is 16, limit 99 \(minimum\)/);
    });

    it("runs this repository's own pack when it previews this repository, and only then", async () => {
        const own = JSON.stringify((await run(["--stack", "dev"])).stdout);
        assert.match(own, /logcaster-scaling@v[\d.]+: \d+ policies ran/);
        assert.doesNotMatch((await run(basic)).stdout, /policies ran/);
    });

    it("shows an example in its help and exits with 0", async () => {
        const { exitCode, stdout } = await run(["--help"]);
        assert.equal(exitCode, 0);
        assert.match(stdout, /Examples:\n {2}npm run preview -- --stack prod\n/);
    });

    describe("ended early", () => {
        /** Sockets lie in a directory that no other preview on this machine uses. */
        const sockets = () => readdirSync(directory).filter((name) => /^preview-/.test(name));

        async function startHanging(
            name: string,
        ): Promise<{ child: ChildProcess; program: number }> {
            const file = join(directory, name);
            const child = start(["--cwd", programDirectory("hangs"), "--stack", "dev"], {
                HANGS_PID_FILE: file,
                TMPDIR: directory,
            });
            while (!existsSync(file) || readFileSync(file, "utf8") === "") await sleep(POLL_MS);
            return { child, program: Number(readFileSync(file, "utf8")) };
        }

        function runs(pid: number): boolean {
            try {
                process.kill(pid, 0);
                return true;
            } catch {
                return false;
            }
        }

        for (const signal of ["SIGINT", "SIGTERM"] as const) {
            it(`by ${signal} it takes its program and its socket with it and exits with 130`, async () => {
                const { child, program } = await startHanging(signal);
                assert.equal(sockets().length, 1);
                const ended = new Promise((resolve) => child.on("exit", resolve));
                child.kill(signal);
                assert.equal(await ended, 130);
                assert.equal(runs(program), false);
                assert.deepEqual(sockets(), []);
            });
        }

        it("by SIGKILL, which nothing can catch, its program still ends", async () => {
            const { child, program } = await startHanging("SIGKILL");
            child.kill("SIGKILL");
            for (let poll = 0; runs(program) && poll < MOST_POLLS; poll++) await sleep(POLL_MS);
            const survived = runs(program);
            if (survived) process.kill(program);
            assert.equal(survived, false);
        });
    });
});
