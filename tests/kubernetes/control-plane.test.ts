import * as assert from "node:assert/strict";
import { controlPlaneMissing } from "./control-plane/binaries";

describe("The control plane of the tests", () => {
    it("says what this machine lacks, and how to get it, where Go is not on PATH", () => {
        const { PATH } = process.env;
        process.env["PATH"] = "";
        try {
            assert.match(controlPlaneMissing() ?? "", /^Go 1\.\d+ or newer.*https:\/\/go\.dev\/dl/);
        } finally {
            process.env["PATH"] = PATH;
        }
    });
});
