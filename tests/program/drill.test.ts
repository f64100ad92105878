import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drill } from "logcaster-model/recovery";
import { type Plan, previewPlan } from "logcaster-preview";
import { ROOT } from "./stack-files";

const LAUNCHER = join(ROOT, "dataplane/cli/logcaster.cjs");
const logcaster = (args: string[], input = "") =>
    spawnSync(process.execPath, [LAUNCHER, "drill", ...args], { input, encoding: "utf8" });

describe("the drill of prod's plan", function () {
    this.timeout(120_000);
    let plan: Plan;
    let folder: string;
    before(async () => {
        plan = (await previewPlan({ cwd: ROOT, stack: "prod", up: true })).plan;
        folder = mkdtempSync(join(tmpdir(), "logcaster-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    it("finds nothing that fails without any zone or any region", () => {
        const findings = drill(plan);
        assert.deepEqual(
            findings.filter(({ verdict }) => verdict === "fails"),
            [],
        );
        assert.equal(new Set(findings.map(({ lost }) => lost)).size, 12);
        // Every kind of part was found: none is left out for want of an id.
        const units = ["instances", "proxies", "zones", "copies of a shard", "areas answered"];
        for (const unit of units) {
            assert.ok(
                findings.some((finding) => finding.unit === unit),
                unit,
            );
        }
    });

    it("ends with 0 for it, 1 where something fails, and 2 for what is no plan", () => {
        const file = join(folder, "plan.json");
        writeFileSync(file, JSON.stringify(plan));
        const sound = logcaster(["--plan", file]);
        assert.deepEqual([sound.status, sound.stderr], [0, ""]);
        assert.match(sound.stdout, /12 losses drilled: \d+ parts hold, \d+ recover, 0 fail\.\n$/);

        const single = structuredClone(plan) as unknown as {
            steps: { newState: { type: string; inputs: Record<string, unknown> } }[];
        };
        const routes = single.steps.filter(({ newState }) => newState.inputs?.["natGatewayId"]);
        for (const { newState } of routes)
            newState.inputs["natGatewayId"] = routes[0]!.newState.inputs["natGatewayId"];
        const weak = logcaster(["--plan", "-", "--json"], JSON.stringify(single));
        assert.equal(weak.status, 1);
        const { fails } = JSON.parse(weak.stdout) as { fails: number };
        assert.ok(fails > 0);

        for (const [input, says] of [
            ["[", /is no JSON/],
            ["{}", /is no plan/],
        ] as const) {
            const bad = logcaster(["--plan", "-"], input);
            assert.deepEqual([bad.status, bad.stdout], [2, ""]);
            assert.match(bad.stderr, says);
        }
    });
});
