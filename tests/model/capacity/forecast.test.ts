import assert from "node:assert/strict";
import fc from "fast-check";
import {
    HOURS_A_DAY,
    HOURS_A_WEEK,
    ShortTermForecaster,
    backtest,
    forecasterFor,
    holtWinters,
    hourlyMeans,
    seasonalNaive,
    standing,
    suggestSchedule,
    frontier,
    costAt,
    overloadAt,
    compare,
    peers,
    predictiveFloor,
} from "../../../model/capacity";
import { Regression } from "../../../model/capacity/forecast/regression";
import { Residuals } from "../../../model/capacity/forecast/residuals";
import { SEASONAL, SHAPES, type ShapeName, madeLoad, worldFor } from "./loads";
import { Random } from "./random";

const MINUTE_MS = 60_000;
const DAILY = { season: HOURS_A_DAY, horizon: 48, every: HOURS_A_DAY };
const NAMES = Object.keys(SHAPES) as ShapeName[];

describe("model/capacity: forecasts", () => {
    it("repeats the last season, naively", () => {
        const forecast = seasonalNaive(3).forecast(Float64Array.of(1, 2, 3, 4, 5, 6), 4);
        assert.deepEqual([...forecast.centre], [4, 5, 6, 4]);
        assert.equal(forecast.quantile(0, 0.5), 7, "every season so far was 3 higher");
    });

    it("gives quantiles that rise with p and are never negative", () => {
        const hours = hourlyMeans(madeLoad("rare bursts", 10, MINUTE_MS, 1));
        for (const forecaster of [seasonalNaive(24), holtWinters(24)]) {
            const forecast = forecaster.forecast(hours, 48);
            for (let h = 0; h < 48; h++) {
                const quantiles = [0, 0.1, 0.5, 0.9, 0.99, 1].map((p) => forecast.quantile(h, p));
                assert.deepEqual(
                    quantiles,
                    [...quantiles].sort((a, b) => a - b),
                );
                assert.ok((quantiles[0] as number) >= 0);
            }
        }
    });

    it("continues an exact season exactly, and the week where there is one", () => {
        const week = Float64Array.from({ length: 4 * HOURS_A_WEEK }, (_, h) =>
            h % HOURS_A_WEEK < 120 ? 100 + (h % 24) : 50,
        );
        const { centre } = holtWinters(HOURS_A_WEEK).forecast(week, HOURS_A_WEEK);
        for (const [h, value] of centre.entries()) {
            assert.ok(Math.abs(value - (week[h] as number)) < 1e-6);
        }
        assert.equal(forecasterFor(week).name, "Holt-Winters (168)");
        assert.equal(forecasterFor(week.subarray(0, 100)).name, "Holt-Winters (24)");
        assert.equal(forecasterFor(week.subarray(0, 30)).name, "seasonal naive (24)");
    });

    it("more than halves the error of the day before where weeks differ, and is near it elsewhere", () => {
        for (const name of SEASONAL) {
            const hours = hourlyMeans(madeLoad(name, 28, 5 * MINUTE_MS, 7));
            const naive = backtest(hours, seasonalNaive(24), DAILY);
            const own = backtest(hours, forecasterFor(hours), DAILY);
            const hasWeek = name === "day and week" || name === "office hours";
            assert.ok(naive && own && own.mase < (hasWeek ? 0.5 : 1.1) * naive.mase, name);
            const covered = own.coverage["0.9"] ?? 0;
            assert.ok(
                covered > 0.85,
                `${name}: ${covered} of the hours are below the 0.9 quantile`,
            );
        }
    });

    it("scores a forecast by hand: MASE 1 for the naive one, pinball loss by side", () => {
        const saw = Float64Array.from({ length: 12 }, (_, i) => (i % 2) + Math.floor(i / 2));
        const result = backtest(saw, seasonalNaive(2), { season: 2, horizon: 2, every: 2 });
        assert.equal(result?.mase, 1);
        assert.equal(result?.origins, 3);
        assert.equal(result?.coverage["0.9"], 1, "the error of one a season is known");
        assert.equal(
            backtest(saw, seasonalNaive(2), { season: 2, horizon: 20, every: 2 }),
            undefined,
        );
    });

    it("learns the weights of a linear model, and follows when they change", () => {
        const random = new Random(1);
        const model = new Regression(Float64Array.of(0, 0), 0.99, 10);
        const teach = (a: number, b: number) => {
            for (let i = 0; i < 800; i++) {
                const x = random.next();
                model.learn(Float64Array.of(1, x), a + b * x);
            }
            return [model.predict(Float64Array.of(1, 0)), model.predict(Float64Array.of(1, 1))];
        };
        const close = (actual: number[], expected: number[]) =>
            actual.forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? 0)) < 0.01));
        close(teach(2, 3), [2, 5]);
        close(teach(-1, 1), [-1, 0]);
    });

    it("keeps the distribution of errors: share above is the complement of the quantile", () => {
        const residuals = new Residuals(0.9999);
        fc.assert(
            fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (error) =>
                residuals.add(error),
            ),
        );
        for (const p of [0.1, 0.5, 0.9]) {
            assert.ok(residuals.above(residuals.quantile(p)) <= 1 - p + 1e-9);
        }
        assert.equal(residuals.above(8), 0);
    });

    it("forecasts the next minutes with about the coverage it says", () => {
        const load = madeLoad("day and noise", 14, 5 * MINUTE_MS, 11);
        const forecaster = new ShortTermForecaster(load.stepMs, 1);
        let below = 0;
        let count = 0;
        for (const [i, value] of load.values.entries()) {
            const outlook = forecaster.next(10 * value);
            const next = load.values[i + 1];
            if (!outlook || next === undefined || i < 288) continue;
            count++;
            if (10 * next <= outlook.quantile(0.9)) below++;
        }
        assert.ok(Math.abs(below / count - 0.9) < 0.03, String(below / count));
    });

    it("suggests a schedule only where forecasts have beaten the day before", () => {
        const options = { quantile: 0.9, targetPercent: 80 };
        const office = worldFor(madeLoad("office hours", 28, 5 * MINUTE_MS, 3));
        const schedule = suggestSchedule(office, "UTC", options);
        assert.ok(schedule);
        const at = (hour: number) =>
            schedule.periods.find(({ from, to }) => from <= hour && hour < to)?.min ??
            schedule.otherwise;
        assert.ok(at(12) > 3 * at(3));
        const walk = worldFor(madeLoad("random walk", 28, 5 * MINUTE_MS, 3));
        assert.equal(suggestSchedule(walk, "UTC", options), undefined);
    });
});

describe("model/capacity: the frontier", () => {
    const edge = [
        { cost: 1, overloadedPercent: 10 },
        { cost: 2, overloadedPercent: 4 },
        { cost: 4, overloadedPercent: 0 },
    ];

    it("keeps the points that none beats in both, cheapest first", () => {
        const dominated = { cost: 3, overloadedPercent: 5 };
        assert.deepEqual(frontier([edge[2]!, dominated, edge[0]!, edge[1]!]), edge);
    });

    it("reads between its points in both directions", () => {
        assert.deepEqual(
            [12, 10, 7, 4, 2, 0].map((o) => costAt(edge, o)),
            [1, 1, 1.5, 2, 3, 4],
        );
        assert.deepEqual(
            [0.5, 1, 1.5, 3, 4, 9].map((c) => overloadAt(edge, c)),
            [Infinity, 10, 7, 2, 0, 0],
        );
        assert.deepEqual(standing({ cost: 0.75, overloadedPercent: 7 }, edge), {
            costRatio: 0.5,
            overloadRatio: undefined,
            below: true,
        });
        assert.deepEqual(standing({ cost: 3, overloadedPercent: 1 }, edge), {
            costRatio: 3 / 3.5,
            overloadRatio: 0.5,
            below: true,
        });
        assert.equal(standing({ cost: 3, overloadedPercent: 2.5 }, edge).below, false);
    });

    for (const name of NAMES) {
        it(`has the predictive floor below every other policy's: ${name}`, () => {
            const world = worldFor(madeLoad(name, 14, MINUTE_MS, 17));
            const compared = compare(world, [predictiveFloor(), ...peers(world, "UTC")]);
            const own = compared[0]!;
            const { costRatio = 0 } = own.standing;
            assert.ok(
                SEASONAL.includes(name) ? own.standing.below : costRatio <= 1.02,
                JSON.stringify(own),
            );
        });
    }
});
