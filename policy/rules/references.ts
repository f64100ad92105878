/** Which resources belong together. A value names its target only once the target exists; what a property was made from is known before. */
import type { Stack, StackResource } from "./rule";
import { known } from "./unknown";

const IDENTITIES = ["id", "arn", "name"] as const;

/** Whether `property` of one resource names the other: made from it, or equal to one of its identities. */
export function refersTo<From>(
    from: StackResource<From>,
    property: keyof From & string,
    to: StackResource,
): boolean {
    if (from.references[property]?.some((resource) => resource.urn === to.urn)) return true;
    const values = texts(known(() => from.props[property]));
    const identity = to.props as Partial<Record<(typeof IDENTITIES)[number], unknown>>;
    return IDENTITIES.some((key) => {
        const value = known(() => identity[key]);
        return typeof value === "string" && value !== "" && values.includes(value);
    });
}

/** The resources of these types whose `property` names `to`. */
export function referrers<From>(
    stack: Stack,
    types: readonly string[],
    property: keyof From & string,
    to: StackResource,
): readonly StackResource<From>[] {
    return stack.of<From>(types).filter((from) => refersTo(from, property, to));
}

function texts(value: unknown): string[] {
    if (typeof value === "string") return [value];
    if (!Array.isArray(value)) return [];
    const list: unknown[] = value;
    return list.flatMap((_, i) => texts(known(() => list[i])));
}
