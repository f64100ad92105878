/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, run before any TypeScript can be */
// Runs a stand-in from its TypeScript source, whatever directory the engine starts it in.
const path = require("node:path");

const root = path.resolve(__dirname, "../..");

module.exports = (name) => {
    require("ts-node").register({
        transpileOnly: true,
        cwd: root,
        project: path.join(root, "tsconfig.json"),
    });
    const { runPlugin } = require("./serve.ts");
    const { MODELS } = require("./models.ts");
    void runPlugin(MODELS[name]);
};
