/** What a policy is beside its rule: a name, a level, a schema of its settings. Data; bind.ts hands it to the policy SDK. */
import type { EnforcementLevel, PolicyConfigSchema, Severity } from "@pulumi/policy";
import { LIMITS, type Limit, type LimitId } from "logcaster-model/limits";
import type { RowId } from "./rows";
import type { ResourceRule, StackRule } from "./rules/rule";

export type ConfigValueSchema = PolicyConfigSchema["properties"][string];

/** One setting of a policy: its JSON schema, whose default holds where a stack's configuration says nothing. */
export interface Setting<T> extends ConfigValueSchema {
    readonly default: T & ConfigValueSchema["default"];
    readonly description: string;
}

export type Settings<Config> = { readonly [K in keyof Config]: Setting<Config[K]> };

interface Description<Config> {
    /** `logcaster-<area>-<verb-phrase>`. */
    readonly name: string;
    readonly displayName: string;
    readonly description: string;
    readonly severity: Severity;
    /** Which rows it covers. */
    readonly rows: readonly RowId[];
    /** What to do about a violation; appended to every message. */
    readonly remediationSteps: string;
    readonly url: string;
    readonly config?: Settings<Config>;
    readonly enforcementLevel: EnforcementLevel;
    /** Types of the resources it judges. */
    readonly types: readonly string[];
}

/** A policy that judges each resource by its inputs, before it is created. */
export interface ResourcePolicyDefinition<Props, Config> extends Description<Config> {
    readonly resource: ResourceRule<Props, Config>;
}

/** A policy that judges resources by what else the stack holds. */
export interface StackPolicyDefinition<Props, Config> extends Description<Config> {
    readonly stack: StackRule<Props, Config>;
}

export type Definition =
    ResourcePolicyDefinition<object, object> | StackPolicyDefinition<object, object>;

/** Checks a definition's types and forgets them. */
export function define<Props, Config = object>(
    definition: ResourcePolicyDefinition<Props, Config> | StackPolicyDefinition<Props, Config>,
): Definition {
    return definition as unknown as Definition;
}

/** A whole number whose default is a limit of the checklist. */
export function limit(id: LimitId, description: string): Setting<number> {
    return integer(LIMITS[id].value, `${description}, in ${LIMITS[id].unit}; ${LIMITS[id].origin}`);
}

/** A whole number whose default is the lowest or highest value our settings take. */
export function bound(id: LimitId, end: "min" | "max", description: string): Setting<number> {
    const row: Limit = LIMITS[id];
    const value = row[end];
    if (value === undefined) throw new Error(`limits.ts gives no ${end} for ${id}`);
    return integer(value, `${description}, in ${row.unit}; ${row.origin}`);
}

export function integer(value: number, description: string): Setting<number> {
    return { type: "integer", minimum: 0, default: value, description };
}

export function flag(value: boolean, description: string): Setting<boolean> {
    return { type: "boolean", default: value, description };
}

export function words(value: string[], description: string): Setting<string[]> {
    return { type: "array", items: { type: "string" }, default: value, description };
}

/** A word. */
export function word(value: string, description: string): Setting<string> {
    return { type: "string", default: value, description };
}

/** A regular expression. */
export function pattern(value: string, description: string): Setting<string> {
    return { type: "string", format: "regex", default: value, description };
}
