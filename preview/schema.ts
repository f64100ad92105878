import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "./child";
import { isProviderType } from "./resources";
import { isObject } from "./values";

/** One output of a resource type. */
export interface OutputProperty {
    name: string;
    /** The TypeScript type as the SDK declares it, such as `string` or `string[]`. */
    type: string;
}

const OUTPUT_DECLARATION = /^ {4}(?:declare )?readonly (\w+)!?: pulumi\.Output<([\s\S]*?)>;$/gm;
const OUTPUT_ONLY = /resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g;
const RESULT_FIELD = /^ {4}readonly (\w+)\??: /gm;

/**
 * What the provider SDKs installed beside a program say about their resources and functions.
 * Generated SDKs give an output that is always there the type `Output<T>`, and one that may be missing
 * `Output<T | undefined>`; that is the schema's "required", so no provider has to be asked.
 */
export class ProviderSdks {
    private readonly directories = new Map<string, string | undefined>();
    private readonly outputs = new Map<string, OutputProperty[]>();
    private readonly results = new Map<string, string[] | undefined>();

    constructor(private readonly programDirectory: string) {}

    /** The outputs that a resource of this type certainly has once created; none for an unknown SDK. */
    outputsOf(type: string): OutputProperty[] {
        let outputs = this.outputs.get(type);
        if (!outputs) {
            const file = isProviderType(type) ? undefined : this.moduleOf(type);
            outputs = file ? readOutputs(file) : [];
            this.outputs.set(type, outputs);
        }
        return outputs;
    }

    /** The fields of a function's result, when the SDK is installed. */
    resultOf(token: string): string[] | undefined {
        if (!this.results.has(token)) {
            const file = this.moduleOf(token);
            const text = file ? readFileSync(`${file}.d.ts`, "utf8") : "";
            const body = /export interface \w+Result \{([\s\S]*?)^\}/m.exec(text)?.[1];
            this.results.set(
                token,
                body === undefined
                    ? undefined
                    : [...body.matchAll(RESULT_FIELD)].map(([, name]) => name!),
            );
        }
        return this.results.get(token);
    }

    /** The path, without extension, of the module that a token such as `aws:lb/listener:Listener` names. */
    private moduleOf(token: string): string | undefined {
        const [name = "", path = "", member = ""] = token.split(":");
        const directory = this.directoryOf(name);
        if (!directory) return undefined;
        const file = member.charAt(0).toLowerCase() + member.slice(1);
        const inModule = path.replace(/^index(\/|$)/, "");
        return [inModule, join(inModule, file)]
            .map((candidate) => join(directory, candidate))
            .find((candidate) => existsSync(`${candidate}.d.ts`));
    }

    private directoryOf(name: string): string | undefined {
        if (!this.directories.has(name)) {
            this.directories.set(
                name,
                packageDirectory(this.programDirectory, `@pulumi/${name}`) ??
                    findPluginPackage(this.programDirectory, name),
            );
        }
        return this.directories.get(name);
    }
}

function readOutputs(file: string): OutputProperty[] {
    const always = [...readFileSync(`${file}.d.ts`, "utf8").matchAll(OUTPUT_DECLARATION)]
        .map(([, name, type]) => ({ name: name!, type: type! }))
        .filter(({ type }) => !/\|\s*undefined$/.test(type));
    const computed = existsSync(`${file}.js`)
        ? [...readFileSync(`${file}.js`, "utf8").matchAll(OUTPUT_ONLY)].map(([, name]) => name!)
        : [];
    const known = new Set(always.map(({ name }) => name));
    const optional = [...new Set(computed)].filter((name) => !known.has(name));
    return [...always, ...optional.map((name) => ({ name, type: "unknown" }))].filter(
        ({ name }) => name !== "id" && name !== "urn",
    );
}

/** Looks for a provider SDK outside the @pulumi scope: its package.json says `"pulumi": {"name": ...}`. */
function findPluginPackage(directory: string, name: string): string | undefined {
    const modules = join(packageDirectory(directory, "@pulumi/pulumi") ?? directory, "../..");
    const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
    return list(modules)
        .flatMap((entry) =>
            entry.startsWith("@")
                ? list(join(modules, entry)).map((sub) => join(entry, sub))
                : entry,
        )
        .filter((entry) => entry.includes(name))
        .map((entry) => join(modules, entry))
        .find((candidate) => {
            try {
                const manifest: unknown = JSON.parse(
                    readFileSync(join(candidate, "package.json"), "utf8"),
                );
                const pulumi = isObject(manifest) ? manifest["pulumi"] : undefined;
                return isObject(pulumi) && pulumi["name"] === name;
            } catch {
                return false;
            }
        });
}
