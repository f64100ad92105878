import { timingSafeEqual, createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
    createTable,
    parseTable,
    PartitionError,
    type PartitionTable,
    tableText,
} from "logcaster-model/partitions";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { Connection, EpochConflict, MetadataStore } from "../router";

/** How the server runs. */
export interface ConfigServerOptions {
    readonly metadataUrl: string;
    /** Bearer token that every request to /api must carry. */
    readonly token: string;
    readonly host: string;
    /** 0 for any free one. */
    readonly port: number;
    /** Where the last good table is kept over restarts. @default in memory only */
    readonly cacheFile?: string;
}

/** A running server. */
export interface ConfigServer {
    readonly port: number;
    close(): Promise<void>;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const LONGEST_WATCH_MS = 30_000;
const POLL_MS = 250;
const STORE_TIMEOUT_MS = 2_000;

/** Starts `config-server/api/shards`: the table with its epoch as ETag, changed by compare-and-set. */
export async function startConfigServer(options: ConfigServerOptions): Promise<ConfigServer> {
    const service = new ConfigService(options);
    await service.begin();
    const server = createServer((request, response) => {
        service.handle(request, response).catch((error: unknown) => {
            answer(response, 500, { error: (error as Error).message });
        });
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(options.port, options.host, resolve);
    });
    return {
        port: (server.address() as AddressInfo).port,
        async close() {
            service.end();
            server.closeAllConnections();
            await new Promise<void>((resolve) => server.close(() => resolve()));
        },
    };
}

class ConfigService {
    private readonly store: MetadataStore;
    private readonly registry = new Registry();
    private readonly epoch: Gauge;
    private readonly isStoreUp: Gauge;
    private readonly requests: Counter<"method" | "status">;
    private table: PartitionTable | undefined;
    private timer: NodeJS.Timeout | undefined;
    private readonly watchers = new Set<() => void>();

    constructor(private readonly options: ConfigServerOptions) {
        const { metadataUrl: url } = options;
        this.store = new MetadataStore(
            new Connection({ url, timeoutMs: STORE_TIMEOUT_MS, name: "logcaster-config-server" }),
        );
        const registers = [this.registry];
        collectDefaultMetrics({ register: this.registry });
        const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
        this.epoch = gauge("logcaster_table_epoch", "Epoch of the table that is served");
        this.isStoreUp = gauge("logcaster_metadata_up", "1 while the metadata store answers");
        this.requests = new Counter({
            name: "logcaster_config_requests_total",
            help: "Requests to /api by method and status",
            labelNames: ["method", "status"],
            registers,
        });
    }

    async begin(): Promise<void> {
        const { cacheFile } = this.options;
        const cached = cacheFile ? await readFile(cacheFile, "utf8").catch(() => "") : "";
        if (cached !== "") this.table = parseTable(cached);
        await this.refresh().catch(() => undefined);
        const poll = () => void this.refresh().catch(() => undefined);
        this.timer = setInterval(poll, POLL_MS);
    }

    end(): void {
        clearInterval(this.timer);
        this.timer = undefined;
        this.wakeWatchers();
        this.store.connection.close();
    }

    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const url = new URL(request.url ?? "/", "http://config-server");
        if (url.pathname === "/health") {
            const body = { status: this.table ? "ok" : "no table", epoch: this.table?.epoch ?? 0 };
            return answer(response, this.table ? 200 : 503, body);
        }
        if (url.pathname === "/metrics") {
            response.writeHead(200, { "content-type": this.registry.contentType });
            return void response.end(await this.registry.metrics());
        }
        response.once("finish", () => {
            this.requests.inc({ method: request.method ?? "", status: response.statusCode });
        });
        if (!this.isAllowed(request)) {
            response.setHeader("www-authenticate", "Bearer");
            return answer(response, 401, {
                error: "A bearer token is needed: Authorization: Bearer TOKEN.",
            });
        }
        if (url.pathname === "/api/shards") return this.shards(request, response, url);
        const lease = /^\/api\/leases\/([^/]+)$/.exec(url.pathname);
        if (lease) return this.lease(request, response, decodeURIComponent(lease[1]!));
        answer(response, 404, { error: `There is no ${url.pathname}; /api/shards is.` });
    }

    private async shards(
        request: IncomingMessage,
        response: ServerResponse,
        url: URL,
    ): Promise<void> {
        if (request.method === "GET") return this.getTable(request, response, url);
        if (request.method === "PUT") return this.putTable(request, response);
        response.setHeader("allow", "GET, PUT");
        answer(response, 405, { error: "GET and PUT are allowed." });
    }

    private async getTable(
        request: IncomingMessage,
        response: ServerResponse,
        url: URL,
    ): Promise<void> {
        const watched = url.searchParams.get("watch");
        if (watched !== null) await this.waitForNewer(Number(watched), response);
        else await this.refresh().catch(() => undefined);
        if (!this.table) {
            return answer(response, 404, {
                error: "There is no table yet: run `logcaster shards init`.",
            });
        }
        const etag = `"${this.table.epoch}"`;
        response.setHeader("etag", etag);
        response.setHeader("cache-control", "no-cache");
        if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
        response.writeHead(200, { "content-type": "application/json" });
        response.end(tableText(this.table));
    }

    private async putTable(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const match = /^"?(\d+)"?$/.exec(request.headers["if-match"] ?? "");
        if (!match) {
            const error = 'PUT needs If-Match: "EPOCH" of the table it replaces (0 for the first).';
            return answer(response, 428, { error });
        }
        const expected = Number(match[1]);
        let table: PartitionTable;
        try {
            const given = JSON.parse(await body(request)) as object;
            table = createTable({ ...given, epoch: expected + 1 });
        } catch (error) {
            if (error instanceof SyntaxError) {
                return answer(response, 400, { error: "The body is not JSON." });
            }
            if (!(error instanceof PartitionError)) throw error;
            return answer(response, 400, { error: error.message });
        }
        const current = await this.readStore(response);
        if (current === null) return;
        if (current && current.owners.length !== table.owners.length) {
            const error = `The table has ${current.owners.length} partitions, fixed at its creation; ${table.owners.length} given.`;
            return answer(response, 400, { error });
        }
        try {
            await this.store.putTable(table, expected);
        } catch (error) {
            if (error instanceof EpochConflict)
                return answer(response, 412, { error: error.message });
            return answer(response, 503, { error: (error as Error).message });
        }
        await this.keep(table);
        response.setHeader("etag", `"${table.epoch}"`);
        answer(response, 200, { epoch: table.epoch });
    }

    private async readStore(response: ServerResponse): Promise<PartitionTable | undefined | null> {
        try {
            return await this.store.readTable();
        } catch (error) {
            answer(response, 503, { error: (error as Error).message });
            return null;
        }
    }

    private async lease(
        request: IncomingMessage,
        response: ServerResponse,
        router: string,
    ): Promise<void> {
        try {
            if (request.method === "DELETE") {
                await this.store.endLease(router);
                return void response.writeHead(204).end();
            }
            const { epoch, leaseMs } = JSON.parse(await body(request)) as Record<string, unknown>;
            if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(leaseMs)) {
                return answer(response, 400, {
                    error: "A lease needs epoch and leaseMs, whole numbers.",
                });
            }
            const newest = await this.store.renewLease(router, Number(epoch), Number(leaseMs));
            answer(response, 200, { epoch: newest });
        } catch (error) {
            answer(response, 503, { error: (error as Error).message });
        }
    }

    private isAllowed(request: IncomingMessage): boolean {
        const digest = (text: string) => createHash("sha256").update(text).digest();
        const given = digest(request.headers.authorization ?? "");
        return timingSafeEqual(given, digest(`Bearer ${this.options.token}`));
    }

    /** Returns when the table is newer than the epoch, after half a minute, or when the client left. */
    private async waitForNewer(epoch: number, response: ServerResponse): Promise<void> {
        const deadline = performance.now() + LONGEST_WATCH_MS;
        while ((this.table?.epoch ?? 0) <= epoch && performance.now() < deadline) {
            if (response.closed || !this.timer) return;
            await new Promise<void>((resolve) => {
                const timer = setTimeout(resolve, deadline - performance.now());
                const wake = () => {
                    clearTimeout(timer);
                    resolve();
                };
                this.watchers.add(wake);
                response.once("close", wake);
            });
        }
    }

    private wakeWatchers(): void {
        for (const wake of this.watchers) wake();
        this.watchers.clear();
    }

    /** Reads the store; while it is away the last good table goes on being served. */
    private async refresh(): Promise<void> {
        try {
            const table = await this.store.readTable();
            this.isStoreUp.set(1);
            if (table) await this.keep(table);
        } catch (error) {
            this.isStoreUp.set(0);
            throw error;
        }
    }

    private async keep(table: PartitionTable): Promise<void> {
        if (this.table && table.epoch <= this.table.epoch) return;
        this.table = table;
        this.epoch.set(table.epoch);
        this.wakeWatchers();
        const { cacheFile } = this.options;
        if (!cacheFile) return;
        await writeFile(`${cacheFile}.new`, tableText(table));
        await rename(`${cacheFile}.new`, cacheFile);
    }
}

async function body(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > MAX_BODY_BYTES)
            throw new PartitionError(`A body has at most ${MAX_BODY_BYTES} bytes.`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, status: number, content: object): void {
    if (response.headersSent) return void response.end();
    response.writeHead(status, { "content-type": "application/json" });
    response.end(`${JSON.stringify(content)}\n`);
}
