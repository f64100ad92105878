import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { InputError, messageOf } from "./errors";
import { isObject, type Value } from "./values";

/** One entry of the config schema in Pulumi.yaml. */
export interface ConfigDeclaration {
    type?: string;
    items?: ConfigDeclaration;
    default?: Value;
    value?: Value;
    secret?: boolean;
}

/** What Pulumi.yaml says, as far as a preview needs it. */
export interface Project {
    /** The directory that holds Pulumi.yaml. */
    root: string;
    name: string;
    /** The directory the program runs in. */
    pwd: string;
    /** The file or directory to run, relative to `pwd`. */
    entry: string;
    nodeArgs: string[];
    typescript: boolean;
    tsconfig?: string;
    /** Declarations by key, with namespace. */
    config: Record<string, ConfigDeclaration>;
    stackConfigDir: string;
}

/** Finds and reads the project that `cwd` belongs to. @throws InputError when there is none that can be run. */
export function loadProject(cwd: string): Project {
    const start = resolve(cwd);
    if (!existsSync(start) || !statSync(start).isDirectory()) {
        throw new InputError(
            `The directory ${start} does not exist: --cwd names the program's directory.`,
        );
    }
    const file = findUpwards(start, ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]);
    if (!file) {
        throw new InputError(
            `No Pulumi.yaml in ${start} or above it: --cwd names the directory of a Pulumi program.`,
        );
    }
    const root = dirname(file);
    const yaml = readYaml(file);
    const name = yaml["name"];
    if (typeof name !== "string" || name === "") {
        throw new InputError(`${file} has no "name": every Pulumi project needs one.`);
    }
    const { pwd, entry } = programLocation(root, file, yaml["main"]);
    return {
        root,
        name,
        pwd,
        entry,
        ...runtimeOptions(file, yaml["runtime"]),
        config: configDeclarations(file, name, yaml["config"]),
        stackConfigDir: resolve(
            root,
            [yaml["stackConfigDir"], yaml["config"]].find((dir) => typeof dir === "string") ?? ".",
        ),
    };
}

/** Reads a YAML (or JSON) file that must hold a mapping. @throws InputError with the file's name. */
export function readYaml(file: string): Record<string, Value> {
    let content: unknown;
    try {
        content = parse(readFileSync(file, "utf8")) ?? {};
    } catch (error) {
        throw new InputError(`${file} cannot be read: ${messageOf(error)}`);
    }
    if (!isObject(content)) throw new InputError(`${file} must hold a mapping of keys to values.`);
    return content;
}

function findUpwards(start: string, names: string[]): string | undefined {
    for (let directory = start; ; directory = dirname(directory)) {
        const found = names.map((name) => join(directory, name)).find((file) => existsSync(file));
        if (found) return found;
        if (dirname(directory) === directory) return undefined;
    }
}

function programLocation(root: string, file: string, main: Value | undefined) {
    if (main === undefined || main === null || main === "") return { pwd: root, entry: "." };
    const program = typeof main === "string" ? resolve(root, main) : "";
    if (!existsSync(program)) {
        throw new InputError(
            `${file} says main: ${String(main)}, but ${program || "it"} does not exist.`,
        );
    }
    if (statSync(program).isDirectory()) return { pwd: program, entry: "." };
    return { pwd: dirname(program), entry: basename(program) };
}

function runtimeOptions(file: string, runtime: Value | undefined) {
    const name = isObject(runtime) ? runtime["name"] : runtime;
    const options = isObject(runtime) && isObject(runtime["options"]) ? runtime["options"] : {};
    if (name !== "nodejs") {
        throw new InputError(
            `${file} says runtime: ${String(name)}, but this preview runs Node.js programs only ` +
                "(runtime: nodejs); use the Pulumi CLI for other languages.",
        );
    }
    const tsconfig = options["tsconfig"];
    return {
        nodeArgs: String(options["nodeargs"] ?? "")
            .split(/\s+/)
            .filter(Boolean),
        typescript: options["typescript"] !== false,
        ...(typeof tsconfig === "string" ? { tsconfig } : {}),
    };
}

function configDeclarations(file: string, project: string, config: Value | undefined) {
    const declarations: Record<string, ConfigDeclaration> = {};
    if (!isObject(config)) return declarations;
    for (const [key, entry] of Object.entries(config)) {
        const shape = isObject(entry) ? entry : { default: entry };
        if (shape["value"] !== undefined && shape["default"] !== undefined) {
            throw new InputError(
                `${file}: config ${key} gives both "value" and "default"; a project config has one.`,
            );
        }
        declarations[key.includes(":") ? key : `${project}:${key}`] = shape as ConfigDeclaration;
    }
    return declarations;
}

/** The names of the stacks that have a configuration file. */
export function stacksOf(project: Project): string[] {
    if (!existsSync(project.stackConfigDir)) return [];
    return readdirSync(project.stackConfigDir)
        .map((file) => /^Pulumi\.(.+)\.(?:yaml|yml|json)$/.exec(file)?.[1])
        .filter((stack) => stack !== undefined)
        .sort();
}
