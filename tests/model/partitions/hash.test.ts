import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { crc16, HashRing, murmur3_32, slotOf } from "logcaster-model/partitions";

interface Golden {
    readonly murmur3_32: { key: string; seed: number; hash: string; partitionOf128: number }[];
    readonly slots: { key: string; slot: number }[];
}
// A server in another language checks itself against this file.
const golden = JSON.parse(
    readFileSync(path.join(__dirname, "golden/hashes.json"), "utf8"),
) as Golden;

describe("murmur3_32", () => {
    it("gives the published and recorded hash of every golden key", () => {
        const hashed = golden.murmur3_32.map(({ key, seed }) => {
            const hash = murmur3_32(key, seed);
            const hex = hash.toString(16).toUpperCase().padStart(8, "0");
            return { key, seed, hash: hex, partitionOf128: hash % 128 };
        });
        assert.deepEqual(hashed, golden.murmur3_32);
    });

    it("gives SMHasher's verification value", () => {
        const hashes = Buffer.alloc(256 * 4);
        for (let length = 0; length < 256; length++) {
            const key = Uint8Array.from({ length }, (_, byte) => byte);
            hashes.writeUInt32LE(murmur3_32(key, 256 - length), length * 4);
        }
        assert.equal(murmur3_32(hashes, 0).toString(16), "b0f57ee3");
    });

    it("hashes a string as its UTF-8 bytes, ASCII or not", () => {
        const anyString = fc.oneof(fc.string({ unit: "binary" }), fc.string());
        fc.assert(
            fc.property(anyString, fc.nat(0xffffffff), (key, seed) => {
                assert.equal(murmur3_32(key, seed), murmur3_32(Buffer.from(key, "utf8"), seed));
            }),
        );
    });
});

describe("cluster slots", () => {
    it("uses the CRC16 of the cluster specification", () => {
        assert.equal(crc16(Buffer.from("123456789")), 0x31c3);
    });

    it("gives the slot a server gives, hash tags included", () => {
        const slots = golden.slots.map(({ key }) => ({ key, slot: slotOf(key) }));
        assert.deepEqual(slots, golden.slots);
    });
});

describe("HashRing", () => {
    it("wraps from past the last point to the first", () => {
        const ring = new HashRing(["a", "b", "c"], 4);
        assert.equal(ring.serverAt(0xffffffff), ring.serverAt(0));
    });

    it("gives each key the server of the first point at or after its hash", () => {
        const servers = ["a", "b", "c"];
        const ring = new HashRing(servers, 8);
        const points = servers.flatMap((server) =>
            Array.from({ length: 8 }, (_, n) => ({ server, at: murmur3_32(`${server}-${n}`) })),
        );
        points.sort((left, right) => left.at - right.at);
        fc.assert(
            fc.property(fc.string(), (key) => {
                const next = points.find(({ at }) => at >= murmur3_32(key)) ?? points[0]!;
                assert.equal(ring.serverOf(key), next.server);
            }),
        );
    });

    it("is the same ring whatever the order of its servers", () => {
        const forth = new HashRing(["a", "b", "c", "d"]);
        const back = new HashRing(["d", "c", "b", "a"]);
        fc.assert(fc.property(fc.string(), (key) => forth.serverOf(key) === back.serverOf(key)));
    });

    it("moves keys only to the server that joins", () => {
        const before = new HashRing(["a", "b", "c"]);
        const after = new HashRing(["a", "b", "c", "d"]);
        fc.assert(
            fc.property(fc.string(), (key) =>
                ["d", before.serverOf(key)].includes(after.serverOf(key)),
            ),
        );
    });
});
