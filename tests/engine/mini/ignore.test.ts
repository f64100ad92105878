import assert from "node:assert/strict";
import { secret } from "../../standin/wire";
import { resetIgnored } from "./ignore";

describe("ignored changes in the small engine", () => {
    it("take the old value, and leave the rest alone", () => {
        const inputs = {
            desired: 5,
            max: 20,
            tags: { a: "new", b: "kept" },
            secret: secret("new"),
        };
        const olds = { desired: 9, max: 10, tags: { a: "old" }, secret: secret("old") };
        assert.deepEqual(resetIgnored(inputs, olds, ["desired", 'tags["a"]', "secret"]), {
            desired: 9,
            max: 20,
            tags: { a: "old", b: "kept" },
            secret: secret("old"),
        });
    });

    it("take away what was not there, bring back what was, and make no holder for it", () => {
        assert.deepEqual(resetIgnored({ min: 3 }, { max: 9 }, ["min", "max", "a.b"]), { max: 9 });
        assert.deepEqual(resetIgnored({}, {}, ["min", "a.b"]), {});
    });
});
