/** Writes the generated pages of docs/: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurationPage } from "./configuration";
import { instanceTypesPage } from "./instance-types";
import { policiesPage } from "./policies";

/** Generated pages by file name; tests/docs.test.ts checks that each is fresh. */
export const PAGES: Readonly<Record<string, () => string>> = {
    "configuration.md": configurationPage,
    "instance-types.md": instanceTypesPage,
    "policies.md": policiesPage,
};

if (require.main === module) {
    for (const [file, page] of Object.entries(PAGES)) {
        writeFileSync(join(__dirname, "../docs", file), page());
        console.log(`docs/${file}`);
    }
}
