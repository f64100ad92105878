/** IPv4 blocks as arithmetic: no Pulumi, no I/O. */

/** Longest prefix that the address plan splits into eight zones of three subnets. */
export const MAX_PLANNED_PREFIX = 19;

export interface Cidr {
    /** First address of the block, 32 bits unsigned. */
    readonly start: number;
    /** Length of the prefix in bits, 0 to 32. */
    readonly prefix: number;
    /** The address bits after the prefix as they were given; 0 in a well-formed block. */
    readonly hostBits: number;
}

/** Number of addresses in a block of this prefix. */
export const addressCount = (prefix: number): number => 2 ** (32 - prefix);

/** Reads `a.b.c.d/n`; throws RangeError on anything else. */
export function parseCidr(text: string): Cidr {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    const parts = match?.slice(1).map(Number) ?? [];
    const prefix = parts.pop() ?? 33;
    if (parts.length !== 4 || parts.some((octet) => octet > 255) || prefix > 32) {
        throw new RangeError(`${JSON.stringify(text)} is no IPv4 block; write a.b.c.d/n`);
    }
    const address = parts.reduce((sum, octet) => sum * 256 + octet, 0);
    const hostBits = address % addressCount(prefix);
    return { start: address - hostBits, prefix, hostBits };
}

/** Whether a text is a block whose address bits after the prefix are zero. */
export function isBlock(text: string): boolean {
    try {
        return parseCidr(text).hostBits === 0;
    } catch {
        return false;
    }
}

/** Writes a block as `a.b.c.d/n`. */
export function formatCidr({ start, prefix }: Pick<Cidr, "start" | "prefix">): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefix}`;
}

/** Whether two blocks share an address. */
export function overlaps(a: string, b: string): boolean {
    const [x, y] = [parseCidr(a), parseCidr(b)];
    return x.start < y.start + addressCount(y.prefix) && y.start < x.start + addressCount(x.prefix);
}
