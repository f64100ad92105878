import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { PartitionTable } from "logcaster-model/partitions";
import { Connection, ConnectionLost, retrying } from "../router/connection";
import { formCluster, waitUntilWhole } from "./cluster-form";
import { BadInput, MigrationStopped } from "./errors";
import { BUS_DISTANCE, canListen, withBuses } from "./node-ports";

const run = promisify(execFile);
const START_TIMEOUT_MS = 20_000;
const AGREE_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const STOP_POLL_MS = 50;
const MANIFEST = "cluster.json";

/** A cluster on this machine. */
export interface LocalCluster {
    readonly directory: string;
    readonly firstPort: number;
    readonly nodes: number;
    readonly replicas: number;
    readonly server: string | undefined;
    readonly password: string | undefined;
    readonly tls: { readonly cert: string; readonly key: string; readonly ca: string } | undefined;
    readonly maxMemory: string;
    readonly maxMemoryPolicy: string;
    /** More configuration, as `directive=value`. */
    readonly directives: readonly string[];
}

interface Manifest {
    readonly server: string;
    readonly urls: readonly string[];
    readonly ca?: string;
}

/**
 * Starts the nodes, each with a directory, a port, a log and an append-only file of its own, joins
 * them and waits until all agree.
 * @throws BadInput when the directory holds a cluster, a port is taken or the server program is missing; nothing is left then.
 */
export async function createLocalCluster(
    cluster: LocalCluster,
): Promise<{ table: PartitionTable; urls: readonly string[] }> {
    const manifestFile = path.join(cluster.directory, MANIFEST);
    if (await readManifest(cluster.directory).catch(() => undefined)) {
        throw new BadInput(
            `${manifestFile} is there already: start or stop that cluster, or name another --dir.`,
        );
    }
    if (cluster.tls && (cluster.tls.key === "" || cluster.tls.ca === "")) {
        throw new BadInput("TLS needs all three: --tls-cert, --tls-key and --tls-ca.");
    }
    const server = cluster.server ?? (await findServer());
    const ports = Array.from({ length: cluster.nodes }, (_, index) => cluster.firstPort + index);
    await refuseTakenPorts(ports);
    const scheme = cluster.tls ? "rediss" : "redis";
    const password = cluster.password ? `:${encodeURIComponent(cluster.password)}@` : "";
    const urls = ports.map((port) => `${scheme}://${password}127.0.0.1:${port}`);
    for (const port of ports) {
        const directory = path.join(cluster.directory, String(port));
        await mkdir(directory, { recursive: true, mode: 0o700 });
        const file = path.join(directory, "node.conf");
        // The password is in it.
        await writeFile(file, nodeConfiguration(cluster, port), { mode: 0o600 });
    }
    const manifest: Manifest = { server, urls, ...(cluster.tls ? { ca: cluster.tls.ca } : {}) };
    await writeFile(manifestFile, JSON.stringify(manifest), { mode: 0o600 });
    const members = await startNodes(cluster.directory, manifest);
    try {
        const shape = { replicas: cluster.replicas, timeoutMs: AGREE_TIMEOUT_MS };
        const table = await formCluster(members, shape);
        return { table, urls };
    } finally {
        for (const member of members) member.close();
    }
}

/** Starts the nodes of a cluster that was stopped; answers how many. */
export async function startLocalCluster(directory: string): Promise<number> {
    const manifest = await readManifest(directory);
    const members = await startNodes(directory, manifest);
    try {
        await waitUntilWhole(members, AGREE_TIMEOUT_MS);
        return members.length;
    } finally {
        for (const member of members) member.close();
    }
}

/** Stops every node cleanly and waits until it is gone; answers how many ran. */
export async function stopLocalCluster(directory: string): Promise<number> {
    const manifest = await readManifest(directory);
    let stopped = 0;
    // Replicas first: a primary waits for replicas that lag before it goes.
    for (const url of [...manifest.urls].reverse()) {
        const connection = connectionTo(manifest, url);
        const pidFile = path.join(directory, new URL(url).port, "node.pid");
        const pid = Number(await readFile(pidFile, "utf8").catch(() => 0));
        try {
            await connection.call("SHUTDOWN");
        } catch (error) {
            if (!(error instanceof ConnectionLost)) throw error;
        }
        connection.close();
        if (pid === 0) continue;
        await waitUntilGone(pid, pidFile, url);
        stopped++;
    }
    return stopped;
}

async function waitUntilGone(pid: number, pidFile: string, url: string): Promise<void> {
    // A server that stops cleanly removes its file last; its process may stay as a zombie for a while.
    for (let waited = 0; existsSync(pidFile) && isAlive(pid); waited += STOP_POLL_MS) {
        if (waited > STOP_TIMEOUT_MS) {
            throw new MigrationStopped(
                `The node at ${new URL(url).host} did not stop within ${STOP_TIMEOUT_MS} ms.`,
            );
        }
        await sleep(STOP_POLL_MS);
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

async function startNodes(directory: string, manifest: Manifest): Promise<Connection[]> {
    for (const url of manifest.urls) {
        const home = path.join(directory, new URL(url).port);
        await run(manifest.server, ["node.conf"], { cwd: home }).catch((error: Error) => {
            throw new MigrationStopped(
                `${manifest.server} does not start in ${home}: ${error.message}`,
            );
        });
    }
    const members = manifest.urls.map((url) => connectionTo(manifest, url));
    try {
        await Promise.all(
            members.map((member) => retrying(() => member.call("PING"), START_TIMEOUT_MS)),
        );
        return members;
    } catch (error) {
        for (const member of members) member.close();
        throw error;
    }
}

async function refuseTakenPorts(ports: readonly number[]): Promise<void> {
    const all = withBuses(ports);
    const isFree = await Promise.all(all.map(canListen));
    const taken = all.filter((_, index) => !isFree[index]);
    if (taken.length === 0) return;
    throw new BadInput(
        `In use on this machine: ${taken.join(", ")}. Each node needs its port and, ${BUS_DISTANCE} above it, one for the cluster's bus: name another --port.`,
    );
}

function connectionTo(manifest: Manifest, url: string): Connection {
    return new Connection({ url, ...(manifest.ca ? { caFile: manifest.ca } : {}) });
}

function nodeConfiguration(cluster: LocalCluster, port: number): string {
    const { password, tls } = cluster;
    const lines = [
        "bind 127.0.0.1",
        "daemonize yes",
        "pidfile node.pid",
        "logfile node.log",
        "cluster-enabled yes",
        "cluster-config-file nodes.conf",
        "cluster-node-timeout 5000",
        // An emptied primary stays one, ready to take slots again.
        "cluster-allow-replica-migration no",
        "appendonly yes",
        'save ""',
        `maxmemory ${cluster.maxMemory}`,
        `maxmemory-policy ${cluster.maxMemoryPolicy}`,
        ...(password
            ? [`requirepass "${quoted(password)}"`, `masterauth "${quoted(password)}"`]
            : []),
        ...cluster.directives.map((directive) => directive.replace("=", " ")),
    ];
    if (!tls) return [`port ${port}`, ...lines, ""].join("\n");
    const files = [
        `tls-cert-file ${tls.cert}`,
        `tls-key-file ${tls.key}`,
        `tls-ca-cert-file ${tls.ca}`,
    ];
    const only = ["port 0", `tls-port ${port}`, "tls-replication yes", "tls-cluster yes"];
    return [...only, "tls-auth-clients no", ...files.map(absolute), ...lines, ""].join("\n");
}

function absolute(directive: string): string {
    const [name, file] = directive.split(" ");
    return `${name} ${path.resolve(file!)}`;
}

function quoted(text: string): string {
    return text.replace(/["\\]/g, "\\$&");
}

async function findServer(): Promise<string> {
    for (const name of ["valkey-server", "redis-server"]) {
        const isThere = await run(name, ["--version"]).then(
            () => true,
            () => false,
        );
        if (isThere) return name;
    }
    throw new BadInput(
        "Neither valkey-server nor redis-server is on PATH: name one with --server PATH.",
    );
}

async function readManifest(directory: string): Promise<Manifest> {
    const file = path.join(directory, MANIFEST);
    const text = await readFile(file, "utf8").catch(() => {
        throw new BadInput(`There is no cluster in ${directory}: ${MANIFEST} is missing.`);
    });
    return JSON.parse(text) as Manifest;
}
