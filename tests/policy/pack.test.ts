import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { DEFINITIONS } from "../../policy/policies";
import { PackProcess, type Reported } from "./pack-process";
import { UNKNOWN, urn } from "./stack";

const REPOSITORY = path.join(__dirname, "../..");
const GROUP = "aws:autoscaling/group:Group";
const INSTALL_LIMIT_MS = 240_000;

function run(cwd: string, command: string, ...args: string[]): string | undefined {
    const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" });
    return status === 0 ? undefined : `${command} ${args.join(" ")}: ${stderr}${stdout}`;
}

/** Packs as `npm publish` does, and unpacks where nothing of this repository can be found. @returns the pack's folder */
function unpack(into: string): string {
    const packed = run(
        path.join(REPOSITORY, "policy"),
        "npm",
        ...["pack", "--silent", "--pack-destination", into],
    );
    assert.equal(packed, undefined);
    const [tarball] = fs.readdirSync(into);
    assert.equal(run(into, "tar", "-xzf", tarball!), undefined);
    return path.join(into, "package");
}

/** Installs what the pack depends on; without a registry, links what the repository has installed, and says so. */
function install(folder: string): void {
    const failure = run(
        folder,
        "npm",
        ...["install", "--prefer-offline", "--ignore-scripts", "--omit=dev", "--no-audit"],
        ...["--no-fund", "--loglevel=error"],
    );
    if (failure === undefined) return;
    console.log(`      dependencies linked from the repository, for npm could not install them`);
    fs.rmSync(path.join(folder, "node_modules"), { recursive: true, force: true });
    fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
}

/** What one policy reported, without the description that the SDK puts before each message. */
function of(policy: string, reported: readonly Reported[]): (readonly [number, string])[] {
    return reported
        .filter((each) => each.policy === policy)
        .map(({ level, message }) => [level, message.split("\n").at(-1)!] as const);
}

const LIMITS_POLICY = "logcaster-capacity-stay-inside-limits";
const REMEDY = "Set minSize and maxSize inside the limits, or record an exception";
const { ADVISORY, MANDATORY } = analyzer.EnforcementLevel;

describe("the packed pack, outside the repository", function () {
    this.timeout(INSTALL_LIMIT_MS);
    let folder: string;
    let pack: PackProcess;

    before(async () => {
        const home = fs.mkdtempSync(path.join(os.tmpdir(), "logcaster-policy-"));
        folder = unpack(home);
        install(folder);
        pack = await PackProcess.start(folder);
    });

    after(async () => {
        await pack?.stop();
        if (folder) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
    });

    it("carries the compiled pack, its sources and what the CLI reads", () => {
        for (const file of [
            "bin/index.js",
            "index.ts",
            "policies.ts",
            "rules/capacity.ts",
            "tsconfig.json",
            "PulumiPolicy.yaml",
            "README.md",
            "config/prod.json",
        ]) {
            assert.ok(fs.existsSync(path.join(folder, file)), file);
        }
    });

    it("loads nothing but the policy SDK: no provider, no package of this repository", () => {
        const compiled = fs.readFileSync(path.join(folder, "bin/index.js"), "utf8");
        const loaded = [...compiled.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
        assert.deepEqual([...new Set(loaded)], ["@pulumi/policy"]);
    });

    it("answers who it is, with every policy, its level, kind and settings", async () => {
        const info = await pack.info();
        assert.equal(info.getName(), "logcaster-scaling");
        assert.equal(info.getVersion(), "0.1.0");
        assert.deepEqual(
            info.getPoliciesList().map((policy) => ({
                name: policy.getName(),
                level: policy.getEnforcementlevel(),
                stack: policy.getPolicyType() === analyzer.PolicyType.POLICY_TYPE_STACK,
                settings: Object.keys(
                    policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {},
                ).sort(),
            })),
            DEFINITIONS.map((definition) => ({
                name: definition.name,
                level: {
                    advisory: ADVISORY,
                    mandatory: MANDATORY,
                    disabled: analyzer.EnforcementLevel.DISABLED,
                    remediate: analyzer.EnforcementLevel.REMEDIATE,
                }[definition.enforcementLevel],
                stack: "stack" in definition,
                settings: [...Object.keys(definition.config ?? {}), "exceptions"].sort(),
            })),
        );
    });

    it("refuses a group over the ceiling, with value, limit and remedy", async () => {
        const reported = await pack.analyze({
            type: GROUP,
            urn: urn(GROUP, "group"),
            props: { minSize: 3, maxSize: 80 },
        });
        assert.deepEqual(of(LIMITS_POLICY, reported), [
            [MANDATORY, `maxSize is 80, limit 50 (max). ${REMEDY}`],
        ]);
    });

    it("notes a value not known yet, and keeps what it found beside it mandatory", async () => {
        const reported = await pack.analyze({
            type: GROUP,
            urn: urn(GROUP, "group"),
            props: { minSize: 1, maxSize: UNKNOWN },
        });
        assert.deepEqual(of(LIMITS_POLICY, reported), [
            [MANDATORY, `minSize is 1, limit 3 (min). ${REMEDY}`],
            [
                ADVISORY,
                `can't run policy '${LIMITS_POLICY}' from policy pack 'logcaster-scaling@v0.1.0' during preview: string value at .maxSize can't be known during preview`,
            ],
        ]);
    });

    it("sees a stack's relations through what values are made from", async () => {
        const policy = "aws:autoscaling/policy:Policy";
        const reported = await pack.analyzeStack([
            { type: GROUP, urn: urn(GROUP, "group"), props: { minSize: 3, maxSize: 20 } },
            {
                type: policy,
                urn: urn(policy, "cpu"),
                props: {
                    autoscalingGroupName: UNKNOWN,
                    policyType: "TargetTrackingScaling",
                    targetTrackingConfiguration: { targetValue: 70, disableScaleIn: true },
                },
                references: { autoscalingGroupName: [urn(GROUP, "group")] },
            },
        ]);
        const name = "logcaster-scaling-own-scale-in-once";
        assert.deepEqual(
            of(name, reported).map(([level, message]) => [level, message.split(". ")[0]]),
            [[MANDATORY, "the owners of scale-in are none, must be exactly one kind"]],
        );
        assert.equal(reported.find(({ policy: p }) => p === name)?.urn, urn(GROUP, "group"));
    });

    it("takes a stack's own limits and exceptions", async () => {
        const group = (name: string) => ({
            type: GROUP,
            urn: urn(GROUP, name),
            props: { minSize: 3, maxSize: 30 },
        });
        const exceptions = [{ urn: "*::excused", reason: "a test", until: "2999-12-31" }];
        await pack.configure({ [LIMITS_POLICY]: { max: 20, exceptions } });
        assert.deepEqual(of(LIMITS_POLICY, await pack.analyze(group("group"))), [
            [MANDATORY, `maxSize is 30, limit 20 (max). ${REMEDY}`],
        ]);
        assert.deepEqual(of(LIMITS_POLICY, await pack.analyze(group("excused"))), []);
        await pack.configure({});
        assert.deepEqual(of(LIMITS_POLICY, await pack.analyze(group("group"))), []);
    });
});
