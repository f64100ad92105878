import { createHash } from "node:crypto";
import type { Connection, Reply } from "../router/connection";

/** Sizes of chunks. */
export interface ChunkSizes {
    readonly chunkBytes: number;
    readonly chunkElements: number;
}

const SCANS: Readonly<Record<string, string>> = { hash: "HSCAN", set: "SSCAN", zset: "ZSCAN" };

/**
 * The content of a key in flat chunks: bytes of a string; field, value of a hash; elements of a list
 * or set; member, score of a sorted set; id, fields of a stream. Memory stays at one chunk. What is
 * written meanwhile may or may not be in it.
 */
export async function* elementsOf(
    server: Connection,
    key: Buffer,
    type: string,
    { chunkBytes, chunkElements }: ChunkSizes,
): AsyncGenerator<Reply[]> {
    if (type === "string") {
        for (let start = 0; ; start += chunkBytes) {
            const end = String(start + chunkBytes - 1);
            const part = (await server.callBytes("GETRANGE", key, String(start), end)) as Buffer;
            if (part.length > 0) yield [part];
            if (part.length < chunkBytes) return;
        }
    }
    if (type === "list") {
        for (let start = 0; ; start += chunkElements) {
            const range = [String(start), String(start + chunkElements - 1)];
            const part = (await server.callBytes("LRANGE", key, ...range)) as Reply[];
            if (part.length > 0) yield part;
            if (part.length < chunkElements) return;
        }
    }
    if (type === "stream") {
        let from = "-";
        for (;;) {
            const count = ["COUNT", String(chunkElements)];
            const part = (await server.callBytes("XRANGE", key, from, "+", ...count)) as Reply[][];
            if (part.length > 0) yield part;
            if (part.length < chunkElements) return;
            from = `(${String(part.at(-1)![0])}`;
        }
    }
    const scan = SCANS[type];
    if (scan === undefined) throw new Error(`Keys of type ${type} cannot be read in chunks.`);
    let cursor = "0";
    do {
        const count = ["COUNT", String(chunkElements)];
        const [next, part] = (await server.callBytes(scan, key, cursor, ...count)) as [
            Buffer,
            Reply[],
        ];
        if (part.length > 0) yield part;
        cursor = next.toString();
    } while (cursor !== "0");
}

/**
 * A digest of what a key holds, whatever its encoding: two servers agree on it when the content is
 * the same. Unordered types are summed element by element, so memory stays at one chunk.
 */
export async function contentDigest(
    server: Connection,
    key: Buffer,
    type: string,
    sizes: ChunkSizes,
): Promise<string> {
    if (type === "string" || type === "list" || type === "stream") {
        const ordered = createHash("sha256");
        for await (const part of elementsOf(server, key, type, sizes)) {
            for (const element of part) update(ordered, element, type !== "string");
        }
        if (type === "stream") ordered.update(JSON.stringify(await groupsOf(server, key)));
        return ordered.digest("hex");
    }
    const width = type === "set" ? 1 : 2;
    let sum = 0n;
    let count = 0;
    for await (const part of elementsOf(server, key, type, sizes)) {
        for (let index = 0; index < part.length; index += width) {
            const element = createHash("sha256");
            for (const word of part.slice(index, index + width)) update(element, word, true);
            sum += element.digest().readBigUInt64LE();
            count++;
        }
    }
    return `${count}:${BigInt.asUintN(64, sum)}`;
}

/** The groups of a stream, without what the clock changes. */
async function groupsOf(server: Connection, key: Buffer): Promise<Reply> {
    const groups = (await server.call("XINFO", "GROUPS", key)) as Reply[][];
    return groups.map((group) => group.map(String).filter((_, index) => index % 2 === 1));
}

function update(hash: ReturnType<typeof createHash>, element: Reply, withLength: boolean): void {
    if (Array.isArray(element)) {
        hash.update(`[${element.length}]`);
        for (const inner of element) update(hash, inner, true);
        return;
    }
    const bytes = Buffer.isBuffer(element) ? element : Buffer.from(String(element));
    if (withLength) hash.update(`${bytes.length}:`);
    hash.update(bytes);
}
