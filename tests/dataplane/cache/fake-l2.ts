import { once } from "node:events";
import { type AddressInfo, type Socket, createServer } from "node:net";

/** The commands by which a connection begins; every other is the test's to answer. */
const GREETINGS: Readonly<Record<string, string>> = { HELLO: "%0\r\n", CLIENT: "+OK\r\n" };

/** A server that speaks as much RESP3 as a cache needs to connect, and answers commands as the test says. */
export class FakeL2 {
    /** Names of the commands that came, greetings apart. */
    readonly commands: string[] = [];
    /** The reply as RESP, or undefined: it never comes. */
    answer: (command: string) => string | undefined = () => undefined;

    private readonly sockets = new Set<Socket>();
    private readonly server = createServer((socket) => this.serve(socket));

    static async start(): Promise<FakeL2> {
        const fake = new FakeL2();
        fake.server.listen(0, "127.0.0.1");
        await once(fake.server, "listening");
        return fake;
    }

    get url(): string {
        return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async stop(): Promise<void> {
        for (const socket of this.sockets) socket.destroy();
        await new Promise<void>((resolve) => this.server.close(() => resolve()));
    }

    private serve(socket: Socket): void {
        this.sockets.add(socket);
        socket.on("error", () => undefined);
        let unread = "";
        socket.setEncoding("latin1").on("data", (text: string) => {
            unread += text;
            for (let read = request(unread); read; read = request(unread)) {
                unread = unread.slice(read.length);
                const greeting = GREETINGS[read.command];
                if (greeting === undefined) this.commands.push(read.command);
                const reply = greeting ?? this.answer(read.command);
                if (reply !== undefined) socket.write(reply, "latin1");
            }
        });
    }
}

/** The first request of a stream, an array of bulk strings, once it is there in full. */
function request(text: string): { command: string; length: number } | undefined {
    const [head, count] = /^\*(\d+)\r\n/.exec(text) ?? [];
    if (head === undefined) return undefined;
    let length = head.length;
    let command = "";
    for (let i = 0; i < Number(count); i++) {
        const [size, bytes] = /^\$(\d+)\r\n/.exec(text.slice(length)) ?? [];
        if (size === undefined) return undefined;
        const start = length + size.length;
        length = start + Number(bytes) + "\r\n".length;
        if (length > text.length) return undefined;
        if (i === 0) command = text.slice(start, start + Number(bytes)).toUpperCase();
    }
    return { command, length };
}
