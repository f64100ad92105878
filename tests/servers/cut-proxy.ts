import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** A TCP proxy on loopback that tests cut and heal: the network between a client and a server. */
export class CutProxy {
    private readonly sockets = new Set<Socket>();
    private isCut = false;
    private delayMs = 0;

    private constructor(
        private readonly server: Server,
        /** Where clients connect. */
        readonly port: number,
    ) {}

    /** Forwards a free loopback port (or `listenPort`) to `targetPort`. */
    static async start(targetPort: number, listenPort = 0): Promise<CutProxy> {
        const server = createServer();
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(listenPort, "127.0.0.1", resolve);
        });
        const proxy = new CutProxy(server, (server.address() as AddressInfo).port);
        server.on("connection", (client) => proxy.forward(client, targetPort));
        return proxy;
    }

    /** Resets every connection and refuses new ones until heal. */
    cut(): void {
        this.isCut = true;
        for (const socket of this.sockets) socket.resetAndDestroy();
    }

    /** Lets connections through again. */
    heal(): void {
        this.isCut = false;
    }

    /** Holds each chunk back by that many milliseconds, both ways. */
    delay(ms: number): void {
        this.delayMs = ms;
    }

    /** Cuts everything and stops listening. */
    async stop(): Promise<void> {
        this.cut();
        await new Promise<void>((resolve) => this.server.close(() => resolve()));
    }

    private forward(client: Socket, targetPort: number): void {
        if (this.isCut) return void client.resetAndDestroy();
        const upstream = connect(targetPort, "127.0.0.1");
        for (const [from, to] of [
            [client, upstream],
            [upstream, client],
        ] as const) {
            this.sockets.add(from);
            from.setNoDelay(true);
            from.on("data", (chunk) => {
                if (this.delayMs > 0)
                    setTimeout(() => to.writable && to.write(chunk), this.delayMs);
                else if (to.writable && !to.write(chunk)) {
                    from.pause();
                    to.once("drain", () => from.resume());
                }
            });
            from.on("error", () => to.destroy());
            from.on("close", () => {
                this.sockets.delete(from);
                to.destroy();
            });
        }
    }
}
