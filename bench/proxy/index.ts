/** Throughput of the rendered proxy configurations beside minimal ones, written by hand, of the same proxy. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROXY_DEFAULTS, ProxyEngine, type ProxySpec } from "logcaster-model/proxy-config";
import {
    engineOf,
    freePort,
    nginxBuild,
    type ProxyBinary,
    proxyDirectory,
    type ProxyServerProcess,
    startProxy,
    whyNoServer,
} from "../../tests/servers";
import { median, type Section, table } from "../section";
import { HOSTS } from "./backend";

const BINARIES = {
    debianHaproxy: "HAProxy 2.6 (Debian)",
    haproxy: "HAProxy 2.8",
    debianNginx: "NGINX 1.22 (Debian)",
    nginx: "NGINX 1.31",
} as const satisfies Partial<Record<ProxyBinary, string>>;
const ROUNDS = 15;
/** Nobody listens: NGINX's /health is not measured. */
const NO_PORT = 1;
/** Short and many: the noise of a busy machine falls on both. */
const RUN_MS = 300;
const SECOND_MS = 1_000;
const KEPT = 50;
const CONNECTING = 16;
const MAX_CONNECTIONS = 4_000;
/** /proc counts CPU time in hundredths of a second. */
const TICK_US = 10_000;
/** The rendered configuration is meant to carry at least so much of the minimal one's. */
const FLOOR = 0.95;

type Load = "kept" | "new";

/** What a fleet's proxy has: health, limits a source and a backend, keepalive, slow start, metrics. */
async function rendered(name: ProxyBinary, port: number): Promise<ProxySpec> {
    const isHaproxy = engineOf(name) === ProxyEngine.Haproxy;
    return {
        listeners: [
            {
                name: "line",
                protocol: "line",
                address: "127.0.0.1",
                port: await freePort(),
                balance: "least-connections",
                backends: {
                    from: "list",
                    servers: HOSTS.map((host, i) => ({ name: `b${i}`, host, port })),
                },
                check: isHaproxy ? PROXY_DEFAULTS.pingPong : PROXY_DEFAULTS.passive,
                ...(isHaproxy ? { slowStartSeconds: PROXY_DEFAULTS.slowStartSeconds } : {}),
                connectionsPerServer: MAX_CONNECTIONS,
                perSource: { connections: MAX_CONNECTIONS },
                connectTimeoutSeconds: PROXY_DEFAULTS.connectTimeoutSeconds,
                idleTimeoutSeconds: PROXY_DEFAULTS.lineIdleTimeoutSeconds,
            },
        ],
        admin: { address: "127.0.0.1", port: await freePort(), backendHealthPort: NO_PORT },
        runDirectory: proxyDirectory(),
        maxConnections: MAX_CONNECTIONS,
        threads: 1,
        drainSeconds: 5,
    };
}

/** The least that carries the same connections. */
async function minimal(name: ProxyBinary, spec: ProxySpec, port: number): Promise<string> {
    const listen = `127.0.0.1:${spec.listeners[0]!.port}`;
    const admin = `127.0.0.1:${spec.admin.port}`;
    if (engineOf(name) === ProxyEngine.Haproxy) {
        return `global
    maxconn ${MAX_CONNECTIONS}
    nbthread 1
defaults
    mode tcp
    timeout connect 5s
    timeout client 1h
    timeout server 1h
frontend line
    bind ${listen}
    default_backend line
backend line
    balance leastconn
${HOSTS.map((host, i) => `    server b${i} ${host}:${port}\n`).join("")}
frontend admin
    bind ${admin}
    mode http
    monitor-uri /health
`;
    }
    const { modules = [] } = await nginxBuild(name);
    return `${modules.map((file) => `load_module ${file};\n`).join("")}worker_processes 1;
pid ${spec.runDirectory}/nginx.pid;
error_log stderr;
events { worker_connections ${2 * MAX_CONNECTIONS}; }
stream {
    upstream line { least_conn; ${HOSTS.map((host) => `server ${host}:${port};`).join(" ")} }
    server { listen ${listen}; proxy_pass line; }
}
http {
    client_body_temp_path ${spec.runDirectory}/a; proxy_temp_path ${spec.runDirectory}/b;
    fastcgi_temp_path ${spec.runDirectory}/c; uwsgi_temp_path ${spec.runDirectory}/d; scgi_temp_path ${spec.runDirectory}/e;
    access_log off;
    server { listen ${admin}; return 200; }
}
`;
}

/** PINGs answered in the time, over connections that stay. */
async function kept(port: number): Promise<number> {
    let count = 0;
    const sockets = Array.from({ length: KEPT }, () => connect({ port, noDelay: true }));
    for (const socket of sockets) {
        socket.on("connect", () => socket.write("PING\r\n"));
        socket.on("data", () => {
            count++;
            socket.write("PING\r\n");
        });
    }
    await sleep(RUN_MS / 3); // all connected
    count = 0;
    await sleep(RUN_MS);
    const result = count;
    sockets.forEach((socket) => socket.destroy());
    return result;
}

/** Connections made, PINGed and closed in the time. */
async function fresh(port: number): Promise<number> {
    let count = 0;
    let isOver = false;
    const open = new Set<Socket>();
    const next = () => {
        if (isOver) return;
        const socket = connect({ port, noDelay: true }, () => socket.write("PING\r\n"));
        open.add(socket);
        socket.on("data", () => {
            count++;
            socket.destroy();
        });
        socket.on("close", () => {
            open.delete(socket);
            next();
        });
    };
    for (let i = 0; i < CONNECTING; i++) next();
    await sleep(RUN_MS);
    isOver = true;
    open.forEach((socket) => socket.destroy());
    return count;
}

/** CPU time of a process and all below it. */
function cpuMicroseconds(root: number): number {
    const children = new Map<number, number[]>();
    const time = new Map<number, number>();
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
            const fields = stat
                .slice(stat.lastIndexOf(")") + 2)
                .split(" ")
                .map(Number);
            const parent = fields[1]!;
            children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
            time.set(Number(pid), (fields[11]! + fields[12]!) * TICK_US);
        } catch {
            // It ended meanwhile.
        }
    }
    const sum = (pid: number): number =>
        (children.get(pid) ?? []).reduce((all, child) => all + sum(child), time.get(pid) ?? 0);
    return sum(root);
}

const total = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0);
const perSecond = (count: number) => Math.round((count * SECOND_MS) / RUN_MS).toLocaleString("en");

interface Sample {
    readonly count: number;
    readonly cpu: number;
}

async function sample(proxy: ProxyServerProcess, port: number, load: Load): Promise<Sample> {
    const before = cpuMicroseconds(proxy.process.pid!);
    const count = await (load === "kept" ? kept : fresh)(port);
    return { count, cpu: cpuMicroseconds(proxy.process.pid!) - before };
}

/** Ratios of the rendered configuration to the minimal one: the median of rounds side by side. */
async function compare(name: ProxyBinary, backend: number) {
    const specs = [await rendered(name, backend), await rendered(name, backend)] as const;
    const ours = await startProxy(name, specs[0]);
    const peer = await startProxy(name, specs[1], await minimal(name, specs[1], backend));
    const ports = specs.map(({ listeners }) => listeners[0]!.port) as [number, number];
    const rows: Record<Load, { ours: Sample; peer: Sample }[]> = { kept: [], new: [] };
    for (let round = 0; round <= ROUNDS; round++) {
        for (const load of ["kept", "new"] as const) {
            // Who goes first takes turns: what warms up or tires is the machine's, not one's.
            const first = round % 2 === 0;
            const a = first ? await sample(ours, ports[0], load) : undefined;
            const peerSample = await sample(peer, ports[1], load);
            const oursSample = a ?? (await sample(ours, ports[0], load));
            if (round > 0) rows[load].push({ ours: oursSample, peer: peerSample });
        }
    }
    await ours.dispose();
    await peer.dispose();
    return rows;
}

/** Measures all four proxies. */
export async function measure(): Promise<Section> {
    const child = fork(join(__dirname, "backend.ts"), {
        execArgv: ["-r", "ts-node/register/transpile-only"],
    });
    const lines: string[][] = [];
    const skipped: string[] = [];
    const low: string[] = [];
    try {
        const [port] = (await once(child, "message")) as [number];
        for (const [name, title] of Object.entries(BINARIES) as [ProxyBinary, string][]) {
            const why = await whyNoServer(name);
            if (why) {
                skipped.push(why);
                continue;
            }
            const rows = await compare(name, port);
            for (const load of ["kept", "new"] as const) {
                const of = (pick: (row: { ours: Sample; peer: Sample }) => number) =>
                    median(rows[load].map(pick));
                const ratio = of(({ ours, peer }) => ours.count / peer.count);
                // Over all rounds: the clock of CPU time is coarse.
                const cost = (samples: readonly Sample[]) =>
                    total(samples.map((s) => s.cpu)) / total(samples.map((s) => s.count));
                const cpu =
                    cost(rows[load].map(({ ours }) => ours)) /
                    cost(rows[load].map(({ peer }) => peer));
                if (ratio < FLOOR) low.push(`${title}, ${load}: ${ratio.toFixed(2)}`);
                lines.push([
                    title,
                    load === "kept" ? `PING/PONG on ${KEPT} kept connections` : "new connections",
                    perSecond(of(({ peer }) => peer.count)),
                    perSecond(of(({ ours }) => ours.count)),
                    ratio.toFixed(2),
                    cpu.toFixed(2),
                ]);
            }
        }
    } finally {
        child.kill();
    }
    const head = [
        "proxy",
        "load",
        "minimal, a second",
        "rendered, a second",
        "ratio",
        "its CPU time an operation",
    ];
    return {
        title: "Proxies: the rendered configuration beside a minimal one",
        text: [
            `Each proxy runs on one thread, once with what \`model/proxy-config\` renders (PING/PONG checks, limits a source and a backend, keepalive, slow start, metrics) and once with the least that carries the same connections; ${ROUNDS} rounds in turns, medians of the ratios. Load, proxy and backends share the machine, so the last column says what the proxy itself costs: its CPU time for one operation, rendered over minimal.`,
            table(head, lines),
            low.length > 0
                ? `Below the ${FLOOR} that we want: ${low.join("; ")}.`
                : `All at least ${FLOOR} of the minimal configuration.`,
            ...(skipped.length > 0 ? [`Not measured: ${skipped.join("; ")}.`] : []),
        ].join("\n\n"),
    };
}
