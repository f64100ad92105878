/**
 * Property values as the Pulumi wire format carries them: JSON, in which an unknown is one reserved string
 * and a secret is an object with a reserved signature (pulumi/sdk/go/common/resource/properties.go).
 */

/** A property value in plain JSON form. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** A resource's properties by name. */
export type Properties = Record<string, Value>;

/** The string that stands for a value nobody knows before an update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What people read in the place of a secret. */
export const SECRET_TEXT = "[secret]";

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** The shortest text worth hiding wherever it occurs; the Pulumi CLI uses the same. */
const SHORTEST_MASKED_LENGTH = 3;

/** Whether the value is a secret on the wire. */
export function isSecret(value: Value | undefined): value is { [key: string]: Value } {
    return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Wraps a value as a secret on the wire. */
export function secret(value: Value): Value {
    return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Whether the value is a JSON object, not null and not a list. */
export function isObject(value: unknown): value is { [key: string]: Value } {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Rebuilds a value leaf by leaf, secrets first (`onSecret` gets what the secret holds). */
function mapLeaves(
    value: Value,
    onLeaf: (leaf: Exclude<Value, object>) => Value,
    onSecret: (inner: Value) => Value,
): Value {
    if (Array.isArray(value)) return value.map((item) => mapLeaves(item, onLeaf, onSecret));
    if (isSecret(value)) return onSecret(value["value"] ?? null);
    if (isObject(value)) {
        const entries = Object.entries(value);
        return Object.fromEntries(entries.map(([k, v]) => [k, mapLeaves(v, onLeaf, onSecret)]));
    }
    return onLeaf(value as Exclude<Value, object>);
}

/** Whether any part of the value is unknown, also inside a secret or a longer string. */
export function containsUnknown(value: Value): boolean {
    if (typeof value === "string") return value.includes(UNKNOWN);
    if (Array.isArray(value)) return value.some(containsUnknown);
    return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Remembers every secret seen in a run and hides it in what leaves the engine. */
export class SecretMask {
    private readonly texts = new Set<string>();
    private pattern: RegExp | undefined;

    /** Learns the secrets inside a value. */
    learn(value: Value): void {
        if (Array.isArray(value)) value.forEach((item) => this.learn(item));
        else if (isSecret(value)) this.learnAll(value["value"] ?? null);
        else if (isObject(value)) Object.values(value).forEach((item) => this.learn(item));
    }

    /** Learns a text that is secret as a whole. */
    learnText(text: string): void {
        if (text.length < SHORTEST_MASKED_LENGTH || text === UNKNOWN) return;
        for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]) {
            this.texts.add(form);
        }
        this.texts.add(Buffer.from(text).toString("base64"));
        this.pattern = undefined;
    }

    /** Hides every known secret in a text, also as a part of a longer word. */
    text(text: string): string {
        if (this.texts.size === 0) return text;
        this.pattern ??= new RegExp(
            [...this.texts]
                .sort((a, b) => b.length - a.length)
                .map((known) => known.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
                .join("|"),
            "g",
        );
        return text.replace(this.pattern, SECRET_TEXT);
    }

    /** Hides secrets in a value: wrapped ones as a whole, known texts wherever they occur. */
    value(value: Value): Value {
        return mapLeaves(
            value,
            (leaf) => (typeof leaf === "string" ? this.text(leaf) : leaf),
            () => SECRET_TEXT,
        );
    }

    private learnAll(value: Value): void {
        if (Array.isArray(value)) value.forEach((item) => this.learnAll(item));
        else if (isObject(value)) Object.values(value).forEach((item) => this.learnAll(item));
        else if (typeof value === "string") this.learnText(value);
        else if (typeof value === "number") this.learnText(String(value));
    }
}
