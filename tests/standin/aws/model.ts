import {
    DEFAULTS_KEY,
    defaulted,
    hex,
    seededHex,
    text,
    type CheckArgs,
    type Checked,
    type CreateArgs,
    type Created,
    type DiffArgs,
    type Model,
    type UpdateArgs,
} from "../model";
import { isInternal } from "../diff";
import { inputsOf } from "../inputs-of";
import {
    holdsSecret,
    isObject,
    isSecret,
    isUnknown,
    plain,
    plainObject,
    secret,
    UNKNOWN,
    type Json,
    type JsonObject,
} from "../wire";
import { ACCOUNT, arn, type Autoname, type Made, type Row } from "./row";
import { shapeOf } from "./shape";
import { AWS_TYPES } from "./table";

/** The bridge's own suffix: a dash and seven hexadecimal digits. */
const SUFFIX_DIGITS = 7;
const ANY_NAME: Autoname = { property: "name", maxLength: 255 };

const GENERIC: Row = {
    replaces: ["name", "namePrefix"],
    id: ({ name }) => `${name}-${hex(SUFFIX_DIGITS)}`,
};

function rowOf(type: string): Row {
    return AWS_TYPES[type] ?? GENERIC;
}

/** The property that gets a name when the program gives none, if the type has one. */
export function autonameOf(type: string): Autoname | undefined {
    const named = rowOf(type).autoname;
    if (named) return named;
    return shapeOf(type).args.get("name")?.optional ? ANY_NAME : undefined;
}

/** True if the type takes tags as a map, which the provider's default tags join. */
function tagged(type: string): boolean {
    return shapeOf(type).args.get("tags")?.type.startsWith("{ [key: string]") ?? false;
}

/** The AWS provider of a simulated account. */
export class AwsModel implements Model {
    readonly name = "aws";
    readonly hasWorld = true;
    #region = "us-east-1";
    #defaultTags: JsonObject = {};

    constructor(readonly version: string) {}

    configure(args: JsonObject): void {
        this.#region = text(args.region) ?? process.env.AWS_REGION ?? "us-east-1";
        // The bridge sends nested provider arguments as JSON text.
        const tags = text(args.defaultTags);
        const parsed = tags ? (JSON.parse(tags) as Json) : (args.defaultTags ?? {});
        this.#defaultTags = isObject(parsed) && isObject(parsed.tags) ? parsed.tags : {};
    }

    configReplaces(before: JsonObject, after: JsonObject): string[] {
        return before.region === after.region ? [] : ["region"];
    }

    knows(type: string): boolean {
        return type in AWS_TYPES;
    }

    check({ type, name, olds, news, seed, autonaming }: CheckArgs): Checked {
        const inputs: JsonObject = { ...news };
        const failures: Checked["failures"] = [];
        const filled: string[] = [];
        for (const [key, value] of Object.entries(rowOf(type).defaults ?? {})) {
            if (inputs[key] === undefined || inputs[key] === null) {
                inputs[key] = value;
                filled.push(key);
            }
        }
        if (tagged(type) && Object.keys(this.#defaultTags).length && !isUnknown(news.tags)) {
            const own = plain(news.tags ?? {});
            const tags = { ...this.#defaultTags, ...(isObject(own) ? own : {}) };
            inputs.tags = holdsSecret(news.tags) ? secret(tags) : tags;
        }
        const auto = autonameOf(type);
        const given = auto && (inputs[auto.property] ?? inputs[`${auto.property}Prefix`]);
        if (auto && (given === undefined || given === null)) {
            const old = defaulted(olds).includes(auto.property) ? olds[auto.property] : undefined;
            const made = old ?? this.#autoname(auto, type, name, inputs, seed, autonaming);
            if (typeof made === "object" && made !== null && "reason" in made) {
                failures.push({ property: auto.property, reason: String(made.reason) });
            } else if (made !== undefined) {
                inputs[auto.property] = made;
                filled.push(auto.property);
            }
        }
        inputs[DEFAULTS_KEY] = filled.sort();
        return { inputs, failures };
    }

    #autoname(
        auto: Autoname,
        type: string,
        logical: string,
        inputs: JsonObject,
        seed: Uint8Array,
        autonaming: CheckArgs["autonaming"],
    ): Json | undefined {
        if (autonaming?.mode === "disable") {
            return {
                reason: `${type} "${logical}" needs ${auto.property}: automatic naming is switched off.`,
            };
        }
        let name = `${logical}-${seededHex(seed, `${type}::${logical}`, SUFFIX_DIGITS)}`;
        if (autonaming?.name) name = autonaming.name;
        if (autonaming?.mode !== "enforce") {
            if (auto.lowercase) name = name.toLowerCase();
            if (auto.prefix && !name.startsWith(auto.prefix)) name = auto.prefix + name;
            if (auto.fifo && plain(inputs[auto.fifo] ?? false) === true) name += ".fifo";
        }
        if (name.length > auto.maxLength) {
            return {
                reason: `${auto.property} "${name}" of ${type} is ${name.length} characters long, and at most ${auto.maxLength} are allowed: shorten the logical name "${logical}".`,
            };
        }
        return name;
    }

    replacing({ type, before, after, found }: DiffArgs): string[] {
        const row = rowOf(type);
        return ["region", ...row.replaces, ...(row.replacesWhen?.(before, after, found) ?? [])];
    }

    /** A fixed name cannot be had twice: as the bridge does, delete first, unless the name changes too. */
    deleteBeforeReplace({ type, after, found }: DiffArgs): boolean {
        const auto = autonameOf(type);
        if (!auto) return false;
        if (defaulted(after).includes(auto.property) || after[auto.property] === undefined)
            return false;
        return !found.some((change) => change.path[0] === auto.property);
    }

    #made(type: string, logical: string, inputs: JsonObject, id: string): Made {
        const known = plainObject(inputs);
        const named = autonameOf(type)?.property;
        return {
            inputs: known,
            logical,
            name: (named && text(known[named])) ?? text(known.name) ?? logical,
            region: text(known.region) ?? this.#region,
            id,
        };
    }

    create({ type, name, inputs }: CreateArgs): Created {
        const row = rowOf(type);
        const id = row.id(this.#made(type, name, inputs, ""));
        const made = this.#made(type, name, inputs, id);
        const outputs = { ...this.#placeholders(type, made), ...row.outputs?.(made) };
        const claim = row.unique && [
            shapeOf(type).args.has("region") ? made.region : "global",
            ...row.unique.map((property) => JSON.stringify(made.inputs[property] ?? null)),
        ];
        const filled = within(state(outputs, inputs), row.inside?.(made));
        return { id, state: filled, claim: claim?.join(" ") };
    }

    previewCreate({ type, inputs }: CreateArgs): JsonObject {
        const unknowns: JsonObject = {};
        for (const [property, declared] of shapeOf(type).outputs) {
            if (!declared.endsWith("| undefined")) unknowns[property] = UNKNOWN;
        }
        const region = plain(inputs.region ?? this.#region);
        if ("region" in unknowns) unknowns.region = region;
        const inside = rowOf(type).inside?.(this.#made(type, "", inputs, ""));
        return within(state(unknowns, inputs), inside && allUnknown(inside));
    }

    update({ type, name, id, inputs, oldInputs, state: prior, found }: UpdateArgs): JsonObject {
        const row = rowOf(type);
        const made = this.#made(type, name, inputs, id);
        const fresh = { ...this.#placeholders(type, made), ...row.outputs?.(made) };
        const now = state(
            {
                ...fresh,
                ...kept(prior, oldInputs),
                ...row.onUpdate?.(made, plainObject(prior), found),
            },
            inputs,
        );
        return within(now, keptInside(row.inside?.(made), prior));
    }

    previewUpdate({
        type,
        name,
        id,
        oldInputs,
        inputs,
        state: prior,
        found,
    }: UpdateArgs): JsonObject {
        const row = rowOf(type);
        const unknowns = row.unknownOnUpdate?.(found) ?? [];
        const now = state(
            {
                ...kept(prior, oldInputs),
                ...Object.fromEntries(unknowns.map((key) => [key, UNKNOWN])),
            },
            inputs,
        );
        return within(now, keptInside(row.inside?.(this.#made(type, name, inputs, id)), prior));
    }

    inputsOf(type: string, now: JsonObject, inputs: JsonObject): JsonObject {
        if (Object.keys(inputs).length > 0) return inputsOf(now, inputs);
        // An import: every argument that the world has a value for.
        const { args } = shapeOf(type);
        return Object.fromEntries(Object.entries(now).filter(([key]) => args.has(key)));
    }

    /** Something of the right form for each output that the table says nothing about. */
    #placeholders(type: string, made: Made): JsonObject {
        const filled: JsonObject = {};
        for (const [property, declared] of shapeOf(type).outputs) {
            const [, file = ""] = type.split(":");
            if (property === "region") filled[property] = made.region;
            else if (property === "ownerId") filled[property] = ACCOUNT;
            else if (property === "tagsAll") filled[property] = made.inputs.tags ?? {};
            else if (declared === "string" && /^arn$|Arn$/.test(property)) {
                filled[property] = arn(file.split("/")[0] ?? "", made, `${property}/${made.name}`);
            } else if (declared === "string") filled[property] = "";
            else if (declared === "number") filled[property] = 0;
            else if (declared === "boolean") filled[property] = false;
            else if (declared.endsWith("[]")) filled[property] = [];
        }
        return filled;
    }
}

/** Outputs under inputs, which count; what only the engine and the provider use stays in the inputs. */
function state(outputs: JsonObject, inputs: JsonObject): JsonObject {
    const given = Object.entries(inputs).filter(
        ([key, value]) => !isInternal(key) && value !== null,
    );
    const merged: JsonObject = { ...outputs, ...Object.fromEntries(given) };
    if ("tagsAll" in outputs) merged.tagsAll = merged.tags ?? {};
    return merged;
}

type Inside = Readonly<Record<string, JsonObject>>;

/** A state whose given objects hold what the cloud filled in, too. */
function within(now: JsonObject, inside: Inside = {}): JsonObject {
    const completed = Object.entries(inside).flatMap(([property, computed]) => {
        const given = now[property];
        return isObject(given) && !isSecret(given)
            ? [[property, { ...computed, ...given }] as const]
            : [];
    });
    return { ...now, ...Object.fromEntries(completed) };
}

function allUnknown(inside: Inside): Inside {
    return mapValues(inside, (computed) => mapValues(computed, () => UNKNOWN));
}

/** What the cloud filled in at creation, where it did. */
function keptInside(inside: Inside | undefined, prior: JsonObject): Inside {
    return mapValues(inside ?? {}, (computed, property) => {
        const before = prior[property];
        return mapValues(computed, (fresh, key) => (isObject(before) && before[key]) || fresh);
    });
}

function mapValues<T, R>(
    from: Readonly<Record<string, T>>,
    to: (value: T, key: string) => R,
): Record<string, R> {
    return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value, key)]));
}

/** What the cloud had filled in before: everything that was no input. */
function kept(prior: JsonObject, oldInputs: JsonObject): JsonObject {
    return Object.fromEntries(Object.entries(prior).filter(([key]) => !(key in oldInputs)));
}
