#!/usr/bin/env node
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS: it comes before the bundle */
// Runs the bundle; what the engine compiled is kept for the next start.
const { enableCompileCache } = require("node:module");

enableCompileCache?.();
require("../bin/logcaster.js");
