import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
    PROXY_DEFAULTS,
    ProxyEngine,
    type ProxyListener,
    type ProxySpec,
} from "logcaster-model/proxy-config";
import { engineOf, FakeLogCaster, freePort, type ProxyBinary, proxyDirectory } from "../servers";

/** Every proxy that must work. */
export const BINARIES = ["debianHaproxy", "haproxy", "debianNginx", "nginx"] as const;
export const HAPROXIES = ["debianHaproxy", "haproxy"] as const;
export const NGINXES = ["debianNginx", "nginx"] as const;

const START_ATTEMPTS = 5;

/** Checks as quick as whole seconds allow; counts as in the brief. */
export const QUICK_CHECK = { ...PROXY_DEFAULTS.pingPong, intervalSeconds: 1 };

/** A specification with one listener of the line protocol on free ports; `change` wins. */
export async function lineSpec(
    name: ProxyBinary,
    backends: ProxyListener["backends"],
    change: Partial<ProxyListener> = {},
    wide: Partial<ProxySpec> = {},
): Promise<ProxySpec> {
    const isHaproxy = engineOf(name) === ProxyEngine.Haproxy;
    return {
        listeners: [
            {
                name: "line",
                protocol: "line",
                address: "127.0.0.1",
                port: await freePort(),
                balance: "least-connections",
                backends,
                check: isHaproxy ? QUICK_CHECK : PROXY_DEFAULTS.passive,
                connectTimeoutSeconds: 2,
                idleTimeoutSeconds: PROXY_DEFAULTS.lineIdleTimeoutSeconds,
                ...change,
            },
        ],
        admin: {
            address: "127.0.0.1",
            port: await freePort(),
            ...(isHaproxy ? {} : { backendHealthPort: 1 }),
        },
        runDirectory: proxyDirectory(),
        maxConnections: 2_000,
        threads: 1,
        drainSeconds: 60,
        ...wide,
    };
}

/** Fakes on 127.0.1.1, 127.0.1.2, ... that share a line port and a health port. */
export async function startFakes(count: number): Promise<FakeLogCaster[]> {
    for (let attempt = 1; ; attempt++) {
        // Free on 127.0.0.1; another process's fakes may have them on 127.0.1.x.
        const ports = { port: await freePort(), httpPort: await freePort() };
        const started = await Promise.allSettled(
            Array.from({ length: count }, (_, i) =>
                FakeLogCaster.start({ name: `b${i + 1}`, host: `127.0.1.${i + 1}`, ...ports }),
            ),
        );
        const fakes = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
        if (fakes.length === count) return fakes;
        await stopAll(fakes);
        if (attempt === START_ATTEMPTS) {
            throw started.find((one) => one.status === "rejected")?.reason;
        }
    }
}

/** The fakes as a list of backends. */
export const listOf = (
    fakes: readonly FakeLogCaster[],
    more: (i: number) => { weight?: number; backup?: boolean } = () => ({}),
): ProxyListener["backends"] => ({
    from: "list",
    servers: fakes.map(({ name, host, port }, i) => ({ name, host, port, ...more(i) })),
});

/** A connection that has sent a line, as a log shipper keeps it; `isClosed` once the other side has ended it. */
export interface Sender {
    readonly socket: Socket;
    isClosed: boolean;
}

const open = new Set<Socket>();

/** Ends every sender: after each test, whether it passed or not. */
export function closeSenders(): void {
    for (const socket of open) socket.destroy();
    open.clear();
}

export function openSender(port: number): Promise<Sender> {
    return new Promise((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => {
            socket.write("first line\n", () => resolve(sender));
        });
        const sender: Sender = { socket, isClosed: false };
        open.add(socket);
        socket.on("close", () => {
            open.delete(socket);
            sender.isClosed = true;
        });
        socket.on("error", reject);
        socket.resume();
    });
}

/** Senders one after the other, each counted by a backend before the next: least-connections then has one right answer. */
export async function openSenders(
    port: number,
    count: number,
    fakes: readonly FakeLogCaster[],
): Promise<Sender[]> {
    const senders: Sender[] = [];
    const ever = () => fakes.reduce((sum, { sendersEver }) => sum + sendersEver, 0);
    for (let i = 0; i < count; i++) {
        const before = ever();
        senders.push(await openSender(port));
        await until(`sender ${i + 1} to arrive`, () => ever() > before);
    }
    return senders;
}

/** One PING over a connection of its own; what came back until PONG, the end or the time. */
export function ping(port: number, timeoutMs = 5_000): Promise<string> {
    return new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
        let answer = "";
        const done = (how: string) => {
            clearTimeout(timer);
            socket.destroy();
            resolve(how);
        };
        const timer = setTimeout(() => done(`no answer in ${timeoutMs} ms`), timeoutMs);
        socket.on("data", (data) => {
            answer += data.toString();
            if (answer.includes("\n")) done(answer.trim());
        });
        socket.on("error", (error) => done(error.message));
        socket.on("close", () => done("closed"));
    });
}

/** Waits for something that comes by itself; fails, saying what, when it does not. */
export async function until(
    what: string,
    is: () => boolean | Promise<boolean>,
    timeoutMs = 30_000,
): Promise<void> {
    for (const start = Date.now(); Date.now() - start < timeoutMs;) {
        if (await is()) return;
        await sleep(10);
    }
    throw new Error(`waited ${timeoutMs} ms for ${what}`);
}

export const stopAll = (fakes: readonly FakeLogCaster[]) =>
    Promise.all(fakes.map((fake) => fake.stop()));
