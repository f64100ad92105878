import { createHmac, randomBytes } from "node:crypto";
import type { PropertyChange } from "./diff";
import type { Json, JsonObject } from "./wire";

/** How the engine asks for names (`pulumi:autonaming`); absent means the provider's own way. */
export interface Autonaming {
    mode: "propose" | "enforce" | "disable";
    name: string;
}

export interface CheckArgs {
    type: string;
    /** The logical name, the last part of the URN. */
    name: string;
    olds: JsonObject;
    news: JsonObject;
    /** Names come out the same for the same seed, so that an update names as its preview did. */
    seed: Uint8Array;
    autonaming?: Autonaming;
}

export interface CheckFailure {
    property: string;
    reason: string;
}

export interface Checked {
    inputs: JsonObject;
    failures: CheckFailure[];
}

export interface DiffArgs {
    type: string;
    before: JsonObject;
    after: JsonObject;
    found: readonly PropertyChange[];
}

export interface CreateArgs {
    type: string;
    name: string;
    inputs: JsonObject;
}

export interface Created {
    id: string;
    state: JsonObject;
    /** What no second resource of the type may have at the same time, such as a name in a region. */
    claim?: string;
}

export interface UpdateArgs extends CreateArgs {
    id: string;
    oldInputs: JsonObject;
    /** The state the world has, or in a preview the one the engine knows. */
    state: JsonObject;
    found: readonly PropertyChange[];
}

/** What one provider's resources do; everything in it is about the provider, nothing about gRPC. */
export interface Model {
    readonly name: string;
    readonly version: string;
    /** False where the real provider keeps everything in the engine's state (random). */
    readonly hasWorld: boolean;
    configure(args: JsonObject): void;
    /** Provider arguments whose change makes the old provider unable to manage its resources. */
    configReplaces(before: JsonObject, after: JsonObject): string[];
    /** True if the model has a row for the type; otherwise it behaves in a generic way and says so. */
    knows(type: string): boolean;
    check(args: CheckArgs): Checked;
    /** Property paths whose change replaces the resource. */
    replacing(args: DiffArgs): string[];
    /** True if the replacement cannot exist beside the old one (a fixed name). */
    deleteBeforeReplace(args: DiffArgs): boolean;
    create(args: CreateArgs): Created;
    /** The state of a resource about to be created: what only the cloud knows is unknown. */
    previewCreate(args: CreateArgs): JsonObject;
    update(args: UpdateArgs): JsonObject;
    previewUpdate(args: UpdateArgs): JsonObject;
    /** The arguments that would give a state, in the shape of those given before. */
    inputsOf(type: string, state: JsonObject, inputs: JsonObject): JsonObject;
}

/** Inputs whose value a provider chose; kept in the inputs, as the real providers keep it. */
export const DEFAULTS_KEY = "__defaults";

/** The names of the inputs that a provider filled in. */
export function defaulted(inputs: JsonObject): string[] {
    const names = inputs[DEFAULTS_KEY];
    return Array.isArray(names) ? names.filter((n): n is string => typeof n === "string") : [];
}

/** Hexadecimal digits from the engine's seed and a label, or random where there is no seed. */
export function seededHex(seed: Uint8Array, label: string, digits: number): string {
    const bytes = seed.length
        ? createHmac("sha256", seed).update(label).digest()
        : randomBytes(Math.ceil(digits / 2));
    return bytes.toString("hex").slice(0, digits);
}

export function hex(digits: number): string {
    return randomBytes(Math.ceil(digits / 2))
        .toString("hex")
        .slice(0, digits);
}

/** A value unless it is absent. */
export function text(value: Json | undefined): string | undefined {
    return typeof value === "string" ? value : undefined;
}
