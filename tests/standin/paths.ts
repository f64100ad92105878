import { isObject, isSecret, type Json, type JsonObject } from "./wire";

/** A step into a property: a key of an object or an index of an array; `*` stands for any index. */
export type Step = string | number;

/**
 * A Pulumi property path (`a.b[0]["c.d"]`) as steps.
 * @throws Error on an empty path or an open bracket.
 */
export function parsePath(path: string): Step[] {
    const steps: Step[] = [];
    const token = /\.?([^.[\]"]+)|\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]/y;
    while (token.lastIndex < path.length) {
        const match = token.exec(path);
        if (!match) {
            throw new Error(`${path} is not a property path: expected a.b, a[0] or a["b.c"].`);
        }
        if (match[1] !== undefined) steps.push(match[1]);
        else if (match[2] !== undefined) steps.push(Number(match[2]));
        else if (match[3] !== undefined) steps.push(match[3].replace(/\\(.)/g, "$1"));
        else steps.push("*");
    }
    if (steps.length === 0) throw new Error("A property path must not be empty.");
    return steps;
}

/** Steps as a Pulumi property path. */
export function formatPath(steps: readonly Step[]): string {
    return steps
        .map((step, i) => {
            if (typeof step === "number") return `[${step}]`;
            if (/[^A-Za-z0-9_]/.test(step)) return `["${step.replace(/(["\\])/g, "\\$1")}"]`;
            return i === 0 ? step : `.${step}`;
        })
        .join("");
}

/** True if `prefix`, in which `*` matches any step, leads to `path` or to something that holds it. */
export function leadsTo(prefix: readonly Step[], path: readonly Step[]): boolean {
    return (
        prefix.length <= path.length &&
        prefix.every((step, i) => step === "*" || String(step) === String(path[i]))
    );
}

/** The value at a path, or undefined; looks through secrets. */
export function getAt(root: Json, steps: readonly Step[]): Json | undefined {
    let value: Json | undefined = root;
    for (const step of steps) {
        while (isSecret(value)) value = value.value;
        if (Array.isArray(value)) value = value[Number(step)];
        else if (isObject(value)) value = value[step];
        else return undefined;
    }
    return value;
}

/**
 * A copy of `root` with the value at a path replaced, or removed where `value` is undefined.
 * Objects on the way are made where they are missing; what was secret stays secret.
 */
export function setAt(root: Json, steps: readonly Step[], value: Json | undefined): Json {
    if (steps.length === 0 && isSecret(value)) return value;
    if (isSecret(root)) return { ...root, value: setAt(root.value ?? null, steps, value) };
    const [step, ...rest] = steps;
    if (step === undefined) return value ?? null;
    if (Array.isArray(root)) {
        const copy = [...root];
        const index = Number(step);
        if (!Number.isInteger(index) || index < 0 || index > copy.length) {
            throw new Error(`[${step}] is outside a list of ${copy.length}.`);
        }
        if (rest.length === 0 && value === undefined) copy.splice(index, 1);
        else copy[index] = setAt(copy[index] ?? {}, rest, value);
        return copy;
    }
    if (root === null || isObject(root)) {
        const copy: JsonObject = { ...root };
        if (rest.length === 0 && value === undefined) delete copy[step];
        else copy[step] = setAt(copy[step] ?? (rest.length ? {} : null), rest, value);
        return copy;
    }
    throw new Error(`There is no ${step} in ${JSON.stringify(root)}.`);
}
