#!/usr/bin/env node
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS: it registers what reads TypeScript */
// Runs the sources where they are (a clone needs no build), the bundle where they are not (published).
const { existsSync } = require("node:fs");
const path = require("node:path");

const source = path.join(__dirname, "main.ts");
if (existsSync(source)) {
    require("ts-node").register({
        transpileOnly: true,
        projectSearchDir: path.join(__dirname, "../.."),
    });
    require(source);
} else {
    require("./start.cjs");
}
