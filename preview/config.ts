import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "./errors";
import { type ConfigDeclaration, type Project, readYaml, stacksOf } from "./project";
import { isObject, UNKNOWN, type Value } from "./values";

/** A stack's configuration as the program receives it. */
export interface StackConfig {
    /** Texts by key with namespace; objects and lists as JSON; what is encrypted as the unknown. */
    values: Record<string, string>;
    /** Keys whose value is secret, as a whole or in a part. */
    secretKeys: string[];
    warnings: string[];
}

/**
 * Reads a stack's configuration: the project's defaults, Pulumi.<stack>.yaml, then `ns:path=value` settings.
 * Encrypted values are never decrypted: they become unknown secrets.
 * @throws InputError naming every problem.
 */
export function loadStackConfig(project: Project, stack: string, settings: string[]): StackConfig {
    const values = new Map<string, Value>();
    const secretKeys = new Set<string>();
    const warnings: string[] = [];
    for (const [key, declaration] of Object.entries(project.config)) {
        const value = declaration.value ?? declaration.default;
        if (value !== undefined && value !== null) put(values, secretKeys, key, value);
    }
    const file = stackFile(project, stack);
    const yaml = file ? readYaml(file) : {};
    if (yaml["environment"] !== undefined) {
        warnings.push(
            `${file} imports an environment of Pulumi ESC, which needs an account: its values are missing here.`,
        );
    }
    const config = yaml["config"] ?? {};
    if (!isObject(config)) throw new InputError(`${file}: "config" must hold keys and values.`);
    for (const [key, value] of Object.entries(config)) {
        put(values, secretKeys, withNamespace(project, key), value);
    }
    for (const setting of settings) applySetting(project, values, setting);
    checkDeclarations(project, stack, values);
    for (const [key, declaration] of Object.entries(project.config)) {
        if (declaration.secret) secretKeys.add(key);
    }
    return {
        values: Object.fromEntries([...values].map(([key, value]) => [key, textOf(value)])),
        secretKeys: [...secretKeys].filter((key) => values.has(key)),
        warnings,
    };
}

function stackFile(project: Project, stack: string): string | undefined {
    const name = stack.split("/").pop() ?? stack;
    const file = ["yaml", "yml", "json"]
        .map((extension) => join(project.stackConfigDir, `Pulumi.${name}.${extension}`))
        .find((candidate) => existsSync(candidate));
    const known = stacksOf(project);
    if (!file && known.length > 0) {
        throw new InputError(
            `Unknown stack ${stack}: there is no Pulumi.${name}.yaml in ${project.stackConfigDir}; ` +
                `give --stack one of ${known.join(", ")}.`,
        );
    }
    return file;
}

function withNamespace(project: Project, key: string): string {
    // `name:config:key` is the oldest form of a key; the CLI still reads it.
    const modern = key.replace(":config:", ":");
    return modern.includes(":") ? modern : `${project.name}:${modern}`;
}

function put(values: Map<string, Value>, secretKeys: Set<string>, key: string, value: Value): void {
    let secret = false;
    const hide = (part: Value): Value => {
        if (Array.isArray(part)) return part.map(hide);
        if (!isObject(part)) return part;
        if (Object.keys(part).length === 1 && typeof part["secure"] === "string") {
            secret = true;
            return UNKNOWN;
        }
        return Object.fromEntries(Object.entries(part).map(([k, v]) => [k, hide(v)]));
    };
    if (value === null) return;
    values.set(key, hide(value));
    if (secret) secretKeys.add(key);
    else secretKeys.delete(key);
}

function textOf(value: Value): string {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Splits `a.b[0]["c.d"]` as `pulumi config set --path` does. @throws InputError */
export function parsePath(path: string): (string | number)[] {
    const token = /\.?([^.[\]"]+)|\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;
    const parts: (string | number)[] = [];
    while (token.lastIndex < path.length) {
        const at = token.lastIndex;
        const match = token.exec(path);
        if (!match || (at === 0 && path.startsWith("."))) {
            throw new InputError(
                `-c ${path}: not a property path; write it as ns:key.name[0]["other name"].`,
            );
        }
        const [, name, index, quoted] = match;
        parts.push(
            name ?? (index === undefined ? (quoted ?? "").replace(/\\(.)/g, "$1") : Number(index)),
        );
    }
    return parts;
}

function applySetting(project: Project, values: Map<string, Value>, setting: string): void {
    const equals = setting.indexOf("=");
    if (equals < 1) {
        throw new InputError(
            `-c ${setting}: write it as ns:path=value, for example -c aws:region=eu-west-1.`,
        );
    }
    const address = setting.slice(0, equals);
    const text = setting.slice(equals + 1);
    const colon = address.indexOf(":");
    const [first, ...path] = parsePath(address.slice(colon + 1));
    if (typeof first !== "string") {
        throw new InputError(`-c ${setting}: a configuration path starts with a key's name.`);
    }
    const key = `${colon < 0 ? project.name : address.slice(0, colon)}:${first}`;
    if (path.length === 0) return void values.set(key, text);
    const current = values.get(key);
    const root = structuredClone(
        typeof current === "string" ? parseJson(current) : (current ?? null),
    );
    values.set(key, setAt(root, path, typed(text), address, key));
}

function setAt(
    target: Value,
    [step, ...rest]: (string | number)[],
    value: Value,
    address: string,
    at: string,
): Value {
    if (step === undefined) return value;
    if (typeof step === "number") {
        const list = target ?? [];
        if (!Array.isArray(list)) throw new InputError(`-c ${address}: ${at} is not a list.`);
        if (step > list.length) {
            throw new InputError(
                `-c ${address}: index ${step} is beyond the end of ${at}, which has ${list.length} ` +
                    `items; the next free index is ${list.length}.`,
            );
        }
        list[step] = setAt(list[step] ?? null, rest, value, address, `${at}[${step}]`);
        return list;
    }
    const object = target ?? {};
    if (!isObject(object)) {
        throw new InputError(`-c ${address}: ${at} is not an object, so it has no ${step}.`);
    }
    object[step] = setAt(object[step] ?? null, rest, value, address, `${at}.${step}`);
    return object;
}

/** Booleans and whole numbers become what they look like, all else stays text, as the CLI decides it. */
function typed(text: string): Value {
    if (text === "true" || text === "false") return text === "true";
    const whole = /^[+-]?\d+$/.test(text) && !(text.length > 1 && text.startsWith("0"));
    return whole && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}

/** The value that a text of JSON holds; any other text is its own value. */
export function parseJson(text: string): Value {
    try {
        return JSON.parse(text) as Value;
    } catch {
        return text;
    }
}

function checkDeclarations(project: Project, stack: string, values: Map<string, Value>): void {
    const problems: string[] = [];
    for (const [key, declaration] of Object.entries(project.config)) {
        const value = values.get(key);
        if (value === undefined) {
            if (declaration.type && key.startsWith(`${project.name}:`)) {
                problems.push(
                    `Stack ${stack} is missing configuration value ${key} (type ${declaration.type}).`,
                );
            }
        } else if (!matchesType(value, declaration)) {
            problems.push(
                `Stack ${stack}: configuration ${key}${declaration.secret ? "" : ` is ${JSON.stringify(value)} but`} must be of type ${typeName(declaration)}, as Pulumi.yaml declares.`,
            );
        }
    }
    if (problems.length > 0) throw new InputError(problems.join("\n"));
}

function typeName({ type, items }: ConfigDeclaration): string {
    return type === "array" && items?.type ? `array<${typeName(items)}>` : String(type);
}

function matchesType(value: Value, declaration: ConfigDeclaration): boolean {
    if (value === UNKNOWN) return true;
    const parsed =
        typeof value === "string" && declaration.type !== "string" ? parseJson(value) : value;
    switch (declaration.type) {
        case "string":
            return typeof parsed !== "object";
        case "boolean":
            return typeof parsed === "boolean";
        case "integer":
            return Number.isInteger(parsed);
        case "number":
            return typeof parsed === "number";
        case "object":
            return isObject(parsed);
        case "array": {
            const { items } = declaration;
            return (
                Array.isArray(parsed) &&
                (!items || parsed.every((item) => matchesType(item, items)))
            );
        }
        default:
            return true;
    }
}
