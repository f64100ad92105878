// `node -r ./scripts/ts.cjs file.ts`: runs this repository's TypeScript at the speed of JavaScript. Each file is
// transpiled once, by esbuild, and kept under .cache/; types are checked apart (`npm run check`), as everywhere here.
/* eslint-disable @typescript-eslint/no-require-imports -- `node -r` loads CommonJS */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { enableCompileCache } = require("node:module");
const path = require("node:path");

const CACHE = path.join(__dirname, "../.cache/ts");
const FORM = "1"; // of what is kept: raise it when the options below change
enableCompileCache(path.join(CACHE, "v8"));
process.setSourceMapsEnabled(true);

require.extensions[".ts"] = (module, filename) => {
    const { mtimeMs, size } = fs.statSync(filename);
    const key = createHash("sha1").update([FORM, filename, mtimeMs, size].join()).digest("hex");
    const kept = path.join(CACHE, `${key}.js`);
    module._compile(read(kept) ?? transpile(filename, kept), filename);
};

function read(file) {
    try {
        return fs.readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}

function transpile(filename, kept) {
    const { code } = require("esbuild").transformSync(fs.readFileSync(filename, "utf8"), {
        loader: "ts",
        format: "cjs",
        platform: "node",
        target: "node22",
        sourcefile: filename,
        sourcemap: "inline",
    });
    fs.mkdirSync(CACHE, { recursive: true });
    // Written aside and moved: two processes may fill the cache at once.
    fs.writeFileSync(`${kept}.${process.pid}`, code);
    fs.renameSync(`${kept}.${process.pid}`, kept);
    return code;
}
