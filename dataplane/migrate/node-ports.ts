import { createServer } from "node:net";

/** A node's bus listens this far above its port. Source: cluster specification, "The cluster bus". */
export const BUS_DISTANCE = 10_000;

/** The ports of nodes and of their buses. */
export const withBuses = (ports: readonly number[]): number[] =>
    ports.flatMap((port) => [port, port + BUS_DISTANCE]);

/** Whether nobody listens on a port of this machine's loopback. */
export function canListen(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const probe = createServer();
        probe.once("error", () => resolve(false));
        probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
}
