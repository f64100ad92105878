import { strict as assert } from "node:assert";
import {
    createTable,
    initialTable,
    nextTable,
    parseTable,
    PartitionError,
    partitionOf,
    slotRange,
    TableMode,
    tableDigest,
    tableText,
} from "logcaster-model/partitions";

const nodes = ["shard-0", "shard-1", "shard-2"].map((name) => ({ name, weight: 1 }));

describe("PartitionTable", () => {
    it("has 128 partitions in runs of 43, 43 and 42 on three shards by default", () => {
        const table = initialTable({ nodes });
        const primaries = table.owners.map(([primary]) => primary);
        assert.deepEqual(primaries, [
            ...Array(43).fill("shard-0"),
            ...Array(43).fill("shard-1"),
            ...Array(42).fill("shard-2"),
        ]);
    });

    it("reads its canonical text back to the same text and digest", () => {
        const table = nextTable(initialTable({ nodes, mode: "cluster" }), { guarded: [7, 3, 7] });
        const again = parseTable(tableText(table));
        assert.deepEqual(again, table);
        assert.deepEqual(again.guarded, [3, 7]);
        assert.equal(tableDigest(again), tableDigest(table));
    });

    it("has one digest whatever the order of nodes and fields it was given in", () => {
        const table = initialTable({ nodes });
        const shuffled = createTable({
            guarded: [],
            owners: table.owners,
            nodes: [...nodes].reverse().map(({ name, weight }) => ({ weight, name })),
            copies: 1,
            epoch: 1,
            mode: "client",
        });
        assert.equal(tableDigest(shuffled), tableDigest(table));
    });

    it("cannot be changed", () => {
        const table = initialTable({ nodes });
        assert.throws(() => (table.owners as string[][])[0]!.push("shard-1"), TypeError);
    });

    it("takes murmur3 modulo the partitions in client mode, slots in runs in cluster mode", () => {
        assert.equal(partitionOf(initialTable({ nodes }), "로그:서울:1"), 103);
        const cluster = initialTable({ nodes, mode: TableMode.Cluster });
        assert.equal(partitionOf(cluster, "foo"), Math.floor(12182 / 128));
        assert.deepEqual(slotRange(95, 128), [12160, 12287]);
    });

    it("names every problem of a table in one error", () => {
        const owners = Array.from({ length: 20 }, () => ["shard-0"]);
        owners[3] = ["shard-9"];
        owners[4] = ["shard-1", "shard-1"];
        assert.throws(
            () =>
                createTable({
                    mode: "client",
                    epoch: 1,
                    copies: 1,
                    nodes: [...nodes, nodes[0]],
                    owners,
                    guarded: [99],
                }),
            new PartitionError(
                "The partition table is not valid: 20 partitions given, a power of two from 16 to " +
                    "16384 is allowed, so that the 16384 slots divide evenly; shard shard-0 is " +
                    "named twice; partition 3 is on shard-9, not in nodes; partition 4 has two " +
                    "copies on one node; guarded 99 does not exist.",
            ),
        );
    });

    it("says which text is not a table", () => {
        assert.throws(
            () => parseTable("{"),
            new PartitionError("The partition table is not JSON."),
        );
        assert.throws(() => parseTable("{}"), /^PartitionError: .*mode.*epoch.*owners/);
    });
});
