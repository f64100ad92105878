/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, run before any TypeScript can be */
// Runs a stand-in from its TypeScript source, whatever directory the engine starts it in. The engine starts one
// process a provider a command, so it bundles in memory, which takes a tenth of what ts-node takes.
const Module = require("node:module");
const path = require("node:path");

module.exports = (name) => {
    const { buildSync } = require("esbuild");
    const file = path.join(__dirname, "plugin.ts");
    const built = buildSync({
        entryPoints: [file],
        bundle: true,
        write: false,
        platform: "node",
        format: "cjs",
        packages: "external",
        logLevel: "error",
    });
    const bundle = new Module(file, module);
    bundle.filename = file;
    bundle.paths = Module._nodeModulePaths(__dirname);
    bundle._compile(built.outputFiles[0].text, file);
    void bundle.exports.runPlugin(bundle.exports.MODELS[name]);
};
