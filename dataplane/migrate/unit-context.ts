import { setTimeout as sleep } from "node:timers/promises";
import type { PartitionTable } from "logcaster-model/partitions";
import type { Connection } from "../router/connection";
import { EpochConflict, type MetadataStore } from "../router/metadata";
import { STATES_KEY } from "../router/guard";
import type { HandOver } from "./cluster-epoch";
import type { Script } from "../router/script";
import { LeaseLost, MigrationStopped } from "./errors";
import { type Migration, shardsOf, type Unit, type UnitState, type Wish } from "./journal";
import type { JournalStore, Lease } from "./journal-store";
import { STALE } from "./lua";
import type { MigrateOptions } from "./options";
import type { Throttle } from "./throttle";

/** The lease of whoever changes owners of slots, beside those of the units. */
const HAND_OVER = "hand-over";
const TURN_POLL_MS = 5;

/** What happens, for progress bars and `--json`. */
export type MigrationEvent =
    | { event: "state"; unit: string; state: UnitState; from: string; to: string }
    | { event: "progress"; unit: string; keys: number; bytes: number; keysTotal: number }
    | { event: "problem"; unit: string; problem: string };

/** Everything a unit's work needs, for as long as this worker holds the unit. */
export class UnitContext {
    constructor(
        readonly migration: Migration,
        public unit: Unit,
        readonly lease: Lease,
        readonly metadata: MetadataStore,
        readonly journal: JournalStore,
        readonly options: MigrateOptions,
        readonly throttle: Throttle,
        readonly connectTo: (shard: string) => Connection,
        readonly currentWish: () => Wish,
        readonly signal: AbortSignal,
        private readonly emit: (event: MigrationEvent) => void,
    ) {}

    get source(): Connection {
        return this.connectTo(this.unit.from);
    }

    get target(): Connection {
        return this.connectTo(this.unit.to);
    }

    /** Every shard that the migration knows. */
    members(): Connection[] {
        return shardsOf(this.migration).map(this.connectTo);
    }

    /** What slots need to change hands. */
    handOver(): HandOver {
        return {
            members: this.members(),
            agreeMs: this.options.agreeMs,
            inTurn: (action) => this.inTurn(action),
        };
    }

    private async inTurn<T>(action: () => Promise<T>): Promise<T> {
        const { journal, migration, options } = this;
        let lease: Lease | undefined;
        while (!(lease = await journal.take(migration.id, HAND_OVER, options.leaseMs))) {
            this.checkLease();
            await sleep(TURN_POLL_MS);
        }
        try {
            return await action();
        } finally {
            await journal.release(migration.id, lease).catch(() => undefined);
        }
    }

    /** Writes the unit's next state to the journal. */
    async enter(state: UnitState, change: Partial<Unit> = {}): Promise<void> {
        this.checkLease();
        const next = { ...this.unit, ...change, state };
        await this.journal.put(this.migration.id, this.lease, next);
        this.unit = next;
        const { id, from, to } = next;
        this.emit({ event: "state", unit: id, state, from, to });
    }

    /** Counts what was copied, for progress; the journal hears of it with the next state. */
    count(keys: number, bytes: number): void {
        const { unit } = this;
        this.unit = {
            ...unit,
            keysCopied: unit.keysCopied + keys,
            bytesCopied: unit.bytesCopied + bytes,
        };
        const { id, keysCopied, bytesCopied, keysTotal } = this.unit;
        const totals = { keys: keysCopied, bytes: bytesCopied, keysTotal };
        this.emit({ event: "progress", unit: id, ...totals });
    }

    /** @throws LeaseLost once another worker may have the unit. */
    checkLease(): void {
        if (this.signal.aborted)
            throw new LeaseLost(`Unit ${this.unit.id} went to another worker.`);
    }

    /** @throws Interrupted when the operator asked for something else than going on. */
    checkWish(): void {
        this.checkLease();
        if (this.currentWish() !== "run") throw new Interrupted(this.currentWish());
    }

    /** Runs a migrator's script, which the server refuses when another worker claimed the unit. */
    async guarded(
        on: Connection,
        script: Script,
        keys: readonly (string | Buffer)[],
        args: readonly (string | Buffer)[],
    ): Promise<unknown> {
        this.checkLease();
        const { partitions } = this.unit;
        const head = [this.lease.token, String(partitions.length), ...partitions.map(String)];
        try {
            return await on.run(script, [STATES_KEY, ...keys], [...head, ...args]);
        } catch (error) {
            const message = error instanceof Error ? error.message : "";
            if (message.includes(STALE)) throw new LeaseLost(message);
            if (message.startsWith("OOM")) {
                throw new MigrationStopped(
                    `${on.label} is out of memory (${message}). Nothing was lost, the source still ` +
                        "owns the data: raise maxmemory or free memory, then `logcaster shards resume`.",
                );
            }
            throw error;
        }
    }

    /** Changes the partition table by compare-and-set; the change must tell when it is done already. */
    async changeTable(
        change: (table: PartitionTable) => PartitionTable | undefined,
    ): Promise<PartitionTable> {
        for (;;) {
            this.checkLease();
            const table = await this.metadata.readTable();
            if (!table)
                throw new MigrationStopped("The metadata store has lost the partition table.");
            const next = change(table);
            if (!next) return table;
            try {
                await this.metadata.putTable(next, table.epoch);
                return next;
            } catch (error) {
                if (!(error instanceof EpochConflict)) throw error;
            }
        }
    }
}

/** The operator wants the unit to stop, to be undone or to go back. */
export class Interrupted extends Error {
    override readonly name = "Interrupted";
    constructor(readonly wish: Wish) {
        super(`The operator asked to ${wish}.`);
    }
}

/** Nothing to do for the unit right now: other units come first. */
export class Parked extends Error {
    override readonly name = "Parked";
}
