import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorsOf, outputsOf, preview, programDirectory, resource } from "./run";

const COMPILED = programDirectory("pack-compiled");
const SOURCE = programDirectory("pack-source");
const PASSWORD =
    "urn:pulumi:dev::basic::basic:index:Site$random:index/randomPassword:RandomPassword::site-password";

describe("policy packs", function () {
    // Processes start slowly on a busy machine; the bound is against hanging, nothing is measured.
    this.timeout(180_000);
    it("run on every resource and on the stack, advisory findings exit with 0", async () => {
        const result = await preview("basic", { policyPacks: [COMPILED] });
        assert.deepEqual([result.exitCode, errorsOf(result)], [0, []]);
        assert.deepEqual(result.packs, [{ name: "compiled-rules", version: "1.2.3", policies: 4 }]);
        assert.deepEqual(
            result.violations.map(({ policy, level, urn }) => [policy, level, urn]),
            [
                [
                    "results-differ",
                    "advisory",
                    "urn:pulumi:dev::basic::pulumi:pulumi:Stack::basic-dev",
                ],
                [
                    "prefix-is-shown",
                    "advisory",
                    "urn:pulumi:dev::basic::random:index/randomPet:RandomPet::pet",
                ],
            ],
        );
    });

    it("see what a cloud would compute as unknown, never as missing", async () => {
        const { violations } = await preview("basic", { policyPacks: [COMPILED] });
        assert.equal(
            violations.find(({ policy }) => policy === "results-differ")?.message,
            "can't run policy 'results-differ' from policy pack 'compiled-rules@v1.2.3' during preview: " +
                "string value at .result can't be known during preview",
        );
    });

    it("fail the preview with 1 on a mandatory violation, shown with resource, value, limit and remedy", async () => {
        const result = await preview("basic", {
            policyPacks: [COMPILED],
            policyConfig: { "password-length": { minimum: 20 } },
        });
        assert.equal(result.exitCode, 1);
        assert.deepEqual(
            result.violations.filter(({ level }) => level === "mandatory"),
            [
                {
                    pack: "compiled-rules",
                    packVersion: "1.2.3",
                    policy: "password-length",
                    level: "mandatory",
                    severity: "high",
                    urn: PASSWORD,
                    message: "Passwords are long enough.\nlength is 16, limit 20 (minimum)",
                    description: "Passwords are long enough.",
                    remedy: "Raise length.",
                    url: "https://example.com/password-length",
                },
            ],
        );
        assert.ok(
            result.text.includes(
                "  [mandatory] password-length  random:index/randomPassword:RandomPassword (site-password)\n" +
                    "      Passwords are long enough.\n" +
                    "      length is 16, limit 20 (minimum)\n" +
                    "      Remedy: Raise length.\n" +
                    "      More: https://example.com/password-length\n",
            ),
            result.text,
        );
        assert.match(
            result.text,
            /compiled-rules@v1\.2\.3: 4 policies ran, 1 mandatory, 2 advisory/,
        );
    });

    it("get their schema's defaults, which a file's settings and levels override", async () => {
        const run = async (policyConfig: Record<string, unknown>) => {
            const result = await preview("basic", { policyPacks: [COMPILED], policyConfig });
            return [result.exitCode, errorsOf(result)];
        };
        assert.deepEqual(await run({ all: "mandatory" }), [1, []]);
        assert.deepEqual(await run({ all: "mandatory", "prefix-is-shown": "disabled" }), [0, []]);
    });

    it("never show a secret that a message quotes", async () => {
        const { violations, text, plan } = await preview("basic", { policyPacks: [COMPILED] });
        assert.equal(
            violations.find(({ policy }) => policy === "prefix-is-shown")?.message,
            "Tells every prefix, secret or not.\nprefix is <<[secret]>>",
        );
        assert.doesNotMatch(text + JSON.stringify(plan), /hunter2/);
    });

    it("run from TypeScript source and change resources where they remediate", async () => {
        const result = await preview("basic", { policyPacks: [SOURCE] });
        assert.equal(result.exitCode, 0, result.text);
        assert.equal(resource(result, "site-password").newState.inputs["length"], 32);
        assert.equal(outputsOf(result)["length"], 32);
        assert.deepEqual(result.plan.policyRemediations, [
            {
                pack: "source-rules",
                policy: "long-passwords",
                urn: PASSWORD,
                description: "Makes every password 32 characters long.",
            },
        ]);
        assert.match(result.text, /\[remediated\] long-passwords .*\(site-password\)/);
    });

    it("judge plausible values instead of unknowns with up", async () => {
        const blind = await preview("options", { policyPacks: [COMPILED] });
        const seeing = await preview("options", { policyPacks: [COMPILED], up: true });
        const found = ({ violations }: typeof blind) =>
            violations
                .filter(({ policy }) => policy === "queues-have-arns")
                .map(({ level, message }) => [level, message.replace(/[0-9a-f]{7}(?=,)/, "#")]);
        assert.equal(blind.exitCode, 0);
        assert.deepEqual(found(blind)[0]?.[0], "advisory");
        assert.equal(seeing.exitCode, 1);
        const arn = (name: string) => [
            "mandatory",
            "Every queue has an ARN of its own region.\n" +
                `arn is arn:aws:sqs:us-east-1:123456789012:${name}-#, which is not in eu-west-1`,
        ];
        // What is imported has its own ARN already, which no stand-in may claim to know.
        assert.deepEqual(
            found(seeing).filter(([, text]) => !text?.includes("imported")),
            [arn("other"), arn("group-queue")],
        );
    });

    describe("that cannot be used", () => {
        let directory: string;
        beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "pack-"))));
        afterEach(() => rmSync(directory, { recursive: true }));

        async function refusal(options: Parameters<typeof preview>[1]): Promise<[number, string]> {
            const { exitCode, text } = await preview("basic", options);
            return [exitCode, text];
        }

        it("are refused when the directory holds none, or one in another language", async () => {
            assert.deepEqual(await refusal({ policyPacks: [directory] }), [
                2,
                `error: ${directory} is no policy pack: it holds no PulumiPolicy.yaml.\n`,
            ]);
            writeFileSync(join(directory, "PulumiPolicy.yaml"), "runtime: opa\n");
            assert.match(
                (await refusal({ policyPacks: [directory] }))[1],
                /runs Node\.js policy packs only/,
            );
        });

        it("are refused with every mistake of their configuration", async () => {
            assert.deepEqual(
                await refusal({
                    policyPacks: [COMPILED],
                    policyConfig: {
                        "password-length": { minimum: "x", maximum: 3 },
                        "prefix-is-shown": "fatal",
                    },
                }),
                [
                    2,
                    "error: The policy configuration given is not valid:\n" +
                        '  - prefix-is-shown: enforcementLevel is "fatal", allowed are advisory, mandatory, remediate, disabled\n' +
                        "  - password-length has no setting maximum; its settings are minimum, note\n" +
                        '  - password-length: minimum is "x", but must be integer\n',
                ],
            );
        });

        it("are refused when their configuration names a policy that no pack has", async () => {
            assert.deepEqual(
                await refusal({
                    policyPacks: [COMPILED],
                    policyConfig: { "password-lengths": "advisory" },
                }),
                [
                    2,
                    "error: The policy configuration given is not valid:\n" +
                        "  - password-lengths is the name of no policy; there is password-length\n",
                ],
            );
        });

        it("are refused when every policy is switched off: nothing would be checked", async () => {
            assert.deepEqual(
                await refusal({ policyPacks: [COMPILED], policyConfig: { all: "disabled" } }),
                [
                    2,
                    "error: The policy configuration disables every policy of compiled-rules: nothing would be checked.\n",
                ],
            );
        });

        function broken(index: string): string {
            const pack = join(__dirname, "programs", `.broken-${process.pid}`);
            mkdirSync(pack, { recursive: true });
            writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
            writeFileSync(join(pack, "package.json"), '{"name": "broken", "version": "1.0.0"}');
            writeFileSync(join(pack, "index.js"), index);
            return pack;
        }

        it("fail the preview with 1 and what they wrote when they stop before they serve", async () => {
            const pack = broken('console.error("no licence"); process.exit(4);');
            try {
                assert.deepEqual(await refusal({ policyPacks: [pack] }), [
                    1,
                    `error: The policy pack in ${pack} stopped before it was ready (exit 4):\nno licence\n`,
                ]);
            } finally {
                rmSync(pack, { recursive: true });
            }
        });

        it("fail the preview with 1, naming the policy, when a policy throws", async () => {
            const pack = broken(
                'new (require("@pulumi/policy").PolicyPack)("thrower", { policies: [{ name: "throws", ' +
                    'description: "d", enforcementLevel: "advisory", validateResource: () => { throw new Error("oops"); } }] });',
            );
            try {
                const result = await preview("esm", { policyPacks: [pack] });
                assert.equal(result.exitCode, 1);
                assert.match(
                    errorsOf(result)[0]!,
                    /policy 'throws' from policy pack 'thrower@v1\.0\.0'/,
                );
                assert.match(errorsOf(result)[0]!, /oops/);
            } finally {
                rmSync(pack, { recursive: true });
            }
        });
    });
});
