/** Three backends that answer each line with PONG, in a process of their own; prints its port when they listen. */
import { createServer } from "node:net";
import { freePort } from "../../tests/servers/ports";

export const HOSTS = ["127.0.1.1", "127.0.1.2", "127.0.1.3"] as const;
const LINE_FEED = 10;

async function main(): Promise<void> {
    const port = await freePort();
    await Promise.all(
        HOSTS.map(
            (host) =>
                new Promise<void>((resolve) => {
                    const server = createServer({ noDelay: true }, (socket) => {
                        socket.on("error", () => undefined);
                        socket.on("data", (data) => {
                            if (data.at(-1) === LINE_FEED) socket.write("PONG\r\n");
                        });
                    });
                    server.listen(port, host, 4_096, resolve);
                }),
        ),
    );
    process.send!(port);
}

if (require.main === module) void main();
