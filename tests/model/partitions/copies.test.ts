import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import {
    initialTable,
    PartitionError,
    planTo,
    type PartitionTable,
    type ShardNode,
} from "logcaster-model/partitions";
import { placeCopies } from "logcaster-model/partitions/copies";

const zoneNames = ["a", "b", "c"];
const inZones = (zones: readonly number[]): ShardNode[] =>
    zones.map((zone, index) => ({ name: `n${index}`, weight: 1, zone: zoneNames[zone]! }));

function assertSpread(table: PartitionTable, copies: number): void {
    const zoneOf = new Map(table.nodes.map((node) => [node.name, node.zone]));
    for (const owners of table.owners) {
        assert.equal(owners.length, copies);
        assert.equal(new Set(owners).size, copies);
        assert.equal(new Set(owners.map((owner) => zoneOf.get(owner))).size, copies);
    }
}

describe("planner: copies", () => {
    it("puts copies on distinct shards in distinct zones, and stays so on any change", () => {
        const zoned = fc.array(fc.nat(2), { minLength: 3, maxLength: 9 }).map((zones) => {
            return inZones([0, 1, 2, ...zones]);
        });
        fc.assert(
            fc.property(zoned, zoned, (before, after) => {
                const table = initialTable({ nodes: before, partitions: 16, copies: 3 });
                assertSpread(table, 3);
                assertSpread(planTo(table, { nodes: after }).target, 3);
            }),
        );
    });

    it("loads no shard more than the others by more than one copy where zones are even", () => {
        for (const count of [3, 6, 9, 12]) {
            const nodes = inZones(Array.from({ length: count }, (_, index) => index % 3));
            const { owners } = initialTable({ nodes, partitions: 128, copies: 3 });
            const held = nodes.map(({ name }) => owners.filter((o) => o.includes(name)).length);
            assert.ok(Math.max(...held) - Math.min(...held) <= 1, held.join());
        }
    });

    it("makes as few new copies as an exhaustive search over all placements", () => {
        const small = fc.record({
            zones: fc.array(fc.nat(2), { minLength: 1, maxLength: 2 }),
            primaries: fc.array(fc.nat(), { minLength: 3, maxLength: 4 }),
            current: fc.array(fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), {
                minLength: 4,
                maxLength: 4,
            }),
            copies: fc.constantFrom(2, 3),
        });
        fc.assert(
            fc.property(small, ({ zones, primaries, current, copies }) => {
                const nodes = inZones([0, 1, 2, ...zones]);
                const name = (index: number) => nodes[index % nodes.length]!.name;
                const firsts = primaries.map(name);
                const held = current.map((owners) => [...new Set(owners.map(name))]);
                const rules = { copies, allowSharedZones: false };
                const placed = placeCopies(firsts, held, nodes, rules);
                const best = exhaustive(firsts, held, nodes, copies);
                assert.deepEqual(measure(placed, held, nodes), best);
            }),
            { numRuns: 500 },
        );
    });

    it("promotes a replica before it copies anything when a shard leaves", () => {
        const nodes = inZones([0, 1, 2]);
        const table = initialTable({ nodes, partitions: 16, copies: 3 });
        const extra = [...nodes, { name: "n3", weight: 1, zone: "c" }];
        const plan = planTo(table, { nodes: extra.filter((node) => node.name !== "n2") });
        // Everything n2 held must be copied once, to n3; primaries move among holders where they can.
        const added = plan.copies.flatMap((change) => change.add);
        assert.deepEqual(added, Array(16).fill("n3"));
    });

    it("says why copies cannot have zones of their own, and shares them when allowed", () => {
        const nodes = inZones([0, 0, 1, 1]);
        const wish = { nodes, partitions: 16, copies: 3 };
        assert.throws(
            () => initialTable(wish),
            new PartitionError(
                "3 copies in zones of their own need 3 zones, the shards are in 2 (a, b): add a " +
                    "shard in another zone, lower copies, or allow shared zones.",
            ),
        );
        const table = initialTable({ ...wish, allowSharedZones: true });
        const zoneOf = new Map(nodes.map((node) => [node.name, node.zone]));
        for (const owners of table.owners) {
            assert.equal(new Set(owners).size, 3);
            assert.equal(new Set(owners.map((owner) => zoneOf.get(owner))).size, 2);
        }
    });

    it("refuses a zone on some shards only", () => {
        const nodes = [...inZones([0, 1]), { name: "n9", weight: 1 }];
        assert.throws(
            () => initialTable({ nodes, partitions: 16, copies: 2 }),
            new PartitionError("n9 have no zone while others do: give all a zone or none."),
        );
    });
});

/** The fullest shard, then the number of new copies: what the placement keeps low, in this order. */
function measure(
    placed: readonly (readonly string[])[],
    held: readonly (readonly string[])[],
    nodes: readonly ShardNode[],
): [fullest: number, added: number] {
    const load = nodes.map(({ name }) => placed.filter((owners) => owners.includes(name)).length);
    const added = placed.map(
        (owners, p) => owners.slice(1).filter((owner) => !held[p]!.includes(owner)).length,
    );
    return [Math.max(...load), added.reduce((a, b) => a + b, 0)];
}

function exhaustive(
    primaries: readonly string[],
    held: readonly (readonly string[])[],
    nodes: readonly ShardNode[],
    copies: number,
): [number, number] {
    const zoneOf = new Map(nodes.map((node) => [node.name, node.zone]));
    const choices = primaries.map((primary) => {
        const others = nodes.map((node) => node.name).filter((name) => name !== primary);
        const sets = copies === 2 ? others.map((name) => [name]) : pairs(others);
        return sets
            .map((set) => [primary, ...set])
            .filter((set) => new Set(set.map((name) => zoneOf.get(name))).size === copies);
    });
    let best: [number, number] = [Infinity, Infinity];
    const walk = (placed: string[][]): void => {
        const options = choices[placed.length];
        if (options) return options.forEach((option) => walk([...placed, option]));
        const [fullest, added] = measure(placed, held, nodes);
        if (fullest < best[0] || (fullest === best[0] && added < best[1])) best = [fullest, added];
    };
    walk([]);
    return best;
}

function pairs(names: readonly string[]): string[][] {
    return names.flatMap((a, index) => names.slice(index + 1).map((b) => [a, b]));
}
