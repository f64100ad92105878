/**
 * Who gets which addresses of a VPC, as arithmetic: a VPC has eight blocks of equal size, one for each zone letter a to h;
 * a zone's block has two halves: the first is its private subnet, the second has two halves again: public and isolated.
 * A block depends on the letter and the kind alone, so adding or removing a zone moves no other's.
 */
import { addressCount, formatCidr, parseCidr } from "logcaster-model/cidr";

export const SUBNET_KINDS = ["public", "private", "isolated"] as const;
export type SubnetKind = (typeof SUBNET_KINDS)[number];

const LETTERS = "abcdefgh";
/** Bits of the prefix that tell the zones apart. */
const ZONE_BITS = Math.log2(LETTERS.length);

/** Where a kind's block lies in its zone's: bits it adds to the prefix, and its number among blocks of that size. */
const PLACE: Readonly<Record<SubnetKind, { bits: number; number: number }>> = {
    private: { bits: 1, number: 0 },
    public: { bits: 2, number: 2 },
    isolated: { bits: 2, number: 3 },
};

/** The letter of a zone of this region, a to h; undefined for anything else. */
export function zoneLetter(region: string, zone: string): string | undefined {
    const letter = zone.slice(region.length);
    return zone.startsWith(region) && letter.length === 1 && LETTERS.includes(letter)
        ? letter
        : undefined;
}

/** The block of one subnet. `vpcCidr` has a prefix of /16 to /19 and `letter` is a to h; throws RangeError otherwise. */
export function subnetCidr(vpcCidr: string, letter: string, kind: SubnetKind): string {
    const vpc = parseCidr(vpcCidr);
    const zone = LETTERS.indexOf(letter);
    if (letter.length !== 1 || zone < 0) {
        throw new RangeError(`${JSON.stringify(letter)} is no zone letter; allowed: a to h`);
    }
    const { bits, number } = PLACE[kind];
    const zonePrefix = vpc.prefix + ZONE_BITS;
    return formatCidr({
        start:
            vpc.start + zone * addressCount(zonePrefix) + number * addressCount(zonePrefix + bits),
        prefix: zonePrefix + bits,
    });
}
