import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties, Value } from "./values";

/** A resource as the program registered it. */
export interface ResourceState {
    op: "create" | "read";
    urn: string;
    type: string;
    name: string;
    custom: boolean;
    id?: string;
    /** The parent's URN; empty for the stack itself. */
    parent: string;
    inputs: Properties;
    /** The inputs as they came, which spares encoding them again. */
    wireInputs: Struct;
    /** Inputs and what the program will read back; unknown where a cloud would compute it. */
    outputs: Properties;
    /** `urn::id` of the provider, explicit or default. */
    provider: string;
    protect: boolean;
    dependencies: string[];
    propertyDependencies: Record<string, string[]>;
    aliases: string[];
    ignoreChanges: string[];
    replaceOnChanges: string[];
    additionalSecretOutputs: string[];
    deleteBeforeReplace?: boolean;
    retainOnDelete: boolean;
    deletedWith: string;
    importId: string;
    customTimeouts: Record<string, string>;
    replacementTrigger?: Value;
}

export const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

/** Whether the type is that of a provider, as `pulumi:providers:aws`. */
export function isProviderType(type: string): boolean {
    return type.startsWith(PROVIDER_TYPE_PREFIX);
}

/** The name of the package that a type or function token belongs to. */
export function packageOf(token: string): string {
    return isProviderType(token)
        ? token.slice(PROVIDER_TYPE_PREFIX.length)
        : (token.split(":")[0] ?? "");
}

/** The name part of a URN. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

/** The resource's own type, the last in the chain of parents' types that a URN carries. */
export function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").pop() ?? "";
}

/** Makes the URN of a resource from its parent's, as the engine does. */
export function makeUrn(
    stack: string,
    project: string,
    parent: string,
    type: string,
    name: string,
): string {
    const parentType = parent.split("::")[2] ?? "";
    const qualified = parentType && parentType !== STACK_TYPE ? `${parentType}$${type}` : type;
    return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}
