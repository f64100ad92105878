import {
    ADMIN_TIMEOUT_SECONDS,
    DNS,
    HEALTH_SECONDS,
    HTTP_UPSTREAM,
    KEEPALIVE,
    SOURCES,
    TRIES,
    UPSTREAM_ZONE,
} from "./defaults";
import {
    type NginxBuild,
    ProxyEngine,
    type ProxyListener,
    type ProxyServer,
    type ProxySpec,
} from "./spec";
import { proxyProblems, ProxySpecError } from "./validate";

/** A proxied connection takes one on each side. */
const SIDES = 2;
/** Files, logs and sockets that are no client's. */
const SPARE_FILES = 1_000;
const KEEPALIVE_PARAMETERS = `so_keepalive=${KEEPALIVE.idleSeconds}s:${KEEPALIVE.intervalSeconds}s:${KEEPALIVE.probes}`;

/**
 * NGINX's configuration, for 1.22 and newer: `stream` for the line protocol, `http` for HTTP and `/health`. NGINX has no
 * runtime socket: another list of backends is another file and a reload (SIGHUP), at which old connections last `drainSeconds`.
 * @throws ProxySpecError with every problem at once
 */
export function renderNginx(spec: ProxySpec, build: NginxBuild): string {
    const problems = proxyProblems(spec, { engine: ProxyEngine.Nginx, build });
    if (problems.length > 0) throw new ProxySpecError(problems);
    const lines = spec.listeners.filter(({ protocol }) => protocol === "line");
    const http = spec.listeners.filter(({ protocol }) => protocol === "http");
    const connections = spec.maxConnections * SIDES + SPARE_FILES;
    const resolver = spec.nameservers
        ? [
              `resolver ${spec.nameservers.join(" ")} valid=${DNS.validSeconds}s ipv6=off;`,
              `resolver_timeout ${DNS.timeoutSeconds * DNS.retries}s;`,
          ]
        : [];
    return render([
        ...(build.modules ?? []).map((file) => `load_module ${file};`),
        `worker_processes ${spec.threads ?? "auto"};`,
        `worker_rlimit_nofile ${connections};`,
        `worker_shutdown_timeout ${spec.drainSeconds}s;`,
        `pid ${spec.runDirectory}/nginx.pid;`,
        "error_log stderr warn;",
        block("events", [`worker_connections ${connections};`]),
        ...(lines.length > 0 ? [block("stream", [...resolver, ...lines.flatMap(stream)])] : []),
        block("http", [
            ...resolver,
            "access_log off;",
            "server_tokens off;",
            // Whether a body is too large is the service's to say.
            "client_max_body_size 0;",
            ...["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
                (what) => `${what}_temp_path ${spec.runDirectory}/${what};`,
            ),
            ...http.flatMap(httpServer),
            ...admin(spec),
        ]),
    ]);
}

type Line = string | { readonly head: string; readonly lines: readonly Line[] };
const block = (head: string, lines: readonly Line[]): Line => ({ head, lines });

function render(lines: readonly Line[], indent = ""): string {
    return lines
        .map((line) =>
            typeof line === "string"
                ? `${indent}${line}\n`
                : `${indent}${line.head} {\n${render(line.lines, `${indent}    `)}${indent}}\n`,
        )
        .join("");
}

/** The upstream of a listener; `port` replaces that of the servers, for their health. */
function upstream(listener: ProxyListener, port?: number): Line {
    const { name, protocol, balance, backends, check } = listener;
    const isHealth = port !== undefined;
    const source = protocol === "line" && !isHealth ? "$remote_addr" : "$binary_remote_addr";
    const methods: Record<ProxyListener["balance"], string[]> = {
        "least-connections": ["least_conn;"],
        "round-robin": [],
        "source-hash": [`hash ${source} consistent;`],
        random: ["random two least_conn;"],
    };
    const limits = [
        // Health is asked of one after the other, each time afresh.
        ...(check.kind !== "passive"
            ? []
            : isHealth
              ? ["max_fails=0"]
              : [`max_fails=${check.maxFails}`, `fail_timeout=${check.failSeconds}s`]),
        ...(listener.connectionsPerServer && !isHealth
            ? [`max_conns=${listener.connectionsPerServer}`]
            : []),
    ].join(" ");
    const one = ({ host, port: own, weight = 1, backup }: ProxyServer) =>
        [
            `server ${host}:${port ?? own}`,
            ...(weight > 1 ? [`weight=${weight}`] : []),
            limits,
            ...(weight === 0 ? ["down"] : []),
            ...(backup ? ["backup"] : []),
        ].join(" ") + ";";
    const servers =
        backends.from === "list"
            ? backends.servers.map(one)
            : backends.from === "srv"
              ? [srvServer(backends.name, limits, port)]
              : [];
    return block(`upstream ${name}${isHealth ? "-health" : ""}`, [
        `zone ${name}${isHealth ? "-health" : ""} ${UPSTREAM_ZONE};`,
        ...(isHealth ? [] : methods[balance]),
        // NGINX refuses an upstream without a server: none at all is one that is never used.
        ...(servers.length > 0 ? servers : ["server 127.0.0.1:1 down;"]),
        ...(protocol === "http" && !isHealth
            ? [
                  `keepalive ${HTTP_UPSTREAM.keepalive};`,
                  `keepalive_requests ${HTTP_UPSTREAM.keepaliveRequests};`,
                  `keepalive_timeout ${HTTP_UPSTREAM.keepaliveSeconds}s;`,
              ]
            : []),
    ]);
}

/** Port and addresses from the SRV records; for health, the addresses alone, at a port of their own. */
function srvServer(name: string, limits: string, port: number | undefined): string {
    const [service, proto, ...host] = name.split(".");
    const plain = host.join(".");
    return port === undefined
        ? `server ${plain} service=${service}.${proto} resolve ${limits};`
        : `server ${plain}:${port} resolve ${limits};`;
}

/** What stands beside a listener's server: its backends, and the count of connections of a source. */
function shared(listener: ProxyListener): Line[] {
    const { name, perSource } = listener;
    return [
        upstream(listener),
        ...(perSource
            ? [`limit_conn_zone $binary_remote_addr zone=${name}-source:${SOURCES.zoneSize};`]
            : []),
    ];
}

function stream(listener: ProxyListener): Line[] {
    const { name, perSource, sendProxy } = listener;
    return [
        ...shared(listener),
        block("server", [
            ...listen(listener),
            `proxy_pass ${name};`,
            `proxy_connect_timeout ${listener.connectTimeoutSeconds}s;`,
            `proxy_timeout ${listener.idleTimeoutSeconds}s;`,
            "proxy_socket_keepalive on;",
            `proxy_next_upstream_tries ${TRIES};`,
            ...(sendProxy ? ["proxy_protocol on;"] : []),
            ...(perSource ? [`limit_conn ${name}-source ${perSource.connections};`] : []),
        ]),
    ];
}

function listen({ address = "", port, protocol, tls, acceptProxyFrom }: ProxyListener): string[] {
    const flags = [
        ...(tls ? ["ssl"] : []),
        ...(acceptProxyFrom ? ["proxy_protocol"] : []),
        KEEPALIVE_PARAMETERS,
    ];
    return [
        `listen ${address ? `${address}:` : ""}${port} ${flags.join(" ")};`,
        ...(acceptProxyFrom ?? []).map((block) => `set_real_ip_from ${block};`),
        ...(acceptProxyFrom && protocol === "http" ? ["real_ip_header proxy_protocol;"] : []),
        ...(tls
            ? [
                  `ssl_certificate ${tls.certificateFile};`,
                  `ssl_certificate_key ${tls.keyFile};`,
                  "ssl_protocols TLSv1.2 TLSv1.3;",
              ]
            : []),
    ];
}

function httpServer(listener: ProxyListener): Line[] {
    const { name, perSource, idleTimeoutSeconds: idle } = listener;
    return [
        ...shared(listener),
        block("server", [
            ...listen(listener),
            ...(perSource ? [`limit_conn ${name}-source ${perSource.connections};`] : []),
            block("location /", [
                `proxy_pass http://${name};`,
                // Not of a POST that a backend may have taken: that would store it twice.
                "proxy_next_upstream error timeout http_500 http_502 http_503;",
                `proxy_next_upstream_tries ${TRIES};`,
                `proxy_connect_timeout ${listener.connectTimeoutSeconds}s;`,
                `proxy_send_timeout ${idle}s;`,
                `proxy_read_timeout ${idle}s;`,
                "proxy_http_version 1.1;",
                'proxy_set_header Connection "";',
                "proxy_set_header Host $host;",
                "proxy_set_header X-Real-IP $remote_addr;",
                "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
                "proxy_set_header X-Forwarded-Proto $scheme;",
                "proxy_buffering on;",
                `proxy_buffer_size ${HTTP_UPSTREAM.bufferSize};`,
                `proxy_buffers ${HTTP_UPSTREAM.buffers};`,
                `proxy_busy_buffers_size ${HTTP_UPSTREAM.busyBuffersSize};`,
            ]),
        ]),
    ];
}

/** `/health` asks the backends of the first listener until one says that it is well: a proxy without any must get no traffic. */
function admin({ admin: { address, port, backendHealthPort }, listeners }: ProxySpec): Line[] {
    const first = listeners[0]!;
    return [
        upstream(first, backendHealthPort),
        block("server", [
            `listen ${address ? `${address}:` : ""}${port};`,
            `client_header_timeout ${ADMIN_TIMEOUT_SECONDS}s;`,
            block("location = /health", [
                `proxy_pass http://${first.name}-health;`,
                "proxy_next_upstream error timeout invalid_header http_500 http_502 http_503 http_504 http_404;",
                `proxy_next_upstream_timeout ${HEALTH_SECONDS}s;`,
                "proxy_connect_timeout 1s;",
                "proxy_read_timeout 1s;",
                "proxy_intercept_errors on;",
                "error_page 404 500 502 504 =503 @unwell;",
            ]),
            block("location @unwell", ["return 503;"]),
            block("location /", ["return 404;"]),
        ]),
    ];
}
