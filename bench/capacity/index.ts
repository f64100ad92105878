/** Scaling policies between cost and overload, the HPA port beside Kubernetes' own code, forecasts and the simulator's speed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    CAPACITY,
    type Compared,
    type Course,
    HOURS_A_DAY,
    type World,
    backtest,
    compare,
    forecasterFor,
    forecasting,
    hourlyMeans,
    hpaPolicy,
    peers,
    predictiveFloor,
    seasonalNaive,
    simulate,
    standing,
} from "../../model/capacity";
import { drawSvg } from "../../dataplane/simulate/svg";
import { BRIEF_SERIES, BRIEF_SPEC } from "../../tests/model/capacity/hpa-brief";
import { buildReplayer, replay, replayerMissing } from "../../tests/model/capacity/hpa-replay";
import { generateSeries } from "../../tests/model/capacity/hpa-series";
import { ownTrajectory } from "../../tests/model/capacity/hpa-own";
import { type Section, median, table } from "../section";
import { type Case, cases } from "./loads";
import { naiveLoop } from "./naive-loop";
import { trajectorySvg } from "./pictures";

const PICTURES = join(__dirname, "../../docs/pictures");
const SERIES = 3000;
const SPEED_RUNS = 5;
const PICTURED = "made up: office hours";

const point = ({ instanceHours, overloadedPercent }: Compared): string =>
    `${instanceHours.toFixed(0)} h, ${overloadedPercent.toFixed(2)} %`;

const FILES =
    "Loads that are not `made up` are CSV files, each value the requests of a step: `LOGCASTER_TRACES=<folder> make bench` reads all of a folder, and without it their rows are missing. Those named here are of the Numenta Anomaly Benchmark (https://github.com/numenta/NAB, under `data/`): `realTweets/Twitter_volume_AMZN` and `realAWSCloudwatch/elb_request_count_8c0756` were recorded, `artificialWithAnomaly/art_load_balancer_spikes` is made up by its authors.";

export async function measure(): Promise<Section> {
    mkdirSync(PICTURES, { recursive: true });
    const all = await cases();
    const results = all.map(({ world }) =>
        compare(world, [...peers(world, "UTC"), ...forecasting(world)]),
    );
    const text = [
        "### Cost against overload",
        "",
        "Instance-hours and share of time overloaded, for a fleet of 3 to 50 instances that boot in 3 minutes and drain in 7, sized so that the 99th percentile of the load fills 20. Ours has one set of parameters for all loads. Its cost is compared with what the frontier of the others (straight between its points) costs at the same overload, its overload with the frontier's at the same cost; a dash: no other policy gets there.",
        "",
        FILES,
        "",
        frontierTable(all, results),
        "",
        "Every policy:",
        "",
        policyTable(all, results),
        "",
        "### Forecasts of 48 hours",
        "",
        "Back-tested from a rolling origin, a forecast a day. MASE below 1 beats yesterday's value; pinball loss at 0.9 as a share of the mean load.",
        "",
        forecastTable(all),
        "",
        "### The HPA port",
        "",
        agreement(),
        "",
        "### The simulator",
        "",
        speed(all),
    ].join("\n");
    drawCase(all, results);
    return { title: "Scaling policies and their simulation", text };
}

function frontierTable(all: readonly Case[], results: readonly Compared[][]): string {
    const ratio = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(3));
    const rows = all.map(({ name, hasSeason, world }, i) => {
        const outcomes = results[i] ?? [];
        const own = outcomes.find(({ policy }) => policy === predictiveFloor().name);
        if (!own) throw new Error(`no outcome of ours for ${name}`);
        const names = new Set(peers(world, "UTC").map((peer) => peer.name));
        const against = standing(
            own,
            outcomes.filter(({ policy }) => names.has(policy)),
        );
        const season = hasSeason === undefined ? "a file" : hasSeason ? "yes" : "no";
        return [
            name,
            season,
            point(own),
            ratio(against.costRatio),
            ratio(against.overloadRatio),
            against.below ? "below" : "above",
        ];
    });
    return table(
        [
            "load",
            "season",
            "predictive floor over HPA",
            "cost / frontier's",
            "overload / frontier's",
            "frontier",
        ],
        rows,
    );
}

function policyTable(all: readonly Case[], results: readonly Compared[][]): string {
    const names = (results[0] ?? []).map(({ policy, deployable }) => ({ policy, deployable }));
    const rows = names.map(({ policy, deployable }, p) => [
        policy,
        deployable,
        ...results.map((outcomes) => (outcomes[p] ? point(outcomes[p]) : "")),
    ]);
    return table(["policy", "runs on", ...all.map(({ name }) => name)], rows);
}

function forecastTable(all: readonly Case[]): string {
    const options = {
        season: HOURS_A_DAY,
        horizon: CAPACITY.predictiveHorizonHours,
        every: HOURS_A_DAY,
    };
    const rows = all.map(({ name, world }) => {
        const hours = hourlyMeans(world.load);
        const naive = backtest(hours, seasonalNaive(HOURS_A_DAY), options);
        const own = backtest(hours, forecasterFor(hours), options);
        const figures = [naive, own].flatMap((result) => [
            result ? result.mase.toFixed(3) : "–",
            result ? (result.pinball["0.9"] ?? NaN).toFixed(4) : "–",
        ]);
        return [name, own?.forecaster ?? "", ...figures];
    });
    return table(
        ["load", "forecaster", "MASE, day before", "loss 0.9", "MASE, ours", "loss 0.9"],
        rows,
    );
}

function agreement(): string {
    const missing = replayerMissing();
    if (missing) return `Not measured: ${missing}.`;
    buildReplayer();
    const series = Array.from({ length: SERIES }, (_, i) => generateSeries(i + 1));
    const real = replay(series);
    let syncs = 0;
    let changes = 0;
    let differing = 0;
    for (const [i, one] of series.entries()) {
        const own = ownTrajectory(one);
        syncs += own.length;
        changes += own.filter(([, replicas], k) => k > 0 && replicas !== own[k - 1]?.[1]).length;
        if (JSON.stringify(own) !== JSON.stringify(real[i])) differing++;
    }
    const [brief] = replay([BRIEF_SERIES]);
    writeFileSync(
        join(PICTURES, "hpa-trajectory.svg"),
        trajectorySvg(brief ?? [], BRIEF_SPEC.maxReplicas),
    );
    return `${SERIES} generated autoscalers with missing, failing and late metrics, unready and missing pods, up to four metrics and every behaviour option, played through the controller of Kubernetes 1.36.3 in virtual time: ${syncs} syncs, ${changes} changes of size, **${differing} series with a difference**.\n\n![The brief's HPA in the real controller](pictures/hpa-trajectory.svg)`;
}

function cpuMs(run: () => void): number {
    const times = Array.from({ length: SPEED_RUNS }, () => {
        const before = process.cpuUsage();
        run();
        return process.cpuUsage(before).user / 1000;
    });
    return median(times);
}

function speed(all: readonly Case[]): string {
    const world = all.find(({ name }) => name === PICTURED)?.world as World;
    const own = cpuMs(() => simulate(world, hpaPolicy(70)));
    const floor = cpuMs(() => simulate(world, predictiveFloor()));
    const naive = cpuMs(() => naiveLoop(world, 70));
    return `Four weeks of minutes in steps of 15 s, median CPU time of ${SPEED_RUNS} runs: HPA with all its rules ${own.toFixed(0)} ms, predictive floor over it ${floor.toFixed(0)} ms, a straightforward loop (an object an instance, the bare formula) ${naive.toFixed(0)} ms: ${(naive / own).toFixed(1)} times ours.`;
}

function drawCase(all: readonly Case[], results: readonly Compared[][]): void {
    const i = all.findIndex(({ name }) => name === PICTURED);
    const one = all[i];
    if (!one) return;
    const { length } = one.world.load.values;
    const course: Course = { ready: new Float64Array(length), desired: new Float64Array(length) };
    const policy = predictiveFloor();
    const outcome = simulate(one.world, policy, course);
    const picture = drawSvg({
        title: `Four weeks of ${PICTURED.replace("made up: ", "")}`,
        subtitle: `${policy.name}: ${outcome.overloadedMinutes.toFixed(0)} of ${(outcome.hours * 60).toFixed(0)} minutes overloaded, ${outcome.instanceHours.toFixed(0)} instance-hours`,
        load: one.world.load,
        capacityPerInstance: one.world.capacityPerInstance,
        course,
        compared: results[i] ?? [],
        policy: policy.name,
        costUnit: "instance-hours",
    });
    writeFileSync(join(PICTURES, "simulation.svg"), picture);
}
