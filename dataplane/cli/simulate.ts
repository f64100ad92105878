import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { TraceError, type TraceUnit } from "logcaster-model/capacity";
import { SettingsError } from "logcaster-model/settings";
import { stringify } from "yaml";
import { BadInput } from "../migrate/errors";
import { terminalChart } from "../simulate/chart";
import { readTrace } from "../simulate/read-trace";
import { REPORTED_QUANTILES, type Report, simulateStack } from "../simulate/run";
import { readSettingsFile } from "../simulate/settings-file";
import { drawSvg } from "../simulate/svg";
import { print, table } from "./output";

interface Flags {
    readonly trace: string;
    readonly settings: string;
    readonly unit: TraceUnit;
    readonly region?: string;
    readonly capacityPerInstance?: number;
    readonly pricePerHour?: number;
    readonly spotPricePerHour?: number;
    readonly interruptionsPerHour: number;
    readonly json?: boolean;
    readonly svg?: string;
}

const DEFAULT_COLUMNS = 120;

const EXAMPLES = `
Examples:
  $ logcaster simulate --trace connections.csv --settings Pulumi.prod.yaml --svg simulation.svg
  $ aws cloudwatch get-metric-data ... > requests.json
  $ logcaster simulate --trace requests.json --settings Pulumi.prod.yaml --unit requests --capacity-per-instance 250 --json`;

/** `logcaster simulate`: what a stack's scaling settings would have done with a recorded load. */
export function simulateCommand(): Command {
    return new Command("simulate")
        .description("Replay a recorded load against a stack's scaling settings and other policies")
        .requiredOption(
            "--trace <file>",
            "CSV timestamp,value; CloudWatch or Prometheus range JSON",
        )
        .requiredOption("--settings <file>", "the stack's Pulumi.<stack>.yaml")
        .addOption(
            new Option("--unit <unit>", "connections at a time, or requests within each step")
                .choices(["connections", "requests"])
                .default("connections"),
        )
        .option(
            "--region <name>",
            "whose time zone, size and prices count (default: the primary region)",
        )
        .option(
            "--capacity-per-instance <n>",
            "connections, or requests a second, that one instance serves (default: the settings')",
            positive,
        )
        .option(
            "--price-per-hour <usd>",
            "USD of an on-demand instance (default: the price table's for the stack's instances)",
            positive,
        )
        .option(
            "--spot-price-per-hour <usd>",
            "USD of a spot instance; the two belong together",
            positive,
        )
        .option(
            "--interruptions-per-hour <n>",
            "spot interruptions an instance meets in an hour",
            nonNegative,
            0,
        )
        .option("--json", "print one JSON document")
        .option("--svg <file>", "also draw the simulation into this file")
        .addHelpText("after", EXAMPLES)
        .action(run);
}

async function run(flags: Flags): Promise<void> {
    const prices = pricesOf(flags);
    try {
        const settings = await readSettingsFile(flags.settings);
        const trace = await readTrace(flags.trace, flags.unit, (rows) => {
            if (process.stderr.isTTY) process.stderr.write(`\rread ${rows} rows`);
        });
        if (process.stderr.isTTY) process.stderr.write("\r");
        const { report, world, course } = simulateStack({
            trace,
            unit: flags.unit,
            settings,
            interruptionsPerHour: flags.interruptionsPerHour,
            ...(flags.region === undefined ? {} : { region: flags.region }),
            ...(flags.capacityPerInstance === undefined
                ? {}
                : { capacityPerInstance: flags.capacityPerInstance }),
            ...(prices ? { prices } : {}),
        });
        if (flags.svg !== undefined) {
            await writeFile(
                flags.svg,
                drawSvg({
                    title: `${flags.trace} on ${flags.settings}, ${report.region}`,
                    subtitle: headline(report),
                    load: world.load,
                    capacityPerInstance: world.capacityPerInstance,
                    course,
                    compared: report.policies,
                    policy: report.stack,
                    costUnit: report.costUnit,
                }),
            );
        }
        if (flags.json) return print(JSON.stringify(report));
        const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
        const columns = process.stdout.columns ?? DEFAULT_COLUMNS;
        print(terminalChart(world.load, world.capacityPerInstance, course, columns, isColoured));
        print(text(report));
    } catch (error) {
        if (error instanceof TraceError || error instanceof SettingsError) {
            throw new BadInput(error.message);
        }
        throw error;
    }
}

function pricesOf({ pricePerHour, spotPricePerHour }: Flags) {
    if (pricePerHour === undefined && spotPricePerHour === undefined) return undefined;
    if (pricePerHour === undefined || spotPricePerHour === undefined) {
        throw new BadInput(
            "--price-per-hour and --spot-price-per-hour belong together: give both.",
        );
    }
    return { onDemandPerHour: pricePerHour, spotPerHour: spotPricePerHour };
}

function headline({ policies, stack, costUnit }: Report): string {
    const own = policies.find(({ policy }) => policy === stack);
    if (!own) return "";
    return `${own.overloadedMinutes.toFixed(0)} of ${(own.hours * 60).toFixed(0)} minutes overloaded (${own.overloadedPercent.toFixed(2)} %), ${own.cost.toFixed(0)} ${costUnit}, ${own.scalingEvents} scaling events`;
}

function text(report: Report): string {
    const { policies, costUnit, stack } = report;
    const rows = policies.map((p) => [
        p.policy === stack ? `> ${p.policy}` : `  ${p.policy}`,
        p.deployable,
        p.instanceHours.toFixed(0),
        p.cost.toFixed(costUnit === "USD" ? 2 : 0),
        p.overloadedMinutes.toFixed(0),
        p.overloadedPercent.toFixed(2),
        p.longestOverloadMinutes.toFixed(1),
        (p.scalingEvents / p.hours).toFixed(2),
        p.mostScalingEventsInAnHour.toFixed(0),
        p.onFrontier
            ? "on the frontier"
            : p.standing.costRatio === undefined
              ? ""
              : `${((p.standing.costRatio - 1) * 100).toFixed(0)} % dearer`,
    ]);
    const head = [
        "  policy",
        "runs on",
        "inst-h",
        costUnit === "USD" ? "USD" : "cost",
        "min over",
        "% over",
        "longest",
        "ev/h",
        "most ev/h",
        "against the others",
    ];
    const lines = [
        headline(report),
        "",
        table([head, ...rows]),
        "",
        "min over: minutes overloaded; longest: minutes; cost: " + costUnit,
        ...report.priceSources,
        ...report.repairs.map((sentence) => `repaired: ${sentence}`),
        ...report.notes.map((sentence) => `note: ${sentence}`),
        ...forecastText(report),
    ];
    return lines.join("\n");
}

function forecastText({ forecasts, suggestedSchedule }: Report): string[] {
    if (forecasts.length === 0) return ["note: the trace is too short to back-test a forecast."];
    const rows = forecasts.map((result) => [
        result.forecaster,
        String(result.origins),
        result.mase.toFixed(3),
        ...REPORTED_QUANTILES.map((p) => (result.pinball[String(p)] ?? NaN).toFixed(4)),
        ...REPORTED_QUANTILES.map(
            (p) => `${(100 * (result.coverage[String(p)] ?? NaN)).toFixed(0)} %`,
        ),
    ]);
    const quantiles = REPORTED_QUANTILES.map((p) => `p${p * 100}`);
    return [
        "",
        "Forecasts of 48 hours, back-tested (pinball loss as a share of the mean load; share of hours below each quantile):",
        table([
            [
                "forecast",
                "times",
                "MASE",
                ...quantiles.map((q) => `loss ${q}`),
                ...quantiles.map((q) => `below ${q}`),
            ],
            ...rows,
        ]),
        "",
        ...(suggestedSchedule
            ? [
                  "Scheduled minimums from the forecast, for logcaster:scaling in the stack's file:",
                  stringify({ schedule: { enabled: true, ...suggestedSchedule } }).trimEnd(),
              ]
            : ["No schedule is suggested: no forecast of this load has beaten the day before."]),
    ];
}

function positive(text: string): number {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
    throw new InvalidArgumentError("A number above 0 is allowed.");
}

function nonNegative(text: string): number {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
    throw new InvalidArgumentError("A number of at least 0 is allowed.");
}
