/**
 * The part of CloudWatch's metric math that alarms of ours use, over series of equal periods:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * A period in which an operand has no value has none in the result, but for FILL and the functions over several series.
 */
import type { Datapoint } from "./evaluate";

export type Series = readonly Datapoint[];

type Value = number | Series | readonly Series[];

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|(>=|<=|==|!=|[-+*/<>()[\],]))/y;
const LEVELS = [
    [">", ">=", "<", "<=", "==", "!="],
    ["+", "-"],
    ["*", "/"],
] as const;

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    ">": (a, b) => Number(a > b),
    ">=": (a, b) => Number(a >= b),
    "<": (a, b) => Number(a < b),
    "<=": (a, b) => Number(a <= b),
    "==": (a, b) => Number(a === b),
    "!=": (a, b) => Number(a !== b),
};

/**
 * The series that an expression makes of others.
 * @throws Error where the text is no expression, or names a series or function that is not there
 */
export function evaluateExpression(
    text: string,
    series: Readonly<Record<string, Series>>,
    length: number,
): Series {
    const tokens = tokensOf(text);
    let at = 0;
    const peek = () => tokens[at];
    const take = (expected?: string) => {
        const token = tokens[at++];
        if (token === undefined || (expected !== undefined && token !== expected)) {
            throw new Error(`${text}: ${expected ?? "more"} expected, not ${token ?? "the end"}`);
        }
        return token;
    };
    const list = (end: string): Value[] => {
        const values: Value[] = [];
        while (peek() !== end) {
            if (values.length > 0) take(",");
            values.push(binary(0));
        }
        take(end);
        return values;
    };
    const binary = (level: number): Value => {
        const operators: readonly string[] | undefined = LEVELS[level];
        if (!operators) return primary();
        let left = binary(level + 1);
        while (operators.includes(peek() ?? "")) {
            const operator = OPERATORS[take()]!;
            left = zip([left, binary(level + 1)], length, ([a, b]) => operator(a!, b!));
        }
        return left;
    };
    const primary = (): Value => {
        const token = take();
        if (/^\d/.test(token)) return Number(token);
        if (token === "-") return zip([primary()], length, ([a]) => -a!);
        if (token === "(") {
            const value = binary(0);
            take(")");
            return value;
        }
        if (token === "[") return list("]") as Series[];
        if (peek() === "(") {
            take("(");
            return call(token, list(")"), length);
        }
        const named = series[token];
        if (!named) throw new Error(`${text}: no metric is called ${token}`);
        return named;
    };
    const value = binary(0);
    if (at < tokens.length) throw new Error(`${text}: nothing expected after ${tokens[at - 1]}`);
    return seriesOf(value, length);
}

function tokensOf(text: string): string[] {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
        const from = TOKEN.lastIndex;
        const match = TOKEN.exec(text);
        if (!match) throw new Error(`${text}: ${text.slice(from).trim()} is no metric math`);
        tokens.push((match[1] ?? match[2] ?? match[3])!);
    }
    return tokens;
}

function call(name: string, args: readonly Value[], length: number): Value {
    const [first, second, third] = args;
    switch (name) {
        case "ABS":
            return zip([first!], length, ([a]) => Math.abs(a!));
        case "DIFF": {
            const of = seriesOf(first!, length);
            return zip([of, [undefined, ...of.slice(0, -1)]], length, ([a, b]) => a! - b!);
        }
        case "FILL": {
            const by = seriesOf(second!, length);
            return seriesOf(first!, length).map((value, i) => value ?? by[i]);
        }
        case "IF": {
            const yes = seriesOf(second!, length);
            const no = seriesOf(third!, length);
            return seriesOf(first!, length).map((value, i) =>
                value === undefined ? undefined : value !== 0 ? yes[i] : no[i],
            );
        }
        case "MAX":
            return over(first!, length, (values) => Math.max(...values));
        case "MIN":
            return over(first!, length, (values) => Math.min(...values));
        case "SUM":
            return over(first!, length, (values) => values.reduce((a, b) => a + b, 0));
        default:
            throw new Error(`${name} has no replay`);
    }
}

/** Over those of several series that have a value in a period. */
function over(value: Value, length: number, of: (values: number[]) => number): Series {
    const all = isList(value) ? value : [seriesOf(value, length)];
    return Array.from({ length }, (_, i) => {
        const values = all.flatMap((series) => series[i] ?? []);
        return values.length > 0 ? of(values) : undefined;
    });
}

/** Period by period, where every operand has a value. */
function zip(values: readonly Value[], length: number, of: (values: number[]) => number): Series {
    const all = values.map((value) => seriesOf(value, length));
    return Array.from({ length }, (_, i) => {
        const operands = all.flatMap((series) => series[i] ?? []);
        if (operands.length < all.length) return undefined;
        const result = of(operands);
        // A division by zero has no value.
        return Number.isFinite(result) ? result : undefined;
    });
}

function isList(value: Value): value is readonly Series[] {
    return Array.isArray(value) && Array.isArray(value[0]);
}

function seriesOf(value: Value, length: number): Series {
    if (typeof value === "number") return Array.from({ length }, () => value);
    if (isList(value)) throw new Error("a list of series is for MAX, MIN and SUM");
    return value;
}
