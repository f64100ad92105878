import type { z } from "zod";

/** One mistake in a stack's settings. */
export interface Problem {
    /** Where, as `pulumi config set --path` addresses it, for instance `scaling.max`. */
    readonly path: string;
    /** What was given; undefined where nothing was. */
    readonly value: unknown;
    /** What is allowed and why. */
    readonly allowed: string;
}

/** Thrown once with every mistake of a stack's settings. */
export class SettingsError extends Error {
    constructor(readonly problems: readonly Problem[]) {
        super(problems.map(sentence).join("\n"));
        this.name = "SettingsError";
    }
}

function sentence({ path, value, allowed }: Problem): string {
    const given = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    return `logcaster:${path} ${given}; allowed: ${allowed}`;
}

/** A path as the CLI writes it: `regions["us-east-1"].zones[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
    return path
        .map((part, i) => {
            if (typeof part === "number") return `[${part}]`;
            const word = String(part);
            if (!/^[A-Za-z_]\w*$/.test(word)) return `["${word}"]`;
            return i === 0 ? word : `.${word}`;
        })
        .join("");
}

/** A mistake at a path. */
export function problem(path: readonly PropertyKey[], value: unknown, allowed: string): Problem {
    return { path: pathText(path), value, allowed };
}

/** Turns what zod found into problems; `schemaKeys` names the keys an object knows. */
export function problemsOf(
    error: z.ZodError,
    schemaKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
    return error.issues.flatMap((issue): Problem[] => {
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) => ({
                path: pathText([...issue.path, key]),
                value: (issue.input as Record<string, unknown> | undefined)?.[key] ?? null,
                allowed: `no such setting; known here: ${schemaKeys(issue.path).join(", ")}`,
            }));
        }
        if (issue.code === "invalid_key") {
            const key = issue.path[issue.path.length - 1];
            return [
                {
                    path: pathText(issue.path),
                    value: key,
                    allowed: issue.issues.map((inner) => inner.message).join("; "),
                },
            ];
        }
        const says = /^(Invalid input|Expected)/.test(issue.message)
            ? issue.message.replace(/^Invalid input: expected/, "a value of type")
            : issue.message;
        return [{ path: pathText(issue.path), value: issue.input, allowed: says }];
    });
}
