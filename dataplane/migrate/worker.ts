import { setTimeout as sleep } from "node:timers/promises";
import {
    nextTable,
    parseTable,
    type PartitionTable,
    type ShardNode,
    tableText,
} from "logcaster-model/partitions";
import { type Connection, ConnectionLost, retrying } from "../router/connection";
import { EpochConflict, type MetadataStore } from "../router/metadata";
import { clientDetour, clientStep } from "./client-place";
import { waitUntilWhole } from "./cluster-form";
import { LeaseLost, MigrationStopped } from "./errors";
import { isFinal, type Migration, Place, shardsOf, type Unit, type Wish } from "./journal";
import type { JournalStore, Lease } from "./journal-store";
import type { MigrateOptions } from "./options";
import { clusterDetour, clusterStep } from "./cluster-place";
import { Throttle } from "./throttle";
import { Interrupted, type MigrationEvent, Parked, UnitContext } from "./unit-context";

const WISH_POLL_MS = 500;
const IDLE_POLL_MS = 200;
const RENEWALS_PER_LEASE = 4;

/** What a worker works with. */
export interface WorkerSetup {
    readonly metadata: MetadataStore;
    readonly journal: JournalStore;
    readonly options: MigrateOptions;
    /** Connections to shards by name. */
    readonly connectTo: (shard: string) => Connection;
    readonly emit: (event: MigrationEvent) => void;
    /** Stops the worker between two batches. */
    readonly signal?: AbortSignal;
}

/** How the work ended. */
export type Outcome = "done" | "paused" | "aborted" | "rolled-back";

/**
 * Works on a migration's units until all are finished or the operator pauses it. Any number of
 * workers may do so at a time: a lease gives each unit to one of them, and a unit whose worker died
 * goes to the next.
 * @throws MigrationStopped, BadInput or ConnectionLost; whatever was begun stays safe and resumable.
 */
export async function work(setup: WorkerSetup): Promise<Outcome> {
    const current = await reliably(setup, () => setup.journal.migration());
    if (!current) throw new MigrationStopped("There is no migration to work on.");
    const worker = new Worker(setup, current.migration);
    return worker.run();
}

class Worker {
    private wish: Wish;
    private readonly throttle: Throttle;
    private readonly underWay = new Map<string, Promise<void>>();
    private readonly restsUntil = new Map<string, number>();
    private failure: unknown;

    constructor(
        private readonly setup: WorkerSetup,
        private readonly migration: Migration,
    ) {
        this.wish = migration.wish;
        this.throttle = new Throttle(setup.options);
    }

    async run(): Promise<Outcome> {
        const timer = setInterval(() => void this.readWish().catch(() => undefined), WISH_POLL_MS);
        timer.unref();
        try {
            for (;;) {
                await reliably(this.setup, () => this.readWish());
                const units = await reliably(this.setup, () =>
                    this.setup.journal.units(this.migration.id),
                );
                if (this.failure !== undefined) throw this.failure;
                const open = units.filter((unit) => !isFinal(unit.state));
                if (open.length === 0) return await this.finish(units);
                if (this.wish === "pause" || this.isStopping) break;
                await this.takeSome(open);
                const idle = sleep(IDLE_POLL_MS, undefined, { ref: this.underWay.size === 0 });
                await Promise.race([...this.underWay.values(), idle]);
            }
            await Promise.all(this.underWay.values());
            if (this.failure !== undefined) throw this.failure;
            return "paused";
        } catch (error) {
            // The other units stop after their batch; what they began is in the journal.
            this.failure ??= error;
            await Promise.all(this.underWay.values());
            throw error;
        } finally {
            clearInterval(timer);
        }
    }

    private get isStopping(): boolean {
        return this.failure !== undefined || this.setup.signal?.aborted === true;
    }

    /** In a cluster the end is when every node says so. */
    private async waitForAgreement(): Promise<void> {
        const { place } = this.migration;
        if (place !== Place.Native && place !== Place.Legacy) return;
        const members = shardsOf(this.migration).map(this.setup.connectTo);
        await waitUntilWhole(members, this.setup.options.agreeMs);
    }

    private async settleNodes(units: readonly Unit[]): Promise<void> {
        const { metadata } = this.setup;
        const isDone = units.every((unit) => unit.state === "done");
        for (;;) {
            const table = await metadata.readTable();
            if (!table)
                throw new MigrationStopped("The metadata store has lost the partition table.");
            const next = nextTable(table, { nodes: finalNodes(table, this.migration, isDone) });
            if (tableText({ ...next, epoch: table.epoch }) === tableText(table)) return;
            try {
                return await metadata.putTable(next, table.epoch);
            } catch (error) {
                if (!(error instanceof EpochConflict)) throw error;
            }
        }
    }

    private async readWish(): Promise<void> {
        const current = await this.setup.journal.migration();
        if (current?.migration.id !== this.migration.id) {
            throw new MigrationStopped("Another migration has been started meanwhile.");
        }
        this.wish = current.migration.wish;
    }

    /** Takes units until enough are under way: first those of sources that nobody reads yet. */
    private async takeSome(open: readonly Unit[]): Promise<void> {
        const { journal, options } = this.setup;
        const free = open.filter(
            ({ id }) =>
                !this.underWay.has(id) && performance.now() >= (this.restsUntil.get(id) ?? 0),
        );
        // Units that only wait for their rollback window come last.
        const isWaiting = (unit: Unit) => Number(unit.state === "switched");
        free.sort((a, b) => isWaiting(a) - isWaiting(b));
        while (free.length > 0 && this.underWay.size < options.unitsAtATime) {
            const busy = new Set(open.filter(({ id }) => this.underWay.has(id)).map((u) => u.from));
            const next = free.findIndex((unit) => !busy.has(unit.from) && !isWaiting(unit));
            const [unit] = free.splice(Math.max(next, 0), 1);
            const lease = await reliably(this.setup, () =>
                journal.take(this.migration.id, unit!.id, options.leaseMs),
            );
            if (lease) this.begin(unit!.id, lease);
        }
    }

    private begin(id: string, lease: Lease): void {
        const work = this.workOn(id, lease)
            .then((isBusy) => {
                if (!isBusy) this.restsUntil.set(id, performance.now() + IDLE_POLL_MS);
            })
            .catch((error: unknown) => {
                this.failure ??= error;
            })
            .finally(() => this.underWay.delete(id));
        this.underWay.set(id, work);
    }

    /** False when there is nothing to do for the unit right now. */
    private async workOn(id: string, lease: Lease): Promise<boolean> {
        const { setup } = this;
        const { journal, options } = setup;
        const lost = new AbortController();
        let heardAt = performance.now();
        const renew = async () => {
            const askedAt = performance.now();
            if (await journal.renew(this.migration.id, lease, options.leaseMs)) heardAt = askedAt;
            else lost.abort();
        };
        const renewal = setInterval(() => {
            void renew().catch(() => {
                if (performance.now() - heardAt > options.leaseMs) lost.abort();
            });
        }, options.leaseMs / RENEWALS_PER_LEASE);
        try {
            const unit = await reliably(setup, () => journal.unit(this.migration.id, id));
            await this.steps(unit, lease, lost.signal);
            return true;
        } catch (error) {
            if (error instanceof LeaseLost) return true;
            if (error instanceof Parked) return false;
            throw error;
        } finally {
            clearInterval(renewal);
            await journal.release(this.migration.id, lease).catch(() => undefined);
        }
    }

    private async steps(unit: Unit, lease: Lease, signal: AbortSignal): Promise<void> {
        const { metadata, journal, options, connectTo, emit } = this.setup;
        const isClient = this.migration.place === Place.Client;
        let onlyForward = false;
        const context = new UnitContext(
            this.migration,
            unit,
            lease,
            metadata,
            journal,
            options,
            this.throttle,
            connectTo,
            () => (this.isStopping ? "pause" : onlyForward ? "run" : this.wish),
            signal,
            emit,
        );
        while (!isFinal(context.unit.state)) {
            try {
                const wish = onlyForward ? "run" : this.wish;
                if (this.isStopping || wish === "pause") return;
                if (wish === "abort" || wish === "rollback") {
                    onlyForward = true;
                    const detour = await reliably(this.setup, () =>
                        isClient ? clientDetour(context, wish) : clusterDetour(context, wish),
                    );
                    if (detour) {
                        const generation = Number(
                            await reliably(this.setup, () => journal.nextToken()),
                        );
                        const change = detour === "returning" ? { generation } : {};
                        await reliably(this.setup, () => context.enter(detour, change));
                    }
                }
                await reliably(this.setup, () =>
                    isClient ? clientStep(context) : clusterStep(context),
                );
            } catch (error) {
                if (error instanceof Interrupted) continue;
                if (error instanceof MigrationStopped) {
                    emit({ event: "problem", unit: unit.id, problem: error.message });
                    const problem = error.message;
                    await context.enter(context.unit.state, { problem }).catch(() => undefined);
                }
                throw error;
            }
        }
    }

    private async finish(units: readonly Unit[]): Promise<Outcome> {
        await reliably(this.setup, () => this.settleNodes(units));
        await reliably(this.setup, () => this.waitForAgreement());
        await reliably(this.setup, () =>
            this.setup.journal.update((migration) =>
                migration.finishedAtMs > 0 ? migration : { ...migration, finishedAtMs: Date.now() },
            ),
        );
        if (units.every((unit) => unit.state === "done")) return "done";
        return this.wish === "rollback" ? "rolled-back" : "aborted";
    }
}

/** A finished migration's table names the wanted shards, an undone one's those that were there. */
function finalNodes(table: PartitionTable, migration: Migration, isDone: boolean): ShardNode[] {
    const { nodes } = parseTable(isDone ? migration.target : migration.before);
    const owning = new Set(table.owners.flat());
    const others = table.nodes.filter(
        ({ name }) => owning.has(name) && !nodes.some((node) => node.name === name),
    );
    return [...nodes, ...others];
}

/** Lost connections are tried again: every step may be repeated. */
async function reliably<T>(setup: WorkerSetup, action: () => Promise<T>): Promise<T> {
    try {
        return await retrying(action, setup.options.retryForMs, setup.signal);
    } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        throw new MigrationStopped(
            `${error.message}. It did not come back within ${setup.options.retryForMs} ms. Nothing is ` +
                "lost; when it is back, go on with `logcaster shards resume`.",
        );
    }
}
