import * as dns from "dns-packet";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/**
 * A name server over TCP that answers SRV questions for one name: what a headless Service of Kubernetes answers, each target
 * with its address beside it.
 */
export class FakeNameServer {
    /** Targets now. */
    records: readonly {
        readonly target: string;
        readonly port: number;
        readonly address: string;
    }[] = [];
    /** Answer that the server failed. */
    isBroken = false;
    /** Questions asked. */
    questions = 0;
    private readonly sockets = new Set<Socket>();

    private constructor(
        readonly name: string,
        private readonly server: Server,
    ) {}

    static async start(name: string, port: number): Promise<FakeNameServer> {
        const server = createServer();
        const fake = new FakeNameServer(name.toLowerCase(), server);
        server.on("connection", (socket) => fake.serve(socket));
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
        return fake;
    }

    get address(): string {
        return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        for (const socket of this.sockets) socket.destroy();
        await new Promise<void>((resolve) => this.server.close(() => resolve()));
    }

    private serve(socket: Socket): void {
        this.sockets.add(socket);
        socket.on("close", () => this.sockets.delete(socket)).on("error", () => undefined);
        let rest = Buffer.alloc(0);
        socket.on("data", (chunk) => {
            rest = Buffer.concat([rest, chunk]);
            // Two bytes of length before each message.
            while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
                const end = 2 + rest.readUInt16BE(0);
                socket.write(this.answer(dns.streamDecode(rest.subarray(0, end))));
                rest = rest.subarray(end);
            }
        });
    }

    private answer(query: dns.Packet): Buffer {
        this.questions++;
        const [question] = query.questions ?? [];
        const isMine = question?.type === "SRV" && question.name.toLowerCase() === this.name;
        const SERVER_FAILED = 2;
        return dns.streamEncode({
            type: "response",
            id: query.id ?? 0,
            flags: dns.AUTHORITATIVE_ANSWER | (this.isBroken ? SERVER_FAILED : 0),
            questions: query.questions ?? [],
            answers:
                isMine && !this.isBroken
                    ? this.records.map(({ target, port }) => ({
                          type: "SRV" as const,
                          name: question.name,
                          ttl: 1,
                          data: { target, port, weight: 1, priority: 0 },
                      }))
                    : [],
            additionals: isMine
                ? this.records.map(({ target, address }) => ({
                      type: "A" as const,
                      name: target,
                      ttl: 1,
                      data: address,
                  }))
                : [],
        });
    }
}
