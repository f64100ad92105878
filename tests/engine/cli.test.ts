import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { skip } from "../skip";
import { CliStack, changesOf, onPath } from "./cli";
import { lifeOf, PLANS } from "./scenarios";

const REPOSITORY = path.resolve(__dirname, "../..");
const BUILD_TIMEOUT_MS = 300_000;

describe("under the Pulumi CLI, with the stand-in providers", function () {
    this.timeout(BUILD_TIMEOUT_MS);
    if (!onPath("pulumi")) {
        it("lives through preview, up, changes, drift, refusals and destroy", function () {
            const where = "https://www.pulumi.com/docs/iac/download-install/";
            skip(this, `no pulumi on PATH; ${where} says how to get it`);
        });
        return;
    }
    before(() => {
        // The CLI runs the compiled pack.
        execFileSync("npm", ["run", "--silent", "build", "--workspace", "policy"], {
            cwd: REPOSITORY,
            stdio: ["ignore", "ignore", "inherit"],
        });
    });
    for (const plan of PLANS) lifeOf(plan, () => CliStack.create(REPOSITORY, plan.stack));
});

describe("what the tests make of the CLI's answers", () => {
    const urn = (type: string, name: string) => `urn:pulumi:dev::logcaster::${type}::${name}`;
    const group = urn("pkg:index:Fleet$aws:autoscaling/group:Group", "fleet");
    const step = (op: string, of: string, more: object = {}) => ({
        op,
        urn: of,
        newState: { custom: true },
        ...more,
    });

    it("takes the steps of a preview, without components, providers and what stays the same", () => {
        const steps = [
            step("same", urn("pulumi:pulumi:Stack", "logcaster-dev"), {
                newState: { custom: false },
            }),
            step("create", urn("pulumi:providers:aws", "aws")),
            step("update", urn("pkg:index:Fleet", "f"), { newState: { custom: false } }),
            step("update", group, {
                detailedDiff: { maxSize: { kind: "update", inputDiff: true } },
            }),
            step("create-replacement", urn("aws:lb/loadBalancer:LoadBalancer", "nlb"), {
                detailedDiff: { name: { kind: "update-replace" } },
            }),
            step("delete-replaced", urn("aws:lb/loadBalancer:LoadBalancer", "nlb")),
            step("delete", urn("aws:sns/topic:Topic", "t"), {
                newState: undefined,
                oldState: { custom: true },
            }),
            step("create", urn("aws:sns/topic:Topic", "u"), { detailedDiff: null }),
        ];
        assert.deepEqual(
            changesOf(
                `warning: using pulumi-resource-aws from $PATH\n${JSON.stringify({ steps })}\n`,
            ),
            [
                { op: "update", urn: group, detailed: { maxSize: "update" } },
                {
                    op: "replace",
                    urn: urn("aws:lb/loadBalancer:LoadBalancer", "nlb"),
                    detailed: { name: "update-replace" },
                },
                { op: "delete", urn: urn("aws:sns/topic:Topic", "t"), detailed: {} },
                { op: "create", urn: urn("aws:sns/topic:Topic", "u"), detailed: {} },
            ],
        );
        assert.deepEqual(changesOf("error: no stack\n"), []);
    });

    it("starts the CLI in a copy, with a state, a home and plugins of its own", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fake-pulumi-"));
        const log = path.join(folder, "log");
        const before = { ...process.env };
        // A CLI that writes down how it was called.
        const script = `#!/bin/sh
echo "$* | $(pwd) | $PULUMI_BACKEND_URL | \${PULUMI_ACCESS_TOKEN:-none} | $(command -v pulumi-resource-aws)" >> ${log}
case "$1" in stack) echo '{"deployment":{}}';; preview) echo '{"steps":[]}';; esac
`;
        fs.writeFileSync(path.join(folder, "pulumi"), script, { mode: 0o755 });
        process.env.PATH = `${folder}${path.delimiter}${before.PATH}`;
        process.env.PULUMI_ACCESS_TOKEN = "not-for-the-tests";
        const config = fs.readFileSync(path.join(REPOSITORY, "Pulumi.dev.yaml"), "utf8");
        try {
            const stack = await CliStack.create(REPOSITORY, "dev");
            await stack.configure("logcaster:scaling.max", "5");
            assert.deepEqual((await stack.preview()).changes, []);
            assert.deepEqual(await stack.state(), []);
            await stack.guarded({ "logcaster-some-policy": { max: 4 } });
            await stack.dispose();
        } finally {
            process.env.PATH = before.PATH;
            if (before.PULUMI_ACCESS_TOKEN === undefined) delete process.env.PULUMI_ACCESS_TOKEN;
            else process.env.PULUMI_ACCESS_TOKEN = before.PULUMI_ACCESS_TOKEN;
        }
        const calls = fs
            .readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => line.split(" | "));
        const always = "--non-interactive --color never";
        const plugins = "--stack dev --skip-plugin-pre-install";
        assert.deepEqual(
            calls.map(([args]) => args?.replace(/\/\S+/g, "PATH")),
            [
                `stack init dev ${always}`,
                `config set --path logcaster:scaling.max 5 --stack dev ${always}`,
                `preview --json ${plugins} ${always}`,
                `stack export --show-secrets --stack dev ${always}`,
                `up --yes --policy-pack PATH --policy-pack-config PATH --urns ${plugins} ${always}`,
            ],
        );
        for (const [, cwd, backend, token, plugin] of calls) {
            assert.ok(cwd && !cwd.startsWith(REPOSITORY));
            assert.match(backend ?? "", /^file:\/\/.+\/state$/);
            assert.equal(token, "none");
            assert.equal(plugin, path.join(REPOSITORY, "tests/standin/bin/pulumi-resource-aws"));
        }
        assert.equal(fs.readFileSync(path.join(REPOSITORY, "Pulumi.dev.yaml"), "utf8"), config);
        fs.rmSync(folder, { recursive: true, force: true });
    });
});
