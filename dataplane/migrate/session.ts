import {
    initialTable,
    nodeNamed,
    type PartitionTable,
    parseTable,
    type Plan,
    planBetween,
    type ShardNode,
} from "logcaster-model/partitions";
import { Connection, retrying } from "../router/connection";
import { MetadataStore, TableDamaged } from "../router/metadata";
import { BadInput } from "./errors";
import { isFinal, mustBeOurs } from "./journal";
import { JournalStore } from "./journal-store";
import { type MigrateOptions, migrateOptions } from "./options";
import { startMigration } from "./start";
import type { MigrationEvent } from "./unit-context";
import { type Outcome, work } from "./worker";

/** What a session is opened with. */
export interface SessionOptions {
    /** redis:// URL of the metadata store. */
    readonly metadataUrl: string;
    /** Directory of the journal's local copy. @default none */
    readonly journalDirectory?: string;
    readonly options?: Partial<MigrateOptions>;
    readonly emit?: (event: MigrationEvent) => void;
    readonly signal?: AbortSignal;
    /** Where a shard is really reached, for tests that put a proxy between. */
    readonly rewriteUrl?: (shard: string, url: string) => string;
}

/** Connections, table and journal of one command; close it when done. */
export class Session {
    readonly metadata: MetadataStore;
    readonly journal: JournalStore;
    readonly options: MigrateOptions;
    private readonly connections = new Map<string, Connection>();
    private nodes = new Map<string, ShardNode>();

    constructor(private readonly given: SessionOptions) {
        this.metadata = new MetadataStore(
            new Connection({ url: given.metadataUrl, name: "logcaster-migrate" }),
        );
        this.journal = new JournalStore(this.metadata.connection, given.journalDirectory);
        this.options = migrateOptions(given.options);
    }

    /** The table. @throws BadInput before `shards init`. */
    async table(): Promise<PartitionTable> {
        const table = await this.metadata.readTable();
        if (table) return this.learn(table);
        throw new BadInput(
            `${this.metadata.connection.label} has no partition table: create one with ` +
                "`logcaster shards init`.",
        );
    }

    /** Writes a first table. @throws BadInput when there is one. */
    async init(wish: Parameters<typeof initialTable>[0]): Promise<PartitionTable> {
        return this.putFirst(initialTable(wish));
    }

    /** Writes a given table as the first. @throws BadInput when there is one. */
    async putFirst(table: PartitionTable): Promise<PartitionTable> {
        if (await this.metadata.readTable()) {
            throw new BadInput(
                `${this.metadata.connection.label} has a partition table already: \`shards show\` ` +
                    "prints it, `shards migrate` changes it.",
            );
        }
        await this.metadata.putTable(table, 0);
        return this.learn(table);
    }

    /** Writes a table over a damaged one. @throws BadInput while a good one is there. */
    async restoreTable(table: PartitionTable): Promise<PartitionTable> {
        const damage = await this.metadata.readTable().catch((error: unknown) => error);
        if (!(damage instanceof TableDamaged)) return this.putFirst(table);
        await this.metadata.overwriteTable(table);
        return this.learn(table);
    }

    /**
     * Brings everything back to before the newest migration: what is not switched is undone, what is
     * switched returns by its reverse stream, what is finished by a migration back.
     */
    async rollback(): Promise<Outcome> {
        const current = await this.journal.migration();
        if (!current) throw new BadInput("There is no migration to roll back.");
        mustBeOurs(current.migration);
        const units = await this.journal.units(current.migration.id);
        if (!units.every((unit) => isFinal(unit.state))) {
            await this.journal.setWish("rollback");
            await this.work();
        }
        const table = await this.table();
        const before = parseTable(current.migration.before);
        const isBack = table.owners.every((owners, p) => owners[0] === before.owners[p]![0]);
        if (isBack) return "rolled-back";
        const plan = planBetween(table, { ...before, epoch: table.epoch });
        await this.start(before.nodes, { plan });
        await this.work();
        return "rolled-back";
    }

    /** Starts a migration to these shards and works on it until it ends. */
    async migrate(
        nodes: readonly ShardNode[],
        more: { rollbackWindowMs?: number; forceLegacy?: boolean } = {},
    ): Promise<Outcome> {
        await this.start(nodes, more);
        return this.work();
    }

    /** Starts a migration without working on it. */
    async start(
        nodes: readonly ShardNode[],
        more: { rollbackWindowMs?: number; forceLegacy?: boolean; plan?: Plan } = {},
    ) {
        const table = await this.table();
        for (const node of nodes) this.nodes.set(node.name, node);
        return startMigration(this.journal, {
            metadata: this.metadata,
            table,
            nodes,
            options: this.options,
            rollbackWindowMs: more.rollbackWindowMs ?? 0,
            nowMs: Date.now(),
            connectTo: (shard) => this.connectTo(shard),
            forceLegacy: more.forceLegacy ?? false,
            ...(more.plan ? { plan: more.plan } : {}),
        });
    }

    /** Works on the migration under way. */
    async work(): Promise<Outcome> {
        const current = await retrying(() => this.journal.migration(), this.options.retryForMs);
        if (current) {
            mustBeOurs(current.migration);
            this.learn(parseTable(current.migration.before));
            this.learn(parseTable(current.migration.target));
        }
        return work({
            metadata: this.metadata,
            journal: this.journal,
            options: this.options,
            connectTo: (shard) => this.connectTo(shard),
            emit: this.given.emit ?? (() => undefined),
            ...(this.given.signal ? { signal: this.given.signal } : {}),
        });
    }

    /** The connection to a shard's primary. */
    connectTo(shard: string): Connection {
        const known = this.connections.get(shard);
        if (known) return known;
        const node = this.nodes.get(shard);
        if (!node?.url)
            throw new BadInput(`Shard ${shard} has no URL: name it with --shard NAME=URL.`);
        const url = this.given.rewriteUrl?.(shard, node.url) ?? node.url;
        const connection = new Connection({ url, name: "logcaster-migrate" });
        this.connections.set(shard, connection);
        return connection;
    }

    close(): void {
        this.metadata.connection.close();
        for (const connection of this.connections.values()) connection.close();
    }

    private learn(table: PartitionTable): PartitionTable {
        for (const { name } of table.nodes) this.nodes.set(name, nodeNamed(table, name));
        return table;
    }
}
