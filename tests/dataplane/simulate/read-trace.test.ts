import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTrace } from "../../../dataplane/simulate/read-trace";
import { parseTime } from "../../../dataplane/simulate/time";
import { TraceBuilder, TraceError, type TraceUnit } from "../../../model/capacity";

const START = Date.parse("2026-01-01T00:00:00Z");

describe("dataplane/simulate: reading a trace", () => {
    let folder: string;
    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "trace-"));
    });
    after(() => rm(folder, { recursive: true }));

    async function read(text: string, unit: TraceUnit = "connections") {
        const file = join(folder, "trace");
        await writeFile(file, text);
        return readTrace(file, unit);
    }

    const minutes = (values: readonly (number | string)[], step = 1): string =>
        [
            "timestamp,value",
            ...values.map((v, i) => `${new Date(START + i * step * 60_000).toISOString()},${v}`),
        ].join("\n");

    async function refused(text: string, message: RegExp): Promise<void> {
        await assert.rejects(read(text), (error: unknown) => {
            assert.ok(error instanceof TraceError);
            assert.match(error.message, message);
            return true;
        });
    }

    it("reads timestamp,value at the trace's own step", async () => {
        const { load, samples, repairs } = await read(minutes([1, 2.5, 0], 5));
        assert.deepEqual(load, {
            startMs: START,
            stepMs: 300_000,
            values: Float64Array.of(1, 2.5, 0),
        });
        assert.equal(samples, 3);
        assert.deepEqual(repairs, []);
    });

    it("takes times of every usual form, and no other", () => {
        const at = Date.parse("2026-03-01T12:30:00Z");
        for (const text of [
            "2026-03-01T12:30:00Z",
            "2026-03-01 12:30:00",
            "2026-03-01 12:30",
            "2026-03-01T14:30:00+02:00",
            "2026-03-01T09:00:00.000-0330",
            String(at),
            String(at / 1000),
        ]) {
            assert.equal(parseTime(text), at, text);
        }
        for (const text of [
            "",
            "x",
            "2026-02-30 00:00",
            "2026-01-01 25:00",
            "2026-01-01 00:61",
            "01.02.2026",
            "-5",
        ]) {
            assert.equal(parseTime(text), undefined, text);
        }
    });

    it("turns requests within a step into requests a second", async () => {
        const { load } = await read(minutes([600, 0, 1200], 5), "requests");
        assert.deepEqual([...load.values], [2, 0, 4]);
    });

    it("sorts, averages repeated times and fills gaps, and says so", async () => {
        const rows = minutes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).split("\n");
        const [header = "", ...body] = rows;
        const without = body.filter((_, i) => i !== 4);
        const swapped = [without[1], without[0], ...without.slice(2)];
        const repeated = body[8]!.replace(",9", ",19");
        const { load, repairs } = await read([header, ...swapped, repeated].join("\n"));
        assert.deepEqual([...load.values], [1, 2, 3, 4, 4, 6, 7, 8, 14, 10]);
        assert.deepEqual(repairs, [
            "2 rows were out of order and have been sorted.",
            "1 rows repeat a time; values of one time have been averaged.",
            "1 samples in 1 gaps were missing and hold the value before.",
        ]);
    });

    it("counts values that are not there as gaps", async () => {
        const { load, repairs } = await read(minutes([1, "NaN", 3, 4, 5, 6, "", 8, 9, 10, 11]));
        assert.deepEqual([...load.values], [1, 1, 3, 4, 5, 6, 6, 8, 9, 10, 11]);
        assert.deepEqual(repairs, [
            "2 rows have no value and count as missing.",
            "2 samples in 2 gaps were missing and hold the value before.",
        ]);
    });

    it("averages rows finer than a minute, whatever their number", async () => {
        const rows = Array.from({ length: 7200 }, (_, i) => `${START / 1000 + i},${i % 2}`);
        const fine = await read(rows.join("\n"));
        assert.equal(fine.samples, 120);
        assert.ok(fine.load.values.every((value) => value === 0.5));
        assert.deepEqual(fine.repairs, ["Rows every 1 s have been averaged to minutes."]);
        const perSecond = await read(rows.join("\n"), "requests");
        assert.ok(perSecond.load.values.every((value) => value === 0.5));
    });

    it("reports every row that cannot be used, the first five by line", async () => {
        const text = minutes([1, -2, "Infinity", "many", 5]) + "\n2026-13-01,3\n1,2,3\nx,1\n";
        await refused(
            text,
            /has 6 rows that cannot be used:\nline 3: the value is -2, a load is at least 0\nline 4: the value is infinite\nline 5: "many" is not a number\nline 7: "2026-13-01" is not a time; .*\nline 8: 3 columns, timestamp,value are two\nand 1 more$/s,
        );
    });

    it("refuses what is no trace, in a sentence", async () => {
        await refused("", /is empty; a trace has at least 2 samples/);
        await refused("timestamp,value\n", /has 0 samples with a value, at least 2 are needed/);
        await refused(minutes([1]), /has 1 samples/);
        await refused("time;load\n1;2\n", /starts with "time;load"; the header timestamp,value/);
        await refused(minutes([1, 2, 3], 1440), /every 1440 minutes; at most 60 are allowed/);
        const holes = minutes([1, 2, 3, 4]) + "\n2026-01-01T10:00:00Z,5\n";
        await refused(holes, /covers 601 steps of 1 minutes and has values for 5; at most 20 %/);
        await assert.rejects(
            readTrace(join(folder, "none"), "connections"),
            /There is no readable file/,
        );
    });

    it("bounds its memory: more minutes than two years are refused while reading", () => {
        const builder = new TraceBuilder();
        assert.throws(() => {
            for (let i = 0; i < 1_100_000; i++) builder.add(i * 60_000, 1, "row");
        }, /more than 1060000 minutes with data/);
    });

    const cloudWatch = (more: object = {}, result: object = {}) =>
        JSON.stringify({
            MetricDataResults: [
                {
                    Id: "m1",
                    Label: "RequestCount",
                    Timestamps: ["2026-01-01T00:05:00+00:00", "2026-01-01T00:00:00+00:00"],
                    Values: [300, 600],
                    StatusCode: "Complete",
                    ...result,
                },
            ],
            Messages: [],
            ...more,
        });

    it("reads CloudWatch's get-metric-data, newest first as it comes", async () => {
        const { load, repairs } = await read(cloudWatch(), "requests");
        assert.deepEqual([...load.values], [2, 1]);
        assert.deepEqual(repairs, []);
        await refused(cloudWatch({ NextToken: "x" }), /one page of an answer/);
        await refused(cloudWatch({}, { StatusCode: "PartialData" }), /one page of an answer/);
        await refused(cloudWatch({ MetricDataResults: [] }), /has 0 metrics, a trace is one/);
        await refused(cloudWatch({}, { Values: [1] }), /2 timestamps and 1 values/);
    });

    const prometheus = (resultType: string, result: unknown[]) =>
        JSON.stringify({ status: "success", data: { resultType, result } });
    const series = {
        metric: {},
        values: [
            [1767225600, "5"],
            [1767225660, "NaN"],
            [1767225720, "7"],
            [1767225780, "8"],
            [1767225840, "8"],
        ],
    };

    it("reads a Prometheus range query of one series", async () => {
        const { load } = await read(prometheus("matrix", [series]));
        assert.deepEqual([load.startMs, ...load.values], [START, 5, 5, 7, 8, 8]);
        await refused(prometheus("matrix", [series, series]), /has 2 series, a trace is one/);
        await refused(prometheus("vector", []), /instant query \(vector\)/);
        await refused('{"status":"error","error":"bad query"}', /is a failed query: bad query/);
        await refused('{"rows":[]}', /is JSON but neither/);
        await refused("{", /is not JSON/);
    });
});
