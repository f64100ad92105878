import { createClient, createCluster } from "redis";
import type { Names } from "./names";

/** What a feed tells. */
export interface FeedListener {
    /** A name of L2 was written, deleted, evicted or has expired. */
    changed(name: string): void;
    /** Changes were missed: anything may have changed. */
    missed(): void;
}

type Mode = "tracking" | "pubsub";

/**
 * Hears which names change in L2, on connections of its own, one a primary.
 * Client tracking in broadcast mode tells of every change, expiry and eviction included; where the server refuses it, processes tell each
 * other by pub/sub. Whenever a connection is lost or comes back, changes may have been missed, and the listener is told.
 */
export class Feed {
    private readonly clients = new Map<string, Connection>();
    private readonly ready = new Set<string>();
    private timer: NodeJS.Timeout | undefined;
    private closed = false;
    /** How changes are heard; settled with the first connection. */
    mode: Mode | undefined;

    constructor(
        private readonly urls: readonly string[],
        private readonly names: Names,
        private readonly wanted: Mode | "auto",
        private readonly listener: FeedListener,
    ) {
        if (wanted !== "auto") this.mode = wanted;
        if (urls.length === 1) this.listen(urls[0]!);
        else void this.followTopology();
    }

    /** Whether every change is being heard. */
    get hears(): boolean {
        return this.ready.size > 0 && this.ready.size === this.clients.size;
    }

    close(): void {
        this.closed = true;
        clearTimeout(this.timer);
        for (const client of this.clients.values()) client.destroy();
        this.clients.clear();
        this.ready.clear();
    }

    /** A cluster's primaries change: looks every second, and listens to each. */
    private async followTopology(): Promise<void> {
        const primaries = await primariesOf(this.urls);
        if (this.closed) return;
        if (primaries) {
            for (const url of [...this.clients.keys()].filter((u) => !primaries.includes(u))) {
                this.clients.get(url)?.destroy();
                this.clients.delete(url);
                this.ready.delete(url);
                this.listener.missed();
            }
            for (const url of primaries.filter((u) => !this.clients.has(u))) this.listen(url);
        }
        this.timer = setTimeout(() => void this.followTopology(), 1000);
    }

    private listen(url: string): void {
        const client = connection(url, this.mode);
        this.clients.set(url, client);
        const lost = () => {
            if (this.ready.delete(url)) this.listener.missed();
        };
        client.on("error", (error: Error) => {
            lost();
            // The server does not let this user, or any, track: the connection is refused before it is ready.
            if (this.wanted === "auto" && !this.mode && REFUSED.test(error.message)) {
                this.mode = "pubsub";
                client.destroy();
                this.listen(url);
            }
        });
        client.on("reconnecting", lost);
        client.on("end", lost);
        client.on("invalidate", (name: Buffer | string | null) => {
            if (name === null) this.listener.missed();
            else this.listener.changed(name.toString());
        });
        client.on("ready", () => {
            this.subscribe(client).then(
                () => {
                    if (this.clients.get(url) !== client) return;
                    this.ready.add(url);
                    // What L1 holds from before this moment was not covered.
                    this.listener.missed();
                },
                () => undefined,
            );
        });
        client.connect().catch(() => undefined);
    }

    private async subscribe(client: Connection): Promise<void> {
        if (this.mode === "pubsub") {
            await client.subscribe(this.names.channel, (name) => this.listener.changed(name));
            return;
        }
        await client.sendCommand(["CLIENT", "TRACKING", "OFF"]);
        const prefixes = this.names.watched.flatMap((prefix) => ["PREFIX", prefix]);
        await client.sendCommand(["CLIENT", "TRACKING", "ON", "BCAST", ...prefixes]);
        this.mode = "tracking";
    }
}

/** How a server says that it has no client tracking, or none for this user. */
const REFUSED = /NOPERM|unknown (sub)?command|HELLO/i;

type Connection = ReturnType<typeof connection>;

function connection(url: string, mode: Mode | undefined) {
    return createClient({
        url,
        RESP: 3,
        emitInvalidate: mode !== "pubsub",
        socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1000) },
    });
}

/** Addresses of a cluster's primaries, or undefined while it does not answer. */
async function primariesOf(urls: readonly string[]): Promise<string[] | undefined> {
    const cluster = createCluster({
        rootNodes: urls.map((url) => ({ url })),
        defaults: { socket: { reconnectStrategy: false } },
    });
    cluster.on("error", () => undefined);
    try {
        await cluster.connect();
        const { protocol, username, password } = new URL(urls[0]!);
        const login = password === "" ? "" : `${username}:${password}@`;
        return cluster.masters.map(({ host, port }) => `${protocol}//${login}${host}:${port}`);
    } catch {
        return undefined;
    } finally {
        cluster.destroy();
    }
}
