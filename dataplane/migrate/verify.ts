import { type PartitionTable, partitionOf } from "logcaster-model/partitions";
import { ErrorReply } from "redis";
import type { Connection } from "../router/connection";
import { dirtyKey, drainingKey } from "../router/guard";
import { copyKeys, drain, exported, type ExportedKey, keysOfPartitions } from "./copy";
import { contentDigest } from "./elements";
import { MigrationStopped } from "./errors";
import { MISSING } from "./lua";
import type { UnitContext } from "./unit-context";

/** The last ten bytes of a dump are its format version and checksum. */
const DUMP_TRAILER_BYTES = 10;
const ROUNDS = 10;
const EXAMPLES = 3;

/**
 * Compares type, expiry and content of every key of the unit on both servers, and looks for keys
 * that only the target has. What writers change meanwhile is copied and looked at again.
 * @throws MigrationStopped when a difference stays although nobody noted a write.
 */
export async function verifyUnit(context: UnitContext, table: PartitionTable): Promise<void> {
    const { source, target } = context;
    const partitions = new Set(context.unit.partitions);
    let suspects: Buffer[] = [];
    // While one page is compared here the servers work on the next.
    let comparing: Promise<Buffer[]> = Promise.resolve([]);
    for await (const keys of keysOfPartitions(source, table, partitions)) {
        context.checkWish();
        const next = differing(context, keys);
        next.catch(() => undefined);
        suspects.push(...(await comparing));
        comparing = next;
    }
    suspects.push(...(await comparing));
    for await (const keys of keysOfPartitions(target, table, partitions)) {
        context.checkWish();
        suspects.push(...(await missingAtSource(context, keys)));
    }
    for (let round = 0; suspects.length > 0 && round < ROUNDS; round++) {
        context.checkWish();
        await drain(context, source, target);
        suspects = await stillDiffering(context, table, suspects);
        // Once per round what still differs is copied anew: a read torn by a writer is no damage.
        if (suspects.length > 0) await copyKeys(context, source, target, suspects);
    }
    suspects = await stillDiffering(context, table, suspects);
    if (suspects.length === 0) return;
    const names = suspects.slice(0, EXAMPLES).map((key) => JSON.stringify(key.toString()));
    throw new MigrationStopped(
        `${suspects.length} keys differ between ${context.unit.from} and ${context.unit.to} although ` +
            `no router wrote them (${names.join(", ")}): somebody writes past the router. ` +
            "The source still owns the data; stop that writer, then `logcaster shards resume`.",
    );
}

async function missingAtSource(context: UnitContext, keys: readonly Buffer[]): Promise<Buffer[]> {
    const startedAt = performance.now();
    const missing = (await context.source.run(MISSING, keys, [])) as number[];
    await context.throttle.after(keys.length, 0, performance.now() - startedAt);
    return missing.map((index) => keys[index - 1]!);
}

/** Those of the keys that differ and that nobody noted as written. */
async function stillDiffering(
    context: UnitContext,
    table: PartitionTable,
    keys: readonly Buffer[],
): Promise<Buffer[]> {
    const different = await differing(context, keys);
    const noted = await Promise.all(
        different.map(async (key) => {
            const partition = partitionOf(table, key);
            const sets = [dirtyKey(partition), drainingKey(partition)];
            const found = await Promise.all(
                sets.map((set) => context.source.call("SISMEMBER", set, key)),
            );
            return found.includes(1);
        }),
    );
    return different.filter((_, index) => !noted[index]);
}

/** Both servers' answers are held by the batch: many middling keys must not fill the memory. */
async function differing(context: UnitContext, keys: readonly Buffer[]): Promise<Buffer[]> {
    const { source, target } = context;
    const different: Buffer[] = [];
    for await (const lefts of exported(context, source, keys)) {
        const names = lefts.map((left) => left.key);
        let index = 0;
        for await (const rights of exported(context, target, names)) {
            for (const right of rights) {
                const left = lefts[index++]!;
                if (!(await sameContent(context, source, target, left, right))) {
                    different.push(right.key);
                }
            }
        }
    }
    return different;
}

async function sameContent(
    context: UnitContext,
    source: Connection,
    target: Connection,
    left: ExportedKey,
    right: ExportedKey,
): Promise<boolean> {
    if (left.expiry !== right.expiry || left.type !== right.type) return false;
    if (left.expiry === -2) return true;
    const payload = (entry: ExportedKey) => entry.dump.subarray(0, -DUMP_TRAILER_BYTES);
    if (left.dump.length > 0 && payload(left).equals(payload(right))) return true;
    // Equal content may be encoded differently on the two servers.
    try {
        const [a, b] = await Promise.all(
            [source, target].map((server) =>
                contentDigest(server, left.key, left.type, context.options),
            ),
        );
        return a === b;
    } catch (error) {
        // Deleted or of another type by now: it is noted, and looked at again.
        if (error instanceof ErrorReply) return false;
        throw error;
    }
}
