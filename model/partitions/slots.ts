/** Hash slots of a Valkey or Redis cluster; fixed by the cluster protocol. */
export const SLOT_COUNT = 16_384;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const encoder = new TextEncoder();
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    return crc;
});

/** CRC16 (XMODEM: polynomial 0x1021, start 0) as the cluster specification uses it. */
export function crc16(bytes: Uint8Array): number {
    let crc = 0;
    for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >>> 8) ^ byte]!;
    return crc;
}

/**
 * The cluster slot of a key. Only the part between the first `{` and the next `}` is hashed when it
 * is not empty (the cluster specification's hash tag).
 */
export function slotOf(key: string | Uint8Array): number {
    const bytes = typeof key === "string" ? encoder.encode(key) : key;
    return crc16(hashTag(bytes)) % SLOT_COUNT;
}

function hashTag(bytes: Uint8Array): Uint8Array {
    const open = bytes.indexOf(OPEN_BRACE);
    if (open < 0) return bytes;
    const close = bytes.indexOf(CLOSE_BRACE, open + 1);
    return close <= open + 1 ? bytes : bytes.subarray(open + 1, close);
}
