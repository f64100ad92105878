import assert from "node:assert/strict";
import { bytes, count, inUnit, milliseconds, percent } from "logcaster-model/alarms";

describe("thresholds", () => {
    it("are compared in the metric's own unit: a lag of 1000 ms is 1 where the metric is in seconds", () => {
        assert.equal(inUnit(milliseconds(1000), "Seconds"), 1);
        assert.equal(inUnit(milliseconds(1000), "Milliseconds"), 1000);
        assert.equal(inUnit(bytes(5_000_000), "Megabytes"), 5);
        assert.equal(inUnit(percent(90), "Percent"), 90);
        assert.equal(inUnit(count(3), "Count"), 3);
    });

    it("of another kind than the metric are refused by the types", () => {
        // @ts-expect-error a share is no time
        assert.equal(inUnit(percent(90), "Seconds"), 0.09);
    });
});
