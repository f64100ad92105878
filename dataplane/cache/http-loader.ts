import type { LoadContext, Loaded, Loader } from "./options";

/** Settings of `httpLoader`. */
export interface HttpLoaderOptions {
    /** The edge's address, such as https://edge.example.com. */
    readonly origin: string;
    /** Path of a key below the origin. @default the key, escaped */
    readonly path?: (key: string) => string;
    /** A longer body is an error. @default 16 MiB */
    readonly maxBytes?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly fetch?: typeof fetch;
}

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** Answers that mean: there is no such thing. */
const ABSENT = [404, 410];

/**
 * A loader that reads over HTTP from an edge such as CloudFront, and honours Cache-Control, Age and ETag (RFC 9111, RFC 5861).
 * Errors: an answer other than 200, 304, 404 and 410, a body over `maxBytes`, and whatever `fetch` throws.
 */
export function httpLoader(options: HttpLoaderOptions): Loader<Uint8Array> {
    const path = options.path ?? ((key: string) => `/${encodeURIComponent(key)}`);
    const get = options.fetch ?? fetch;
    const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    return async (key, { signal, previous }: LoadContext<Uint8Array>) => {
        const url = new URL(path(key), options.origin);
        const condition: Record<string, string> =
            previous?.etag === undefined ? {} : { "if-none-match": previous.etag };
        const response = await get(url, { signal, headers: { ...options.headers, ...condition } });
        if (response.status === 304 && previous) {
            await response.body?.cancel();
            return {
                ...lifetimeOf(response),
                value: previous.value,
                ...etagOf(response, previous),
            };
        }
        if (ABSENT.includes(response.status)) {
            await response.body?.cancel();
            return { value: undefined };
        }
        if (response.status !== 200) {
            await response.body?.cancel();
            throw new Error(`${url.href} answered ${response.status}`);
        }
        return {
            ...lifetimeOf(response),
            value: await bodyOf(response, url, maxBytes),
            ...etagOf(response),
        };
    };
}

function etagOf(response: Response, previous?: { etag?: string }): { etag?: string } {
    const etag = response.headers.get("etag") ?? previous?.etag;
    return etag === undefined ? {} : { etag };
}

/** Lifetimes by Cache-Control, less the Age the answer has already; empty where it says nothing. */
function lifetimeOf({ headers }: Response): Pick<Loaded<never>, "ttlMs" | "staleMs"> {
    const control = (headers.get("cache-control") ?? "").toLowerCase();
    if (/(^|[\s,])(no-store|no-cache|private)([\s,=]|$)/.test(control)) return { ttlMs: 0 };
    const seconds = (name: string) => {
        const match = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*"?(\\d+)`).exec(control);
        return match ? Number(match[1]) : undefined;
    };
    // L2 is shared between processes and users: the lifetime for shared caches comes first.
    const maxAge = seconds("s-maxage") ?? seconds("max-age");
    const stale = seconds("stale-while-revalidate");
    const age = Number(headers.get("age") ?? 0) || 0;
    return {
        ...(maxAge === undefined ? {} : { ttlMs: Math.max(0, maxAge - age) * 1000 }),
        ...(stale === undefined ? {} : { staleMs: stale * 1000 }),
    };
}

async function bodyOf(response: Response, url: URL, maxBytes: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
        length += part.length;
        if (length > maxBytes) {
            throw new Error(`${url.href} answered with more than ${maxBytes} bytes`);
        }
        parts.push(part);
    }
    return Buffer.concat(parts);
}
