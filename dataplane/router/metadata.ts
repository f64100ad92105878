import {
    parseTable,
    type PartitionTable,
    tableDigest,
    tableText,
} from "logcaster-model/partitions";
import { type Connection, type Reply } from "./connection";
import { Script } from "./script";

/** Names in the metadata store; one store serves one table. */
const TABLE_KEY = "logcaster:table";
const ROUTERS_KEY = "logcaster:routers";
const ROUTER_EPOCHS_KEY = "logcaster:router-epochs";
/** Told of every new epoch. */
export const EPOCH_CHANNEL = "logcaster:epoch";

/** Somebody else changed the table first. */
export class EpochConflict extends Error {
    override readonly name = "EpochConflict";
    constructor(
        readonly expected: number,
        readonly actual: number,
    ) {
        super(
            `The partition table is at epoch ${actual}, not ${expected}: ` +
                "somebody changed it meanwhile. Read it again and repeat.",
        );
    }
}

// KEYS: table. ARGV: epoch expected (0: none yet), new epoch, text, digest, channel.
const PUT_TABLE = new Script(`
local epoch = redis.call('HGET', KEYS[1], 'epoch') or '0'
if epoch ~= ARGV[1] then return {0, epoch} end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'text', ARGV[3], 'digest', ARGV[4])
redis.call('PUBLISH', ARGV[5], ARGV[2])
return {1, ARGV[2]}
`);

// KEYS: routers by lease end, epochs of routers, table. ARGV: id, epoch it uses, lease in ms.
const RENEW = new Script(`
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[3], 'epoch') or '0'
`);

// KEYS: routers by lease end, epochs of routers. ARGV: epoch. Those that live and are behind it.
const BEHIND = new Script(`
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[1], id)
end
local behind = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if tonumber(redis.call('HGET', KEYS[2], id) or '0') < tonumber(ARGV[1]) then
    behind[#behind + 1] = id
  end
end
return behind
`);

const LEAVE = new Script(`
redis.call('ZREM', KEYS[1], ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])
`);

/** The partition table and the routers that use it, in a Valkey or Redis with persistence. */
export class MetadataStore {
    constructor(readonly connection: Connection) {}

    /**
     * The table, or undefined before `shards init`.
     * @throws TableDamaged when the stored text is not what was written.
     */
    async readTable(): Promise<PartitionTable | undefined> {
        const reply = await this.connection.call("HMGET", TABLE_KEY, "text", "digest");
        const [text, digest] = reply as [string | null, string | null];
        if (text === null) return undefined;
        const table = parseTable(text);
        if (tableDigest(table) !== digest) throw new TableDamaged(this.connection.label);
        return table;
    }

    /** Puts a table in place of the one at `expectedEpoch` (0: there is none). @throws EpochConflict */
    async putTable(table: PartitionTable, expectedEpoch: number): Promise<void> {
        const args = [String(expectedEpoch), String(table.epoch), tableText(table)];
        const reply = await this.connection.run(
            PUT_TABLE,
            [TABLE_KEY],
            [...args, tableDigest(table), EPOCH_CHANNEL],
        );
        const [isDone, epoch] = reply as [number, string];
        if (isDone === 1) return;
        // An answer lost on the way makes a repeated put look like a conflict with itself.
        if (Number(epoch) === table.epoch) {
            const stored = await this.readTable();
            if (stored && tableDigest(stored) === tableDigest(table)) return;
        }
        throw new EpochConflict(expectedEpoch, Number(epoch));
    }

    /** Puts a table in place whatever is there, at a newer epoch than what is there. */
    async overwriteTable(table: PartitionTable): Promise<void> {
        const stored = Number((await this.connection.call("HGET", TABLE_KEY, "epoch")) ?? 0);
        const epoch = Math.max(stored + 1, table.epoch);
        await this.putTable({ ...table, epoch }, stored);
    }

    /** Renews a router's lease on the table; answers the newest epoch. */
    async renewLease(router: string, epoch: number, leaseMs: number): Promise<number> {
        const keys = [ROUTERS_KEY, ROUTER_EPOCHS_KEY, TABLE_KEY];
        const args = [router, String(epoch), String(leaseMs)];
        return Number(await this.connection.run(RENEW, keys, args));
    }

    /** Ends a router's lease. */
    async endLease(router: string): Promise<void> {
        await this.connection.run(LEAVE, [ROUTERS_KEY, ROUTER_EPOCHS_KEY], [router]);
    }

    /** Routers whose lease runs and that still use an older table than `epoch`. */
    async routersBehind(epoch: number): Promise<string[]> {
        const keys = [ROUTERS_KEY, ROUTER_EPOCHS_KEY];
        const reply: Reply = await this.connection.run(BEHIND, keys, [String(epoch)]);
        return reply as string[];
    }
}

/** The stored table was changed by hand. */
export class TableDamaged extends Error {
    override readonly name = "TableDamaged";
    constructor(label: string) {
        super(
            `The partition table in ${label} does not match its digest: it was changed by hand. ` +
                "Nothing was done. Put a good table back with `logcaster shards init --restore FILE`.",
        );
    }
}
