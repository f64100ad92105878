import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewPlan, UNKNOWN } from "logcaster-preview";
import { errorsOf, outputsOf, preview, programDirectory, resource } from "./run";

/** How every URN of a program starts. */
const urn = (project: string, rest: string) => `urn:pulumi:dev::${project}::${rest}`;

describe("previewing other programs", function () {
    // Processes start slowly on a busy machine; the bound is against hanging, nothing is measured.
    this.timeout(180_000);
    it("shows components, their children, and what a cloud would compute as unknown", async () => {
        const result = await preview("basic");
        assert.deepEqual([result.exitCode, errorsOf(result)], [0, []]);
        assert.deepEqual(
            result.plan.steps.map((step) => [step.op, step.urn, step.newState.parent ?? ""]),
            [
                ["create", urn("basic", "pulumi:pulumi:Stack::basic-dev"), ""],
                [
                    "create",
                    urn("basic", "basic:index:Site::site"),
                    urn("basic", "pulumi:pulumi:Stack::basic-dev"),
                ],
                [
                    "create",
                    urn(
                        "basic",
                        "basic:index:Site$random:index/randomPassword:RandomPassword::site-password",
                    ),
                    urn("basic", "basic:index:Site::site"),
                ],
                [
                    "create",
                    urn("basic", "random:index/randomPet:RandomPet::pet"),
                    urn("basic", "pulumi:pulumi:Stack::basic-dev"),
                ],
            ],
        );
        assert.deepEqual(result.plan.changeSummary, { create: 4 });
        assert.deepEqual(outputsOf(result), { id: UNKNOWN, length: 16, password: "[secret]" });
        assert.deepEqual(resource(result, "site").newState.outputs, { length: 16 });
        assert.deepEqual(resource(result, "pet").newState.outputs, {
            prefix: "[secret]",
            length: UNKNOWN,
            separator: UNKNOWN,
        });
    });

    it("is the same with and without the SDK spared its stack traces and its debugger", async () => {
        for (const name of ["basic", "options", "dynamic", "transforms"]) {
            const [tuned, untuned] = [await preview(name), await preview(name, { tuned: false })];
            assert.deepEqual(tuned.plan.steps, untuned.plan.steps);
            assert.equal(tuned.text, untuned.text);
        }
    });

    it("carries every resource option into the plan", async () => {
        const result = await preview("options");
        assert.equal(result.exitCode, 0, result.text);
        const group = urn("options", "options:index:Group$aws:sqs/queue:Queue::group-queue");
        const { newState } = resource(result, "other");
        const { inputs, propertyDependencies } = newState;
        const values = new Set(["inputs", "outputs", "propertyDependencies"]);
        const other = Object.entries(newState).filter(([option]) => !values.has(option));
        assert.deepEqual(Object.fromEntries(other), {
            urn: urn("options", "aws:sqs/queue:Queue::other"),
            custom: true,
            type: "aws:sqs/queue:Queue",
            parent: urn("options", "pulumi:pulumi:Stack::options-dev"),
            provider: `${urn("options", "pulumi:providers:aws::default_7_48_0")}::${UNKNOWN}`,
            dependencies: [group, urn("options", "random:index/randomString:RandomString::token")],
            ignoreChanges: ["tags"],
            replaceOnChanges: ["delaySeconds"],
            deleteBeforeReplace: true,
            retainOnDelete: true,
            deletedWith: group,
            customTimeouts: { create: "5m" },
        });
        assert.deepEqual(inputs, { delaySeconds: 5, tags: { of: UNKNOWN, token: "[secret]" } });
        assert.deepEqual(new Set(propertyDependencies!["tags"]), new Set(newState.dependencies));
        const child = resource(result, "group-queue").newState;
        assert.equal(child.protect, true);
        assert.equal(
            child.provider,
            `${urn("options", "pulumi:providers:aws::seoul")}::${UNKNOWN}`,
        );
        assert.deepEqual(child.aliases, [
            urn("options", "options:index:Group$aws:sqs/queue:Queue::old-queue"),
            urn("options", "aws:sqs/queue:Queue::group-queue"),
        ]);
        assert.deepEqual(resource(result, "token").newState.additionalSecretOutputs, ["result"]);
        assert.equal(resource(result, "imported").op, "import");
    });

    it("runs transforms: a resource's own and its parents' first, then the stack's", async () => {
        const result = await preview("transforms");
        assert.equal(result.exitCode, 0, result.text);
        const pet = resource(result, "pair-pet").newState;
        assert.deepEqual([pet.inputs, pet.protect], [{ length: 2, separator: "_" }, true]);
        assert.deepEqual(resource(result, "id").newState.inputs, { byteLength: 9 });
    });

    it("answers lookups, reads and stack references with unknowns", async () => {
        const result = await preview("lookups");
        assert.equal(result.exitCode, 0, result.text);
        assert.deepEqual(result.plan.changeSummary, { create: 3, read: 2 });
        assert.deepEqual(resource(result, "queue").newState.inputs, {
            tags: { zone: UNKNOWN, vpc: "vpc-0123456789abcdef0", cidr: UNKNOWN, subnet: UNKNOWN },
        });
        assert.deepEqual(resource(result, "mine").newState.inputs, { tags: { account: UNKNOWN } });
        assert.deepEqual(outputsOf(result), { zone: UNKNOWN, vpc: "vpc-0123456789abcdef0" });
    });

    it("says which lookup it could not answer when the program fails over it", async () => {
        const result = await preview("plain-lookup");
        assert.equal(result.exitCode, 1);
        assert.match(errorsOf(result).join(), /^TypeError: zones\.names\.slice is not a function/);
        assert.match(
            result.text,
            /warning: The program asked its provider for aws:index\/getAvailabilityZones:getAvailabilityZones; without an account the answers are unknown\./,
        );
    });

    it("serialises dynamic providers, which needs the debugger and the compiler, and does not run them", async () => {
        const result = await preview("dynamic");
        assert.equal(result.exitCode, 0, result.text);
        const driver = ["function", true, true];
        assert.deepEqual(outputsOf(result), { size: 3, token: UNKNOWN, id: UNKNOWN, driver });
        assert.match(String(resource(result, "thing").newState.inputs["__provider"]), /create/);
    });

    it("runs ES modules, TypeScript, TypeScript ES modules, and programs that export a function", async () => {
        const results = await Promise.all(
            ["esm", "esm-typescript", "typescript"].map((n) => preview(n)),
        );
        assert.deepEqual(
            results.map((result) => [result.exitCode, outputsOf(result), result.diagnostics]),
            [
                [0, { length: 3 }, []],
                [0, { length: 3 }, []],
                [0, { length: 2, flags: ["--no-deprecation"] }, []],
            ],
        );
    });

    it("shows no secret anywhere: not configuration, messages, inputs, outputs or copies", async () => {
        const result = await preview("secrets");
        assert.equal(result.exitCode, 0, result.text);
        assert.deepEqual(result.plan.config, {
            "secrets:region": "eu-west-1",
            "secrets:replicas": "2",
            "aws:region": "eu-west-1",
            "secrets:password": "[secret]",
            "secrets:limits": '{"max":20,"zones":["a","b"]}',
            "secrets:database": "[secret]",
            "secrets:large": "12",
            "secrets:token": "[secret]",
        });
        assert.deepEqual(outputsOf(result), {
            password: "[secret]",
            length: "[secret]",
            limits: { max: 20, zones: ["a", "b"] },
            region: "eu-west-1",
            replicas: 2,
            aws: "eu-west-1",
            copied: "plain [secret] copy",
            declared: "[secret]",
        });
        assert.deepEqual(resource(result, "pet").newState.inputs, {
            prefix: "[secret]",
            keepers: { own: "[secret]", user: "[secret]" },
        });
        assert.equal(result.diagnostics[0]?.message, "the secret is [secret]!\n[secret] again");
        assert.doesNotMatch(JSON.stringify(result), /correct-horse|battery|AAABAH0|plain-in/);
    });

    it("takes settings given for one run over the stack's", async () => {
        const result = await preview("secrets", { config: ["limits.max=80", "region=us-east-1"] });
        const { limits, region } = outputsOf(result);
        assert.deepEqual([limits, region], [{ max: 80, zones: ["a", "b"] }, "us-east-1"]);
    });

    it("gives computed outputs with known names plausible, fixed values with up", async () => {
        const [first, second] = [
            await preview("options", { up: true }),
            await preview("options", { up: true }),
        ];
        assert.deepEqual(first.plan.steps, second.plan.steps);
        const { outputs } = resource(first, "group-queue").newState;
        assert.match(String(outputs["name"]), /^group-queue-[0-9a-f]{7}$/);
        assert.equal(
            outputs["arn"],
            `arn:aws:sqs:us-east-1:123456789012:${String(outputs["name"])}`,
        );
        assert.equal(outputs["kmsDataKeyReusePeriodSeconds"], UNKNOWN);
    });

    it("plans a plugin's component without its children, and says so", async () => {
        const result = await preview("remote");
        assert.deepEqual(
            [
                result.exitCode,
                result.diagnostics.map(({ severity, message }) => [severity, message]),
            ],
            [
                0,
                [
                    [
                        "warning",
                        "elsewhere:index:Cluster is a component that its plugin builds; without plugins its children and outputs are unknown here.",
                    ],
                ],
            ],
        );
        assert.deepEqual(outputsOf(result), { endpoint: UNKNOWN });
        assert.deepEqual(resource(result, "pet").newState.inputs, { prefix: UNKNOWN });
    });

    it("refuses a resource's method, which only its plugin can run", async () => {
        const result = await preview("method");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join(),
            /random:index\/randomPet:RandomPet\/rename is a method that its provider plugin runs, which a preview without plugins cannot do\./,
        );
        assert.equal(errorsOf(result).length, 1);
    });

    it("says that it runs no hooks", async () => {
        const result = await preview("hooks");
        assert.deepEqual(
            [result.exitCode, result.diagnostics],
            [
                0,
                [
                    {
                        severity: "warning",
                        message:
                            "Resource hook announce asks to run in previews; this preview runs no hooks.",
                    },
                ],
            ],
        );
    });
});

describe("programs that fail", function () {
    // Processes start slowly on a busy machine; the bound is against hanging, nothing is measured.
    this.timeout(180_000);
    it("exits with 2 for a RunError, whose message is all that is printed", async () => {
        const result = await preview("run-error");
        assert.deepEqual(
            [result.exitCode, result.text],
            [2, "error: scaling.max is 80, at most 50 is allowed\n"],
        );
    });

    it("exits with 2 for configuration that the program requires", async () => {
        const result = await preview("missing-config");
        assert.equal(result.exitCode, 2);
        assert.match(
            result.text,
            /^error: Missing required configuration variable 'missing-config:name'\n/,
        );
    });

    it("exits with 1 for an uncaught error, with its stack in the user's own file", async () => {
        const result = await preview("uncaught");
        assert.equal(result.exitCode, 1);
        const file = join(programDirectory("uncaught"), "index.js");
        assert.ok(
            errorsOf(result)[0]?.startsWith(
                `Running program '${file}' failed with an unhandled exception:\n` +
                    "TypeError: Cannot read properties of undefined (reading 'name')\n" +
                    `    at lookUp (${file}:3:26)\n`,
            ),
            result.text,
        );
        assert.equal(errorsOf(result).length, 1);
    });

    it("exits with 1 for an error thrown inside an apply, told once", async () => {
        const result = await preview("rejected");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join("\n---\n"),
            /^Error: thrown in an apply\n {4}at .*rejected/,
        );
        assert.equal(errorsOf(result).length, 1);
    });

    it("exits with 1 for a ResourceError, named with its resource and without a stack", async () => {
        const result = await preview("resource-error");
        assert.equal(result.exitCode, 1);
        assert.deepEqual(result.diagnostics, [
            {
                severity: "error",
                message: "the pet is too small",
                urn: urn("resource-error", "random:index/randomPet:RandomPet::pet"),
            },
        ]);
    });

    it("hides the stack of a user's mistake also when it is thrown after the program's last line", async () => {
        const mistake = "length is 2, at least 3 is needed";
        const late = await preview("late-run-error");
        assert.deepEqual([late.exitCode, late.text], [2, `error: ${mistake}\n`]);
        const resourceError = await preview("late-resource-error");
        assert.deepEqual([resourceError.exitCode, errorsOf(resourceError)], [1, [mistake]]);
    });

    it("exits with 1 when a RunError comes with a failure of another kind", async () => {
        const result = await preview("mixed-errors");
        assert.equal(result.exitCode, 1);
        assert.deepEqual(
            errorsOf(result).map((message) => message.split("\n    at")[0]!.split("\n").pop()),
            ["Error: a failure of another kind", "bad input"],
        );
    });

    it("lists the properties of an InputPropertiesError, without a stack", async () => {
        const result = await preview("input-errors");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join(),
            /:\ntwo inputs are wrong\n {2}a\.b: is missing\n {2}c: is negative$/,
        );
    });

    it("exits with 1 for a type error, as the CLI does, with its place and no stack", async () => {
        const result = await preview("type-error");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join(),
            /index\.ts\(1,14\): error TS2322: Type 'string' is not assignable to type 'number'\.\s*$/,
        );
    });

    it("exits with 1 after log.error, though the process itself ends well", async () => {
        const result = await preview("log-error");
        assert.equal(result.exitCode, 1);
        assert.deepEqual(
            result.diagnostics.map(({ severity, message }) => [severity, message]),
            [
                ["info", "walking"],
                ["warning", "it barks"],
                ["error", "it bit someone"],
            ],
        );
    });

    it("exits with 1 for a promise that never resolves, naming the resource that waits", async () => {
        const result = await preview("promise-leak");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join(),
            /"pet" \[random:index\/randomPet:RandomPet\] was waiting for the value of its input property "prefix"/,
        );
    });

    it("exits with 1 for two resources of one type and name", async () => {
        const result = await preview("duplicates");
        assert.equal(result.exitCode, 1);
        const pet = urn("duplicates", "random:index/randomPet:RandomPet::pet");
        assert.deepEqual(errorsOf(result), [
            `Duplicate resource URN ${pet}: two resources of type random:index/randomPet:RandomPet ` +
                "are named pet under the same parent; give one of them another name.",
        ]);
        assert.deepEqual(result.plan.changeSummary, { create: 3 });
    });

    it("exits with 1 and what was written when the process ends by itself", async () => {
        const result = await preview("exits");
        assert.deepEqual([result.exitCode, errorsOf(result)], [1, ["gave up"]]);
    });

    it("exits with 1 for a syntax error, with the place and no stack", async () => {
        const result = await preview("syntax");
        assert.equal(result.exitCode, 1);
        assert.match(
            errorsOf(result).join(),
            /index\.js:1\nconst x = ;[\s\S]*SyntaxError: Unexpected/,
        );
        assert.doesNotMatch(result.text, /\n\s+at /);
    });
});

describe("directories that hold no program to run", () => {
    let directory: string;
    beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "program-"))));
    afterEach(() => rmSync(directory, { recursive: true }));

    async function refusal(): Promise<[number, string]> {
        const { exitCode, text } = await previewPlan({ cwd: directory, stack: "dev" });
        return [exitCode, text];
    }

    it("refuses one without Pulumi.yaml", async () => {
        assert.deepEqual(await refusal(), [
            2,
            `error: No Pulumi.yaml in ${directory} or above it: --cwd names the directory of a Pulumi program.\n`,
        ]);
    });

    it("refuses another language, by name", async () => {
        const { exitCode, text } = await preview("python");
        assert.equal(exitCode, 2);
        assert.match(text, /says runtime: python, but this preview runs Node\.js programs only/);
    });

    it("refuses a program whose packages are not installed", async () => {
        writeFileSync(join(directory, "Pulumi.yaml"), "name: bare\nruntime: nodejs\n");
        assert.deepEqual(await refusal(), [
            2,
            `error: @pulumi/pulumi is not installed for the program in ${directory}: run "npm install" in ${directory} first.\n`,
        ]);
    });

    it("refuses a main that does not exist, and a project without a name", async () => {
        writeFileSync(
            join(directory, "Pulumi.yaml"),
            "name: bare\nruntime: nodejs\nmain: gone.ts\n",
        );
        assert.match(
            (await refusal())[1],
            /says main: gone\.ts, but .*gone\.ts does not exist\.\n$/,
        );
        writeFileSync(join(directory, "Pulumi.yaml"), "runtime: nodejs\n");
        assert.match((await refusal())[1], /has no "name": every Pulumi project needs one\.\n$/);
    });

    it("refuses configuration that Pulumi.yaml declares otherwise, all of it at once", async () => {
        const result = await preview("declared");
        assert.deepEqual(
            [result.exitCode, result.text],
            [
                2,
                'error: Stack dev: configuration declared:count is "many" but must be of type integer, as Pulumi.yaml declares.\n' +
                    "Stack dev is missing configuration value declared:owner (type string).\n",
            ],
        );
    });
});
