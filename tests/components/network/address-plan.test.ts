import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { SUBNET_KINDS, subnetCidr, zoneLetter } from "logcaster-scaling/network/address-plan";
import { addressCount, formatCidr, overlaps, parseCidr } from "logcaster-model/cidr";

const LETTERS = [..."abcdefgh"];
const vpcs = fc
    .record({ prefix: fc.integer({ min: 16, max: 19 }), at: fc.nat(2 ** 16 - 1) })
    .map(({ prefix, at }) =>
        formatCidr({ start: (at % 2 ** prefix) * addressCount(prefix), prefix }),
    );
const subnets = (vpc: string, letters: readonly string[]) =>
    letters.flatMap((letter) => SUBNET_KINDS.map((kind) => subnetCidr(vpc, letter, kind)));

describe("the address plan", () => {
    it("gives private half of a zone's block, public and isolated a quarter each", () => {
        const plan = (vpc: string, letter: string) =>
            SUBNET_KINDS.map((kind) => subnetCidr(vpc, letter, kind));
        assert.deepEqual(plan("10.0.0.0/16", "a"), ["10.0.16.0/21", "10.0.0.0/20", "10.0.24.0/21"]);
        assert.deepEqual(plan("10.0.0.0/16", "h"), [
            "10.0.240.0/21",
            "10.0.224.0/20",
            "10.0.248.0/21",
        ]);
        assert.deepEqual(plan("10.20.32.0/19", "c"), [
            "10.20.42.0/24",
            "10.20.40.0/23",
            "10.20.43.0/24",
        ]);
    });

    it("never gives one address twice", () => {
        fc.assert(
            fc.property(vpcs, (vpc) => {
                const all = subnets(vpc, LETTERS);
                return all.every((a, i) => all.slice(i + 1).every((b) => !overlaps(a, b)));
            }),
        );
    });

    it("gives every address of the VPC to one of the eight zones, and none outside", () => {
        fc.assert(
            fc.property(vpcs, (vpc) => {
                const { start, prefix } = parseCidr(vpc);
                const blocks = subnets(vpc, LETTERS).map(parseCidr);
                const inside = blocks.every(
                    (b) =>
                        b.hostBits === 0 &&
                        b.start >= start &&
                        b.start + addressCount(b.prefix) <= start + addressCount(prefix),
                );
                const total = blocks.reduce((sum, b) => sum + addressCount(b.prefix), 0);
                return inside && total === addressCount(prefix);
            }),
        );
    });

    it("moves no zone's block when a zone comes or goes, in whatever order they are named", () => {
        fc.assert(
            fc.property(
                vpcs,
                fc.shuffledSubarray(LETTERS, { minLength: 1 }),
                fc.shuffledSubarray(LETTERS, { minLength: 1 }),
                (vpc, before, after) =>
                    before
                        .filter((letter) => after.includes(letter))
                        .every((letter) => {
                            const at = (zones: string[]) =>
                                subnets(vpc, zones).slice(
                                    zones.indexOf(letter) * SUBNET_KINDS.length,
                                    (zones.indexOf(letter) + 1) * SUBNET_KINDS.length,
                                );
                            return at(before).join() === at(after).join();
                        }),
            ),
        );
    });

    it("keeps blocks within what AWS takes for a subnet, /16 to /28", () => {
        for (const prefix of [16, 17, 18, 19]) {
            for (const block of subnets(`10.0.0.0/${prefix}`, LETTERS)) {
                const size = parseCidr(block).prefix;
                assert.ok(size >= 16 && size <= 28, block);
            }
        }
    });

    it("knows the letter of a region's own zones only", () => {
        assert.equal(zoneLetter("eu-west-1", "eu-west-1h"), "h");
        for (const zone of ["eu-west-1", "eu-west-1i", "eu-west-2a", "eu-west-1ab", "a", ""]) {
            assert.equal(zoneLetter("eu-west-1", zone), undefined, zone);
        }
        assert.throws(() => subnetCidr("10.0.0.0/16", "i", "public"), RangeError);
        assert.throws(() => subnetCidr("10.0.0.0/16", "ab", "public"), RangeError);
        assert.throws(() => subnetCidr("10.0.0.0/16", "", "public"), RangeError);
    });
});
