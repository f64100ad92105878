import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import {
    initialTable,
    PartitionError,
    type PartitionTable,
    type Plan,
    planSteps,
    planTo,
    reversePlan,
    type ShardNode,
} from "logcaster-model/partitions";

const named = (index: number, weight = 1): ShardNode => ({ name: `shard-${index}`, weight });
const shards = (count: number) => Array.from({ length: count }, (_, index) => named(index));

function counts(table: PartitionTable): number[] {
    const byName = new Map(table.nodes.map((node) => [node.name, 0]));
    for (const [primary] of table.owners) byName.set(primary!, byName.get(primary!)! + 1);
    return [...byName.values()];
}

const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
const sorted = (values: number[]) => [...values].sort((a, b) => a - b);
const partitionCounts = fc.constantFrom(16, 32, 64, 128, 256);

/** A balanced table reached by some history of shards joining and leaving. */
const balanced = fc
    .record({
        partitions: partitionCounts,
        start: fc.integer({ min: 1, max: 12 }),
        changes: fc.array(fc.boolean(), { maxLength: 6 }),
    })
    .map(({ partitions, start, changes }) => {
        let table = initialTable({ nodes: shards(start), partitions });
        let next = start;
        for (const joins of changes) {
            if (joins && table.nodes.length < partitions) {
                table = planTo(table, { nodes: [...table.nodes, named(next++)] }).target;
            } else if (table.nodes.length > 1) {
                table = planTo(table, { nodes: table.nodes.slice(1) }).target;
            }
        }
        return table;
    });

describe("planner: primaries", () => {
    it("keeps counts within 1 of each other on every path of joins and departures", () => {
        fc.assert(fc.property(balanced, (table) => spread(counts(table)) <= 1));
    });

    it("gives a new shard floor(P/(n+1)) partitions, and old shards exchange nothing", () => {
        fc.assert(
            fc.property(balanced, (table) => {
                fc.pre(table.nodes.length < table.owners.length);
                const plan = planTo(table, { nodes: [...table.nodes, named(99)] });
                const share = Math.floor(table.owners.length / (table.nodes.length + 1));
                assert.equal(plan.moves.length, share);
                assert.ok(plan.moves.every((move) => move.to === "shard-99"));
            }),
        );
    });

    it("gives every new shard exactly its share, for all P up to 256 and all n", () => {
        for (const partitions of [16, 32, 64, 128, 256]) {
            for (let n = 1; n < partitions; n++) {
                const plan = planTo(initialTable({ nodes: shards(n), partitions }), {
                    nodes: shards(n + 1),
                });
                assert.equal(plan.moves.length, Math.floor(partitions / (n + 1)));
                assert.ok(plan.moves.every((move) => move.to === `shard-${n}`));
                assert.ok(spread(counts(plan.target)) <= 1);
            }
        }
    });

    it("moves only the partitions of the shard that leaves", () => {
        fc.assert(
            fc.property(balanced, fc.nat(), (table, pick) => {
                fc.pre(table.nodes.length > 1);
                const leaver = table.nodes[pick % table.nodes.length]!.name;
                const nodes = table.nodes.filter((node) => node.name !== leaver);
                const plan = planTo(table, { nodes });
                const its = table.owners.filter(([primary]) => primary === leaver).length;
                assert.equal(plan.moves.length, its);
                assert.ok(plan.moves.every((move) => move.from === leaver));
                assert.ok(spread(counts(plan.target)) <= 1);
            }),
        );
    });

    it("hands a replaced shard's partitions to its replacement and moves nothing else", () => {
        fc.assert(
            fc.property(balanced, (table) => {
                const plan = planTo(table, { nodes: [...table.nodes.slice(1), named(99)] });
                const first = table.nodes[0]!.name;
                assert.ok(plan.moves.every((m) => m.from === first && m.to === "shard-99"));
                assert.deepEqual(sorted(counts(plan.target)), sorted(counts(table)));
            }),
        );
    });

    it("answers the same whatever the order of the shards it is given", () => {
        fc.assert(
            fc.property(
                balanced,
                fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 12 }),
                fc.infiniteStream(fc.nat()),
                (table, weights, random) => {
                    const nodes = weights.map((weight, index) => named(index, weight));
                    const keys = nodes.map((node) => [random.next().value, node] as const);
                    const shuffled = keys.sort((a, b) => a[0] - b[0]).map(([, node]) => node);
                    assert.deepEqual(planTo(table, { nodes: shuffled }), planTo(table, { nodes }));
                },
            ),
        );
    });

    it("moves no more than any assignment as balanced needs, by weight, against brute force", () => {
        // All counts that no single move improves, of 16 partitions on three weighted shards.
        const isBalanced = (held: number[], weights: number[]) =>
            held.every((give, a) =>
                held.every((take, b) => give * weights[b]! <= (take + 1) * weights[a]!),
            );
        for (const before of [
            [1, 1, 1],
            [1, 2, 3],
            [4, 1, 1],
        ]) {
            for (const after of [
                [1, 1, 1],
                [3, 1, 1],
                [1, 2, 3],
                [5, 1, 2],
            ]) {
                const table = initialTable({
                    nodes: before.map((weight, index) => named(index, weight)),
                    partitions: 16,
                });
                const nodes = after.map((weight, index) => named(index, weight));
                const plan = planTo(table, { nodes });
                const held = counts(table);
                let fewest = Infinity;
                for (let a = 0; a <= 16; a++) {
                    for (let b = 0; a + b <= 16; b++) {
                        const target = [a, b, 16 - a - b];
                        if (!isBalanced(target, after)) continue;
                        const moves = held.map((have, i) => Math.max(have - target[i]!, 0));
                        fewest = Math.min(
                            fewest,
                            moves.reduce((x, y) => x + y),
                        );
                    }
                }
                assert.ok(isBalanced(counts(plan.target), after));
                assert.equal(plan.moves.length, fewest, `${before} -> ${after}`);
            }
        }
    });

    it("plans 4,096 partitions on 256 shards and one more with the optimal 15 moves", () => {
        const table = initialTable({ nodes: shards(256), partitions: 4096 });
        assert.equal(planTo(table, { nodes: shards(257) }).moves.length, Math.floor(4096 / 257));
    });
});

describe("planner: plans", () => {
    it("restores the counts when reversed by a wish, and the very owners by reversePlan", () => {
        fc.assert(
            fc.property(balanced, (table) => {
                fc.pre(table.nodes.length < table.owners.length);
                const there = planTo(table, { nodes: [...table.nodes, named(99)] });
                const back = planTo(there.target, { nodes: table.nodes });
                assert.deepEqual(sorted(counts(back.target)), sorted(counts(table)));
                const undo = reversePlan(table, there);
                assert.deepEqual(undo.target.owners, table.owners);
                assert.deepEqual(undo.target.nodes, table.nodes);
                assert.ok(undo.toEpoch > undo.fromEpoch && undo.fromEpoch === there.toEpoch);
            }),
        );
    });

    it("keeps a writable owner and enough copies at every step, while the epoch grows", () => {
        const change = fc.record({
            partitions: fc.constantFrom(16, 32),
            before: fc.record({
                n: fc.integer({ min: 3, max: 6 }),
                rf: fc.integer({ min: 1, max: 3 }),
            }),
            after: fc.record({
                n: fc.integer({ min: 3, max: 6 }),
                rf: fc.integer({ min: 1, max: 3 }),
            }),
            zoned: fc.boolean(),
        });
        fc.assert(
            fc.property(change, ({ partitions, before, after, zoned }) => {
                const nodes = (count: number) => (zoned ? inZones(3, count) : shards(count));
                const start = initialTable({
                    nodes: nodes(before.n),
                    partitions,
                    copies: before.rf,
                });
                const plan = planTo(start, { nodes: nodes(after.n), copies: after.rf });
                checkSteps(start, plan, Math.min(before.rf, after.rf));
            }),
        );
    });

    it("refuses what cannot be, all of it in one error", () => {
        const table = initialTable({ nodes: shards(3), partitions: 16 });
        assert.throws(
            () => planTo(table, { nodes: [named(0), named(0), named(1, 0)], copies: 4 }),
            new PartitionError(
                "shard-0 named twice; weights are whole numbers of at least 1, given: shard-1 0; " +
                    "4 copies need 4 shards, there are 3: add shards or lower copies.",
            ),
        );
        assert.throws(
            () => planTo(table, { nodes: shards(17) }),
            new PartitionError("17 shards given, 16 partitions allow as many."),
        );
    });
});

function inZones(zones: number, count: number): ShardNode[] {
    return shards(count).map((node, index) => ({ ...node, zone: `zone-${index % zones}` }));
}

function checkSteps(start: PartitionTable, plan: Plan, leastCopies: number): void {
    let last = start;
    for (const step of planSteps(start, plan)) {
        assert.equal(step.epoch, last.epoch + 1);
        for (const [partition, owners] of step.owners.entries()) {
            assert.ok(owners.length >= leastCopies);
            // The primary is somebody who already had a copy: it is writable without a gap.
            assert.ok(last.owners[partition]!.includes(owners[0]!));
        }
        last = step;
    }
    assert.deepEqual(last, plan.target);
}
