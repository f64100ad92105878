import { type PartitionTable, partitionOf } from "logcaster-model/partitions";
import type { Connection, Reply } from "../router/connection";
import { dirtyKey, drainingKey, RESERVED_PREFIX } from "../router/guard";
import { copyBigKey } from "./big-key";
import { DELETE, DRAIN, EXPORT, IMPORT } from "./lua";
import { freePastBatches } from "./memory";
import type { UnitContext } from "./unit-context";

/** A quarter of the keys that a page finds move when a fourth shard joins: about a batch. */
const SCAN_COUNT = "2000";
const RESERVED = Buffer.from(RESERVED_PREFIX);

/** One key as EXPORT answers it. */
export interface ExportedKey {
    readonly key: Buffer;
    /** Milliseconds since 1970, -1 without expiry, -2 when the key is gone. */
    readonly expiry: number;
    /** Empty when the key is gone or big. */
    readonly dump: Buffer;
    readonly bytes: number;
    readonly type: string;
}

/** Batches of a server's keys that belong to the partitions, by SCAN. */
export async function* keysOfPartitions(
    server: Connection,
    table: PartitionTable,
    partitions: ReadonlySet<number>,
): AsyncGenerator<Buffer[]> {
    const scan = (cursor: string | Buffer) => server.callBytes("SCAN", cursor, "COUNT", SCAN_COUNT);
    // The next page is read while the caller works on this one.
    let page: Promise<Reply> | undefined = scan("0");
    while (page) {
        const [next, keys] = (await page) as [Buffer, Buffer[]];
        page = next.toString() === "0" ? undefined : scan(next);
        page?.catch(() => undefined);
        const ours = keys.filter(
            (key) => !isReserved(key) && partitions.has(partitionOf(table, key)),
        );
        if (ours.length > 0) yield ours;
    }
}

/** The data plane's own keys never travel. */
export function isReserved(key: Buffer): boolean {
    return key.subarray(0, RESERVED.length).equals(RESERVED);
}

/** Exports keys in answers bounded by bytes, in order. */
export async function* exported(
    context: UnitContext,
    from: Connection,
    keys: readonly Buffer[],
): AsyncGenerator<ExportedKey[]> {
    const { batchKeys, batchBytes, bigKeyBytes } = context.options;
    for (let start = 0; start < keys.length;) {
        const batch = keys.slice(start, start + batchKeys);
        const startedAt = performance.now();
        const limits = [String(bigKeyBytes), String(batchBytes)];
        const rows = (await from.run(EXPORT, batch, limits, true)) as Reply[][];
        const entries = rows.map(([expiry, dump, bytes, type], index) => ({
            key: batch[index]!,
            expiry: expiry as number,
            dump: dump as Buffer,
            bytes: bytes as number,
            type: String(type),
        }));
        start += entries.length;
        const total = entries.reduce((sum, entry) => sum + entry.dump.length, 0);
        await context.throttle.after(entries.length, total, performance.now() - startedAt);
        freePastBatches();
        yield entries;
    }
}

/** Makes keys on `to` what they are on `from` right now: value, type, expiry, or absence. */
export async function copyKeys(
    context: UnitContext,
    from: Connection,
    to: Connection,
    keys: readonly Buffer[],
): Promise<void> {
    // The next batch is read while this one is written.
    let writing: Promise<void> = Promise.resolve();
    for await (const entries of exported(context, from, keys)) {
        await writing;
        writing = importKeys(context, from, to, entries);
        writing.catch(() => undefined);
    }
    await writing;
}

async function importKeys(
    context: UnitContext,
    from: Connection,
    to: Connection,
    entries: readonly ExportedKey[],
): Promise<void> {
    const isBig = (entry: ExportedKey) => entry.expiry !== -2 && entry.dump.length === 0;
    const small = entries.filter((entry) => !isBig(entry));
    if (small.length > 0) {
        const args = small.flatMap((entry) => [String(entry.expiry), entry.dump]);
        const names = small.map((entry) => entry.key);
        await context.guarded(to, IMPORT, names, args);
    }
    for (const entry of entries.filter(isBig)) {
        await copyBigKey(context, from, to, entry.key, entry.type, entry.expiry);
    }
    context.count(
        entries.length,
        entries.reduce((sum, entry) => sum + (entry.dump.length || entry.bytes), 0),
    );
}

/**
 * Copies what writers noted since the last time; answers how many keys that were. The notes are put
 * aside first and dropped after the copy, so a crash at any point only makes it be done again.
 */
export async function drain(
    context: UnitContext,
    from: Connection,
    to: Connection,
): Promise<number> {
    const { partitions } = context.unit;
    const keys = partitions.flatMap((p) => [dirtyKey(p), drainingKey(p)]);
    const sizes = (await context.guarded(from, DRAIN, keys, [])) as number[];
    const sets = partitions.filter((_, index) => sizes[index]! > 0).map(drainingKey);
    if (sets.length === 0) return 0;
    await Promise.all(
        sets.map(async (set) => {
            let cursor = "0";
            do {
                const reply = await from.callBytes("SSCAN", set, cursor, "COUNT", SCAN_COUNT);
                const [next, noted] = reply as [Buffer, Buffer[]];
                await copyKeys(context, from, to, noted);
                cursor = next.toString();
            } while (cursor !== "0");
        }),
    );
    await context.guarded(from, DELETE, sets, []);
    return sizes.reduce((sum, size) => sum + size, 0);
}
