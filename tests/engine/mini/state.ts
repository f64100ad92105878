import type { JsonObject } from "../../standin/wire";

/** What the small engine keeps of a resource. */
export interface Resource {
    urn: string;
    type: string;
    name: string;
    custom: boolean;
    id: string;
    parent: string;
    /** `urn::id` of its provider; empty for components and providers. */
    provider: string;
    inputs: JsonObject;
    outputs: JsonObject;
    protect: boolean;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    deleteBeforeReplace?: boolean;
    additionalSecretOutputs: string[];
    dependencies: string[];
    aliases: string[];
}

export const STACK_TYPE = "pulumi:pulumi:Stack";

export function isProvider(type: string): boolean {
    return type.startsWith("pulumi:providers:");
}

/** The package of a type token. */
export function packageOf(type: string): string {
    return isProvider(type) ? (type.split(":").at(-1) ?? "") : (type.split(":")[0] ?? "");
}

/** The URN that the engine gives a resource. */
export function makeUrn(
    project: string,
    stack: string,
    parent: string,
    type: string,
    name: string,
): string {
    const parentType = parent.split("::")[2] ?? "";
    const chain = parentType && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
    return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
}
