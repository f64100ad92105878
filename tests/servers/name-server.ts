import { createSocket, type Socket as UdpSocket } from "node:dgram";
import * as dns from "dns-packet";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** What fits a datagram for every resolver; what is longer is asked for again over TCP. */
const DATAGRAM_BYTES = 512;

/**
 * A name server over TCP and UDP that answers what a headless Service of Kubernetes answers: SRV questions for one name, each
 * target with its address beside it, and the addresses of each target and of the Service.
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
        private readonly datagrams: UdpSocket,
    ) {}

    static async start(name: string, port: number): Promise<FakeNameServer> {
        const server = createServer();
        const datagrams = createSocket("udp4");
        const fake = new FakeNameServer(name.toLowerCase(), server, datagrams);
        server.on("connection", (socket) => fake.serve(socket));
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
        datagrams.on("message", (question, { port: from, address }) => {
            datagrams.send(fake.datagram(dns.decode(question)), from, address);
        });
        await new Promise<void>((resolve, reject) => {
            datagrams.once("error", reject);
            datagrams.bind(port, "127.0.0.1", resolve);
        });
        return fake;
    }

    get address(): string {
        return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Stops answering; a second time nothing happens. */
    async stop(): Promise<void> {
        if (!this.server.listening) return;
        for (const socket of this.sockets) socket.destroy();
        this.datagrams.close();
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
                socket.write(
                    dns.streamEncode(this.answer(dns.streamDecode(rest.subarray(0, end)))),
                );
                rest = rest.subarray(end);
            }
        });
    }

    private datagram(query: dns.Packet): Buffer {
        const answer = this.answer(query);
        const whole = dns.encode(answer);
        if (whole.length <= DATAGRAM_BYTES) return whole;
        const flags = answer.flags! | dns.TRUNCATED_RESPONSE;
        return dns.encode({ ...answer, flags, answers: [], additionals: [] });
    }

    private answer(query: dns.Packet): dns.Packet {
        this.questions++;
        const [question] = query.questions ?? [];
        const found = question && !this.isBroken ? this.find(question) : [];
        const isSrv = found.some(({ type }) => type === "SRV");
        const SERVER_FAILED = 2;
        return {
            type: "response",
            id: query.id ?? 0,
            flags: dns.AUTHORITATIVE_ANSWER | (this.isBroken ? SERVER_FAILED : 0),
            questions: query.questions ?? [],
            answers: found,
            additionals: isSrv ? this.records.map((one) => addressOf(one.target, one)) : [],
        };
    }

    private find({ type, name }: dns.Question): dns.Answer[] {
        const asked = name.toLowerCase();
        if (type === "SRV" && asked === this.name) {
            return this.records.map(({ target, port }) => ({
                type: "SRV",
                name,
                ttl: 1,
                data: { target, port, weight: 1, priority: 0 },
            }));
        }
        if (type !== "A") return [];
        // _port._protocol.service: the service's own name holds every address.
        const service = this.name.split(".").slice(2).join(".");
        return this.records
            .filter(({ target }) => asked === service || asked === target.toLowerCase())
            .map((one) => addressOf(name, one));
    }
}

function addressOf(name: string, { address }: { readonly address: string }): dns.Answer {
    return { type: "A", name, ttl: 1, data: address };
}
