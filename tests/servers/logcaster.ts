import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** What the fake does wrong, on request. */
export type LogCasterFault =
    | "none"
    /** Accepts and reads, but never answers PING; `/health` says 503. */
    | "no-pong"
    /** Accepts and never reads. */
    | "hang"
    /** Resets each new connection. */
    | "reset";

/**
 * A fake LogCaster: the line protocol (PING is answered by PONG, any other line is taken), and over HTTP `/health` and
 * `/metrics`; everything else is answered 200 with its name. A connection that has sent a line other than PING is a sender:
 * so health checks are not counted.
 */
export class FakeLogCaster {
    fault: LogCasterFault = "none";
    /** Bytes of lines taken. */
    bytes = 0;
    /** Lines taken. */
    lines = 0;
    /** Senders since the start. */
    sendersEver = 0;
    /** HTTP requests other than /health and /metrics. */
    requests: { readonly url: string; readonly headers: Record<string, unknown> }[] = [];
    /** Where the last sender came from by its PROXY header, version 1 or 2; empty without one. */
    lastProxied = "";
    private readonly sockets = new Set<Socket>();
    private readonly senders = new Set<Socket>();
    private readonly proxied = new WeakMap<Socket, string>();

    private constructor(
        readonly name: string,
        readonly host: string,
        private readonly line: Server,
        private readonly http: HttpServer,
    ) {}

    /** Starts on loopback; `host` may be any 127.x.y.z, so that many can share a port. */
    static async start(
        options: { name?: string; host?: string; port?: number; httpPort?: number } = {},
    ): Promise<FakeLogCaster> {
        const { host = "127.0.0.1", port = 0, httpPort = 0 } = options;
        const line = createServer({ noDelay: true });
        const http = createHttpServer();
        const fake = new FakeLogCaster(options.name ?? host, host, line, http);
        line.on("connection", (socket) => fake.serve(socket));
        http.on("request", (request, response) => {
            const isWell = fake.fault === "none";
            if (request.url === "/health") {
                response.writeHead(isWell ? 200 : 503).end(isWell ? "ok\n" : "no PONG\n");
            } else if (request.url === "/metrics") {
                response.end(`logcaster_active_connections ${fake.connections}\n`);
            } else {
                fake.requests.push({ url: request.url ?? "", headers: request.headers });
                request.resume().on("end", () => response.end(`${fake.name}\n`));
            }
        });
        const listening = [listen(line, port, host), listen(http, httpPort, host)];
        await Promise.all(listening).catch(async (error: unknown) => {
            await Promise.allSettled(listening);
            await fake.stop();
            throw error;
        });
        return fake;
    }

    get port(): number {
        return (this.line.address() as AddressInfo).port;
    }
    get httpPort(): number {
        return (this.http.address() as AddressInfo).port;
    }
    /** Senders connected now. */
    get connections(): number {
        return this.senders.size;
    }

    /** Ends every sender's connection, as a restart of the service would. */
    endSenders(): void {
        for (const socket of this.senders) socket.destroy();
    }

    /** Ends every connection and stops listening. */
    async stop(): Promise<void> {
        for (const socket of this.sockets) socket.destroy();
        this.http.closeAllConnections();
        await Promise.all([close(this.line), close(this.http)]);
    }

    private serve(socket: Socket): void {
        if (this.fault === "reset") return void socket.resetAndDestroy();
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => {
            this.sockets.delete(socket);
            this.senders.delete(socket);
        });
        if (this.fault === "hang") return;
        let rest = "";
        socket.once("data", (first) => {
            const header = proxyHeader(first);
            if (header) this.proxied.set(socket, header.from);
            receive(header ? first.subarray(header.bytes) : first);
            socket.on("data", receive);
        });
        const receive = (chunk: Buffer) => {
            // A very long line is counted, not kept.
            const text = rest + chunk.toString("latin1");
            const lines = text.split("\n");
            rest = lines.pop()!;
            if (rest.length > 1_000) {
                this.take(socket, rest);
                rest = "";
            }
            for (const line of lines) {
                if (line.trim() === "PING") {
                    if (this.fault === "none") socket.write("PONG\r\n");
                } else {
                    this.take(socket, line);
                    this.lines++;
                }
            }
        };
    }

    private take(socket: Socket, text: string): void {
        this.bytes += text.length;
        if (this.senders.has(socket)) return;
        this.senders.add(socket);
        this.sendersEver++;
        this.lastProxied = this.proxied.get(socket) ?? "";
    }
}

const V2 = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

/** A PROXY header at the start of a connection: https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt */
function proxyHeader(first: Buffer): { from: string; bytes: number } | undefined {
    if (first.subarray(0, V2.length).equals(V2)) {
        const bytes = 16 + first.readUInt16BE(14);
        return { from: `v2 ${[...first.subarray(16, 20)].join(".")}`, bytes };
    }
    const line = /^PROXY TCP4 (\S+) [^\r]*\r\n/.exec(first.toString("latin1"));
    return line ? { from: `v1 ${line[1]}`, bytes: line[0].length } : undefined;
}

function listen(server: Server | HttpServer, port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, 4_096, () => resolve());
    });
}

function close(server: Server | HttpServer): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
}
