import { createHash } from "node:crypto";
import { ErrorReply } from "redis";
import type { Connection, Reply } from "../router/connection";
import { RESERVED_PREFIX } from "../router/guard";
import { elementsOf } from "./elements";
import { DELETE, PUT_IN_PLACE, WRITE } from "./lua";
import { freePastBatches } from "./memory";
import type { UnitContext } from "./unit-context";

const ADDS: Readonly<Record<string, string>> = {
    hash: "HSET",
    list: "RPUSH",
    set: "SADD",
    zset: "ZADD",
};
const PENDING_BATCH = "1000";

/**
 * Copies a key in chunks: into a temporary key, which then takes the key's place with its expiry.
 * The source goes on meanwhile; what is written then is noted and copied again.
 */
export async function copyBigKey(
    context: UnitContext,
    from: Connection,
    to: Connection,
    key: Buffer,
    type: string,
    expiry: number,
): Promise<void> {
    const name = createHash("sha256").update(key).digest("hex").slice(0, 32);
    const temporary = `${RESERVED_PREFIX}tmp:${name}`;
    const write = (...command: (string | Buffer)[]) => {
        // The key follows the command's name, in XGROUP the subcommand's.
        const words = command[0] === "XGROUP" ? 2 : 1;
        const whole = [...command.slice(0, words), temporary, ...command.slice(words)];
        return context.guarded(to, WRITE, [temporary], whole);
    };
    await context.guarded(to, DELETE, [temporary], []);
    let offset = 0;
    let hasContent = false;
    try {
        for await (const part of elementsOf(from, key, type, context.options)) {
            const startedAt = performance.now();
            hasContent = true;
            if (type === "string") {
                const bytes = part[0] as Buffer;
                await write("SETRANGE", String(offset), bytes);
                offset += bytes.length;
            } else if (type === "stream") {
                await Promise.all(
                    part.map((entry) => {
                        const [id, fields] = entry as [Buffer, Buffer[]];
                        return write("XADD", id, ...fields);
                    }),
                );
            } else {
                const words = type === "zset" ? scoreFirst(part as Buffer[]) : (part as Buffer[]);
                for (const few of portions(words)) await write(ADDS[type]!, ...few);
                if (type === "hash") await copyFieldExpiries(from, key, words, write);
            }
            freePastBatches();
            await context.throttle.after(0, bytesOf(part), performance.now() - startedAt);
        }
        if (type === "stream") {
            await copyStreamFacts(from, key, write);
            hasContent = true;
        }
    } catch (error) {
        // Deleted or of another type by now: the writer's note makes it be copied again.
        if (!(error instanceof ErrorReply) || !/^(WRONGTYPE|ERR no such key)/.test(error.message)) {
            throw error;
        }
        hasContent = false;
    }
    if (!hasContent) return void (await context.guarded(to, DELETE, [temporary, key], []));
    await context.guarded(to, PUT_IN_PLACE, [temporary, key], [String(expiry)]);
}

/** Bytes of a chunk's words, however deep: a stream's entries have an id and fields. */
function bytesOf(part: Reply): number {
    if (Array.isArray(part)) return part.reduce<number>((sum, word) => sum + bytesOf(word), 0);
    return Buffer.byteLength(part as Buffer);
}

type Write = (...command: (string | Buffer)[]) => Promise<unknown>;

/** A Lua script passes on so many words at most; an even number, so that pairs stay whole. */
const WORDS_A_COMMAND = 4_000;

function* portions(words: readonly Buffer[]): Generator<Buffer[]> {
    for (let start = 0; start < words.length; start += WORDS_A_COMMAND) {
        yield words.slice(start, start + WORDS_A_COMMAND);
    }
}

function scoreFirst(pairs: readonly Buffer[]): Buffer[] {
    const turned: Buffer[] = [];
    for (let index = 0; index < pairs.length; index += 2) {
        turned.push(pairs[index + 1]!, pairs[index]!);
    }
    return turned;
}

/** Fields of a hash may expire on their own (Valkey 9, Redis 7.4). */
async function copyFieldExpiries(
    from: Connection,
    key: Buffer,
    pairs: readonly Buffer[],
    write: Write,
): Promise<void> {
    const fields = pairs.filter((_, index) => index % 2 === 0);
    for (const few of portions(fields)) {
        const list = ["FIELDS", String(few.length), ...few];
        const expiries = (await from.call("HPEXPIRETIME", key, ...list).catch((error: unknown) => {
            if (error instanceof ErrorReply && /unknown command/i.test(error.message)) return [];
            throw error;
        })) as number[] | null;
        for (const [index, expiry] of (expiries ?? []).entries()) {
            if (expiry > 0) await write("HPEXPIREAT", String(expiry), "FIELDS", "1", few[index]!);
        }
    }
}

/** Last id, counters, groups, consumers and pending entries. */
async function copyStreamFacts(from: Connection, key: Buffer, write: Write): Promise<void> {
    const stream = pairsOf((await from.call("XINFO", "STREAM", key)) as Reply[]);
    const groups = (await from.call("XINFO", "GROUPS", key)) as Reply[][];
    if (Number(stream.get("length")) === 0) {
        await write("XADD", "0-1", "logcaster", "placeholder");
        await write("XDEL", "0-1");
    }
    const last = String(stream.get("last-generated-id"));
    const added = ["ENTRIESADDED", String(stream.get("entries-added"))];
    const deleted = ["MAXDELETEDID", String(stream.get("max-deleted-entry-id"))];
    await write("XSETID", last, ...added, ...deleted);
    for (const facts of groups.map(pairsOf)) {
        const group = String(facts.get("name"));
        const read = facts.get("entries-read");
        const entriesRead =
            read === null || read === undefined ? [] : ["ENTRIESREAD", String(read)];
        const lastRead = String(facts.get("last-delivered-id"));
        await write("XGROUP", "CREATE", group, lastRead, ...entriesRead);
        const consumers = (await from.call("XINFO", "CONSUMERS", key, group)) as Reply[][];
        for (const consumer of consumers.map(pairsOf)) {
            await write("XGROUP", "CREATECONSUMER", group, String(consumer.get("name")));
        }
        await copyPending(from, key, group, write);
    }
}

async function copyPending(
    from: Connection,
    key: Buffer,
    group: string,
    write: Write,
): Promise<void> {
    for (let start = "-"; ;) {
        const range = [start, "+", PENDING_BATCH];
        const rows = (await from.call("XPENDING", key, group, ...range)) as Reply[][];
        for (const [id, consumer, idle, deliveries] of rows) {
            const state = [
                "IDLE",
                String(idle),
                "RETRYCOUNT",
                String(deliveries),
                "FORCE",
                "JUSTID",
            ];
            await write("XCLAIM", group, String(consumer), "0", String(id), ...state);
        }
        if (rows.length < Number(PENDING_BATCH)) return;
        start = `(${String(rows.at(-1)![0])}`;
    }
}

function pairsOf(flat: readonly Reply[]): Map<string, Reply> {
    const map = new Map<string, Reply>();
    for (let index = 0; index < flat.length; index += 2)
        map.set(String(flat[index]), flat[index + 1]!);
    return map;
}
