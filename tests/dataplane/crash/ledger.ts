import { type Reply } from "../../../dataplane/router";

/** Runs a command wherever its key lives. */
export type Execute = (...command: string[]) => Promise<Reply>;

/** Leaves the cores to the servers. */
const WRITE_PAUSE_MS = 3;

const TYPES = ["string", "hash", "list", "set", "zset", "stream"] as const;
type KeyType = (typeof TYPES)[number];

/** A key's content in a form that two readings of it agree on; "gone" when there is none. */
type Content = string;

interface KeyRecord {
    readonly key: string;
    readonly type: KeyType;
    /** Milliseconds since 1970; -1 until it has been set. */
    expiry: number;
    /** What a reader may find: two when a write's outcome is unknown. */
    allowed: Content[];
    model: Map<string, string>;
    isRetired: boolean;
    writes: number;
}

/** A source of numbers that a seed repeats. */
export function randomOf(seed: number): () => number {
    // Mulberry32.
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

/**
 * Writes keys of every type and remembers each acknowledged write. None of the writes may be
 * repeated without a trace: appends, increments, pushes and explicit stream ids.
 */
export class Ledger {
    private readonly records: KeyRecord[] = [];
    private stopped = false;
    acknowledged = 0;
    unknown = 0;

    constructor(
        private readonly execute: Execute,
        private readonly random: () => number,
        private readonly prefix: string,
        /** How much later than asked a key may expire: MIGRATE passes time left, not a time. */
        private readonly expirySlackMs: number,
    ) {}

    /** Creates keys, some with an expiry, and writes each once. */
    async preload(count: number, expiresAfterMs: number): Promise<void> {
        const now = Date.now();
        for (let index = 0; index < count; index++) {
            const type = TYPES[index % TYPES.length]!;
            const key = `${this.prefix}:${type}:${index}`;
            this.records.push({
                key,
                type,
                expiry: -1,
                allowed: ["gone"],
                model: new Map(),
                isRetired: false,
                writes: 0,
            });
        }
        await Promise.all(
            this.records.map(async (record, index) => {
                await this.write(record);
                if (index % 3 !== 0 || record.isRetired) return;
                const expiry = now + expiresAfterMs + index;
                await this.execute("PEXPIREAT", record.key, String(expiry));
                record.expiry = expiry;
            }),
        );
    }

    /** Writes until `stop`, `lanes` keys at a time; each key belongs to one lane. */
    async writeUntilStopped(lanes: number): Promise<void> {
        await Promise.all(
            Array.from({ length: lanes }, async (_, lane) => {
                const own = this.records.filter((_record, index) => index % lanes === lane);
                while (!this.stopped) {
                    const record = own[Math.floor(this.random() * own.length)]!;
                    if (record.isRetired) {
                        await new Promise((resolve) => setTimeout(resolve, 1));
                        continue;
                    }
                    await this.write(record);
                    await new Promise((resolve) => setTimeout(resolve, WRITE_PAUSE_MS));
                }
            }),
        );
    }

    stop(): void {
        this.stopped = true;
    }

    /** Differences between what was acknowledged and what can be read; empty when all is there. */
    async differences(): Promise<string[]> {
        const found = await Promise.all(
            this.records.map(async (record) => {
                const content = await read(this.execute, record.key, record.type);
                if (!record.allowed.includes(content)) {
                    return [`${record.key} is ${content}, allowed: ${record.allowed.join(" or ")}`];
                }
                const expiry = Number(await this.execute("PEXPIRETIME", record.key));
                const wanted = content === "gone" ? -2 : record.expiry;
                const late = expiry - wanted;
                const slack = wanted > 0 ? this.expirySlackMs : 0;
                return late >= 0 && late <= slack
                    ? []
                    : [`${record.key} expires at ${expiry}, not ${wanted}`];
            }),
        );
        return found.flat();
    }

    /** Every key that may exist, and those that must. */
    keys(): { possible: Set<string>; certain: Set<string> } {
        const certain = this.records.filter((record) => !record.allowed.includes("gone"));
        return {
            possible: new Set(this.records.map((record) => record.key)),
            certain: new Set(certain.map((record) => record.key)),
        };
    }

    private async write(record: KeyRecord): Promise<void> {
        const { command, next } = this.nextWrite(record);
        const after = contentOf(record.type, next);
        try {
            await this.execute(...command);
            record.model = next;
            record.allowed = [after];
            record.writes++;
            this.acknowledged++;
            if (after === "gone") record.expiry = -1;
        } catch {
            // Nobody can know: both are right, and the key is left alone from now on.
            record.allowed = [record.allowed[0]!, after];
            record.isRetired = true;
            this.unknown++;
        }
    }

    private nextWrite(record: KeyRecord): { command: string[]; next: Map<string, string> } {
        const { key, type, writes } = record;
        const next = new Map(record.model);
        const member = `m${Math.floor(this.random() * 5)}`;
        // A deletion now and then; a key with an expiry keeps it.
        if (writes > 2 && record.expiry === -1 && this.random() < 0.05) {
            return { command: ["DEL", key], next: new Map() };
        }
        switch (type) {
            case "string":
                next.set("", `${next.get("") ?? ""}${writes},`);
                return { command: ["APPEND", key, `${writes},`], next };
            case "hash":
                next.set(member, String(Number(next.get(member) ?? 0) + 1));
                return { command: ["HINCRBY", key, member, "1"], next };
            case "list":
                next.set(String(next.size), String(writes));
                return { command: ["RPUSH", key, String(writes)], next };
            case "set":
                next.set(`s${writes}`, "");
                return { command: ["SADD", key, `s${writes}`], next };
            case "zset":
                next.set(member, String(Number(next.get(member) ?? 0) + 2));
                return { command: ["ZINCRBY", key, "2", member], next };
            case "stream":
                next.set(`${writes + 1}-1`, member);
                return { command: ["XADD", key, `${writes + 1}-1`, "f", member], next };
        }
    }
}

function contentOf(type: KeyType, model: ReadonlyMap<string, string>): Content {
    if (model.size === 0) return "gone";
    if (type === "string") return JSON.stringify(model.get(""));
    if (type === "list") return JSON.stringify([...model.values()]);
    if (type === "set") return JSON.stringify([...model.keys()].sort());
    if (type === "stream") return JSON.stringify([...model]);
    return JSON.stringify([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function read(execute: Execute, key: string, type: KeyType): Promise<Content> {
    switch (type) {
        case "string": {
            const value = (await execute("GET", key)) as string | null;
            return value === null ? "gone" : JSON.stringify(value);
        }
        case "hash":
            return contentOf(type, pairs((await execute("HGETALL", key)) as string[]));
        case "zset":
            return contentOf(
                type,
                pairs((await execute("ZRANGE", key, "0", "-1", "WITHSCORES")) as string[]),
            );
        case "list": {
            const items = (await execute("LRANGE", key, "0", "-1")) as string[];
            return items.length === 0 ? "gone" : JSON.stringify(items);
        }
        case "set": {
            const members = (await execute("SMEMBERS", key)) as string[];
            return members.length === 0 ? "gone" : JSON.stringify([...members].sort());
        }
        case "stream": {
            const entries = (await execute("XRANGE", key, "-", "+")) as [string, string[]][];
            const flat = entries.map(([id, fields]) => [id, fields[1]]);
            if (flat.length > 0) return JSON.stringify(flat);
            return "gone";
        }
    }
}

function pairs(flat: readonly string[]): Map<string, string> {
    const map = new Map<string, string>();
    for (let index = 0; index < flat.length; index += 2) map.set(flat[index]!, flat[index + 1]!);
    return map;
}
