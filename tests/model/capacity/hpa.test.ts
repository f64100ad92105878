import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
    HPA_FLAGS,
    HpaController,
    type HpaSpec,
    type MetricAnswer,
    type Observation,
    type PodGroup,
} from "../../../model/capacity/hpa";
import { skip } from "../../skip";
import { BRIEF_SERIES } from "./hpa-brief";
import { ownTrajectory } from "./hpa-own";
import { type Trajectory, buildReplayer, replay, replayerMissing } from "./hpa-replay";
import { generateSeries, observe } from "./hpa-series";

const GENERATED_SERIES = 1500;

const golden = JSON.parse(
    readFileSync(join(__dirname, "golden/hpa-trajectories.json"), "utf8"),
) as Record<string, number[]>;

const replicasOf = (trajectory: Trajectory): number[] => trajectory.map(([, replicas]) => replicas);

const ready = (count: number): PodGroup => ({
    count,
    phase: "Running",
    ready: true,
    startedMs: -1e9,
    readyChangedMs: -1e9,
    requestMilli: { cpu: 1000 },
});

const CONNECTIONS: HpaSpec = {
    minReplicas: 3,
    maxReplicas: 50,
    metrics: [{ kind: "pods", target: { kind: "averageValue", milli: 100_000 } }],
};

function once(spec: HpaSpec, pods: PodGroup[], answers: MetricAnswer[], replicas: number): number {
    const seen: Observation = { specReplicas: replicas, statusReplicas: replicas, pods, answers };
    return new HpaController(spec).sync(HPA_FLAGS.syncPeriodMs, seen);
}

describe("model/capacity: the HPA controller", () => {
    it("takes the brief's autoscaler from 3 to 50 and back as the real controller did", () => {
        const trajectory = replicasOf(ownTrajectory(BRIEF_SERIES));
        assert.deepEqual(trajectory, golden["brief"]);
        assert.deepEqual(trajectory.slice(0, 4), [8, 16, 32, 50]);
        assert.equal(Math.max(...trajectory), 50);
        assert.equal(trajectory.at(-1), 3);
    });

    it("takes the sizes that tests/kubernetes/hpa.test.ts sees on the live control plane", () => {
        const sizes = replicasOf(ownTrajectory(BRIEF_SERIES));
        const distinct = sizes.filter((size, i) => size !== sizes[i - 1]);
        const down = Array.from({ length: 23 }, (_, i) => 48 - 2 * i);
        assert.deepEqual([3, ...distinct], [3, 8, 16, 32, 50, ...down, 3]);

        const settle = (from: number, connections: readonly number[]): number =>
            connections.reduce((replicas, total, i) => {
                const podMilli = [Math.floor((1000 * total) / replicas)];
                const seen = { pods: [ready(replicas)], answers: [{ podMilli }] };
                const syncMs = (i + 1) * HPA_FLAGS.syncPeriodMs;
                return steady.sync(syncMs, {
                    specReplicas: replicas,
                    statusReplicas: replicas,
                    ...seen,
                });
            }, from);
        const rules = { stabilizationWindowSeconds: 0 };
        const steady = new HpaController({
            ...CONNECTIONS,
            behavior: { scaleUp: rules, scaleDown: rules },
        });
        assert.equal(settle(3, new Array<number>(10).fill(1199)), 12);
        const inside = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 1090 : 910));
        assert.equal(settle(10, inside), 10);
        assert.equal(settle(10, [...inside, 1150]), 12);
    });

    it("repeats trajectories recorded from the real controller", () => {
        const seeds = Object.keys(golden).filter((id) => id !== "brief");
        assert.ok(seeds.length >= 20);
        for (const seed of seeds) {
            const own = replicasOf(ownTrajectory(generateSeries(Number(seed))));
            assert.deepEqual(own, golden[seed], `series ${seed}`);
        }
    });

    it("does nothing inside the tolerance of each direction", () => {
        const spec: HpaSpec = {
            ...CONNECTIONS,
            behavior: {
                scaleUp: { toleranceRatio: 0.5 },
                scaleDown: { toleranceRatio: 0.02, stabilizationWindowSeconds: 0 },
            },
        };
        const at = (milli: number) => once(spec, [ready(10)], [{ podMilli: [milli] }], 10);
        assert.equal(at(150_000), 10);
        assert.equal(at(151_000), 16);
        assert.equal(at(98_000), 10);
        assert.equal(at(97_000), 10, "0.97 x 10 rounds up to all ten");
        assert.equal(at(90_000), 9);
    });

    it("takes missing pods as full when scaling down and as idle when scaling up", () => {
        const pods = [ready(5), ready(5)];
        const spec: HpaSpec = {
            ...CONNECTIONS,
            behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
        };
        assert.equal(once(spec, pods, [{ podMilli: [20_000, undefined] }], 10), 6);
        assert.equal(once(spec, pods, [{ podMilli: [400_000, undefined] }], 10), 20);
        assert.equal(once(spec, pods, [{ podMilli: [150_000, undefined] }], 10), 10);
    });

    it("averages in whole thousandths, as the controller's integers do", () => {
        const spec: HpaSpec = {
            ...CONNECTIONS,
            metrics: [{ kind: "pods", target: { kind: "averageValue", milli: 2 } }],
        };
        const pods = [ready(1), ready(2)];
        assert.equal(once(spec, pods, [{ podMilli: [2, 3] }], 3), 3, "8 / 3 is 2");
        assert.equal(once(spec, pods, [{ podMilli: [3, 3] }], 3), 5);
    });

    it("grows at most to the double, or to 4, at once where the spec has no behavior", () => {
        const spec: HpaSpec = { ...CONNECTIONS, minReplicas: 1 };
        const busy: MetricAnswer = { podMilli: [9_000_000] };
        assert.equal(once(spec, [ready(1)], [busy], 1), 4);
        assert.equal(once(spec, [ready(3)], [busy], 3), 6);
    });

    it("neither scales down nor fails while one of two metrics is missing", () => {
        const spec: HpaSpec = {
            ...CONNECTIONS,
            metrics: [...CONNECTIONS.metrics, ...CONNECTIONS.metrics],
        };
        const broken: MetricAnswer = { error: true };
        assert.equal(once(spec, [ready(10)], [{ podMilli: [1000] }, broken], 10), 10);
        assert.equal(once(spec, [ready(10)], [{ podMilli: [200_000] }, broken], 10), 20);
        assert.equal(once(spec, [ready(10)], [broken, broken], 10), 10);
    });

    it("counts a group of pods like as many single pods", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat({ max: 40 }), (seed, extra) => {
                const series = generateSeries(seed);
                const [step] = series.steps;
                if (!step) return;
                const syncMs = series.controller.syncPeriodMs;
                const seen = observe(step, extra + 1, syncMs);
                const grouped: Observation = {
                    ...seen,
                    pods: seen.pods.map((pod) => ({ ...pod, count: 2 })),
                };
                const doubled: Observation = {
                    ...seen,
                    pods: seen.pods.flatMap((pod) => [pod, pod]),
                    answers: seen.answers.map((answer) =>
                        answer.error
                            ? answer
                            : {
                                  ...answer,
                                  podMilli: answer.podMilli?.flatMap((v) => [v, v]) ?? [],
                              },
                    ),
                };
                const run = (o: Observation) =>
                    new HpaController(series.spec, series.controller).sync(syncMs, o);
                assert.equal(run(grouped), run(doubled));
            }),
        );
    });

    describe("beside the real controller's code in virtual time", () => {
        before(function () {
            const missing = replayerMissing();
            if (missing) skip(this, missing);
            this.timeout(20 * 60_000);
            buildReplayer();
        });

        it(`sets the same replicas at every sync of ${GENERATED_SERIES} generated series`, function () {
            this.timeout(10 * 60_000);
            const all = Array.from({ length: GENERATED_SERIES }, (_, i) => generateSeries(i + 1));
            const real = replay(all);
            assert.equal(real.length, all.length);
            let changes = 0;
            for (const [i, series] of all.entries()) {
                const own = ownTrajectory(series);
                assert.deepEqual(own, real[i], `series ${series.id}`);
                changes += new Set(replicasOf(own)).size - 1;
            }
            assert.ok(
                changes > GENERATED_SERIES,
                "the series move the replicas, not only hold them",
            );
        });

        it("keeps the recorded trajectories true to the real controller", () => {
            const ids = Object.keys(golden);
            const all = ids.map((id) =>
                id === "brief" ? BRIEF_SERIES : generateSeries(Number(id)),
            );
            const real = replay(all).map(replicasOf);
            assert.deepEqual(Object.fromEntries(ids.map((id, i) => [id, real[i]])), golden);
        });
    });
});
