import { isIPv4 } from "./address";
import {
    ADMIN_TIMEOUT_SECONDS,
    DNS,
    HALF_CLOSED_SECONDS,
    KEEPALIVE,
    QUEUE_SECONDS,
    SOURCES,
    TRIES,
} from "./defaults";
import {
    ProxyEngine,
    type ProxyListener,
    type ProxyServer,
    type ProxySpec,
    runtimeSocketOf,
    stateFileOf,
} from "./spec";
import { proxyProblems, ProxySpecError } from "./validate";

const METHODS = {
    "least-connections": "leastconn",
    "round-robin": "roundrobin",
    "source-hash": "source",
    random: "random(2)",
} as const;

/** An address no slot ever has: a slot is in maintenance until the agent gives it one, or the state file remembers one. */
const EMPTY_SLOT = "slot.invalid";

/**
 * HAProxy's configuration, for 2.6 and newer, run as `haproxy -W`. A reload (SIGUSR2) hands over the listening sockets and
 * reads the servers' addresses and states from the state file, so that it neither refuses a connection nor forgets a server.
 * A server from the file is taken to be up until its first check, made at once; one failure then takes it out.
 * @throws ProxySpecError with every problem at once
 */
export function renderHaproxy(spec: ProxySpec): string {
    const problems = proxyProblems(spec, { engine: ProxyEngine.Haproxy });
    if (problems.length > 0) throw new ProxySpecError(problems);
    const sections = [
        section("global", [
            "log stdout format raw local0 info",
            `maxconn ${spec.maxConnections}`,
            ...(spec.threads ? [`nbthread ${spec.threads}`] : []),
            `stats socket ${runtimeSocketOf(spec)} mode 600 level admin expose-fd listeners`,
            `stats timeout ${ADMIN_TIMEOUT_SECONDS}s`,
            `server-state-file ${stateFileOf(spec)}`,
            `hard-stop-after ${spec.drainSeconds}s`,
            // Health checks of many backends are spread over the interval.
            "spread-checks 5",
        ]),
        section("defaults", [
            "log global",
            "option dontlog-normal",
            "load-server-state-from-file global",
            `timeout queue ${QUEUE_SECONDS}s`,
            // Each listener has its own; these are for what has none.
            `timeout connect ${ADMIN_TIMEOUT_SECONDS}s`,
            `timeout client ${ADMIN_TIMEOUT_SECONDS}s`,
            `timeout server ${ADMIN_TIMEOUT_SECONDS}s`,
        ]),
        ...(spec.nameservers ? [resolvers(spec.nameservers)] : []),
        ...spec.listeners.flatMap((listener) => [frontend(listener, spec), backend(listener)]),
        admin(spec),
    ];
    return sections.join("\n");
}

function section(head: string, lines: readonly string[]): string {
    return `${head}\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

function resolvers(nameservers: readonly string[]): string {
    return section("resolvers dns", [
        // Over TCP: the SRV records of 50 backends do not fit a datagram.
        ...nameservers.map((server, i) => `nameserver dns${i + 1} tcp@${server}`),
        `accepted_payload_size ${DNS.payloadBytes}`,
        `resolve_retries ${DNS.retries}`,
        `timeout resolve ${DNS.timeoutSeconds}s`,
        `timeout retry ${DNS.timeoutSeconds}s`,
        `hold valid ${DNS.validSeconds}s`,
        `hold obsolete ${DNS.obsoleteSeconds}s`,
        ...["nx", "other", "refused", "timeout"].map((why) => `hold ${why} ${DNS.errorSeconds}s`),
    ]);
}

function frontend(listener: ProxyListener, spec: ProxySpec): string {
    const { name, protocol, address = "", tls, acceptProxyFrom, perSource } = listener;
    const isLine = protocol === "line";
    const bind = [
        `bind ${address}:${listener.port}`,
        ...(tls ? [`ssl crt ${tls.certificateFile} ssl-min-ver TLSv1.2`] : []),
    ].join(" ");
    return section(`frontend ${name}`, [
        bind,
        `mode ${isLine ? "tcp" : "http"}`,
        `option ${isLine ? "tcplog" : "httplog"}`,
        `maxconn ${spec.maxConnections}`,
        `timeout client ${listener.idleTimeoutSeconds}s`,
        `timeout client-fin ${HALF_CLOSED_SECONDS}s`,
        ...keepalive("clitcpka"),
        ...(acceptProxyFrom
            ? [`tcp-request connection expect-proxy layer4 if { src ${acceptProxyFrom.join(" ")} }`]
            : []),
        ...(perSource ? sourceLimits(perSource) : []),
        ...(isLine
            ? []
            : [
                  "option forwardfor",
                  `http-request set-header X-Forwarded-Proto ${tls ? "https" : "http"}`,
              ]),
        `default_backend ${name}`,
    ]);
}

/** Counted after the PROXY header, so that the source is the client and not the balancer in front. */
function sourceLimits({
    connections,
    newPerSecond,
}: NonNullable<ProxyListener["perSource"]>): string[] {
    const store = ["conn_cur", ...(newPerSecond ? ["conn_rate(1s)"] : [])];
    const tooMany = [
        `{ sc0_conn_cur gt ${connections} }`,
        ...(newPerSecond ? [`{ sc0_conn_rate gt ${newPerSecond} }`] : []),
    ];
    return [
        `stick-table type ipv6 size ${SOURCES.entries} expire ${SOURCES.expirySeconds}s store ${store.join(",")}`,
        "tcp-request session track-sc0 src",
        `tcp-request session reject if ${tooMany.join(" || ")}`,
    ];
}

function backend(listener: ProxyListener): string {
    const { name, protocol, check, backends } = listener;
    const isLine = protocol === "line";
    return section(`backend ${name}`, [
        `mode ${isLine ? "tcp" : "http"}`,
        `balance ${METHODS[listener.balance]}`,
        ...(listener.balance === "source-hash" ? ["hash-type consistent"] : []),
        `timeout connect ${listener.connectTimeoutSeconds}s`,
        `timeout server ${listener.idleTimeoutSeconds}s`,
        `timeout server-fin ${HALF_CLOSED_SECONDS}s`,
        ...(check.kind === "passive" ? [] : [`timeout check ${check.timeoutSeconds}s`]),
        ...keepalive("srvtcpka"),
        `retries ${TRIES}`,
        "option redispatch 1",
        ...(isLine
            ? [
                  "option tcp-check",
                  "tcp-check connect",
                  "tcp-check send PING\\r\\n",
                  "tcp-check expect string PONG",
              ]
            : [
                  "option httpchk",
                  "http-check send meth GET uri /health ver HTTP/1.1 hdr Host health",
                  "http-check expect status 200",
                  "http-reuse safe",
              ]),
        defaultServer(listener),
        ...(backends.from === "list"
            ? backends.servers.map(server)
            : backends.from === "agent"
              ? [
                    `server-template ${name} 1-${backends.slots} ${EMPTY_SLOT}:${listener.port} disabled`,
                ]
              : [`server-template ${name} 1-${backends.slots} ${backends.name}`]),
    ]);
}

function defaultServer(listener: ProxyListener): string {
    const { check, backends, slowStartSeconds, connectionsPerServer, sendProxy } = listener;
    return [
        "default-server check",
        ...(check.kind === "passive"
            ? []
            : [`inter ${check.intervalSeconds}s rise ${check.rise} fall ${check.fall}`]),
        ...(slowStartSeconds ? [`slowstart ${slowStartSeconds}s`] : []),
        ...(connectionsPerServer ? [`maxconn ${connectionsPerServer}`] : []),
        ...(sendProxy ? ["send-proxy-v2"] : []),
        // Who hangs on a backend that answers no more connects again, to one that does.
        "on-marked-down shutdown-sessions",
        ...(backends.from === "agent" ? ["init-addr last,127.0.0.1"] : []),
        ...(backends.from === "srv" ? ["resolvers dns resolve-prefer ipv4 init-addr none"] : []),
        ...(backends.from === "list" ? ["init-addr last,libc,none"] : []),
    ].join(" ");
}

function server({ name, host, port, weight = 1, backup }: ProxyServer): string {
    const share = weight === 1 ? "" : ` weight ${weight}`;
    return `server ${name} ${isIPv4(host) ? host : host.toLowerCase()}:${port}${share}${backup ? " backup" : ""}`;
}

function keepalive(side: "clitcpka" | "srvtcpka"): string[] {
    return [
        `option ${side}`,
        `${side}-idle ${KEEPALIVE.idleSeconds}s`,
        `${side}-intvl ${KEEPALIVE.intervalSeconds}s`,
        `${side}-cnt ${KEEPALIVE.probes}`,
    ];
}

function admin({ admin: { address = "", port }, listeners }: ProxySpec): string {
    return section("frontend admin", [
        `bind ${address}:${port}`,
        "mode http",
        `timeout client ${ADMIN_TIMEOUT_SECONDS}s`,
        "monitor-uri /health",
        "monitor fail if { stopping }",
        ...listeners.map(({ name }) => `monitor fail if { nbsrv(${name}) lt 1 }`),
        "http-request use-service prometheus-exporter if { path /metrics }",
        "http-request return status 404",
    ]);
}
