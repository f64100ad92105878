/** What an engine can and cannot do, said before it is asked to: NGINX and HAProxy would refuse the rest at start, or worse, not. */
import { isIPv4 } from "./address";
import { MAX_WEIGHT, NGINX_RESOLVES_SINCE } from "./defaults";
import type { Problem } from "../settings/problem";
import { type NginxBuild, ProxyEngine, type ProxyListener, type ProxySpec } from "./spec";

/** Which engine the specification is for. */
export type ProxyTarget =
    | { readonly engine: typeof ProxyEngine.Haproxy }
    | { readonly engine: typeof ProxyEngine.Nginx; readonly build: NginxBuild };

/** Thrown by the renderers, once, with every problem. */
export class ProxySpecError extends Error {
    constructor(readonly problems: readonly Problem[]) {
        super(
            problems
                .map(({ path, value, allowed }) => {
                    const given =
                        value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
                    return `proxy ${path} ${given}; allowed: ${allowed}`;
                })
                .join("\n"),
        );
        this.name = "ProxySpecError";
    }
}

const MAX_PORT = 65_535;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const HOST = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const FILE = /^\/[A-Za-z0-9_./-]+$/;
const BLOCK = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const NAMESERVER = /^(\d{1,3}(\.\d{1,3}){3}):(\d{1,5})$/;
/** RFC 2782: _service._proto.name */
const SRV = /^_[A-Za-z0-9-]{1,62}\._(tcp|udp)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$/;
/** Room of a sockaddr_un, the temporary suffix that HAProxy binds first included. */
const MAX_SOCKET_PATH = 90;

/** Every mistake in a specification for an engine. */
export function proxyProblems(spec: ProxySpec, target: ProxyTarget): Problem[] {
    const found: Problem[] = [];
    const add = (path: string, value: unknown, allowed: string) =>
        found.push({ path, value, allowed });
    const whole = (path: string, value: number, min: number, max: number) => {
        if (!Number.isInteger(value) || value < min || value > max) {
            add(path, value, `a whole number from ${min} to ${max}`);
        }
    };
    const positive = (path: string, value: number | undefined) => {
        if (value !== undefined) whole(path, value, 1, Number.MAX_SAFE_INTEGER);
    };

    if (spec.listeners.length === 0) add("listeners", [], "at least one");
    positive("maxConnections", spec.maxConnections);
    positive("threads", spec.threads);
    positive("drainSeconds", spec.drainSeconds);
    whole("admin.port", spec.admin.port, 1, MAX_PORT);
    if (!FILE.test(spec.runDirectory) || spec.runDirectory.length > MAX_SOCKET_PATH - 20) {
        add(
            "runDirectory",
            spec.runDirectory,
            `an absolute path of letters, digits, . _ - and /, up to ${MAX_SOCKET_PATH - 20} characters: a socket is put there`,
        );
    }
    for (const server of spec.nameservers ?? []) {
        const [, address, , port] = NAMESERVER.exec(server) ?? [];
        if (!address || !isIPv4(address) || Number(port) > MAX_PORT) {
            add("nameservers", server, "an IPv4 address and a port, such as 10.0.0.2:53");
        }
    }
    repeated(spec.listeners.map(({ name }) => name)).forEach((name) =>
        add("listeners", name, "each name once"),
    );
    const ports = [...spec.listeners.map(({ port }) => port), spec.admin.port];
    repeated(ports).forEach((port) =>
        add("listeners", port, "each port once, admin.port included"),
    );

    spec.listeners.forEach((listener, i) => {
        const at = (key: string) => `listeners[${i}].${key}`;
        if (!NAME.test(listener.name)) {
            add(at("name"), listener.name, "letters, digits, . _ and -, up to 63 characters");
        }
        whole(at("port"), listener.port, 1, MAX_PORT);
        for (const key of [
            "connectTimeoutSeconds",
            "idleTimeoutSeconds",
            "slowStartSeconds",
            "connectionsPerServer",
        ] as const) {
            positive(at(key), listener[key]);
        }
        positive(at("perSource.connections"), listener.perSource?.connections);
        positive(at("perSource.newPerSecond"), listener.perSource?.newPerSecond);
        for (const [key, value] of Object.entries(listener.check)) {
            if (typeof value === "number") positive(at(`check.${key}`), value);
        }
        if (listener.check.kind !== "passive") {
            if (listener.check.timeoutSeconds > listener.check.intervalSeconds) {
                add(
                    at("check.timeoutSeconds"),
                    listener.check.timeoutSeconds,
                    `at most check.intervalSeconds ${listener.check.intervalSeconds}, or checks overlap`,
                );
            }
            const fits = listener.protocol === "line" ? "ping-pong" : "http";
            if (listener.check.kind !== fits) {
                add(
                    at("check.kind"),
                    listener.check.kind,
                    `${fits} or passive for ${listener.protocol}`,
                );
            }
        }
        for (const file of [listener.tls?.certificateFile, listener.tls?.keyFile]) {
            if (file !== undefined && !FILE.test(file)) {
                add(at("tls"), file, "an absolute path of letters, digits, . _ - and /");
            }
        }
        for (const block of listener.acceptProxyFrom ?? []) {
            if (!BLOCK.test(block)) add(at("acceptProxyFrom"), block, "an IPv4 block");
        }
        if (listener.acceptProxyFrom?.length === 0) {
            add(at("acceptProxyFrom"), [], "the blocks of the balancer in front, or leave it out");
        }
        found.push(...backendProblems(listener, at, spec));
        found.push(
            ...(target.engine === ProxyEngine.Nginx
                ? nginxProblems(listener, at, target.build)
                : haproxyProblems(listener, at)),
        );
    });
    if (target.engine === ProxyEngine.Nginx && spec.admin.backendHealthPort === undefined) {
        add(
            "admin.backendHealthPort",
            undefined,
            "the port on which a backend answers /health: NGINX without a subscription has no checks, so its own /health asks there",
        );
    }
    return found;
}

type At = (key: string) => string;

function backendProblems(listener: ProxyListener, at: At, spec: ProxySpec): Problem[] {
    const { backends } = listener;
    const found: Problem[] = [];
    if (backends.from !== "list") {
        if (!Number.isInteger(backends.slots) || backends.slots < 1) {
            found.push({
                path: at("backends.slots"),
                value: backends.slots,
                allowed: "a whole number from 1, as many as there can be backends",
            });
        }
    }
    if (backends.from === "srv") {
        if (!SRV.test(backends.name)) {
            found.push({
                path: at("backends.name"),
                value: backends.name,
                allowed:
                    "an SRV name, _<port name>._tcp.<service>.<namespace>.svc.<cluster domain>",
            });
        }
        if (!spec.nameservers?.length) {
            found.push({
                path: "nameservers",
                value: spec.nameservers,
                allowed: "at least one while backends come from SRV records",
            });
        }
    }
    if (backends.from === "list") {
        backends.servers.forEach(({ name, host, port, weight = 1 }, i) => {
            const problem = (key: string, value: unknown, allowed: string) =>
                found.push({ path: at(`backends.servers[${i}].${key}`), value, allowed });
            if (!NAME.test(name)) problem("name", name, "letters, digits, . _ and -");
            if (!HOST.test(host)) problem("host", host, "an IPv4 address or a host name");
            if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) {
                problem("port", port, `a port from 1 to ${MAX_PORT}`);
            }
            if (!Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
                problem("weight", weight, `a whole number from 0 to ${MAX_WEIGHT}`);
            }
        });
        repeated(backends.servers.map(({ name }) => name)).forEach((name) =>
            found.push({ path: at("backends.servers"), value: name, allowed: "each name once" }),
        );
        const weights = backends.servers.map(({ weight = 1 }) => weight);
        if (weights.length > 0 && weights.every((weight) => weight === 0)) {
            found.push({
                path: at("backends.servers"),
                value: weights,
                allowed: "at least one weight above 0, or nobody is served",
            });
        }
    }
    return found;
}

function haproxyProblems({ check, tls }: ProxyListener, at: At): Problem[] {
    const found: Problem[] = [];
    if (check.kind === "passive") {
        found.push({
            path: at("check.kind"),
            value: check.kind,
            allowed: "ping-pong or http with HAProxy, which checks actively",
        });
    }
    if (tls?.keyFile !== undefined) {
        found.push({
            path: at("tls.keyFile"),
            value: tls.keyFile,
            allowed: "nothing with HAProxy, which reads the key from certificateFile",
        });
    }
    return found;
}

function nginxProblems(listener: ProxyListener, at: At, build: NginxBuild): Problem[] {
    const { backends, balance, check, perSource, protocol, sendProxy, slowStartSeconds, tls } =
        listener;
    const found: Problem[] = [];
    const refuse = (key: string, value: unknown, allowed: string) =>
        found.push({ path: at(key), value, allowed });
    const noBackup = balance === "source-hash" || balance === "random";
    if (noBackup && backends.from === "list" && backends.servers.some(({ backup }) => backup)) {
        refuse(
            "balance",
            balance,
            "least-connections or round-robin beside a backup server: NGINX refuses one with hash, ip_hash and random (https://nginx.org/en/docs/stream/ngx_stream_upstream_module.html#server)",
        );
    }
    if (slowStartSeconds !== undefined) {
        refuse(
            "slowStartSeconds",
            slowStartSeconds,
            "nothing with NGINX: slow_start is part of its subscription",
        );
    }
    if (check.kind !== "passive") {
        refuse(
            "check.kind",
            check.kind,
            "passive with NGINX: active checks are part of its subscription; a backend that accepts but does not answer has to be taken out of the list",
        );
    }
    if (perSource?.newPerSecond !== undefined) {
        refuse(
            "perSource.newPerSecond",
            perSource.newPerSecond,
            "nothing with NGINX: it limits the connections of a source, not their rate",
        );
    }
    if (protocol === "http" && sendProxy) {
        refuse("sendProxy", sendProxy, "false for http with NGINX: it sends X-Forwarded-For");
    }
    if (tls && tls.keyFile === undefined) {
        refuse("tls.keyFile", undefined, "the file of the key: NGINX takes it apart");
    }
    if (backends.from === "agent") {
        refuse(
            "backends.from",
            backends.from,
            "list or srv: NGINX has no runtime socket, the agent gives it a list and reloads it",
        );
    }
    if (backends.from === "srv" && !isAtLeast(build.version, NGINX_RESOLVES_SINCE)) {
        refuse(
            "backends.from",
            backends.from,
            `list with NGINX ${build.version}: SRV records are resolved again since ${NGINX_RESOLVES_SINCE} only (https://nginx.org/en/docs/stream/ngx_stream_upstream_module.html#resolve)`,
        );
    }
    return found;
}

/** True when a dotted version is the other or newer. */
export function isAtLeast(version: string, least: string): boolean {
    const [a, b] = [version, least].map((text) => text.split(".").map(Number));
    const at = b!.findIndex((part, i) => (a![i] ?? 0) !== part);
    return at < 0 || (a![at] ?? 0) > b![at]!;
}

/** What occurs more than once, each once. */
function repeated<T>(values: readonly T[]): T[] {
    return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
}
