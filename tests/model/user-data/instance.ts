/** A machine as the scripts see it: they run for real, with a fake metadata service and fakes of what only AWS and systemd answer. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import {
    connect,
    createServer as createTcpServer,
    type Server as TcpServer,
    type Socket,
} from "node:net";
import * as path from "node:path";
import { freePort, removeTemporaryDirectory, temporaryDirectory } from "../../servers";
import { fileOf, parsed } from "./fixture";

const SCRIPTS = ["connections", "publish-connections", "pull-image", "drain", "fetch-config"];

/** Where a client outside the instance would be: loopback too, but not the health agent's address. */
const CLIENT_ADDRESS = "127.0.0.2";

export class Instance {
    readonly directory = temporaryDirectory("instance");
    private readonly children = new Set<ChildProcess>();
    private readonly closers: (() => void)[] = [];

    private constructor(private readonly env: Record<string, string>) {}

    /** The scripts of the user data, with the environment that the units give them, then `env`. */
    static create(env: Record<string, string> = {}): Instance {
        const config = parsed();
        const given = Object.fromEntries(
            fileOf(config, "/env")
                .trim()
                .split("\n")
                .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
        );
        const instance = new Instance({ ...given, ...env });
        mkdirSync(instance.path("bin"));
        for (const name of SCRIPTS) {
            instance.install(`scripts/${name}`, fileOf(config, `logcaster/${name}`));
        }
        instance.fake("systemctl", "");
        return instance;
    }

    path(...parts: string[]): string {
        return path.join(this.directory, ...parts);
    }

    /** A command that writes down how it was called, then runs `body`. */
    fake(command: string, body: string): void {
        const log = this.path("calls");
        this.install(`bin/${command}`, `#!/bin/sh\necho "${command} $*" >>'${log}'\n${body}\n`);
    }

    /** What was called, in order. */
    get calls(): string[] {
        const log = this.path("calls");
        return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    }

    /** Starts a script. */
    start(script: string, env: Record<string, string> = {}): ChildProcess {
        const child = spawn(this.path("scripts", script), {
            env: {
                ...this.env,
                SCRIPT_DIR: this.path("scripts"),
                CONFIG_DIR: this.path("etc"),
                ...env,
                PATH: `${this.path("bin")}:${process.env.PATH}`,
            },
        });
        this.children.add(child);
        child.once("exit", () => this.children.delete(child));
        return child;
    }

    /** Runs a script to its end. */
    async run(script: string, env: Record<string, string> = {}) {
        const child = this.start(script, env);
        let stdout = "";
        let stderr = "";
        child.stdout?.on("data", (data: Buffer) => (stdout += data.toString()));
        child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
        const [code] = (await once(child, "close")) as [number | null];
        return { code, stdout, stderr };
    }

    /** A metadata service that takes only IMDSv2; `metadata` may change while it runs. */
    async metadata(metadata: Map<string, string>): Promise<string> {
        const server: Server = createServer((request, response) => {
            if (request.method === "PUT" && request.url === "/latest/api/token") {
                return response.end("token-1");
            }
            const value = metadata.get(request.url?.replace("/latest/meta-data/", "") ?? "");
            if (request.headers["x-aws-ec2-metadata-token"] !== "token-1") {
                response.statusCode = 401;
            } else if (value === undefined) {
                response.statusCode = 404;
            }
            return response.end(value);
        });
        const port = await freePort();
        await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
        this.closers.push(() => (server.closeAllConnections(), server.close()));
        return `http://127.0.0.1:${port}`;
    }

    /** A TCP server on that address, and clients of it. */
    async service(host = "127.0.0.1"): Promise<Service> {
        const service = await Service.listen(host);
        this.closers.push(() => service.close());
        return service;
    }

    async remove(): Promise<void> {
        for (const child of this.children) child.kill("SIGKILL");
        for (const close of this.closers) close();
        await removeTemporaryDirectory(this.directory);
    }

    private install(name: string, content: string): void {
        const file = this.path(name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
        chmodSync(file, 0o755);
    }
}

export class Service {
    private readonly clients: Socket[] = [];
    private readonly accepted: Socket[] = [];

    private constructor(
        readonly port: number,
        private readonly server: TcpServer,
    ) {
        server.on("connection", (socket) => this.accepted.push(socket));
    }

    static async listen(host: string): Promise<Service> {
        const server = createTcpServer({ allowHalfOpen: false });
        const port = await freePort();
        await new Promise<void>((done) => server.listen(port, host, done));
        return new Service(port, server);
    }

    /** Opens connections from outside, or from where the health agent is. */
    async connect(count: number, localAddress = CLIENT_ADDRESS): Promise<void> {
        for (let i = 0; i < count; i++) {
            const client = connect({ host: "127.0.0.1", port: this.port, localAddress });
            await once(client, "connect");
            this.clients.push(client);
        }
    }

    /** Ends one connection, on both sides. */
    async disconnect(): Promise<void> {
        const client = this.clients.pop();
        if (!client) throw new Error("no connection left");
        client.resume().end();
        const socket = this.accepted.find((s) => s.remotePort === client.localPort);
        await Promise.all([once(client, "close"), socket && once(socket.resume(), "close")]);
    }

    close(): void {
        for (const socket of [...this.clients, ...this.accepted]) socket.destroy();
        this.server.close();
    }
}
