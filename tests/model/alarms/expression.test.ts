import assert from "node:assert/strict";
import { evaluateExpression } from "logcaster-model/alarms";

const none = undefined;
const of = (text: string, series: Record<string, (number | undefined)[]> = {}) =>
    evaluateExpression(text, series, 4);

describe("metric math", () => {
    it("has the usual precedence, signs and parentheses", () => {
        assert.deepEqual(of("1 + 2 * 3 - 8 / 4"), [5, 5, 5, 5]);
        assert.deepEqual(of("-(1 + 2) * 3 > -10"), [1, 1, 1, 1]);
    });

    it("has no value where an operand has none, and where it divides by zero", () => {
        assert.deepEqual(of("100 * a / b", { a: [1, none, 3, 4], b: [2, 2, none, 0] }), [
            50,
            none,
            none,
            none,
        ]);
    });

    it("fills gaps, chooses, and takes differences and their size", () => {
        const a = [1, none, 5, 2];
        assert.deepEqual(of("FILL(a, 0)", { a }), [1, 0, 5, 2]);
        assert.deepEqual(of("IF(a >= 2, a, 0)", { a }), [0, none, 5, 2]);
        assert.deepEqual(of("DIFF(a)", { a }), [none, none, none, -3]);
        assert.deepEqual(of("ABS(DIFF(a))", { a }), [none, none, none, 3]);
    });

    it("takes the most, the fewest and the sum of those series that have a value", () => {
        const series = { a: [1, none, 5, none], b: [2, 3, 4, none] };
        assert.deepEqual(of("MAX([a, b])", series), [2, 3, 5, none]);
        assert.deepEqual(of("MIN([a, b])", series), [1, 3, 4, none]);
        assert.deepEqual(of("SUM([a, b])", series), [3, 3, 9, none]);
    });

    it("refuses what is no expression of ours, and names that are not there", () => {
        for (const [text, says] of [
            ["a +", /more expected, not the end/],
            ["a b", /nothing expected after a/],
            ["a ; b", /; b is no metric math/],
            ["c", /no metric is called c/],
            ["PERIOD(a)", /PERIOD has no replay/],
            ["[a, a]", /a list of series/],
        ] as const) {
            assert.throws(() => of(text, { a: [1, 2, 3, 4], b: [1, 2, 3, 4] }), says, text);
        }
    });
});
