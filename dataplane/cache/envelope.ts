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

const FORMAT = 1;
const HEADER_BYTES = 14;

/** Format, kind, ttlMs, staleMs, length of the description: 1 + 1 + 4 + 4 + 4 bytes; the description as JSON; the value. */
export function encodeEnvelope(entry: Envelope): Buffer {
    const description = Buffer.from(JSON.stringify([entry.key, entry.tags, entry.etag ?? null]));
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt8(FORMAT, 0);
    header.writeUInt8(entry.payload ? 1 : 0, 1);
    header.writeUInt32BE(entry.ttlMs, 2);
    header.writeUInt32BE(entry.staleMs, 6);
    header.writeUInt32BE(description.length, 10);
    return Buffer.concat([header, description, entry.payload ?? Buffer.alloc(0)]);
}

/** The entry of `key`, or undefined where the bytes are not one: a foreign value is a miss, not an error. */
export function decodeEnvelope(key: string, bytes: Buffer): Envelope | undefined {
    if (bytes.length < HEADER_BYTES || bytes.readUInt8(0) !== FORMAT) return undefined;
    const start = HEADER_BYTES + bytes.readUInt32BE(10);
    try {
        const [name, tags, etag] = JSON.parse(bytes.toString("utf8", HEADER_BYTES, start)) as [
            string,
            [string, string][],
            string | null,
        ];
        if (name !== key) return undefined;
        return {
            key,
            payload: bytes.readUInt8(1) === 1 ? bytes.subarray(start) : undefined,
            ttlMs: bytes.readUInt32BE(2),
            staleMs: bytes.readUInt32BE(6),
            tags,
            ...(etag === null ? {} : { etag }),
        };
    } catch {
        return undefined;
    }
}

/** The same bytes as a Buffer, not copied. */
export function bytesOf(bytes: Uint8Array): Buffer {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
