/**
 * Pods of a ValkeyCluster without Kubernetes: the component's own scripts and configuration round real servers, each pod with an
 * address of its own out of 127.0.0.0/8, so that a restarted one can come back at another, and a name service of a file.
 */
import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
    renderConfiguration,
    renderReplication,
    renderUsers,
    type TlsFiles,
} from "logcaster-scaling/kubernetes/valkey/configuration";
import { ACCESS } from "logcaster-scaling/kubernetes/valkey/defaults";
import { podNames } from "logcaster-scaling/kubernetes/valkey/names";
import { renderScripts } from "logcaster-scaling/kubernetes/valkey/scripts";
import { Connection } from "../../dataplane/router";
import { serverBinary } from "../servers/install";
import { freePort } from "../servers/ports";
import { removeTemporaryDirectory, temporaryDirectory } from "../servers/process";

const run = promisify(execFile);

export type ServerKind = "valkey" | "redis";
const DOMAIN = "nodes.test.svc.cluster.local";
const PASSWORDS = { operator: "o", replication: "r", migrator: "m", logcaster: "l" };
const POLL_MS = 100;
const PATIENCE_MS = 90_000;
const LOG_TAIL_CHARACTERS = 4_000;

/** Addresses that no other cluster of this process, and hardly one of another, has. */
const NETWORK = `127.${100 + (process.pid % 100)}.0`;
const MOST_ADDRESSES = 250;
let addresses = 0;
const newAddress = () => `${NETWORK}.${++addresses}`;

/** Asks until it is so. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await holds().catch(() => false))) {
        if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
        await sleep(POLL_MS);
    }
}

export class Pod {
    address = newAddress();
    output = "";
    private child: ChildProcess | undefined;

    constructor(
        readonly name: string,
        readonly folder: string,
        private readonly pods: ValkeyPods,
    ) {}

    url(user: keyof typeof PASSWORDS): string {
        const scheme = this.pods.tls ? "rediss" : "redis";
        return `${scheme}://${user}:${PASSWORDS[user]}@${this.address}:${this.pods.port}`;
    }

    private environment(): NodeJS.ProcessEnv {
        return {
            PATH: `${this.pods.bin}:${process.env.PATH}`,
            POD_NAME: this.name,
            POD_IP: this.address,
            NODE_HOST: `${this.name}.${DOMAIN}`,
        };
    }

    start(): void {
        this.pods.publish();
        const child = spawn("sh", [path.join(this.folder, "start.sh")], {
            cwd: this.folder,
            env: this.environment(),
            detached: true,
        });
        const keep = (data: Buffer) => {
            this.output = (this.output + data.toString()).slice(-LOG_TAIL_CHARACTERS);
        };
        child.stdout.on("data", keep);
        child.stderr.on("data", keep);
        this.child = child;
    }

    /** Comes back elsewhere, as a pod does. */
    move(): void {
        this.address = newAddress();
        this.start();
    }

    /** SIGTERM to the pod's first process, as the kubelet sends it. */
    async terminate(): Promise<void> {
        await this.end(() => this.child!.kill("SIGTERM"));
    }

    /** Everything in it dies at once. */
    async kill(): Promise<void> {
        await this.end(() => process.kill(-this.child!.pid!, "SIGKILL"));
    }

    /** Loses its volume. */
    wipe(): void {
        rmSync(path.join(this.folder, "data"), { recursive: true });
        mkdirSync(path.join(this.folder, "data"));
    }

    /** Whether a script ends well. */
    async passes(script: string): Promise<boolean> {
        const file = path.join(this.folder, script);
        return run("sh", [file], { env: this.environment() }).then(
            () => true,
            () => false,
        );
    }

    async script(script: string): Promise<string> {
        const file = path.join(this.folder, script);
        return (await run("sh", [file], { env: this.environment() })).stderr;
    }

    async ask(...command: string[]): Promise<string> {
        const connection = this.connect("migrator");
        try {
            return String(await connection.call(...command));
        } finally {
            connection.close();
        }
    }

    connect(user: keyof typeof PASSWORDS): Connection {
        const { tls } = this.pods;
        return new Connection({ url: this.url(user), ...(tls ? { caFile: tls.authority } : {}) });
    }

    private async end(signal: () => unknown): Promise<void> {
        const child = this.child;
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, "exit");
        signal();
        await gone;
    }
}

/** All pods of a cluster. */
export class ValkeyPods {
    readonly shards: Pod[][];
    readonly bin: string;

    private constructor(
        readonly root: string,
        readonly port: number,
        shards: number,
        copies: number,
        readonly tls: TlsFiles | undefined,
    ) {
        this.bin = path.join(root, "bin");
        this.shards = podNames("cache", shards, copies).map((names) =>
            names.map((name) => new Pod(name, path.join(root, name), this)),
        );
    }

    static async create(
        kind: ServerKind,
        shards: number,
        copies: number,
        tls: boolean,
    ): Promise<ValkeyPods> {
        const root = temporaryDirectory("pods");
        const pods = new ValkeyPods(
            root,
            await freePort(),
            shards,
            copies,
            tls ? certificates(root) : undefined,
        );
        mkdirSync(pods.bin);
        const server = await serverBinary(kind === "valkey" ? "valkey-server" : "redis-server");
        const client = await serverBinary("redis-cli");
        const libraries = client.env["LD_LIBRARY_PATH"] ?? "";
        pods.program("valkey-server", `exec "${server.path}" "$@"`, server.env["LD_LIBRARY_PATH"]);
        pods.program("valkey-cli", `exec "${client.path}" "$@"`, libraries);
        pods.program("getent", `grep -m 1 " $2\\$" "${path.join(root, "hosts")}"`);
        pods.configure(pods.shards);
        return pods;
    }

    get all(): Pod[] {
        return this.shards.flat();
    }

    /** Another shard: pods that are there, and scripts that know of them. */
    add(copies: number): Pod[] {
        const names = podNames("cache", this.shards.length + 1, copies).at(-1)!;
        const added = names.map((name) => new Pod(name, path.join(this.root, name), this));
        this.shards.push(added);
        this.configure(this.shards);
        return added;
    }

    /** What the name service says from now on. */
    publish(): void {
        const lines = this.all.map(({ address, name }) => `${address} ${name}.${DOMAIN}\n`);
        writeFileSync(path.join(this.root, "hosts"), lines.join(""));
    }

    async dispose(): Promise<void> {
        await Promise.all(this.all.map((pod) => pod.kill()));
        await removeTemporaryDirectory(this.root);
    }

    private program(name: string, line: string, libraries = ""): void {
        const file = path.join(this.bin, name);
        writeFileSync(file, `#!/bin/sh\nexport LD_LIBRARY_PATH="${libraries}"\n${line}\n`);
        chmodSync(file, 0o755);
    }

    private configure(shards: readonly (readonly Pod[])[]): void {
        for (const { folder } of shards.flat()) {
            const dataFolder = path.join(folder, "data");
            mkdirSync(dataFolder, { recursive: true });
            const files = {
                ...renderScripts({
                    port: this.port,
                    shards: shards.map((pods) => pods.map(({ name }) => name)),
                    domain: DOMAIN,
                    dataFolder,
                    configurationFolder: folder,
                    secretsFolder: folder,
                    ...(this.tls ? { authorityFile: this.tls.authority } : {}),
                }),
                "valkey.conf": renderConfiguration({
                    role: "store",
                    appendFsync: "always",
                    port: this.port,
                    maxMemoryBytes: 64 * 1024 * 1024,
                    dataFolder,
                    secretsFolder: folder,
                    endpoints: "ip",
                    ...(this.tls ? { tls: this.tls } : {}),
                }),
                "users.acl": renderUsers([
                    { name: "operator", access: ACCESS.operator, password: PASSWORDS.operator },
                    {
                        name: "replication",
                        access: ACCESS.replication,
                        password: PASSWORDS.replication,
                    },
                    { name: "migrator", access: ACCESS.migrator, password: PASSWORDS.migrator },
                    { name: "logcaster", access: ACCESS.service, password: PASSWORDS.logcaster },
                ]),
                "replication.conf": renderReplication({
                    name: "replication",
                    access: ACCESS.replication,
                    password: PASSWORDS.replication,
                }),
                "operator-password": PASSWORDS.operator,
            };
            for (const [name, text] of Object.entries(files)) {
                writeFileSync(path.join(folder, name), text);
            }
        }
    }
}

/** An authority, and a certificate that it signed for every pod. */
function certificates(folder: string): TlsFiles {
    const file = (name: string) => path.join(folder, name);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    openssl(
        ...["req", "-x509", ...key, "-subj", "/CN=authority"],
        ...["-keyout", file("ca.key"), "-out", file("ca.crt")],
    );
    const known = Array.from({ length: MOST_ADDRESSES }, (_, i) => `IP:${NETWORK}.${i + 1}`);
    writeFileSync(file("names"), `subjectAltName=${[`DNS:*.${DOMAIN}`, ...known].join(",")}\n`);
    openssl(
        ...["req", ...key.slice(0, -2), "-subj", "/CN=node"],
        ...["-keyout", file("tls.key"), "-out", file("tls.csr")],
    );
    openssl(
        ...["x509", "-req", "-in", file("tls.csr"), "-CA", file("ca.crt")],
        ...["-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2"],
        ...["-extfile", file("names"), "-out", file("tls.crt")],
    );
    return { certificate: file("tls.crt"), key: file("tls.key"), authority: file("ca.crt") };
}
