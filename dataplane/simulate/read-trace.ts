import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { parse } from "csv-parse";
import { type Trace, TraceBuilder, TraceError, type TraceUnit } from "logcaster-model/capacity";
import { parseTime } from "./time";

/** A JSON answer is read whole, so its size is bounded; CSV is streamed and may be of any length. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;
const PROGRESS_ROWS = 1_000_000;

/**
 * Reads a trace: CSV `timestamp,value`, the JSON of `aws cloudwatch get-metric-data`, or of a Prometheus range query.
 * @param onProgress told now and then how many rows have been read
 * @throws TraceError with every mistake of the file
 */
export async function readTrace(
    file: string,
    unit: TraceUnit,
    onProgress: (rows: number) => void = () => undefined,
): Promise<Trace> {
    const { size } = await stat(file).catch(() => {
        throw new TraceError(`There is no readable file ${file}; give the path of a trace.`);
    });
    if (size === 0) throw new TraceError(`${file} is empty; a trace has at least 2 samples.`);
    const builder = new TraceBuilder();
    if (/^\s*[[{]/.test(await head(file))) {
        if (size > MAX_JSON_BYTES) {
            throw new TraceError(
                `${file} has ${size} bytes; JSON is read up to ${MAX_JSON_BYTES}: convert it to CSV timestamp,value, which may be of any length.`,
            );
        }
        addJson(builder, file, await readFile(file, "utf8"));
    } else await addCsv(builder, file, onProgress);
    return builder.build(unit);
}

async function head(file: string): Promise<string> {
    const handle = await open(file);
    try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
        return buffer.toString("utf8", 0, bytesRead).replace(/^\uFEFF/, "");
    } finally {
        await handle.close();
    }
}

async function addCsv(
    builder: TraceBuilder,
    file: string,
    onProgress: (rows: number) => void,
): Promise<void> {
    const parser = createReadStream(file).pipe(
        parse({ bom: true, trim: true, skip_empty_lines: true, relax_column_count: true }),
    );
    let line = 0;
    try {
        for await (const record of parser as AsyncIterable<string[]>) {
            line++;
            if (line === 1 && isHeader(file, record)) continue;
            if (line % PROGRESS_ROWS === 0) onProgress(line);
            addCsvRow(builder, record, `line ${line}`);
        }
    } catch (error) {
        if (error instanceof TraceError) throw error;
        throw new TraceError(`${file} is not CSV: ${(error as Error).message}.`);
    }
}

function isHeader(file: string, record: readonly string[]): boolean {
    if (parseTime(record[0] ?? "") !== undefined) return false;
    const names = record.map((name) => name.toLowerCase());
    if (names[0] === "timestamp" && names[1] === "value") return true;
    throw new TraceError(
        `${file} starts with "${record.join(",").slice(0, 80)}"; the header timestamp,value or a row of that form is expected.`,
    );
}

function addCsvRow(builder: TraceBuilder, record: readonly string[], where: string): void {
    const [time = "", value = ""] = record;
    if (record.length !== 2) {
        return builder.mistake(`${where}: ${record.length} columns, timestamp,value are two`);
    }
    const atMs = parseTime(time);
    if (atMs === undefined) {
        return builder.mistake(
            `${where}: "${time}" is not a time; ISO 8601 or seconds or milliseconds since 1970 are`,
        );
    }
    const isMissing = value === "" || /^(nan|null|none)$/i.test(value);
    const number = isMissing ? undefined : Number(value);
    if (number !== undefined && Number.isNaN(number)) {
        return builder.mistake(`${where}: "${value}" is not a number`);
    }
    builder.add(atMs, number, where);
}

interface CloudWatch {
    readonly MetricDataResults: readonly {
        readonly Id?: string;
        readonly Timestamps?: readonly (string | number)[];
        readonly Values?: readonly number[];
        readonly StatusCode?: string;
    }[];
    readonly NextToken?: string;
}

interface Prometheus {
    readonly status: string;
    readonly error?: string;
    readonly data?: {
        readonly resultType?: string;
        readonly result?: readonly { readonly values?: readonly [number, string][] }[];
    };
}

function addJson(builder: TraceBuilder, file: string, text: string): void {
    let json: unknown;
    try {
        json = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
        throw new TraceError(`${file} is not JSON: ${(error as Error).message}.`);
    }
    const has = (key: string): boolean => typeof json === "object" && json !== null && key in json;
    if (has("MetricDataResults")) return addCloudWatch(builder, file, json as CloudWatch);
    if (has("status")) return addPrometheus(builder, file, json as Prometheus);
    throw new TraceError(
        `${file} is JSON but neither an answer of CloudWatch's get-metric-data (MetricDataResults) nor of a Prometheus range query (status, data).`,
    );
}

function addCloudWatch(builder: TraceBuilder, file: string, answer: CloudWatch): void {
    const [series, ...others] = answer.MetricDataResults;
    if (!series || others.length > 0) {
        throw new TraceError(
            `${file} has ${answer.MetricDataResults.length} metrics, a trace is one: ask for one metric, or sum them in a metric math expression.`,
        );
    }
    if (answer.NextToken || series.StatusCode === "PartialData") {
        throw new TraceError(
            `${file} is one page of an answer; let the AWS CLI fetch all pages (leave out --no-paginate).`,
        );
    }
    const { Timestamps: times = [], Values: values = [] } = series;
    if (times.length !== values.length) {
        throw new TraceError(`${file} has ${times.length} timestamps and ${values.length} values.`);
    }
    const rows = times.map((time, i) => ({ atMs: parseTime(String(time)), value: values[i] }));
    // CloudWatch answers newest first by default: an order, not a disorder.
    rows.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0));
    for (const [i, { atMs, value }] of rows.entries()) builder.add(atMs, value, `value ${i + 1}`);
}

function addPrometheus(builder: TraceBuilder, file: string, answer: Prometheus): void {
    if (answer.status !== "success") {
        throw new TraceError(`${file} is a failed query: ${answer.error ?? answer.status}.`);
    }
    const { resultType, result = [] } = answer.data ?? {};
    if (resultType !== "matrix") {
        throw new TraceError(
            `${file} is the answer of an instant query (${resultType ?? "no result type"}); a range query answers a matrix: use /api/v1/query_range.`,
        );
    }
    const [series, ...others] = result;
    if (!series || others.length > 0) {
        throw new TraceError(
            `${file} has ${result.length} series, a trace is one: put sum(...) around the query.`,
        );
    }
    for (const [i, [seconds, value]] of (series.values ?? []).entries()) {
        builder.add(seconds * 1000, Number(value), `value ${i + 1}`);
    }
}
