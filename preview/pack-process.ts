import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Child, packageDirectory } from "./child";
import { InputError, PreviewFailure } from "./errors";
import { readYaml } from "./project";
import { isObject } from "./values";

/** A pack's process, which may still be loading. */
export interface RunningPack {
    directory: string;
    child: Child;
    /** The port it serves; rejects with what it wrote when it ends before. */
    port: Promise<number>;
}

/** Starts a policy pack under the SDK's own runner. @throws InputError when the directory holds none. */
export function startPack(
    directory: string,
    env: NodeJS.ProcessEnv,
    /** Whether the preload may spare the SDK work that no finding depends on. */
    tuned: boolean,
    onOutput: (text: string) => void,
): RunningPack {
    const root = resolve(directory);
    const file = ["PulumiPolicy.yaml", "PulumiPolicy.yml"]
        .map((name) => join(root, name))
        .find((candidate) => existsSync(candidate));
    if (!file) {
        throw new InputError(`${root} is no policy pack: it holds no PulumiPolicy.yaml.`);
    }
    const yaml = readYaml(file);
    const runtime = isObject(yaml["runtime"]) ? yaml["runtime"]["name"] : yaml["runtime"];
    if (runtime !== "nodejs") {
        throw new InputError(
            `${file} says runtime: ${String(runtime)}, but this preview runs Node.js policy packs only.`,
        );
    }
    const main = typeof yaml["main"] === "string" ? resolve(root, yaml["main"]) : root;
    if (!existsSync(main)) {
        throw new InputError(
            `${file} says main: ${String(yaml["main"])}, but ${main} does not exist: build the pack first.`,
        );
    }
    const sdk = packageDirectory(statSync(main).isDirectory() ? main : root, "@pulumi/pulumi");
    if (!sdk) {
        throw new InputError(
            `@pulumi/pulumi is not installed for the policy pack in ${root}: run "npm install" there first.`,
        );
    }
    let found: (port: number) => void = () => undefined;
    let output = "";
    let errors = "";
    const opened = new Promise<number>((resolvePort) => (found = resolvePort));
    const child = new Child({
        script: join(sdk, "cmd/run-policy-pack/index.js"),
        // The engine's address comes first and is not used by packs in Node.js.
        args: ["127.0.0.1:0", main],
        cwd: root,
        env: { ...env, PREVIEW_SDK: sdk, PREVIEW_TUNED: String(tuned) },
        onStdout: (text) => {
            const before = output;
            output += text;
            const line = /^(\d+)\n/.exec(output);
            if (!/^\d+\n/.test(before) && line) found(Number(line[1]));
            const rest = line && !/^\d+\n/.test(before) ? output.slice(line[0].length) : text;
            if (line && rest) onOutput(rest);
        },
        onStderr: (text) => {
            errors += text;
            if (/^\d+\n/.test(output)) onOutput(text);
        },
    });
    const failed = child.ended.then(({ code, signal }) => {
        const said = (errors + output).trim().replace(/^error: \[runtime\] /, "");
        throw new PreviewFailure(
            `The policy pack in ${root} stopped before it was ready (${signal ?? `exit ${code}`})` +
                (said ? `:\n${said}` : "."),
        );
    });
    const port = Promise.race([opened, failed]);
    failed.catch(() => undefined);
    port.catch(() => undefined);
    return { directory: root, child, port };
}
