import { randomUUID } from "node:crypto";
import {
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
import { checkRelease, liveRelease, placeOfRelease, RELEASE, RELEASE_REPLACES } from "./release";
import { KUBERNETES_KINDS, type KindRow } from "./table";

/** The annotation by which the provider knows a name as its own. */
const AUTONAMED = "pulumi.com/autonamed";
/** The provider's arguments that let a kind's contents change in place. */
const MUTABLE_BY = { ConfigMap: "enableConfigMapMutable", Secret: "enableSecretMutable" };
const SUFFIX_DIGITS = 8;
/** The longest DNS label, which most kinds' names are. */
const MAX_NAME = 253;

function kindOf(type: string): string {
    return type.split(":").at(-1) ?? "";
}

function rowOf(type: string): KindRow {
    return KUBERNETES_KINDS[kindOf(type)] ?? {};
}

function object(value: Json | undefined): JsonObject {
    return isObject(value) ? value : {};
}

function metadata(inputs: JsonObject): JsonObject {
    return object(plain(inputs.metadata ?? {}));
}

function base64(value: Json): Json {
    return isUnknown(value) ? UNKNOWN : Buffer.from(String(plain(value))).toString("base64");
}

/** A Kubernetes cluster's API as the Pulumi provider shows it. */
export class KubernetesModel implements Model {
    readonly name = "kubernetes";
    readonly hasWorld = true;
    #namespace = "default";
    /** Kinds that the provider was told to update in place. */
    #mutable: string[] = [];

    constructor(readonly version: string) {}

    configure(args: JsonObject): void {
        this.#mutable = Object.entries(MUTABLE_BY)
            .filter(([, flag]) => String(args[flag]) === "true")
            .map(([kind]) => kind);
        this.#namespace = text(args.namespace) ?? "default";
    }

    /** Another cluster cannot manage this one's objects. */
    configReplaces(before: JsonObject, after: JsonObject): string[] {
        const keys = ["kubeconfig", "context", "cluster"];
        return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    }

    knows(type: string): boolean {
        return kindOf(type) in KUBERNETES_KINDS;
    }

    check(args: CheckArgs): Checked {
        const { type, name, olds, news, seed, autonaming } = args;
        if (kindOf(type) === RELEASE) return checkRelease(args);
        // Metadata that is not known yet may bring a name with it.
        if (isUnknown(news.metadata)) return { inputs: news, failures: [] };
        const hidden = isSecret(news.metadata);
        const given = object(hidden ? plain(news.metadata ?? {}) : news.metadata);
        if (given.name !== undefined || given.generateName !== undefined) {
            return { inputs: news, failures: [] };
        }
        if (autonaming?.mode === "disable") {
            const reason = `${type} "${name}" needs metadata.name: automatic naming is switched off.`;
            return { inputs: news, failures: [{ property: "metadata.name", reason }] };
        }
        const old = metadata(olds);
        const adopted = object(old.annotations)[AUTONAMED] === "true" ? text(old.name) : undefined;
        const made =
            autonaming?.name || `${name}-${seededHex(seed, `${type}::${name}`, SUFFIX_DIGITS)}`;
        const chosen = adopted ?? made;
        if (chosen.length > MAX_NAME) {
            const reason = `metadata.name "${chosen}" is ${chosen.length} characters long, and at most ${MAX_NAME} are allowed.`;
            return { inputs: news, failures: [{ property: "metadata.name", reason }] };
        }
        const annotations = { ...object(given.annotations), [AUTONAMED]: "true" };
        const named = { ...given, name: chosen, annotations };
        return {
            inputs: { ...news, metadata: hidden ? secret(named) : named },
            failures: [],
        };
    }

    replacing({ type, after }: DiffArgs): string[] {
        if (kindOf(type) === RELEASE) return [...RELEASE_REPLACES];
        const row = this.#mutable.includes(kindOf(type)) ? {} : rowOf(type);
        // An object that is marked mutable in place is so by the provider's own annotation.
        const annotations = object(metadata(after).annotations);
        const forced = annotations["pulumi.com/patchForce"] === "true" ? [] : row.replaces;
        return ["kind", "metadata.name", "metadata.namespace", ...(forced ?? [])];
    }

    /** A name that the program gave cannot be had twice in a namespace. */
    deleteBeforeReplace({ after, found }: DiffArgs): boolean {
        const autonamed = object(metadata(after).annotations)[AUTONAMED] === "true";
        const moved = found.some(
            ({ path }) => path[0] === "metadata" && (path[1] === "name" || path[1] === "namespace"),
        );
        return !autonamed && !moved;
    }

    #place(type: string, inputs: JsonObject): { namespace?: string; id: string } {
        if (kindOf(type) === RELEASE) return placeOfRelease(inputs);
        const { name, namespace } = metadata(inputs);
        const own = text(name) ?? kindOf(type).toLowerCase();
        if (rowOf(type).clusterScoped) return { id: own };
        const where = text(namespace) ?? this.#namespace;
        return { namespace: where, id: `${where}/${own}` };
    }

    create({ type, inputs }: CreateArgs): Created {
        const { id, namespace } = this.#place(type, inputs);
        // Of the kind too: a chart may bear the name of an object.
        if (kindOf(type) === RELEASE)
            return { id, state: liveRelease(inputs, 1), claim: `${RELEASE} ${id}` };
        const state = live(type, inputs, {
            ...(namespace ? { namespace } : {}),
            uid: randomUUID(),
            resourceVersion: "1",
            generation: 1,
            creationTimestamp: "2025-01-01T00:00:00Z",
        });
        return { id, state, claim: id };
    }

    previewCreate({ type, inputs }: CreateArgs): JsonObject {
        const { namespace } = this.#place(type, inputs);
        if (kindOf(type) === RELEASE) return liveRelease(inputs, undefined);
        return live(type, inputs, {
            ...(namespace ? { namespace } : {}),
            uid: UNKNOWN,
            resourceVersion: UNKNOWN,
            creationTimestamp: UNKNOWN,
        });
    }

    update({ type, inputs, state: prior }: UpdateArgs): JsonObject {
        if (kindOf(type) === RELEASE) {
            return liveRelease(inputs, Number(object(prior.status).revision ?? 1) + 1);
        }
        const old = metadata(prior);
        const version = Number(old.resourceVersion ?? 1) + 1;
        return live(type, inputs, { ...identity(old), resourceVersion: String(version) });
    }

    previewUpdate({ type, inputs, state: prior }: UpdateArgs): JsonObject {
        if (kindOf(type) === RELEASE) return liveRelease(inputs, undefined);
        return live(type, inputs, { ...identity(metadata(prior)), resourceVersion: UNKNOWN });
    }

    inputsOf(type: string, state: JsonObject, inputs: JsonObject): JsonObject {
        if (Object.keys(inputs).length === 0) return state;
        const found = inputsOf(state, inputs);
        for (const key of rowOf(type).writeOnly ?? []) {
            if (inputs[key] !== undefined) found[key] = inputs[key];
        }
        // What the server adds to metadata is no input; what it dropped is none either.
        return found;
    }
}

/** What an object keeps through its updates. */
function identity(old: JsonObject): JsonObject {
    const keys = ["namespace", "uid", "generation", "creationTimestamp"];
    return Object.fromEntries(keys.filter((k) => k in old).map((k) => [k, old[k] ?? null]));
}

/** The object as the API server gives it back. */
function live(type: string, inputs: JsonObject, server: JsonObject): JsonObject {
    const state: JsonObject = { ...inputs };
    if (!isUnknown(state.metadata)) {
        const hidden = isSecret(state.metadata);
        const merged = {
            ...server,
            ...object(hidden ? plain(state.metadata ?? {}) : state.metadata),
        };
        state.metadata = hidden ? secret(merged) : merged;
    }
    if (kindOf(type) === "Secret") {
        const texts = plainObject(object(state.stringData ? plain(state.stringData) : {}));
        const encoded = Object.fromEntries(Object.entries(texts).map(([k, v]) => [k, base64(v)]));
        const data = { ...object(state.data ? plain(state.data) : {}), ...encoded };
        if (Object.keys(data).length || holdsSecret(state.stringData)) state.data = secret(data);
        for (const key of rowOf(type).writeOnly ?? []) delete state[key];
    }
    return state;
}
