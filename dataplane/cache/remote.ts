import { RESP_TYPES, createClient, createCluster } from "redis";
import type { Breaker } from "./breaker";
import { Deadlines } from "./deadlines";
import { decodeEnvelope, encodeEnvelope, type Envelope } from "./envelope";
import type { Names } from "./names";

/** L2 did not answer: away, too slow, or left alone by the breaker. */
export class RemoteAway extends Error {
    constructor(cause: unknown) {
        super(
            `L2 did not answer (${cause instanceof Error ? cause.message : String(cause)})`,
            cause instanceof Error ? { cause } : {},
        );
        this.name = "RemoteAway";
    }
}

/** Turns RemoteAway into a value; anything else goes on. */
export function ifAway<T>(value: T): (error: unknown) => T {
    return (error) => {
        if (error instanceof RemoteAway) return value;
        throw error;
    };
}

/** An entry of L2 and the time it still has. */
export interface RemoteEntry {
    readonly envelope: Envelope;
    /** Until the key expires, in ms. */
    readonly remainingMs: number;
}

type Reply = Buffer | number | string | null | Reply[];

/** Sends one command to the node that owns `key`; texts come back as bytes. */
type Send = (key: string, args: (string | Buffer)[]) => Promise<Reply>;

const NOW = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

/** Stores bytes with the moment at which they expire before them: who reads them need not ask for it. */
const STORE = `${NOW}local function store(name, bytes, ms)
    local ends = now + ms
    redis.call('SET', name, struct.pack('>d', ends) .. bytes, 'PXAT', string.format('%.0f', ends))
end
`;

/** Stores the value if the lease is still the loader's own: a deletion or another write took it away. */
const FILL = `if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
${STORE}store(KEYS[1], ARGV[2], ARGV[3])
redis.call('DEL', KEYS[2])
return 1`;

/** Stores a value and voids whatever is being loaded. */
const PUT = `${STORE}store(KEYS[1], ARGV[1], ARGV[2])
redis.call('DEL', KEYS[2])
return 1`;

/** The value and the server's time if there is one, else 1 where the caller now holds the lease, or 0 where another does. */
const READ_OR_LEASE = `local value = redis.call('GET', KEYS[1])
${NOW}if value then return {value, now} end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`;

/** Gives the lease back if it is still the caller's own. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Keys read by one command. */
const MAX_BATCH = 64;

const BYTES = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } as const;

/** L2: Valkey or Redis, alone or as a cluster, behind a time limit and a circuit breaker. */
export class Remote {
    private waiting: Question[] = [];

    private constructor(
        private readonly names: Names,
        private readonly send: Send,
        private readonly breaker: Breaker,
        private readonly deadlines: Deadlines,
        private readonly readBatch: number,
        private readonly onError: () => void,
        /** Ends the connections at once. */
        readonly close: () => void,
    ) {}

    /** Connects in the background; until then, and whenever the server is away, commands fail with RemoteAway. */
    static open(
        urls: readonly string[],
        names: Names,
        breaker: Breaker,
        timeoutMs: number,
        onError: () => void,
    ): Remote {
        const deadlines = new Deadlines(timeoutMs);
        // Without an offline queue a command fails at once while the server is away, and nothing is sent late.
        const socket = {
            reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, 1000),
        };
        const ignore = () => undefined;
        if (urls.length === 1) {
            const client = createClient({
                url: urls[0]!,
                RESP: 3,
                socket,
                disableOfflineQueue: true,
            });
            client.on("error", ignore);
            client.connect().catch(ignore);
            const send: Send = async (_key, args) =>
                (await client.sendCommand(args, BYTES)) as Reply;
            return new Remote(names, send, breaker, deadlines, MAX_BATCH, onError, () =>
                client.destroy(),
            );
        }
        const cluster = createCluster({
            rootNodes: urls.map((url) => ({ url })),
            RESP: 3,
            defaults: { socket, disableOfflineQueue: true },
        });
        cluster.on("error", ignore);
        const connect = () => {
            cluster.connect().catch(() => (retry = setTimeout(connect, 1000)));
        };
        let retry: NodeJS.Timeout | undefined;
        connect();
        const send: Send = async (key, args) =>
            (await cluster.sendCommand(key, false, args, BYTES)) as Reply;
        // Keys of a batch lie in different slots, and a script stays within one.
        return new Remote(names, send, breaker, deadlines, 1, onError, () => {
            clearTimeout(retry);
            cluster.destroy();
        });
    }

    /** The entry of a key, or undefined. Questions of one turn of the event loop go out together. */
    read(key: string): Promise<RemoteEntry | undefined> {
        return new Promise((resolve, reject) => {
            this.waiting.push({ key, resolve, reject });
            if (this.waiting.length === 1) queueMicrotask(() => this.flush());
        });
    }

    private flush(): void {
        const waiting = this.waiting;
        this.waiting = [];
        for (let i = 0; i < waiting.length; i += this.readBatch) {
            void this.readTogether(waiting.slice(i, i + this.readBatch));
        }
    }

    private async readTogether(questions: readonly Question[]): Promise<void> {
        const names = questions.map(({ key }) => this.names.value(key));
        try {
            // The time comes after the values: what remains of them is never overestimated.
            const [values, time] = (await this.guarded(() =>
                Promise.all([
                    this.send(names[0]!, ["MGET", ...names]),
                    this.send(names[0]!, ["TIME"]),
                ]),
            )) as [Reply[], [Buffer, Buffer]];
            const [seconds, microseconds] = time.map(Number) as [number, number];
            const nowMs = seconds * 1000 + Math.floor(microseconds / 1000);
            questions.forEach(({ key, resolve }, i) => resolve(entryOf(key, values[i]!, nowMs)));
        } catch (error) {
            questions.forEach(({ reject }) => reject(error));
        }
    }

    /** The entry of a key; or the right to load it, `"leased"`; or `"busy"` where another process loads it. */
    async readOrLease(
        key: string,
        token: string,
        ms: number,
    ): Promise<RemoteEntry | "leased" | "busy"> {
        const [name, lease] = [this.names.value(key), this.names.lease(key)];
        const args = ["EVAL", READ_OR_LEASE, "2", name, lease, token, String(ms)];
        const reply = await this.guarded(() => this.send(name, args));
        const entry = Array.isArray(reply) ? entryOf(key, reply[0]!, reply[1]!) : undefined;
        if (entry) return entry;
        if (reply === 1) return "leased";
        // Something lies there that is no entry of the key: only a lease gets past it.
        return reply === 0 || !(await this.lease(key, token, ms)) ? "busy" : "leased";
    }

    /** Takes the right to load a key; false where another process has it. */
    async lease(key: string, token: string, ms: number): Promise<boolean> {
        const name = this.names.lease(key);
        const args = ["SET", name, token, "NX", "PX", String(ms)];
        return (await this.guarded(() => this.send(name, args))) !== null;
    }

    /** Gives the right back, so that others need not wait for its end. */
    async release(key: string, token: string): Promise<void> {
        const name = this.names.lease(key);
        await this.guarded(() => this.send(name, ["EVAL", RELEASE, "1", name, token]));
    }

    /** Stores what was loaded under a lease; false where the key was deleted or written meanwhile. */
    async fill(token: string, entry: Envelope): Promise<boolean> {
        const [name, lease] = [this.names.value(entry.key), this.names.lease(entry.key)];
        const args = [token, encodeEnvelope(entry), String(entry.ttlMs + entry.staleMs)];
        return (
            (await this.guarded(() =>
                this.send(name, ["EVAL", FILL, "2", name, lease, ...args]),
            )) === 1
        );
    }

    /** Stores a value; loaders that run are voided. */
    async put(entry: Envelope): Promise<void> {
        const [name, lease] = [this.names.value(entry.key), this.names.lease(entry.key)];
        const args = [encodeEnvelope(entry), String(entry.ttlMs + entry.staleMs)];
        await this.guarded(() => this.send(name, ["EVAL", PUT, "2", name, lease, ...args]));
    }

    /** Removes a value; loaders that run are voided. */
    async remove(key: string): Promise<void> {
        const [name, lease] = [this.names.value(key), this.names.lease(key)];
        await this.guarded(() => this.send(name, ["DEL", name, lease]));
    }

    /** The version of a tag; `create` gives one to a tag that has none, else undefined. */
    async tagVersion(tag: string, create?: string): Promise<string | undefined> {
        const name = this.names.tag(tag);
        const set = create === undefined ? [] : [this.send(name, ["SET", name, create, "NX"])];
        const [version] = await this.guarded(async () =>
            (await Promise.all([...set, this.send(name, ["GET", name])])).slice(-1),
        );
        return Buffer.isBuffer(version) ? version.toString() : undefined;
    }

    /** Gives a tag a new version: what carries the old one is no longer an answer. */
    async setTagVersion(tag: string, version: string): Promise<void> {
        const name = this.names.tag(tag);
        await this.guarded(() => this.send(name, ["SET", name, version]));
    }

    /** Tells every process that hears by pub/sub. */
    async publish(name: string): Promise<void> {
        const channel = this.names.channel;
        await this.guarded(() => this.send(channel, ["PUBLISH", channel, name]));
    }

    private async guarded<T>(command: () => Promise<T>): Promise<T> {
        if (!this.breaker.allows()) throw new RemoteAway("left alone by the circuit breaker");
        try {
            const reply = await this.deadlines.within(command());
            this.breaker.succeeded();
            return reply;
        } catch (error) {
            this.breaker.failed();
            this.onError();
            throw new RemoteAway(error);
        }
    }
}

interface Question {
    readonly key: string;
    readonly resolve: (entry: RemoteEntry | undefined) => void;
    readonly reject: (error: unknown) => void;
}

function entryOf(key: string, bytes: Reply, nowMs: Reply): RemoteEntry | undefined {
    if (!Buffer.isBuffer(bytes) || typeof nowMs !== "number") return undefined;
    const stored = decodeEnvelope(key, bytes);
    if (!stored || !(stored.endsAtMs > nowMs)) return undefined;
    return { envelope: stored.envelope, remainingMs: stored.endsAtMs - nowMs };
}
