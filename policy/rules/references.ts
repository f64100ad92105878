/** Which resources belong together. A value names its target only once the target exists; what a property was made from is known before. */
import type { Stack, StackResource } from "./rule";
import { SUBNET } from "./types";
import { isUnknown, known } from "./unknown";

const IDENTITIES = ["id", "arn", "name"] as const;

/** Whether `property` of one resource names the other: made from it, or equal to one of its identities. */
export function refersTo<From>(
    from: StackResource<From>,
    property: keyof From & string,
    to: StackResource,
): boolean {
    if (from.references[property]?.some((resource) => resource.urn === to.urn)) return true;
    const identities = identitiesOf(to);
    return textsOf(from, property).some((value) => identities.has(value));
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

/** Whether a property of a resource in a stack is there: known and not empty, or made from something. An output that is merely not known yet is not. */
export function isMade<From>(from: StackResource<From>, property: keyof From & string): boolean {
    const value: unknown = known(() => from.props[property]);
    if (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "") return true;
    return (from.references[property] ?? []).length > 0;
}

/** How many subnets or zones one of these properties lists; where the list is not known yet, how many subnets it is made from. */
export function countZones<From>(
    from: StackResource<From>,
    properties: readonly (keyof From & string)[],
): number {
    const counts = properties.map((property) => {
        const subnets = from.references[property]?.filter(({ type }) => SUBNET.includes(type));
        const list: unknown = known(() => from.props[property]);
        return Array.isArray(list) ? list.length : new Set(subnets).size;
    });
    const most = Math.max(...counts);
    const unclear = most === 0 && properties.every((p) => isUnknown(() => from.props[p]));
    /** Reading it again says that it is not known. */
    return unclear && from.props[properties[0]!] ? 0 : most;
}

// Rules ask this of every pair of resources, and a value that is not known yet throws: each is read once.
const identitiesByProps = new WeakMap<object, ReadonlySet<string>>();
const textsByProps = new WeakMap<object, Map<string, readonly string[]>>();

function identitiesOf({ props }: StackResource): ReadonlySet<string> {
    let identities = identitiesByProps.get(props);
    if (!identities) {
        const identity = props as Partial<Record<(typeof IDENTITIES)[number], unknown>>;
        const values = IDENTITIES.map((key) => known(() => identity[key]));
        identities = new Set(values.filter((v): v is string => typeof v === "string" && v !== ""));
        identitiesByProps.set(props, identities);
    }
    return identities;
}

function textsOf<From>(
    { props }: StackResource<From>,
    property: keyof From & string,
): readonly string[] {
    const byProperty = textsByProps.get(props as object) ?? new Map<string, readonly string[]>();
    textsByProps.set(props as object, byProperty);
    const values = byProperty.get(property) ?? texts(known(() => props[property]));
    byProperty.set(property, values);
    return values;
}

/** The texts in a value that are known. */
function texts(value: unknown): string[] {
    if (typeof value === "string") return [value];
    if (!Array.isArray(value)) return [];
    const list: unknown[] = value;
    return Array.from({ length: list.length }, (_, i) => texts(known(() => list[i]))).flat();
}
