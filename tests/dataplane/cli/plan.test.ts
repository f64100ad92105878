import { strict as assert } from "node:assert";
import type { Plan } from "logcaster-model/partitions";
import { logcaster } from "./logcaster";

describe("logcaster shards plan", () => {
    it("plans 3 -> 4 offline: 32 moves, all to the new shard", async () => {
        const { code, stdout } = await logcaster([
            "shards",
            "plan",
            "--from",
            "3",
            "--to",
            "4",
            "--json",
        ]);
        const plan = JSON.parse(stdout) as Plan;
        const { moves } = plan;
        assert.equal(code, 0);
        assert.deepEqual(Object.keys(plan), ["fromEpoch", "toEpoch", "moves"]);
        assert.ok(plan.toEpoch > plan.fromEpoch);
        assert.deepEqual(moves[0], { partition: 32, from: "shard-0", to: "shard-3" });
        assert.deepEqual(
            moves.map((move) => move.partition),
            [...range(32, 42), ...range(75, 85), ...range(118, 127)],
        );
        assert.ok(moves.every((move) => move.to === "shard-3"));
    });

    it("prints the moves for people", async () => {
        const { stdout } = await logcaster(["shards", "plan", "--from", "3", "--to", "4"]);
        assert.equal(
            stdout,
            "32 partitions move\n" +
                "shard-0 -> shard-3  11  32-42\n" +
                "shard-1 -> shard-3  11  75-85\n" +
                "shard-2 -> shard-3  10  118-127\n",
        );
    });

    for (const [what, args, message] of [
        ["no shards at all", ["--from", "0", "--to", "4"], /'--from <n>' argument '0' is invalid/],
        ["one end of the plan", ["--from", "3"], /both: --from N and --to N/],
        [
            "more shards than partitions",
            ["--from", "3", "--to", "200"],
            /200 shards given, 128 partitions/,
        ],
        [
            "no power of two",
            ["--from", "3", "--to", "4", "--partitions", "100"],
            /100 partitions given, a power of two from 16 to 16384/,
        ],
        [
            "copies without shards for them",
            ["--from", "2", "--to", "3", "--copies", "3"],
            /3 copies need 3 shards, there are 2/,
        ],
        ["nothing", [], /Nothing to plan from/],
    ] as const) {
        it(`refuses ${what} with one sentence and exit 2`, async () => {
            const { code, stdout, stderr } = await logcaster(["shards", "plan", ...args]);
            assert.equal(code, 2);
            assert.equal(stdout, "");
            assert.match(stderr, message);
            assert.doesNotMatch(stderr, /\n\s+at /);
        });
    }
});

function range(first: number, last: number): number[] {
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
