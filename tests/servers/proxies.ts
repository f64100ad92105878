import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import {
    type NginxBuild,
    ProxyEngine,
    type ProxySpec,
    renderHaproxy,
    renderNginx,
    runtimeSocketOf,
} from "logcaster-model/proxy-config";
import { type Binary, type BinaryName, serverBinary } from "./install";
import { removeTemporaryDirectory, ServerProcess, temporaryDirectory } from "./process";

/** The proxies that tests can start. */
export type ProxyBinary = Extract<
    BinaryName,
    "haproxy" | "debianHaproxy" | "nginx" | "debianNginx"
>;

export const engineOf = (name: ProxyBinary): ProxyEngine =>
    name === "haproxy" || name === "debianHaproxy" ? ProxyEngine.Haproxy : ProxyEngine.Nginx;

/** A running HAProxy or NGINX with a rendered configuration. */
export class ProxyServerProcess {
    constructor(
        readonly engine: ProxyEngine,
        readonly directory: string,
        readonly process: ServerProcess,
        private readonly configFile: string,
        private readonly binary: Binary,
        private readonly adminPort: number,
    ) {}

    /** Path of HAProxy's runtime socket. */
    get socket(): string {
        return runtimeSocketOf({ runDirectory: this.directory });
    }

    /** Hands over to new workers, with another configuration where one is given. */
    reload(config?: string): void {
        if (config !== undefined) writeFileSync(this.configFile, config);
        this.process.signal(this.engine === ProxyEngine.Haproxy ? "SIGUSR2" : "SIGHUP");
    }

    /** What the engine says of a configuration that it need not run: its exit code and its words. */
    async check(config: string): Promise<{ code: number; says: string }> {
        const file = path.join(this.directory, "check.cfg");
        writeFileSync(file, config);
        return checkConfig(this.engine, this.binary, this.directory, file);
    }

    /** Status of GET on the admin port. */
    admin(url: string): Promise<{ status: number; body: string }> {
        return get(this.adminPort, url);
    }

    /** One line to HAProxy's runtime socket. */
    command(line: string): Promise<string> {
        return new Promise((resolve, reject) => {
            const socket = connect(this.socket, () => socket.end(`${line}\n`));
            let answer = "";
            socket.on("data", (data) => (answer += data.toString()));
            socket.on("error", reject);
            socket.on("close", () => resolve(answer));
        });
    }

    async dispose(): Promise<void> {
        await this.process.stop();
        await removeTemporaryDirectory(this.directory);
    }
}

/** Asks an engine whether it accepts a configuration file. */
export async function checkConfig(
    engine: ProxyEngine,
    binary: Binary,
    directory: string,
    file: string,
): Promise<{ code: number; says: string }> {
    const args =
        engine === ProxyEngine.Haproxy ? ["-c", "-f", file] : nginxArgs(directory, file, "-t");
    const env = { ...process.env, ...binary.env };
    return promisify(execFile)(binary.path, args, { cwd: directory, env }).then(
        ({ stdout, stderr }) => ({ code: 0, says: stdout + stderr }),
        (error: { code: number; stdout: string; stderr: string }) => ({
            code: error.code,
            says: error.stdout + error.stderr,
        }),
    );
}

const nginxArgs = (directory: string, file: string, ...more: string[]) => [
    ...["-p", directory, "-e", "stderr", "-c", file],
    ...more,
];

/** Which build a binary is, with the stream module where it is one of its own. */
export async function nginxBuild(name: ProxyBinary): Promise<NginxBuild> {
    const binary = await serverBinary(name);
    const { stderr } = await promisify(execFile)(binary.path, ["-v"], {
        env: { ...process.env, ...binary.env },
    });
    const version = /nginx\/(\S+)/.exec(stderr)?.[1] ?? "0";
    const modules = path.join(path.dirname(binary.path), "../lib/nginx/modules");
    return name === "debianNginx"
        ? { version, modules: [path.join(modules, "ngx_stream_module.so")] }
        : { version };
}

/** A directory for `runDirectory`; `startProxy` removes it with the proxy. */
export const proxyDirectory = () => temporaryDirectory("proxy");

/** Renders the specification for that binary. */
export async function renderFor(name: ProxyBinary, spec: ProxySpec): Promise<string> {
    return engineOf(name) === ProxyEngine.Haproxy
        ? renderHaproxy(spec)
        : renderNginx(spec, await nginxBuild(name));
}

/** Starts a proxy and waits until its admin port answers, whatever it says. */
export async function startProxy(
    name: ProxyBinary,
    spec: ProxySpec,
    config?: string,
): Promise<ProxyServerProcess> {
    const engine = engineOf(name);
    const binary = await serverBinary(name);
    const { runDirectory: directory, admin } = spec;
    const file = path.join(directory, "proxy.cfg");
    writeFileSync(file, config ?? (await renderFor(name, spec)));
    const child = new ServerProcess({
        binary,
        cwd: directory,
        args:
            engine === ProxyEngine.Haproxy
                ? ["-W", "-f", file]
                : nginxArgs(directory, file, "-g", "daemon off;"),
        ready: async () => (await get(admin.port, "/health")).status > 0,
    });
    await child.start();
    return new ProxyServerProcess(engine, directory, child, file, binary, admin.port);
}

/** GET on loopback. */
export function get(port: number, url: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
        const one = request({ host: "127.0.0.1", port, path: url, agent: false }, (response) => {
            let body = "";
            response.on("data", (data) => (body += String(data)));
            response.on("error", reject);
            response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        });
        one.on("error", reject).end();
    });
}
