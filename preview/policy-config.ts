import { readFileSync } from "node:fs";
import * as rpc from "@pulumi/pulumi/proto/analyzer_pb";
import { InputError, messageOf } from "./errors";
import { isObject, type Properties, type Value } from "./values";

/** How strictly a policy is meant. */
export type Level = "advisory" | "mandatory" | "remediate" | "disabled";

export const LEVELS: Record<Level, rpc.EnforcementLevel> = {
    advisory: rpc.EnforcementLevel.ADVISORY,
    mandatory: rpc.EnforcementLevel.MANDATORY,
    remediate: rpc.EnforcementLevel.REMEDIATE,
    disabled: rpc.EnforcementLevel.DISABLED,
};

/** The name of a level on the wire. */
export function levelName(level: rpc.EnforcementLevel): Level {
    const names = Object.keys(LEVELS) as Level[];
    return names.find((name) => LEVELS[name] === level) ?? "mandatory";
}

/** A policy configuration file: settings by policy name, and `all` for every policy's level. */
export interface PolicyConfigFile {
    /** Where it was read from; empty when none was given. */
    file: string;
    policies: Record<string, Value>;
}

/** What one policy runs with. */
export interface PolicySettings {
    level: Level;
    properties: Properties;
}

const LEVEL_NAMES = Object.keys(LEVELS);

/** How many names a message lists where none resembles the one given. */
const SHOWN_NAMES = 5;

/** Reads a policy configuration file (JSON). @throws InputError */
export function readPolicyConfig(file: string | undefined): PolicyConfigFile {
    if (!file) return { file: "", policies: {} };
    let content: unknown;
    try {
        content = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new InputError(
            `The policy configuration ${file} cannot be read: ${messageOf(error)}`,
        );
    }
    if (!isObject(content)) {
        throw new InputError(
            `The policy configuration ${file} must be an object keyed by policy name.`,
        );
    }
    return { file, policies: content };
}

/**
 * Merges what each policy of a pack runs with: its schema's defaults, the pack's own initial configuration,
 * the file's. @throws InputError naming every value that a schema refuses.
 */
export async function configurePolicies(
    info: rpc.AnalyzerInfo,
    { file, policies: given }: PolicyConfigFile,
): Promise<Map<string, PolicySettings>> {
    const policies = info.getPoliciesList();
    const problems: string[] = [];
    const all = parse("all", given["all"], problems);
    const settings = new Map<string, PolicySettings>();
    const schemas: Record<string, SettingsSchema> = {};
    const values: Record<string, Properties> = {};
    for (const policy of policies) {
        const name = policy.getName();
        const own = parse(name, given[name], problems);
        const initial = info.getInitialconfigMap().get(name);
        const initialProperties = (initial?.getProperties()?.toJavaScript() ?? {}) as Properties;
        const schema = policy.getConfigschema();
        const declared = (schema?.getProperties()?.toJavaScript() ?? {}) as Properties;
        const properties = { ...defaultsOf(declared), ...initialProperties, ...own.properties };
        settings.set(name, {
            level: own.level ?? all.level ?? levelName((initial ?? policy).getEnforcementlevel()),
            properties,
        });
        const required = schema?.getRequiredList() ?? [];
        if (Object.keys(own.properties).length > 0 || required.length > 0) {
            schemas[name] = {
                type: "object",
                additionalProperties: false,
                properties: declared,
                required,
            };
            values[name] = properties;
        }
    }
    if (Object.keys(schemas).length > 0) problems.push(...(await check(schemas, values)));
    refuse(file, problems);
    return settings;
}

/** Names in a configuration that no pack has are mistakes: nothing else would notice. @throws InputError */
export function checkPolicyNames({ file, policies }: PolicyConfigFile, known: Set<string>): void {
    const unknown = Object.keys(policies).filter((name) => name !== "all" && !known.has(name));
    refuse(
        file,
        unknown.map((name) => {
            const near = [...known].filter((other) => other.includes(name) || name.includes(other));
            const hint = near.length > 0 ? near : [...known].sort().slice(0, SHOWN_NAMES);
            return `${name} is the name of no policy; there is ${hint.join(", ")}${near.length === 0 && known.size > SHOWN_NAMES ? ", ..." : ""}`;
        }),
    );
}

function refuse(file: string, problems: string[]): void {
    if (problems.length === 0) return;
    throw new InputError(
        `The policy configuration ${file || "given"} is not valid:\n` +
            problems.map((problem) => `  - ${problem}`).join("\n"),
    );
}

function parse(
    name: string,
    value: Value | undefined,
    problems: string[],
): { level?: Level; properties: Properties } {
    if (value === undefined) return { properties: {} };
    const { enforcementLevel, ...properties } =
        typeof value === "string" ? { enforcementLevel: value } : isObject(value) ? value : {};
    if (typeof value !== "string" && !isObject(value)) {
        problems.push(`${name} is ${JSON.stringify(value)}; give a level or an object of settings`);
    } else if (enforcementLevel !== undefined && !LEVEL_NAMES.includes(String(enforcementLevel))) {
        problems.push(
            `${name}: enforcementLevel is ${JSON.stringify(enforcementLevel)}, allowed are ${LEVEL_NAMES.join(", ")}`,
        );
    } else if (enforcementLevel !== undefined) {
        return { level: enforcementLevel as Level, properties };
    }
    return { properties };
}

function defaultsOf(properties: Properties): Properties {
    const entries = Object.entries(properties).flatMap(([name, schema]) =>
        isObject(schema) && schema["default"] !== undefined ? [[name, schema["default"]]] : [],
    );
    return Object.fromEntries(entries) as Properties;
}

interface SettingsSchema {
    type: "object";
    additionalProperties: false;
    properties: Properties;
    required: string[];
}

/** Checks the settings of all policies against their schemas, compiled as one: a sentence for each mistake. */
async function check(
    schemas: Record<string, SettingsSchema>,
    values: Record<string, Properties>,
): Promise<string[]> {
    // Loaded only when a file configures something: other runs have nothing to check.
    const { Ajv } = await import("ajv");
    const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
    const validate = ajv.compile({ type: "object", properties: schemas });
    if (validate(values)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params, keyword }) => {
        const [name = "", ...path] = instancePath
            .slice(1)
            .split("/")
            .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
        if (keyword === "additionalProperties") {
            const known = Object.keys(schemas[name]?.properties ?? {}).join(", ");
            const where = [...path, String(params["additionalProperty"])].join(".");
            return `${name} has no setting ${where}; its settings are ${known || "none"}`;
        }
        const value = path.reduce<Value | undefined>(
            (inner, step) =>
                isObject(inner) || Array.isArray(inner) ? inner[step as never] : undefined,
            values[name],
        );
        const allowed = keyword === "enum" ? `: ${JSON.stringify(params["allowedValues"])}` : "";
        const what = path.length > 0 ? `${path.join(".")} is ${JSON.stringify(value)}, but ` : "";
        return `${name}: ${what}${message ?? "its schema refuses that"}${allowed}`;
    });
}
