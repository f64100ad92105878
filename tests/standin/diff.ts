import { isDeepStrictEqual } from "node:util";
import { formatPath, leadsTo, parsePath, type Step } from "./paths";
import { isObject, plainObject, type Json, type JsonObject } from "./wire";

/** What became of one property. */
export interface PropertyChange {
    kind: "add" | "delete" | "update";
    path: Step[];
    replace: boolean;
}

/** Properties the engine and the providers keep for themselves; they are never a difference. */
export function isInternal(key: string): boolean {
    return key.startsWith("__");
}

function compare(
    before: Json | undefined,
    after: Json | undefined,
    path: Step[],
): PropertyChange[] {
    if (isDeepStrictEqual(before, after)) return [];
    const one = (kind: PropertyChange["kind"]) => [{ kind, path, replace: false }];
    if (before === undefined || before === null) return after === null ? [] : one("add");
    if (after === undefined || after === null) return one("delete");
    if (Array.isArray(before) && Array.isArray(after)) {
        return Array.from({ length: Math.max(before.length, after.length) }, (_, i) =>
            compare(before[i], after[i], [...path, i]),
        ).flat();
    }
    if (isObject(before) && isObject(after)) {
        return [...new Set([...Object.keys(before), ...Object.keys(after)])]
            .filter((key) => !isInternal(key))
            .sort()
            .flatMap((key) => compare(before[key], after[key], [...path, key]));
    }
    return one("update");
}

/** Each property that differs, secrets compared by value, without what `ignore` covers. */
export function changes(
    before: JsonObject,
    after: JsonObject,
    ignore: readonly string[] = [],
): PropertyChange[] {
    const ignored = ignore.map(parsePath);
    return compare(plainObject(before), plainObject(after), []).filter(
        ({ path }) => !ignored.some((prefix) => leadsTo(prefix, path)),
    );
}

/** The same changes with `replace` set on those at or below, or directly above, one of `paths`. */
export function markReplacing(found: PropertyChange[], paths: readonly string[]): PropertyChange[] {
    const forcing = paths.map(parsePath);
    return found.map((change) => ({
        ...change,
        replace: forcing.some((p) => leadsTo(p, change.path) || leadsTo(change.path, p)),
    }));
}

/** `{path: kind}` in Pulumi's spelling, for tests and messages. */
export function describe(found: readonly PropertyChange[]): Record<string, string> {
    return Object.fromEntries(
        found.map((c) => [formatPath(c.path), c.replace ? `${c.kind}-replace` : c.kind]),
    );
}
