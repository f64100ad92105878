/** How an entry lies in L2: a header, its description, the value's bytes. */

/** An entry as it is stored. */
export interface Envelope {
    /** Compared on reading, so that no key ever answers with another's value. */
    readonly key: string;
    /** Absent: the source has no such thing. */
    readonly payload: Buffer | undefined;
    /** Time it was fresh when it was written, in ms. */
    readonly ttlMs: number;
    /** Time it is answered after that, in ms; the key's own expiry is ttlMs + staleMs. */
    readonly staleMs: number;
    /** Tags and the version each had before the value was loaded. */
    readonly tags: readonly (readonly [tag: string, version: string])[];
    readonly etag?: string;
}

const FORMAT = 2;
const HEADER_BYTES = 16;
/** Before the header: when the key expires, in ms since 1970 by the server's clock, written by the server itself. */
const DEADLINE_BYTES = 8;
const NOTHING = Buffer.alloc(0);

/**
 * What is sent to the server: format, kind, ttlMs, staleMs, lengths of key and of more: 1 + 1 + 4 + 4 + 2 + 4 bytes; the key; tags and ETag
 * as JSON, where there are any; the value.
 */
export function encodeEnvelope(entry: Envelope): Buffer {
    const key = Buffer.from(entry.key);
    const hasMore = entry.tags.length > 0 || entry.etag !== undefined;
    const more = hasMore ? Buffer.from(JSON.stringify([entry.tags, entry.etag ?? null])) : NOTHING;
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(FORMAT, 0);
    header.writeUInt8(entry.payload ? 1 : 0, 1);
    header.writeUInt32BE(entry.ttlMs, 2);
    header.writeUInt32BE(entry.staleMs, 6);
    header.writeUInt16BE(key.length, 10);
    header.writeUInt32BE(more.length, 12);
    return Buffer.concat([header, key, more, entry.payload ?? NOTHING]);
}

/** An entry as it lies in L2, and when its key expires by the server's clock. */
export interface StoredEnvelope {
    readonly envelope: Envelope;
    readonly endsAtMs: number;
}

/** The entry of `key`, or undefined where the bytes are not one: a foreign value is a miss, not an error. */
export function decodeEnvelope(key: string, bytes: Buffer): StoredEnvelope | undefined {
    const keyAt = DEADLINE_BYTES + HEADER_BYTES;
    if (bytes.length < keyAt || bytes.readUInt8(DEADLINE_BYTES) !== FORMAT) return undefined;
    const moreAt = keyAt + bytes.readUInt16BE(DEADLINE_BYTES + 10);
    const payloadAt = moreAt + bytes.readUInt32BE(DEADLINE_BYTES + 12);
    if (payloadAt > bytes.length || bytes.toString("utf8", keyAt, moreAt) !== key) return undefined;
    const more = payloadAt > moreAt ? moreOf(bytes.toString("utf8", moreAt, payloadAt)) : PLAIN;
    if (!more) return undefined;
    const envelope = {
        key,
        payload: bytes.readUInt8(DEADLINE_BYTES + 1) === 1 ? bytes.subarray(payloadAt) : undefined,
        ttlMs: bytes.readUInt32BE(DEADLINE_BYTES + 2),
        staleMs: bytes.readUInt32BE(DEADLINE_BYTES + 6),
        ...more,
    };
    return { envelope, endsAtMs: bytes.readDoubleBE(0) };
}

type More = Pick<Envelope, "tags" | "etag">;
const PLAIN: More = { tags: [] };

function moreOf(text: string): More | undefined {
    try {
        const [tags, etag] = JSON.parse(text) as [[string, string][], string | null];
        return { tags, ...(etag === null ? {} : { etag }) };
    } catch {
        return undefined;
    }
}

/** The same bytes as a Buffer, not copied. */
export function bytesOf(bytes: Uint8Array): Buffer {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
