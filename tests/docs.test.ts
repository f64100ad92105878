import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PAGES } from "../scripts/docs";

describe("the generated documentation", () => {
    for (const [file, page] of Object.entries(PAGES)) {
        it(`docs/${file} is fresh; \`npm run docs\` writes it`, () => {
            assert.equal(readFileSync(join(__dirname, "../docs", file), "utf8"), page());
        });
    }
});
