import { parseTable, type PartitionTable } from "logcaster-model/partitions";
import { Connection, ConnectionLost } from "./connection";
import { MetadataStore } from "./metadata";

/** Where a router gets its table and its lease. */
export interface TableSource {
    /** The newest table. */
    read(): Promise<PartitionTable>;
    /** Renews the lease, saying which epoch the router uses; answers the newest epoch. */
    renew(router: string, epoch: number, leaseMs: number): Promise<number>;
    /** Gives the lease back. */
    end(router: string): Promise<void>;
    close(): void;
}

/** Straight from the metadata store. */
export function metadataSource(url: string): TableSource {
    const connection = new Connection({ url, name: "logcaster-router" });
    const store = new MetadataStore(connection);
    return {
        async read() {
            const table = await store.readTable();
            if (!table)
                throw new Error(`${connection.label} has no partition table: run shards init.`);
            return table;
        },
        renew: (router, epoch, leaseMs) => store.renewLease(router, epoch, leaseMs),
        end: (router) => store.endLease(router),
        close: () => connection.close(),
    };
}

/** From `logcaster config-server` at `url` (http://host:port), with its bearer token. */
export function configServerSource(url: string, token: string): TableSource {
    const headers = { authorization: `Bearer ${token}` };
    const request = async (method: string, path: string, body?: unknown): Promise<string> => {
        const response = await fetch(new URL(path, url), {
            method,
            headers: { ...headers, "content-type": "application/json" },
            signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).catch((error: unknown) => {
            throw new ConnectionLost(`${url}: ${(error as Error).message}`);
        });
        const text = await response.text();
        if (response.status >= 500) throw new ConnectionLost(`${url}: ${response.status} ${text}`);
        if (!response.ok) throw new Error(`${url}${path} answers ${response.status}: ${text}`);
        return text;
    };
    const lease = (router: string) => `/api/leases/${encodeURIComponent(router)}`;
    return {
        read: async () => parseTable(await request("GET", "/api/shards")),
        async renew(router, epoch, leaseMs) {
            const answer = await request("PUT", lease(router), { epoch, leaseMs });
            return (JSON.parse(answer) as { epoch: number }).epoch;
        },
        end: async (router) => void (await request("DELETE", lease(router))),
        close: () => undefined,
    };
}

const REQUEST_TIMEOUT_MS = 5_000;
