// Loaded (`node -r`) into the processes of the program and of each policy pack, before the Pulumi SDK's own runner.
// It changes nothing that a plan could show. Each step is skipped when the SDK is not shaped as expected.
/* eslint-disable @typescript-eslint/no-require-imports -- `node -r` loads CommonJS */
"use strict";
const fs = require("node:fs");
const Module = require("node:module");
const net = require("node:net");
const path = require("node:path");

const { PREVIEW_SDK: sdk, PREVIEW_SOCKET: socket, PREVIEW_TUNED: tuned } = process.env;
for (const name of ["PREVIEW_SDK", "PREVIEW_SOCKET", "PREVIEW_TUNED"]) delete process.env[name];
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const BAD_INPUT_EXIT_CODE = 2;

// A child never outlives the engine, not even when the engine is killed: descriptor 3 closes with it.
try {
    new net.Socket({ fd: 3 })
        .on("error", () => {})
        .on("close", () => process.exit(1))
        .resume()
        .unref();
} catch {
    // Started by hand, without the descriptor.
}

if (sdk && socket) prepareProgram();
else if (sdk) preparePack();

function attempt(step) {
    try {
        step();
    } catch {
        // Another version of the SDK: it runs unchanged.
    }
}

function load(name) {
    return require(path.join(sdk, name));
}

/** Takes steps that only spare work: `tuned: false` leaves them out. */
function spare(...steps) {
    if (tuned !== "false") steps.forEach(attempt);
}

function prepareProgram() {
    spare(rarelyUsedOnDemand);
    [silenceDebugMessages, plainErrorTexts, unknownSecretsInConfig].forEach(attempt);
    reportBadInput();
    spare(noStackForEachPromise, outputsOnDemand, inspectorOnDemand);
    waitForSocket();
}

function preparePack() {
    spare(rarelyUsedOnDemand);
    attempt(plainErrorTexts);
    spare(noStackForEachPromise, inspectorOnDemand, noCompilerForCompiledPacks, readPropertiesOnce);
}

// Every debug message would be a serial call, three or four for each resource, that nobody reads.
function silenceDebugMessages() {
    load("log").debug = () => Promise.resolve();
}

// The runner formats errors with colours through util.inspect, which takes tens of seconds for some.
function plainErrorTexts() {
    load("cmd/run/error").defaultErrorMessage = (error) => {
        if (error?.__pulumiInputPropertiesError) {
            const reasons = (error.errors ?? []).map(
                (one) => `  ${one.propertyPath}: ${one.reason}`,
            );
            return [error.message, ...reasons].join("\n");
        }
        return String(error?.stack || (error?.message ?? error));
    };
}

// Encrypted configuration arrives as the unknown text: its secret accessors answer an unknown secret.
function unknownSecretsInConfig() {
    const { Config } = load("config");
    const { Output, unknown } = load("output");
    const resolved = (value) => Promise.resolve(value);
    const unknownSecret = () =>
        new Output([], resolved(unknown), resolved(false), resolved(true), resolved([]));
    for (const get of ["get", "require"]) {
        for (const kind of ["", "Boolean", "Number", "Object"]) {
            const name = `${get}Secret${kind}`;
            const original = Config.prototype[name];
            if (typeof original !== "function") continue;
            Config.prototype[name] = function (key, ...rest) {
                const text = this.get(key);
                return text?.includes?.(UNKNOWN)
                    ? unknownSecret()
                    : original.call(this, key, ...rest);
            };
        }
    }
}

// A RunError is how a program says "bad input"; any other error in the same run outranks it.
function reportBadInput() {
    let others = 0;
    const note = (error) => {
        // The runner shows the stack of what is thrown after the program's last line, even of these.
        if (error?.__pulumiRunError || error?.hideStack) error.stack = error.message;
        if (error?.__pulumiRunError) {
            if (others === 0) process.exitCode = BAD_INPUT_EXIT_CODE;
        } else {
            others++;
            if (process.exitCode === BAD_INPUT_EXIT_CODE) process.exitCode = 1;
        }
    };
    process.on("uncaughtException", note);
    process.on("unhandledRejection", note);
}

// The SDK notes a stack trace and two more promises for each of four promises a property, and a trace without limit a
// resource. What is kept is its watch for promises that never settle.
function noStackForEachPromise() {
    if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return;
    const debuggable = load("runtime/debuggable");
    const { getStore } = load("runtime/state");
    const original = debuggable.debuggablePromise;
    let watching = false;
    debuggable.debuggablePromise = (promise, context) => {
        const { leakCandidates } = getStore();
        if (!watching || !leakCandidates) {
            watching = true; // The first one starts the report at the end.
            return original(promise, context);
        }
        leakCandidates.add(promise);
        return promise.then(
            (value) => {
                leakCandidates.delete(promise);
                return value;
            },
            (error) => {
                leakCandidates.delete(promise);
                throw error;
            },
        );
    };
    const { Resource } = load("resource");
    if (typeof Resource.stackTrace === "function") Resource.stackTrace = () => [];
}

// Every property of a resource is an Output of some twenty promises, and few are ever read: one is made when it is first read.
function outputsOnDemand() {
    const rpc = load("runtime/rpc");
    const original = rpc.transferProperties;
    rpc.transferProperties = (resource, label, props) => {
        const resolvers = {};
        for (const key of Object.keys(props)) {
            if (key === "id" || key === "urn") continue;
            let resolve;
            let result;
            const put = (property) =>
                Object.defineProperty(resource, key, {
                    configurable: true,
                    enumerable: true,
                    ...property,
                });
            // Says what is wrong.
            if (Object.hasOwn(resource, key)) original(resource, label, { [key]: props[key] });
            put({
                get() {
                    delete resource[key];
                    resolve = original(resource, label, { [key]: props[key] })[key];
                    if (result) resolve(...result);
                    return resource[key];
                },
                set: (value) => put({ value, writable: true }),
            });
            resolvers[key] = (...given) => (resolve ? resolve(...given) : (result = given));
        }
        return resolvers;
    };
}

// The debugger that serialises functions slows down the loading of every script; it starts when first needed.
function inspectorOnDemand() {
    load("runtime/closure/v8Hooks").isInitializedAsync = () => Promise.resolve();
}

// What serialises functions, and what drives the CLI, are hundreds of files, the TypeScript compiler among them; few
// programs do either, and no preview: they are read when first needed.
function rarelyUsedOnDemand() {
    const rare = new Map(
        Object.entries({
            "index.js": "./automation",
            "runtime/closure/codePaths.js": "@npmcli/arborist",
            "runtime/closure/parseFunction.js": "../../typescript-shim",
        }).map(([user, request]) => [path.join(sdk, user), request]),
    );
    const original = Module._load;
    Module._load = function (request, parent, ...rest) {
        return rare.get(parent?.filename) === request
            ? onDemand(() => original.call(Module, request, parent, ...rest))
            : original.call(this, request, parent, ...rest);
    };
}

/** A module that is loaded when something of it is first asked for. */
function onDemand(load) {
    let loaded;
    const real = () => (loaded ??= load());
    return new Proxy(
        {},
        {
            // Who imports a whole module asks this first.
            get: (_, key) => (key === "__esModule" ? true : real()[key]),
            has: (_, key) => key in real(),
            ownKeys: () => Reflect.ownKeys(real()),
            getOwnPropertyDescriptor(_, key) {
                const property = Reflect.getOwnPropertyDescriptor(real(), key);
                return property && { ...property, configurable: true };
            },
        },
    );
}

// The runner of packs loads the TypeScript compiler also for packs that are JavaScript already.
function noCompilerForCompiledPacks() {
    const runner = load("cmd/run-policy-pack/run");
    const original = runner.run;
    runner.run = (options) => {
        const compiled = require.resolve(path.resolve(options.argv._[0])).endsWith(".js");
        return original(compiled ? { ...options, typeScript: false } : options);
    };
}

// The pack's server turns a message into a tree for each of its policies before it copies the tree; once does.
function readPropertiesOnce() {
    const runner = load("cmd/run-policy-pack/run");
    const original = runner.run;
    runner.run = (options) => {
        attempt(() => {
            const pack = { paths: [path.resolve(options.argv._[0])] };
            const copies = require(require.resolve("@pulumi/policy/deserialize", pack));
            const { deserializeProperties } = copies;
            const trees = new WeakMap();
            copies.deserializeProperties = (struct, ...rest) => {
                const tree = trees.get(struct) ?? struct.toJavaScript();
                trees.set(struct, tree);
                return deserializeProperties({ toJavaScript: () => tree }, ...rest);
            };
        });
        return original(options);
    };
}

// The engine opens its socket while this process starts; the SDK would not wait for it.
function waitForSocket() {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (!fs.existsSync(socket)) Atomics.wait(pause, 0, 0, 5);
}
