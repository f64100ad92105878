import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import type { RedisKind } from "../../servers";
import { whyNoServer } from "../../servers";
import { skip } from "../../skip";
import { type Crash, Lane, type LaneMode, type Victim, VICTIMS } from "./lane";

// CRASH_SEEDS=n tries more or fewer; CRASH_ONLY=lane:seed repeats one.
const SEEDS = Number(process.env.CRASH_SEEDS ?? 210);
const ONLY = process.env.CRASH_ONLY;

type Detour = Crash["detour"];
interface Case {
    readonly state: string;
    readonly detour?: NonNullable<Detour>;
}
const CLIENT_CASES: readonly Case[] = [
    ...["planned", "prepared", "guarded", "copying", "copied", "verified", "fencing"],
    ...["switched", "cleaning"],
].map((state) => ({ state }));
const CLIENT_DETOURS: readonly Case[] = [
    { state: "undoing", detour: { after: "copied", wish: "abort" } },
    { state: "returning", detour: { after: "switched", wish: "rollback" } },
    { state: "returned", detour: { after: "switched", wish: "rollback" } },
];
const CLUSTER_CASES: readonly Case[] = [
    { state: "planned" },
    { state: "moving" },
    { state: "moved" },
    { state: "undoing", detour: { after: "moving", wish: "abort" } },
    { state: "returning", detour: { after: "moved", wish: "rollback" } },
    { state: "returned", detour: { after: "moved", wish: "rollback" } },
];
/** MIGRATE moves key by key: turning round half-way is a case of its own. */
const LEGACY_CASES: readonly Case[] = [
    ...CLUSTER_CASES,
    { state: "undoing", detour: { after: "moving", wish: "abort", isHalfway: true } },
    { state: "returning", detour: { after: "moving", wish: "rollback", isHalfway: true } },
];
const CASES: Readonly<Record<LaneMode, readonly Case[]>> = {
    client: [...CLIENT_CASES, ...CLIENT_DETOURS],
    native: CLUSTER_CASES,
    legacy: LEGACY_CASES,
};
const LANES: readonly { kind: RedisKind; mode: LaneMode; share: number }[] = [
    { kind: "valkey", mode: "client", share: 60 },
    { kind: "redis", mode: "client", share: 60 },
    { kind: "valkey", mode: "native", share: 30 },
    { kind: "redis", mode: "legacy", share: 30 },
    { kind: "valkey", mode: "legacy", share: 30 },
];

describe("crashes while shards move", () => {
    let workerFile: string;
    before(async () => {
        const directory = path.resolve(__dirname, "../../../.cache/tests");
        mkdirSync(directory, { recursive: true });
        workerFile = path.join(directory, `crash-worker-${process.pid}.cjs`);
        await build({
            entryPoints: [path.join(__dirname, "worker.ts")],
            outfile: workerFile,
            bundle: true,
            platform: "node",
            target: "node22",
        });
    });

    const total = LANES.reduce((sum, lane) => sum + lane.share, 0);
    const lanes = LANES.map((lane) => ({
        ...lane,
        seeds: Math.ceil((SEEDS * lane.share) / total),
    }));

    it("lose no acknowledged write, keep every key once, and end where they should", async function () {
        this.timeout(30 * 60_000);
        const reason = await whyNoServer("valkey-server", "redis-server");
        if (reason) skip(this, reason);
        const tally = new Tally();
        // Lanes mostly wait for disks and restarts: they share the cores well.
        await Promise.all(
            lanes.map(async ({ kind, mode, seeds }) => {
                const name = `${mode}-${kind}`;
                if (ONLY && !ONLY.startsWith(`${name}:`)) return;
                const lane = await Lane.open(kind, mode, workerFile);
                try {
                    for (const crash of crashesOf(mode, seeds)) {
                        if (ONLY && ONLY !== `${name}:${crash.seed}`) continue;
                        await tally.run(name, lane, crash);
                    }
                } finally {
                    await lane.dispose();
                }
            }),
        );
        console.log(tally.report());
        for (const failure of tally.failures) console.log(`    ${failure}`);
        assert.deepEqual(tally.failures, []);
        if (ONLY === undefined && SEEDS >= total) assert.deepEqual(tally.missing(lanes), []);
    });
});

/** Every state with every victim, in turn, until the seeds are used up. */
function crashesOf(mode: LaneMode, seeds: number): Crash[] {
    const cases = CASES[mode];
    return Array.from({ length: seeds }, (_, seed) => {
        const turn = Math.floor(seed / cases.length);
        const victim = VICTIMS[(seed + turn) % VICTIMS.length]!;
        return { seed, ...cases[seed % cases.length]!, victim };
    });
}

class Tally {
    readonly failures: string[] = [];
    private readonly kills = new Map<string, Map<string, number>>();
    private readonly victims = new Map<Victim, number>();
    private seeds = 0;
    private acknowledged = 0;
    private unknown = 0;

    async run(name: string, lane: Lane, crash: Crash): Promise<void> {
        const what = `${name}:${crash.seed} (${crash.victim} in ${crash.state})`;
        this.seeds++;
        const startedAt = performance.now();
        try {
            const result = await lane.crash(crash);
            this.acknowledged += result.acknowledged;
            this.unknown += result.unknown;
            if (result.hit) this.count(name, result.hit, crash.victim);
            else this.failures.push(`${what}: the state was never entered`);
            const few = result.problems.slice(0, 5);
            if (few.length > 0) {
                this.failures.push(
                    `${what}: ${result.problems.length} problems: ${few.join("; ")}`,
                );
            }
        } catch (error) {
            this.failures.push(`${what}: ${(error as Error).message}`);
        }
        if (process.env.CRASH_VERBOSE) {
            const ms = Math.round(performance.now() - startedAt);
            console.log(
                `${what}: ${ms} ms ${this.failures.at(-1)?.startsWith(what) ? this.failures.at(-1) : ""}`,
            );
        }
    }

    report(): string {
        const rows = [...this.kills].map(([name, states]) => {
            const counts = [...states].map(([state, count]) => `${state} ${count}`);
            return `    kills in ${name}: ${counts.join(", ")}`;
        });
        const victims = [...this.victims].map(([victim, count]) => `${victim} ${count}`).join(", ");
        return [
            `    ${this.seeds} seeds, ${this.acknowledged} acknowledged writes, ${this.unknown} of unknown outcome`,
            `    victims: ${victims}`,
            ...rows,
        ].join("\n");
    }

    /** States in which nothing was killed. */
    missing(lanes: readonly { kind: RedisKind; mode: LaneMode }[]): string[] {
        return lanes.flatMap(({ kind, mode }) => {
            const name = `${mode}-${kind}`;
            const states = new Set(CASES[mode].map((one) => one.state));
            return [...states]
                .filter((state) => !this.kills.get(name)?.has(state))
                .map((s) => `${name} ${s}`);
        });
    }

    private count(name: string, state: string, victim: Victim): void {
        const states = this.kills.get(name) ?? new Map<string, number>();
        this.kills.set(name, states.set(state, (states.get(state) ?? 0) + 1));
        this.victims.set(victim, (this.victims.get(victim) ?? 0) + 1);
    }
}
