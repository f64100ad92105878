import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { parse } from "yaml";
import { runCommand } from "../../../dataplane/cli/run";
import { simulateCommand } from "../../../dataplane/cli/simulate";
import { madeLoad } from "../../model/capacity/loads";

const ROOT = resolve(__dirname, "../../..");
const MINUTE_MS = 60_000;

/** The repository's own stack: tracks 70 % of CPU between 3 and 20 instances over scheduled minimums. */
const STACK = readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8");

interface Printed {
    readonly stack: string;
    readonly peakInstances: number;
    readonly costUnit: string;
    readonly prices: { onDemandPerHour: number; spotPerHour: number } | null;
    readonly priceSources: readonly string[];
    readonly notes: readonly string[];
    readonly suggestedSchedule: { periods: unknown[]; otherwise: number } | null;
    readonly forecasts: readonly { forecaster: string }[];
    readonly policies: readonly {
        onDemandHours: number;
        spotHours: number;
        policy: string;
        deployable: string;
        instanceHours: number;
        cost: number;
        overloadedMinutes: number;
        onFrontier: boolean;
        standing: { below: boolean };
    }[];
}

describe("logcaster simulate", function () {
    this.timeout(120_000);
    let folder: string;
    let trace: string;
    let stack: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "simulate-"));
        trace = join(folder, "trace.csv");
        stack = join(folder, "Pulumi.test.yaml");
        const { values } = madeLoad("office hours", 6, 5 * MINUTE_MS, 1);
        const rows = [...values].map(
            (value, i) => `${Date.UTC(2026, 0, 5) + i * 5 * MINUTE_MS},${Math.round(5000 * value)}`,
        );
        writeFileSync(trace, `timestamp,value\n${rows.join("\n")}\n`);
        writeFileSync(stack, STACK);
    });
    after(() => rmSync(folder, { recursive: true }));

    /** Runs the command in this process: starting one takes longer than simulating. */
    async function logcaster(...flags: string[]) {
        const written = { stdout: "", stderr: "" };
        const { stdout, stderr } = process;
        const originals = [stdout.write, stderr.write] as const;
        const capture = (key: keyof typeof written) => (text: string) => {
            written[key] += text;
            return true;
        };
        stdout.write = capture("stdout") as typeof stdout.write;
        stderr.write = capture("stderr") as typeof stderr.write;
        try {
            const program = new Command("logcaster").addCommand(simulateCommand());
            await runCommand(program, [process.execPath, "logcaster", "simulate", ...flags]);
            return { ...written, status: process.exitCode ?? 0 };
        } finally {
            [stdout.write, stderr.write] = originals;
            process.exitCode = undefined;
        }
    }

    it("compares the stack with every other policy, in JSON", async () => {
        const run = await logcaster("--trace", trace, "--settings", stack, "--json");
        assert.equal(run.stderr, "");
        assert.equal(run.status, 0);
        const report = JSON.parse(run.stdout) as Printed;
        assert.equal(report.costUnit, "USD");
        const names = report.policies.map(({ policy }) => policy);
        assert.equal(names[0], "this stack");
        for (const name of [
            "the brief's rule",
            "the brief's fixed hours",
            "HPA at 70 %",
            "target tracking at 70 %",
            "target tracking at 80 % and predictive scaling",
            "predictive floor over HPA",
        ]) {
            assert.ok(names.includes(name), name);
        }
        const own = report.policies[0]!;
        const tracking = report.policies.find(
            ({ policy }) => policy === "target tracking at 70 %",
        )!;
        assert.ok(own.instanceHours > tracking.instanceHours, "the schedule raises tracking");
        assert.ok(own.overloadedMinutes <= tracking.overloadedMinutes);
        const floor = report.policies.find(({ policy }) => policy === "predictive floor over HPA")!;
        assert.equal(floor.deployable, "only simulated");
        assert.equal(floor.standing.below, true);
        assert.equal(report.forecasts.length, 2);
    });

    it("simulates the pods and the nodes of a stack on Kubernetes with its HPA", async () => {
        const eks = join(ROOT, "Pulumi.eks.yaml");
        const run = await logcaster("--trace", trace, "--settings", eks, "--json");
        assert.equal(run.status, 0, run.stderr);
        const report = JSON.parse(run.stdout) as Printed & { capacityPerInstance: number };
        assert.equal(report.capacityPerInstance, 125, "an eighth of 1,000 connections");
        assert.equal(report.suggestedSchedule, null);
        // A node: medium, on demand, in ap-northeast-2.
        assert.equal(report.prices?.onDemandPerHour, 0.33696);
        assert.equal(report.policies[0]!.cost, 0.33696 * report.policies[0]!.instanceHours);
        assert.match(report.notes.join(), /This stack runs pods/);
        const [own] = report.policies;
        const same = report.policies.find(({ policy }) => policy === "HPA at 70 %")!;
        assert.equal(own!.deployable, "kubernetes");
        // 70 % of CPU is 87.5 connections a pod, below the 100 that the scaler allows: CPU decides.
        assert.deepEqual(
            [own!.instanceHours, own!.overloadedMinutes],
            [same.instanceHours, same.overloadedMinutes],
        );
        // Sixteen pods fit a node by CPU, and three nodes are always there.
        const hours = 6 * 24;
        assert.ok(own!.instanceHours >= 3 * hours - 1, String(own!.instanceHours));
        assert.ok(own!.instanceHours < 5 * hours, String(own!.instanceHours));
    });

    it("prices instance-hours by the mix when told the prices", async () => {
        const run = await logcaster(
            "--trace",
            trace,
            "--settings",
            stack,
            "--json",
            "--price-per-hour",
            "2",
            "--spot-price-per-hour",
            "2",
        );
        const report = JSON.parse(run.stdout) as Printed;
        assert.equal(report.costUnit, "USD");
        assert.deepEqual(report.priceSources, [
            "Price: 2 USD an hour on demand and 2 of spot, as given.",
        ]);
        for (const { cost, instanceHours } of report.policies) {
            assert.ok(Math.abs(cost - 2 * instanceHours) < 1e-6);
        }
    });

    describe("without the flags of prices", () => {
        /** The report of the stack with these lines below `spot` and the others at the end of the file. */
        async function reportWith(types: string, budget = "", ...flags: string[]) {
            const file = join(folder, "Pulumi.priced.yaml");
            const mixed = STACK.replace(
                "    spot:\n",
                `    spot:\n      instanceTypes: [${types}]\n`,
            );
            assert.notEqual(mixed, STACK);
            const budgeted = mixed.replace("  logcaster:budget:\n", `$&${budget}`);
            writeFileSync(file, budgeted);
            const run = await logcaster("--trace", trace, "--settings", file, "--json", ...flags);
            assert.equal(run.status, 0, run.stderr);
            return JSON.parse(run.stdout) as Printed;
        }

        it("takes those of the stack's instance types and region, the mix of spot by its hours", async () => {
            const report = await reportWith("m6in.xlarge, m7i.xlarge, m6a.xlarge");
            // The table: 0.27846, 0.2016 and 0.1728 less 56, 53 and 57 %; the middle one is 0.094752.
            assert.equal(report.costUnit, "USD");
            assert.equal(report.prices?.onDemandPerHour, 0.27846);
            assert.equal(report.prices?.spotPerHour.toFixed(9), "0.094752000");
            for (const { cost, onDemandHours, spotHours } of report.policies) {
                assert.ok(spotHours > 0 && onDemandHours > 0);
                assert.ok(Math.abs(cost - 0.27846 * onDemandHours - 0.094752 * spotHours) < 1e-6);
            }
            assert.match(
                report.priceSources[0] ?? "",
                /^Price: 0\.27846 USD an hour on demand, m6in\.xlarge in us-east-1, of 2026-\d\d-\d\d \(https:/,
            );
            assert.match(
                report.priceSources[1] ?? "",
                /^Price: 0\.09475 USD an hour of spot, an estimate: .* of 2025-06-28 \(https:/,
            );
            const away = await reportWith("m6in.xlarge", "", "--region", "ap-northeast-1");
            assert.equal(away.prices?.onDemandPerHour, 0.35802);
        });

        it("lets the stack's own prices go before the table's", async () => {
            const own = "    prices: { us-east-1: { ec2.m6in.xlarge.hour: 0.5 } }\n";
            const { prices, priceSources } = await reportWith("m6in.xlarge", own);
            assert.equal(prices?.onDemandPerHour, 0.5);
            assert.equal(prices?.spotPerHour.toFixed(9), "0.220000000");
            assert.match(priceSources[0] ?? "", /0\.5 USD .* from logcaster:budget\.prices\.$/);
        });

        it("stays with instance-hours where a price is not known, and says which", async () => {
            const report = await reportWith("m8i.xlarge");
            assert.equal(report.costUnit, "instance-hours");
            assert.equal(report.prices, null);
            assert.deepEqual(report.priceSources, [
                "No price of spot is known of m8i.xlarge in us-east-1. Cost is in instance-hours: give --price-per-hour and --spot-price-per-hour, or logcaster:budget.prices.",
            ]);
            for (const { cost, instanceHours } of report.policies) {
                assert.equal(cost, instanceHours);
            }
        });
    });

    it("draws for people: a chart, a table, a schedule that the settings take, and an SVG", async () => {
        const svg = join(folder, "picture.svg");
        const run = await logcaster("--trace", trace, "--settings", stack, "--svg", svg);
        assert.equal(run.status, 0);
        assert.match(run.stdout, /┤/);
        assert.match(run.stdout, /> this stack +aws/);
        assert.match(
            run.stdout,
            /^Price: 0\.27846 USD an hour on demand, m6in\.xlarge in us-east-1, of 2026-/m,
        );
        assert.match(run.stdout, /Holt-Winters \(24\)/);
        assert.doesNotMatch(run.stdout, /\u001b\[/);
        const drawn = readFileSync(svg, "utf8");
        assert.match(drawn, /^<svg xmlns/);
        assert.doesNotMatch(drawn, /NaN|undefined|Infinity/);
        assert.match(drawn, /predictive floor over HPA/);
        const schedule = /^schedule:[^]*$/m.exec(run.stdout);
        if (schedule) {
            const { periods } = (
                parse(schedule[0]) as { schedule: { periods: { from: number }[] } }
            ).schedule;
            assert.ok(periods.length > 0);
        } else assert.match(run.stdout, /No schedule is suggested/);
    });

    it("exits 2 with one sentence a mistake and nothing on stdout", async () => {
        const refused = async (message: RegExp, ...flags: string[]) => {
            const run = await logcaster(...flags);
            assert.equal(run.status, 2, run.stderr);
            assert.equal(run.stdout, "");
            assert.match(run.stderr, message);
            assert.doesNotMatch(run.stderr, /\n\s+at /);
        };
        const given = ["--trace", trace, "--settings", stack];
        await refused(
            /--unit requests needs --capacity-per-instance/,
            ...given,
            "--unit",
            "requests",
        );
        await refused(/--region is mars; the stack has us-east-1, /, ...given, "--region", "mars");
        await refused(
            /does not look like connections/,
            ...given,
            "--capacity-per-instance",
            "0.001",
        );
        await refused(/A number above 0 is allowed/, ...given, "--capacity-per-instance", "-1");
        await refused(
            /There is no readable file/,
            "--trace",
            trace,
            "--settings",
            join(folder, "none"),
        );
        const broken = join(folder, "Pulumi.broken.yaml");
        writeFileSync(broken, STACK.replace("max: 20", "max: 5000").replace("min: 3", "min: 1"));
        await refused(
            /scaling\.min is 1;.*\n.*scaling\.max is 5000;/,
            "--trace",
            trace,
            "--settings",
            broken,
        );
    });

    it("says so where the load gives no policy anything to decide", async () => {
        const run = await logcaster(
            "--trace",
            trace,
            "--settings",
            stack,
            "--json",
            "--capacity-per-instance",
            "100000",
        );
        const report = JSON.parse(run.stdout) as Printed;
        assert.match(report.notes[0] ?? "", /fewer than the minimum of 3/);
    });
});
