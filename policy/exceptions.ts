/** Recorded exceptions: a violation somebody accepted, with a reason and an end. */

export interface Exception {
    /** The resource, by URN; `*` stands for any run of characters. */
    readonly urn: string;
    readonly reason: string;
    /** The last day it holds, YYYY-MM-DD, in UTC. */
    readonly until: string;
}

export const EXCEPTIONS_SCHEMA = {
    type: "array" as const,
    description: "Accepted violations; past `until` each is a violation again.",
    default: [],
    items: {
        type: "object" as const,
        required: ["urn", "reason", "until"],
        additionalProperties: false,
        properties: {
            urn: { type: "string" as const, minLength: 1 },
            reason: { type: "string" as const, minLength: 1 },
            until: { type: "string" as const, pattern: "^\\d{4}-\\d{2}-\\d{2}$" },
        },
    },
};

/** What a violation of `urn` becomes on `today` (YYYY-MM-DD): nothing under an exception, or its message, with the exception that ended. */
export function excuse(
    message: string,
    urn: string,
    exceptions: readonly Exception[],
    today: string,
): string | undefined {
    const mine = exceptions.filter((exception) => matches(exception.urn, urn));
    if (mine.some((exception) => exception.until >= today)) return undefined;
    const ended = mine.map(({ until, reason }) => `its exception ended on ${until} (${reason})`);
    return [message, ...ended].join("; ");
}

/** Whether an exception's URN, with its wildcards, means this one. */
export function matches(patternText: string, urn: string): boolean {
    const parts = patternText.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(urn);
}
