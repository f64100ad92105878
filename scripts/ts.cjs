// `node -r ./scripts/ts.cjs file.ts`: runs this repository's TypeScript at the speed of JavaScript, without loading a compiler.
/* eslint-disable @typescript-eslint/no-require-imports -- `node -r` loads CommonJS */
"use strict";
const fs = require("node:fs");
const { enableCompileCache } = require("node:module");
const path = require("node:path");
const { CACHE, transpile } = require("./transpile.cjs");

enableCompileCache(path.join(CACHE, "v8"));
process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (module, filename) => {
    const { code, map } = transpile(fs.readFileSync(filename, "utf8"), filename);
    const inline = `data:application/json;base64,${Buffer.from(map).toString("base64")}`;
    module._compile(`${code}\n//# sourceMappingURL=${inline}`, filename);
};
