import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import {
    nodeNamed,
    type PartitionTable,
    partitionOf,
    primaryOf,
    TableMode,
} from "logcaster-model/partitions";
import { CommandTable } from "./commands";
import { type Argument, Connection, ConnectionLost, type Reply } from "./connection";
import {
    dirtyKey,
    FENCED,
    GUARD,
    GUARD_MAX_WORDS,
    MOVED,
    RESERVED_PREFIX,
    STATES_KEY,
} from "./guard";
import type { TableSource } from "./table-source";

/** How a router behaves. */
export interface RouterOptions {
    readonly source: TableSource;
    /** How long the table may be used without asking again. @default 3000 */
    readonly leaseMs?: number;
    /** How long a command waits for a partition that is being cut over. @default 5000 */
    readonly maxWaitMs?: number;
    /** Without an answer for so long a command fails with an unknown outcome. @default 10000 */
    readonly commandTimeoutMs?: number;
}

/** The command may or may not have taken effect: its connection was lost before an answer came. */
export class OutcomeUnknown extends Error {
    override readonly name = "OutcomeUnknown";
}

/** Where a read may go. */
export interface ReadOptions {
    /** Read from a replica of the shard: it may lag behind. @default false */
    readonly replica?: boolean;
}

export const ROUTER_DEFAULTS = {
    leaseMs: 3_000,
    maxWaitMs: 5_000,
    commandTimeoutMs: 10_000,
    /** Renewals in the time of one lease. */
    renewalsPerLease: 3,
    fencePollMs: 2,
    fencePollMaxMs: 20,
} as const;

/**
 * Sends commands to the shard that owns their key (client mode).
 *
 * A command goes out plain while this router holds a lease on its table and the table does not guard
 * the partition. In every other case it goes through the guard script, which asks the server's own
 * record of the partition in the same step: such a command is right however old the table is. An
 * acknowledged write is therefore on the owner, or noted for the migration that moves it.
 */
export class Router {
    readonly id = randomUUID();
    private table!: PartitionTable;
    private guarded = new Set<number>();
    private leaseEndsAt = 0;
    private commands: CommandTable | undefined;
    private readonly connections = new Map<string, Connection>();
    /** Plain commands under way, by partition: an epoch is acknowledged when older ones are over. */
    private readonly underWay = new Map<number, number>();
    private readonly settled = new Set<() => void>();
    private timer: NodeJS.Timeout | undefined;
    private refreshing: Promise<void> | undefined;
    private isClosed = false;
    /** Generation by which a server sent us elsewhere, by partition and shard. */
    private readonly redirects = new LRUCache<string, { shard: string; generation: string }>({
        max: 16_384,
    });
    private replicaTurn = 0;
    private readonly options: Required<RouterOptions>;

    private constructor(options: RouterOptions) {
        this.options = { ...ROUTER_DEFAULTS, ...options };
    }

    /** Reads the table, takes a lease and keeps both fresh until `close`. */
    static async open(options: RouterOptions): Promise<Router> {
        const router = new Router(options);
        router.use(await options.source.read());
        if (router.table.mode !== TableMode.Client) {
            options.source.close();
            throw new Error(
                "The table is in cluster mode: use a cluster client, the servers route by themselves.",
            );
        }
        await router.renew();
        const period = router.options.leaseMs / ROUTER_DEFAULTS.renewalsPerLease;
        router.timer = setInterval(() => void router.refresh().catch(() => undefined), period);
        router.timer.unref();
        return router;
    }

    /** The table in use. */
    get epoch(): number {
        return this.table.epoch;
    }

    /** Runs any command whose keys lie in one partition; bulk strings in the answer are text. */
    async execute(...command: Argument[]): Promise<Reply> {
        return this.route(command, false, {});
    }

    /** Like execute, but bulk strings in the answer are bytes. */
    async executeBytes(...command: Argument[]): Promise<Reply> {
        return this.route(command, true, {});
    }

    /** Runs a reading command, from a replica when asked to. */
    async read(command: readonly Argument[], options: ReadOptions = {}): Promise<Reply> {
        return this.route(command, false, options);
    }

    /** Renews the lease now and fetches the table when there is a newer one. */
    async refresh(): Promise<void> {
        this.refreshing ??= this.renew().finally(() => (this.refreshing = undefined));
        return this.refreshing;
    }

    /** Gives the lease back and closes every connection. */
    async close(): Promise<void> {
        this.isClosed = true;
        clearInterval(this.timer);
        await this.options.source.end(this.id).catch(() => undefined);
        this.options.source.close();
        for (const connection of this.connections.values()) connection.close();
    }

    private get holdsLease(): boolean {
        return performance.now() < this.leaseEndsAt;
    }

    private use(table: PartitionTable): void {
        if (this.table && table.epoch <= this.table.epoch) return;
        this.table = table;
        this.guarded = new Set(table.guarded);
        this.redirects.clear();
    }

    private async renew(): Promise<void> {
        const { source, leaseMs } = this.options;
        for (;;) {
            const askedAt = performance.now();
            const { epoch } = this.table;
            const newest = await source.renew(this.id, epoch, leaseMs);
            if (newest <= epoch) {
                this.leaseEndsAt = askedAt + leaseMs;
                return;
            }
            this.use(await source.read());
            // Only when nothing sent by the older table is still on its way may it count as gone.
            await this.settle();
        }
    }

    /** Waits until no plain command for a guarded partition is under way. */
    private async settle(): Promise<void> {
        while ([...this.guarded].some((partition) => this.underWay.has(partition))) {
            await new Promise<void>((resolve) => this.settled.add(resolve));
        }
    }

    private async route(
        command: readonly Argument[],
        asBytes: boolean,
        { replica = false }: ReadOptions,
    ): Promise<Reply> {
        const facts = await this.commandTable();
        const isWrite = facts.isWrite(command);
        if (isWrite && replica) throw new Error(`${String(command[0])} writes: not on a replica.`);
        const keys = facts.keys(command) ?? (await this.askForKeys(command));
        const partition = this.onePartition(command, keys);
        if (replica) {
            const connection = this.replicaOf(primaryOf(this.table, partition));
            if (connection) return this.finish(connection, command, asBytes);
        }
        if (this.holdsLease && !this.guarded.has(partition)) {
            return this.plain(partition, keys, command, isWrite, asBytes);
        }
        return this.throughGuard(partition, isWrite ? keys : [], command, asBytes);
    }

    private async plain(
        partition: number,
        keys: readonly Argument[],
        command: readonly Argument[],
        isWrite: boolean,
        asBytes: boolean,
    ): Promise<Reply> {
        const shard = primaryOf(this.table, partition);
        const connection = this.connectionTo(shard);
        this.underWay.set(partition, (this.underWay.get(partition) ?? 0) + 1);
        let reply: Reply;
        try {
            reply = await this.finish(connection, command, asBytes);
        } finally {
            this.landed(partition);
        }
        // The lease ran out on the way: a migration may have begun without waiting for us.
        if (isWrite && !this.holdsLease) await this.noteLate(shard, partition, keys);
        return reply;
    }

    /** Notes keys that a plain command wrote after all; fails when the partition has left. */
    private async noteLate(
        shard: string,
        partition: number,
        keys: readonly Argument[],
    ): Promise<void> {
        const deadline = performance.now() + this.options.maxWaitMs;
        for (;;) {
            try {
                await this.guardedCall(shard, partition, "0", keys, [], false);
                return;
            } catch (error) {
                const isFenced = error instanceof Error && error.message.startsWith(FENCED);
                if (error instanceof OutcomeUnknown) throw error;
                if (!isFenced || performance.now() > deadline) {
                    throw new OutcomeUnknown(
                        `The lease on the table ran out while a write to partition ${partition} ` +
                            `was on its way to ${shard}.`,
                    );
                }
            }
            await sleep(ROUTER_DEFAULTS.fencePollMaxMs);
        }
    }

    private landed(partition: number): void {
        const left = this.underWay.get(partition)! - 1;
        if (left > 0) this.underWay.set(partition, left);
        else this.underWay.delete(partition);
        for (const resolve of this.settled) resolve();
        this.settled.clear();
    }

    /** Sends by the guard script, follows where it points and waits while it fences. */
    private async throughGuard(
        partition: number,
        written: readonly Argument[],
        command: readonly Argument[],
        asBytes: boolean,
    ): Promise<Reply> {
        const deadline = performance.now() + this.options.maxWaitMs;
        let shard = primaryOf(this.table, partition);
        let proof = "0";
        let waitMs: number = ROUTER_DEFAULTS.fencePollMs;
        const known = this.redirects.get(`${partition} ${shard}`);
        if (known) ({ shard, generation: proof } = known);
        for (;;) {
            try {
                return await this.guardedCall(shard, partition, proof, written, command, asBytes);
            } catch (error) {
                const words = error instanceof Error ? error.message.split(" ") : [];
                if (words[0] === MOVED) {
                    const [, generation, target] = words as [string, string, string];
                    // Two servers pointing at each other: the newer generation is the truth.
                    if (Number(generation) > Number(proof)) {
                        this.redirects.set(`${partition} ${shard}`, { shard: target, generation });
                        [shard, proof] = [target, generation];
                        if (!this.table.nodes.some((node) => node.name === shard))
                            await this.refresh();
                        continue;
                    }
                    await this.refresh().catch(() => undefined);
                    shard = primaryOf(this.table, partition);
                    proof = "0";
                } else if (words[0] !== FENCED) {
                    throw error;
                }
                if (performance.now() > deadline || this.isClosed) {
                    throw new PartitionFenced(partition, this.options.maxWaitMs);
                }
            }
            await sleep(waitMs);
            waitMs = Math.min(waitMs * 2, ROUTER_DEFAULTS.fencePollMaxMs);
        }
    }

    private guardedCall(
        shard: string,
        partition: number,
        proof: string,
        written: readonly Argument[],
        command: readonly Argument[],
        asBytes: boolean,
    ): Promise<Reply> {
        if (command.length > GUARD_MAX_WORDS) {
            throw new Error(
                `${String(command[0])} has ${command.length} words, ${GUARD_MAX_WORDS} are allowed ` +
                    "while its partition moves (a Lua script's stack): send it in parts.",
            );
        }
        const connection = this.connectionTo(shard);
        const keys = [STATES_KEY, dirtyKey(partition), ...written];
        const args = [String(partition), proof, ...command];
        return unknownOutcome(connection, () => connection.run(GUARD, keys, args, asBytes));
    }

    private finish(
        connection: Connection,
        command: readonly Argument[],
        asBytes: boolean,
    ): Promise<Reply> {
        return unknownOutcome(connection, () =>
            asBytes ? connection.callBytes(...command) : connection.call(...command),
        );
    }

    private onePartition(command: readonly Argument[], keys: readonly Argument[]): number {
        const partitions = new Set(keys.map((key) => partitionOf(this.table, key)));
        if (partitions.size !== 1) {
            throw new Error(
                `${String(command[0])} names keys of ${partitions.size} partitions: ` +
                    "one command works on one partition.",
            );
        }
        const reserved = keys.find((key) => key.toString().startsWith(RESERVED_PREFIX));
        if (reserved !== undefined) {
            throw new Error(`Keys that start with ${RESERVED_PREFIX} are the data plane's own.`);
        }
        return [...partitions][0]!;
    }

    private async askForKeys(command: readonly Argument[]): Promise<Argument[]> {
        const any = this.connectionTo(this.table.nodes[0]!.name);
        return (await any.callBytes("COMMAND", "GETKEYS", ...command)) as Buffer[];
    }

    private async commandTable(): Promise<CommandTable> {
        return (this.commands ??= await CommandTable.of(
            this.connectionTo(this.table.nodes[0]!.name),
        ));
    }

    private connectionTo(shard: string): Connection {
        const { url } = nodeNamed(this.table, shard);
        if (url === undefined) throw new Error(`Shard ${shard} has no URL in the partition table.`);
        return this.connectionAt(url);
    }

    private replicaOf(shard: string): Connection | undefined {
        const replicas = nodeNamed(this.table, shard).replicas ?? [];
        if (replicas.length === 0) return undefined;
        return this.connectionAt(replicas[this.replicaTurn++ % replicas.length]!);
    }

    private connectionAt(url: string): Connection {
        let connection = this.connections.get(url);
        if (!connection) {
            const timeoutMs = this.options.commandTimeoutMs;
            connection = new Connection({ url, timeoutMs, name: "logcaster-router" });
            this.connections.set(url, connection);
        }
        return connection;
    }
}

/** The partition stayed fenced: nothing was done. */
export class PartitionFenced extends Error {
    override readonly name = "PartitionFenced";
    constructor(partition: number, waitedMs: number) {
        super(
            `Partition ${partition} was being cut over for more than ${waitedMs} ms: ` +
                "nothing was done, try again.",
        );
    }
}

async function unknownOutcome<T>(connection: Connection, action: () => Promise<T>): Promise<T> {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof ConnectionLost) || !error.mayHaveRun) throw error;
        throw new OutcomeUnknown(`${connection.label}: ${error.message}`);
    }
}
