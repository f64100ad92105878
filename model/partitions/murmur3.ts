const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const encoder = new TextEncoder();

/**
 * MurmurHash3_x86_32 (Appleby, SMHasher) of a key's UTF-8 bytes, as an unsigned 32-bit number.
 * A lone surrogate counts as U+FFFD, as in every UTF-8 encoder.
 */
export function murmur3_32(key: string | Uint8Array, seed = 0): number {
    return typeof key === "string" ? ofString(key, seed) : ofBytes(key, seed);
}

/** Hashes ASCII straight from the string and falls back to bytes at the first other character. */
function ofString(key: string, seed: number): number {
    const length = key.length;
    const blocksEnd = length & ~3;
    let hash = seed | 0;
    let index = 0;
    for (; index < blocksEnd; index += 4) {
        const a = key.charCodeAt(index);
        const b = key.charCodeAt(index + 1);
        const c = key.charCodeAt(index + 2);
        const d = key.charCodeAt(index + 3);
        if ((a | b | c | d) > 0x7f) return ofBytes(encoder.encode(key), seed);
        hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
    }
    let tail = 0;
    for (let shift = 0; index < length; index++, shift += 8) {
        const code = key.charCodeAt(index);
        if (code > 0x7f) return ofBytes(encoder.encode(key), seed);
        tail |= code << shift;
    }
    return finish(hash, tail, length);
}

function ofBytes(key: Uint8Array, seed: number): number {
    const length = key.length;
    const blocksEnd = length & ~3;
    let hash = seed | 0;
    let index = 0;
    for (; index < blocksEnd; index += 4) {
        const low = key[index]! | (key[index + 1]! << 8);
        hash = mixBlock(hash, low | (key[index + 2]! << 16) | (key[index + 3]! << 24));
    }
    let tail = 0;
    for (let shift = 0; index < length; index++, shift += 8) tail |= key[index]! << shift;
    return finish(hash, tail, length);
}

function scramble(block: number): number {
    const k = Math.imul(block, C1);
    return Math.imul((k << 15) | (k >>> 17), C2);
}

function mixBlock(hash: number, block: number): number {
    const h = hash ^ scramble(block);
    return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number, tail: number, length: number): number {
    let h = hash ^ scramble(tail) ^ length;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
}
