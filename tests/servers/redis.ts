import { createClient } from "redis";
import { serverBinary } from "./install";
import { freePort } from "./ports";
import { removeTemporaryDirectory, ServerProcess, temporaryDirectory } from "./process";

const START_ATTEMPTS = 5;

/** Which server program. */
export type RedisKind = "valkey" | "redis";

/** How to start a server; every field has a default. */
export interface RedisOptions {
    /** Port on loopback. @default a free one */
    readonly port?: number;
    /** Directory of its data. @default a temporary one, removed by `dispose` */
    readonly directory?: string;
    /** `requirepass` and `masterauth`. @default none */
    readonly password?: string;
    /** Append-only file: "always" survives kill -9 with every acknowledged write. @default "no" */
    readonly appendFsync?: "no" | "everysec" | "always";
    /** Cluster mode. @default false */
    readonly cluster?: boolean;
    /** Further configuration directives, such as `{ maxmemory: "10mb" }`. */
    readonly config?: Readonly<Record<string, string | number>>;
}

/** The node-redis client the harness hands out: any command by `sendCommand`. */
export type TestClient = ReturnType<typeof newClient>;

function newClient(url: string, reconnect: boolean) {
    const client = createClient({ url, socket: reconnect ? {} : { reconnectStrategy: false } });
    client.on("error", () => undefined);
    return client;
}

/** A running Valkey or Redis: kill -9, restart on the same disk, clean stop. */
export class RedisServer {
    private readonly clients: TestClient[] = [];

    constructor(
        readonly kind: RedisKind,
        readonly port: number,
        readonly directory: string,
        readonly password: string | undefined,
        readonly process: ServerProcess,
        private readonly ownsDirectory: boolean,
    ) {}

    /** redis://[:password@]127.0.0.1:port */
    get url(): string {
        return `redis://${this.password ? `:${this.password}@` : ""}127.0.0.1:${this.port}`;
    }

    /** A connected client, closed by `dispose`. */
    async client(): Promise<TestClient> {
        const client = newClient(this.url, true);
        this.clients.push(client);
        await client.connect();
        return client;
    }

    /** One command on a connection of its own. */
    async command(...args: string[]): Promise<unknown> {
        return oneCommand(this.url, args);
    }

    /** kill -9. */
    kill(): Promise<void> {
        return this.process.kill();
    }

    /** Starts again on the same disk and port. */
    restart(): Promise<void> {
        return this.process.restart();
    }

    /** Stops cleanly (SIGTERM) and keeps the disk. */
    stop(): Promise<void> {
        return this.process.stop();
    }

    /** Closes clients, kills the server and removes its temporary directory. */
    async dispose(): Promise<void> {
        for (const client of this.clients) if (client.isOpen) client.destroy();
        await this.process.kill();
        if (this.ownsDirectory) await removeTemporaryDirectory(this.directory);
    }
}

/** Starts valkey-server 9 and waits until it answers. */
export function startValkey(options: RedisOptions = {}): Promise<RedisServer> {
    return startServer("valkey", options);
}

/** Starts redis-server 7 and waits until it answers. */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
    return startServer("redis", options);
}

/** Starts either kind and waits until it answers; a port taken meanwhile is replaced by another. */
export async function startServer(
    kind: RedisKind,
    options: RedisOptions = {},
): Promise<RedisServer> {
    const binary = await serverBinary(kind === "valkey" ? "valkey-server" : "redis-server");
    for (let attempt = 1; ; attempt++) {
        const port = options.port ?? (await freePort());
        const directory = options.directory ?? temporaryDirectory(kind);
        const args = Object.entries(await directives(port, directory, options));
        const child = new ServerProcess({
            binary,
            cwd: directory,
            args: args.flatMap(([name, value]) => [`--${name}`, String(value)]),
            ready: () => answersPing(port, options.password),
        });
        try {
            await child.start();
            return new RedisServer(
                kind,
                port,
                directory,
                options.password,
                child,
                options.directory === undefined,
            );
        } catch (error) {
            if (options.port !== undefined || attempt >= START_ATTEMPTS) throw error;
        }
    }
}

async function directives(
    port: number,
    directory: string,
    options: RedisOptions,
): Promise<Record<string, string | number>> {
    const fsync = options.appendFsync ?? "no";
    const auth: Record<string, string> = options.password
        ? { requirepass: options.password, masterauth: options.password }
        : {};
    const cluster: Record<string, string | number> = options.cluster
        ? {
              "cluster-enabled": "yes",
              "cluster-config-file": "nodes.conf",
              "cluster-port": await freePort(),
              "cluster-node-timeout": 2_000,
              // An emptied primary stays one, ready to take slots again.
              "cluster-allow-replica-migration": "no",
          }
        : {};
    return {
        port,
        bind: "127.0.0.1",
        dir: directory,
        save: "",
        daemonize: "no",
        appendonly: fsync === "no" ? "no" : "yes",
        appendfsync: fsync,
        ...auth,
        ...cluster,
        ...options.config,
    };
}

/** True once PING is answered by PONG (a server that loads its data says LOADING until then). */
async function answersPing(port: number, password: string | undefined): Promise<boolean> {
    const url = `redis://${password ? `:${password}@` : ""}127.0.0.1:${port}`;
    return (await oneCommand(url, ["PING"])) === "PONG";
}

async function oneCommand(url: string, args: string[]): Promise<unknown> {
    const client = newClient(url, false);
    try {
        await client.connect();
        return await client.sendCommand(args);
    } finally {
        if (client.isOpen) client.destroy();
    }
}
