/** What a rule is: a pure generator over plain values. It yields a message for each violation and may return NOT_APPLICABLE. */

export const NOT_APPLICABLE = "not applicable";

export type Verdict = Generator<string, typeof NOT_APPLICABLE | void>;

/** A resource as a rule sees it. Reading a value that the cloud has yet to compute throws; see unknown.ts. */
export interface Resource<Props = object> {
    readonly type: string;
    readonly urn: string;
    readonly name: string;
    readonly props: Props;
}

/** A resource among its neighbours. */
export interface StackResource<Props = object> extends Resource<Props> {
    /** By property, the resources its value comes from; known even where the value itself is not. */
    readonly references: Readonly<Record<string, readonly StackResource[]>>;
    /** Paths of properties whose changes the program leaves to somebody else. */
    readonly ignoreChanges: readonly string[];
}

export interface Stack {
    /** Every resource of one of these types. */
    of<Props>(types: readonly string[]): readonly StackResource<Props>[];
}

/** Judges one resource by its inputs. */
export type ResourceRule<Props, Config> = (resource: Resource<Props>, config: Config) => Verdict;

/** Judges one resource by what else the stack holds. */
export type StackRule<Props, Config> = (
    resource: StackResource<Props>,
    config: Config,
    stack: Stack,
) => Verdict;

/** `<what> is <value>, limit <limit> (<config key>)`. */
export function beyond(what: string, value: unknown, limit: unknown, key: string): string {
    return `${what} is ${text(value)}, limit ${text(limit)} (${key})`;
}

/** `<what> is <value>, must be <wanted>`. */
export function wrong(what: string, value: unknown, wanted: string): string {
    return `${what} is ${text(value)}, must be ${wanted}`;
}

/** A value as a message shows it. */
export function text(value: unknown): string {
    if (value === undefined || value === null) return "not set";
    if (Array.isArray(value)) return value.map(text).join(", ") || "empty";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function* atMost(what: string, value: number, limit: number, key: string): Verdict {
    if (value > limit) yield beyond(what, value, limit, key);
}

export function* atLeast(what: string, value: number, limit: number, key: string): Verdict {
    if (value < limit) yield beyond(what, value, limit, key);
}

/** Providers take `true` and `"true"` alike for some properties. */
export function isTrue(value: unknown): boolean {
    return value === true || value === "true";
}

export function isFalse(value: unknown): boolean {
    return value === false || value === "false";
}
