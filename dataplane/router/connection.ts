import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ClientOfflineError, ErrorReply, RedisClient, RESP_TYPES } from "redis";
import { Script } from "./script";

/** A key, a value or a word of a command. */
export type Argument = string | Buffer;
/** What a server answers under RESP2. */
export type Reply = string | Buffer | number | null | Reply[];

/** How a connection is made. */
export interface ConnectionOptions {
    /** redis:// or rediss://, with credentials where needed. */
    readonly url: string;
    /** A command without an answer for so long counts as a lost connection. @default 10000 */
    readonly timeoutMs?: number;
    /** What CLIENT LIST shows. */
    readonly name?: string;
    /** Certificate authority for rediss://. @default LOGCASTER_CA_FILE, else the system's */
    readonly caFile?: string;
}

/** A server could not be reached, or went away. */
export class ConnectionLost extends Error {
    override readonly name = "ConnectionLost";
    constructor(
        message: string,
        /** Whether the command may have run: it was sent, and no answer came. */
        readonly mayHaveRun = false,
    ) {
        super(message);
    }
}

/** The server refuses what was given: password, permissions or address. Trying again is no use. */
export class ConnectionRefused extends Error {
    override readonly name = "ConnectionRefused";
}

const DEFAULT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
const TRANSIENT = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY) |while the cluster is down/;
const CREDENTIALS = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR Client sent AUTH)/;

type Client = ReturnType<typeof newClient>;

/**
 * One pipelined connection over node-redis. It never queues while disconnected and never repeats a
 * command: callers know whether repeating is safe. Replies are RESP2, bulk strings as text or bytes.
 */
export class Connection {
    private client: Client | undefined;
    private connecting: Promise<Client> | undefined;
    private readonly loaded = new Set<string>();
    private isClosed = false;

    constructor(readonly options: ConnectionOptions) {}

    /** The URL without its password, for messages. */
    get label(): string {
        return withoutPassword(this.options.url);
    }

    /** Sends a command; bulk strings in the answer are text. */
    async call(...args: Argument[]): Promise<Reply> {
        return this.send(args, false);
    }

    /** Sends a command; bulk strings in the answer are bytes. */
    async callBytes(...args: Argument[]): Promise<Reply> {
        return this.send(args, true);
    }

    /** Runs a Lua script by its digest, loading it first where the server does not have it. */
    async run(
        script: Script,
        keys: readonly Argument[],
        args: readonly Argument[],
        asBytes = false,
    ): Promise<Reply> {
        const rest = [String(keys.length), ...keys, ...args];
        if (!this.loaded.has(script.sha)) {
            await this.send(["SCRIPT", "LOAD", script.source], false);
            this.loaded.add(script.sha);
        }
        try {
            return await this.send(["EVALSHA", script.sha, ...rest], asBytes);
        } catch (error) {
            // A restarted server has forgotten its scripts; nothing ran.
            if (!(error instanceof ErrorReply) || !error.message.startsWith("NOSCRIPT"))
                throw error;
            return this.send(["EVAL", script.source, ...rest], asBytes);
        }
    }

    /** Connects now, for the error's sake. */
    async open(): Promise<void> {
        await this.ready();
    }

    /** Drops the connection; commands under way fail. */
    close(): void {
        this.isClosed = true;
        this.drop();
    }

    private async send(args: readonly Argument[], asBytes: boolean): Promise<Reply> {
        const client = await this.ready();
        try {
            const typeMapping = asBytes ? AS_BYTES : AS_TEXT;
            return (await client.sendCommand([...args], { typeMapping })) as Reply;
        } catch (error) {
            throw this.explain(error, client, true);
        }
    }

    private async ready(): Promise<Client> {
        if (this.isClosed) throw new ConnectionLost(`The connection to ${this.label} is closed.`);
        if (this.client?.isReady) return this.client;
        this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
        return this.connecting;
    }

    private async connect(): Promise<Client> {
        this.drop();
        const client = newClient(this.options);
        try {
            await client.connect();
            // Close may have come meanwhile.
            if (this.isClosed) {
                client.destroy();
                throw new ConnectionLost(`The connection to ${this.label} is closed.`);
            }
            this.client = client;
            return client;
        } catch (error) {
            throw this.explain(error, client, false);
        }
    }

    private explain(error: unknown, client: Client, wasSent: boolean): unknown {
        const message = error instanceof Error ? error.message : String(error);
        if (CREDENTIALS.test(message)) {
            return new ConnectionRefused(
                `${this.label} refuses the credentials in its URL (${message}): check user and password.`,
            );
        }
        if (error instanceof ErrorReply && !TRANSIENT.test(message)) return error;
        if (!(error instanceof ErrorReply)) {
            if (client === this.client) this.drop();
            else if (client.isOpen) client.destroy();
        }
        if (error instanceof ConnectionLost) return error;
        // A server that loads its data, or a client that is offline, has not run anything.
        const isRefusal = error instanceof ErrorReply || error instanceof ClientOfflineError;
        const mayHaveRun = wasSent && !isRefusal;
        return new ConnectionLost(`${this.label}: ${message || (error as Error).name}`, mayHaveRun);
    }

    private drop(): void {
        const client = this.client;
        this.client = undefined;
        if (client?.isOpen) client.destroy();
    }
}

/** redis://user:***@host:port, as messages show it. */
export function withoutPassword(url: string): string {
    return url.replace(/:\/\/([^:@/]*):[^@/]*@/, "://$1:***@");
}

/**
 * Repeats what is safe to repeat while connections are lost, with growing waits.
 * @throws the last ConnectionLost once `forMs` have passed, any other error at once.
 */
export async function retrying<T>(
    action: () => Promise<T>,
    forMs: number,
    signal?: AbortSignal,
): Promise<T> {
    const deadline = performance.now() + forMs;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
        try {
            return await action();
        } catch (error) {
            const isOver = performance.now() + waitMs > deadline || signal?.aborted;
            if (!(error instanceof ConnectionLost) || isOver) throw error;
        }
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
}

const FIRST_WAIT_MS = 10;
const LAST_WAIT_MS = 500;
const AS_BYTES = { [RESP_TYPES.BLOB_STRING]: Buffer };
const AS_TEXT = {};
/** One class for all: createClient would make one with every command for each connection. */
const clientOf = RedisClient.factory({ RESP: 2 });
/** The factory takes the protocol for its replies' types only; a client speaks what its own options say. */
const PROTOCOL: object = { RESP: 2 };

function newClient(options: ConnectionOptions) {
    const { url, timeoutMs = DEFAULT_TIMEOUT_MS, name } = options;
    const caFile = options.caFile ?? process.env.LOGCASTER_CA_FILE;
    const isTls = url.startsWith("rediss:");
    const client = clientOf({
        ...PROTOCOL,
        url,
        ...(name === undefined ? {} : { name }),
        disableOfflineQueue: true,
        disableClientInfo: true,
        socket: {
            reconnectStrategy: false,
            connectTimeout: CONNECT_TIMEOUT_MS,
            socketTimeout: timeoutMs,
            ...(isTls && caFile ? { tls: true, ca: readFileSync(caFile) } : {}),
        },
        // socketTimeout counts silence: a healthy idle connection must say something.
        pingInterval: Math.floor(timeoutMs / 3),
    });
    client.on("error", () => undefined);
    return client;
}
