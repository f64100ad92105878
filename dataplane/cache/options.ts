/** How values become bytes and back. */
export interface Codec<V> {
    encode(value: V): Uint8Array;
    decode(bytes: Buffer): V;
}

/** Values that are bytes already, whatever is in them. */
export const BYTES: Codec<Uint8Array> = {
    encode: (value) => value,
    // A copy: the bytes are a part of what came from the network, which L1 must not keep whole.
    decode: (bytes) => Buffer.from(bytes),
};

/** Values that JSON can carry. */
export function json<V>(): Codec<V> {
    return {
        encode: (value) => Buffer.from(JSON.stringify(value)),
        decode: (bytes) => JSON.parse(bytes.toString()) as V,
    };
}

/** What a loader found. */
export interface Loaded<V> {
    /** undefined: there is no such thing; remembered for `negativeTtlMs`. */
    readonly value: V | undefined;
    /** Time the value is fresh, in ms; 0 keeps it out of the cache. @default the call's ttlMs */
    readonly ttlMs?: number;
    /** Time after that in which it is still answered while it is loaded anew. @default the call's staleMs */
    readonly staleMs?: number;
    /** Version of the value at its source, given back to the loader as `previous`. */
    readonly etag?: string;
}

/** What a loader is told. */
export interface LoadContext<V> {
    /** Aborted after `loadTimeoutMs`. */
    readonly signal: AbortSignal;
    /** The value that is being refreshed, where there is one; a loader may answer with it again. */
    readonly previous?: { readonly value: V | undefined; readonly etag?: string };
}

/** Finds the value of a key at its source: the tier below L2. */
export type Loader<V> = (key: string, context: LoadContext<V>) => Promise<Loaded<V>>;

/** Per-call settings; each falls back to the cache's own. */
export interface EntryOptions {
    /** Time a value is fresh, in ms, before jitter. */
    readonly ttlMs?: number;
    /** Time after that in which it is still answered while it is loaded anew, in ms. */
    readonly staleMs?: number;
    /** Names that `invalidateTag` drops the entry by. */
    readonly tags?: readonly string[];
}

/** Settings of a cache. Times are in ms, sizes in bytes. */
export interface CacheOptions<V> {
    /** Valkey or Redis, `redis://` or `rediss://`, one address; or several, the nodes of a cluster. */
    readonly url: string | readonly string[];
    readonly codec: Codec<V>;
    /** Begins every name in L2. Caches with different prefixes share a server. @default "lc:" */
    readonly prefix?: string;
    /** Bound of L1: keys, values and bookkeeping. @default 64 MiB */
    readonly l1MaxBytes?: number;
    /** @default 60 s */
    readonly ttlMs?: number;
    /** A lifetime is shortened by a random share of up to this, so that keys do not expire together. @default 10 */
    readonly ttlJitterPercent?: number;
    /** Lifetime of "there is no such thing". @default 5 s */
    readonly negativeTtlMs?: number;
    /** @default 0: off */
    readonly staleMs?: number;
    /** A fresh value is loaded anew in the background once this share of its lifetime is left. @default 0: off */
    readonly earlyRefreshPercent?: number;
    /** Longest life of an L1 entry while L2 is away, when no deletion by others can be heard. @default 1 s */
    readonly awayTtlMs?: number;
    /** A command of L2 fails after this. @default 100 */
    readonly l2TimeoutMs?: number;
    /** Failures in a row after which L2 is left alone. @default 5 */
    readonly breakerFailures?: number;
    /** How long it is left alone. @default 1 s */
    readonly breakerOpenMs?: number;
    /** A loader is aborted after this, and its lease ends. @default 10 s */
    readonly loadTimeoutMs?: number;
    /** How deletions by other processes are heard; all processes of a prefix must use the same. "auto" asks the server. @default "auto" */
    readonly invalidation?: "auto" | "tracking" | "pubsub";
    /** @default Math.random; a test gives its own */
    readonly random?: () => number;
    /** Time in ms that never goes back; the time limits of commands and loaders run by the real one. @default performance.now; a test gives its own */
    readonly now?: () => number;
}

const DEFAULTS = {
    prefix: "lc:",
    l1MaxBytes: 64 * 1024 * 1024,
    ttlMs: 60_000,
    ttlJitterPercent: 10,
    negativeTtlMs: 5_000,
    staleMs: 0,
    earlyRefreshPercent: 0,
    awayTtlMs: 1_000,
    l2TimeoutMs: 100,
    breakerFailures: 5,
    breakerOpenMs: 1_000,
    loadTimeoutMs: 10_000,
    invalidation: "auto",
    random: Math.random,
    now: () => performance.now(),
} as const;

export type ResolvedOptions<V> = Required<CacheOptions<V>>;

/** What each number may be. */
const RANGES: readonly [keyof CacheOptions<never>, number, number, string][] = [
    ["l1MaxBytes", 1024, Number.MAX_SAFE_INTEGER, "bytes"],
    ["ttlMs", 1, 2 ** 32 - 1, "ms"],
    ["ttlJitterPercent", 0, 99, "percent"],
    ["negativeTtlMs", 0, 2 ** 32 - 1, "ms"],
    ["staleMs", 0, 2 ** 32 - 1, "ms"],
    ["earlyRefreshPercent", 0, 99, "percent"],
    ["awayTtlMs", 0, 2 ** 32 - 1, "ms"],
    ["l2TimeoutMs", 1, 600_000, "ms"],
    ["breakerFailures", 1, 1_000_000, "failures"],
    ["breakerOpenMs", 1, 600_000, "ms"],
    ["loadTimeoutMs", 1, 3_600_000, "ms"],
];

/**
 * Fills defaults in.
 * @throws RangeError with every mistake, each with the option, the value and what is allowed
 */
export function resolveOptions<V>(options: CacheOptions<V>): ResolvedOptions<V> {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const resolved = { ...DEFAULTS, ...Object.fromEntries(given) } as ResolvedOptions<V>;
    const problems = RANGES.flatMap(([name, min, max, unit]) => {
        const value = resolved[name];
        return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max
            ? []
            : [`${name} is ${String(value)}; allowed: ${min} to ${max} ${unit}`];
    });
    if (resolved.url.length === 0) problems.push("url is empty; allowed: at least one address");
    if (problems.length > 0) throw new RangeError(problems.join("\n"));
    return resolved;
}

/**
 * Refuses a key that L2 could not carry.
 * @throws RangeError
 */
export function checkKey(key: string): void {
    if (typeof key !== "string" || key.length === 0 || key.length > 4096) {
        throw new RangeError(
            `a key is ${typeof key === "string" ? `${key.length} characters long` : typeof key}; allowed: a text of 1 to 4096 characters`,
        );
    }
}
