import { randomInt } from "node:crypto";
import { BUS_DISTANCE, canListen, withBuses } from "../../dataplane/migrate/node-ports";

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

/** The first of `count` ports in a row for nodes of a cluster: nobody listens on them, nor on those of their bus. */
export async function freeNodePorts(count: number): Promise<number> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const first = randomInt(FIRST_PORT, LAST_PORT - BUS_DISTANCE - count);
        const ports = withBuses(Array.from({ length: count }, (_, i) => first + i));
        if (ports.some((port) => handedOut.has(port))) continue;
        if (!(await Promise.all(ports.map(canListen))).every(Boolean)) continue;
        for (const port of ports) handedOut.add(port);
        return first;
    }
    throw new Error(`No ${count} free ports in a row, with a bus each, on loopback.`);
}
