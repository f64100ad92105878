import { createServer } from "node:net";
import { randomInt } from "node:crypto";

// Below the kernel's ephemeral range (32768..): a server that is killed and restarted on its port
// must not find it taken by somebody's outgoing connection meanwhile.
const FIRST_PORT = 12_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 100;

const handedOut = new Set<number>();

/** A TCP port on loopback that nobody listens on; never handed out twice by one process. */
export async function freePort(): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const port = randomInt(FIRST_PORT, LAST_PORT);
        if (handedOut.has(port) || !(await canListen(port))) continue;
        handedOut.add(port);
        return port;
    }
    throw new Error(`No free port between ${FIRST_PORT} and ${LAST_PORT} on loopback.`);
}

function canListen(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const probe = createServer();
        probe.once("error", () => resolve(false));
        probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
}
