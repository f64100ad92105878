/**
 * Values that the cloud has yet to compute. In a preview the policy SDK hands rules a view of a resource that throws when
 * such a value is read, so that no rule mistakes a placeholder for a value. These helpers are for rules that can go on.
 */
import type { Verdict } from "./rule";

/** Whether an error says that a value is not known yet. */
export function isUnknownError(error: unknown): boolean {
    return error instanceof Error && "unknownTypeSentinel" in error;
}

/** What `read` returns, or undefined where a value on its way is absent or not known yet. */
export function known<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (isUnknownError(error)) return undefined;
        throw error;
    }
}

/** Whether something is there, known or not: neither absent nor empty. */
export function given(read: () => unknown): boolean {
    try {
        const value = read();
        if (value === undefined || value === null || value === "") return false;
        return !Array.isArray(value) || value.length > 0;
    } catch (error) {
        if (isUnknownError(error)) return true;
        throw error;
    }
}

/** Whether reading meets a value not known yet. */
export function isUnknown(read: () => unknown): boolean {
    return given(read) && known(read) === undefined;
}

/** Runs every check although one of them meets an unknown value; the first of those is thrown at the end. */
export function* independently(...checks: readonly (() => Verdict)[]): Verdict {
    let unknown: unknown;
    for (const check of checks) {
        try {
            yield* check();
        } catch (error) {
            if (!isUnknownError(error)) throw error;
            unknown ??= error;
        }
    }
    if (unknown !== undefined) throw unknown;
}
