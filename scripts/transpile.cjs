// TypeScript to JavaScript, file by file, once: esbuild writes what it made under .cache/ts. Types are checked apart (`npm run check`).
// Used by scripts/ts.cjs, and named in tsconfig.json as the transpiler of ts-node, which runs the program and the tests.
/* eslint-disable @typescript-eslint/no-require-imports -- both load CommonJS */
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const CACHE = path.join(__dirname, "../.cache/ts");
const FORM = "2"; // of what is kept: raise it when the options below, or esbuild's version, change

/** The JavaScript of a file, as modules of the format `cjs` or `esm`, and its source map, both as text. */
function transpile(source, filename, format = "cjs") {
    const key = createHash("sha1")
        .update([FORM, format, filename, source].join("\0"))
        .digest("hex");
    const kept = path.join(CACHE, `${key}.json`);
    const known = read(kept);
    if (known) return known;
    const { code, map } = require("esbuild").transformSync(source, {
        loader: "ts",
        format,
        platform: "node",
        target: "node22",
        sourcefile: filename,
        sourcemap: "external",
    });
    fs.mkdirSync(CACHE, { recursive: true });
    // Written aside and moved: two processes may fill the cache at once.
    fs.writeFileSync(`${kept}.${process.pid}`, JSON.stringify({ code, map }));
    fs.renameSync(`${kept}.${process.pid}`, kept);
    return { code, map };
}

function read(file) {
    try {
        return JSON.parse(fs.readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
}

// TypeScript's numbers of the kinds of ECMAScript modules (ts.ModuleKind), from ES2015 to ESNext.
const ES2015 = 5;
const ESNEXT = 99;

/** The factory that ts-node calls (https://typestrong.org/ts-node/docs/transpilers#third-party-transpilers). */
function create({ service, nodeModuleEmitKind }) {
    const { module } = service.config.options;
    const modules = nodeModuleEmitKind === "nodeesm" || (module >= ES2015 && module <= ESNEXT);
    return {
        transpile(source, { fileName }) {
            const { code, map } = transpile(source, fileName, modules ? "esm" : "cjs");
            return { outputText: code, sourceMapText: map };
        },
    };
}

module.exports = { CACHE, create, transpile };
