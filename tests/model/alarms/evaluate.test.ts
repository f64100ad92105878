import assert from "node:assert/strict";
import { MISSING_DATA, evaluate, rangeOf, type AlarmState } from "logcaster-model/alarms";

// The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html:
// X breaches, 0 does not, - is missing; KEEP retains the current state.
const KEEP = "keep";
type Row = [points: string, missing: string, ignore: string, breaching: string, not: string];

const THREE_OF_THREE: Row[] = [
    ["0 - X - X", "OK", "OK", "OK", "OK"],
    ["- - - - 0", "OK", "OK", "OK", "OK"],
    ["- - - - -", "INSUFFICIENT_DATA", KEEP, "ALARM", "OK"],
    ["0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["- - X - -", "ALARM", KEEP, "ALARM", "OK"],
];
const TWO_OF_THREE: Row[] = [
    ["0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"],
    ["0 - X - -", "OK", "OK", "ALARM", "OK"],
    ["- - - - 0", "OK", "OK", "ALARM", "OK"],
    ["- - - X -", "ALARM", KEEP, "ALARM", "OK"],
];

const alarm = (datapointsToAlarm: number, treatMissingData: string) => ({
    comparisonOperator: "GreaterThanThreshold",
    threshold: 10,
    evaluationPeriods: 3,
    datapointsToAlarm,
    treatMissingData,
});
const points = (row: string) =>
    row.split(" ").map((point) => ({ X: 11, "0": 10, "-": undefined })[point]);

describe("an alarm's evaluation", () => {
    it("looks at five periods for three, as CloudWatch's documentation has it", () => {
        assert.equal(rangeOf(alarm(3, "missing")), 5);
    });

    for (const [needed, rows] of [
        [3, THREE_OF_THREE],
        [2, TWO_OF_THREE],
    ] as const) {
        for (const [row, ...expected] of rows) {
            it(`of ${row} with ${needed} of 3 is ${expected.join(", ")}`, () => {
                for (const state of ["OK", "ALARM", "INSUFFICIENT_DATA"] as AlarmState[]) {
                    assert.deepEqual(
                        MISSING_DATA.map((rule) =>
                            evaluate(alarm(needed, rule), points(row), state),
                        ),
                        expected.map((word) => (word === KEEP ? state : word)),
                    );
                }
            });
        }
    }

    it("waits with a lone new breach, which the next datapoint may revoke", () => {
        for (const row of ["- - - - X", "- - - X -"]) {
            assert.equal(evaluate(alarm(3, "missing"), points(row), "OK"), "OK");
        }
    });

    it("compares with each operator, at the threshold itself too, and refuses another", () => {
        const state = (comparisonOperator: string) =>
            evaluate({ ...alarm(1, "missing"), comparisonOperator }, [10, 10, 10], "OK");
        assert.deepEqual(
            ["GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"].map((o) =>
                state(`${o}Threshold`),
            ),
            ["OK", "ALARM", "OK", "ALARM"],
        );
        assert.throws(() => state("GreaterThanUpperThreshold"), /has no replay/);
    });
});
