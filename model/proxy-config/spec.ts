/** What a proxy in front of LogCaster does, in the terms of load balancing, before any engine's syntax. */

export const ProxyEngine = { Haproxy: "haproxy", Nginx: "nginx" } as const;
export type ProxyEngine = (typeof ProxyEngine)[keyof typeof ProxyEngine];

/** By what a connection finds its backend. */
export type BalanceMethod =
    /** The backend with the fewest connections, by weight. */
    | "least-connections"
    | "round-robin"
    /** The same source always reaches the same backend. */
    | "source-hash"
    /** The better of two random ones. */
    | "random";

/** One backend that is known by name or address. */
export interface ProxyServer {
    /** Unique in its listener: letters, digits, `.`, `_`, `-`. */
    readonly name: string;
    /** IPv4 address or host name. */
    readonly host: string;
    readonly port: number;
    /** Share of the load, 0 to 256; 0 takes no new connections. @default 1 */
    readonly weight?: number;
    /** Used only while no other backend is up. @default false */
    readonly backup?: boolean;
}

/** Where a listener's backends come from. */
export type ProxyBackends =
    | { readonly from: "list"; readonly servers: readonly ProxyServer[] }
    /** Empty slots that `logcaster proxy-agent` fills through the runtime socket (HAProxy), or renders as a list (NGINX). */
    | { readonly from: "agent"; readonly slots: number }
    /** SRV records, re-resolved: `_port._tcp.service.namespace.svc.cluster.local` of a headless Service. */
    | { readonly from: "srv"; readonly name: string; readonly slots: number };

/** How a backend's health is known. */
export type ProxyCheck =
    /** Actively: PING is sent, PONG expected. `http`: GET /health, 200 expected. */
    | {
          readonly kind: "ping-pong" | "http";
          readonly intervalSeconds: number;
          readonly timeoutSeconds: number;
          /** Checks that must pass until a backend gets connections. */
          readonly rise: number;
          /** Checks that must fail until it gets none. */
          readonly fall: number;
      }
    /** By the connections themselves: so many that fail within the time take a backend out for that time. */
    | { readonly kind: "passive"; readonly maxFails: number; readonly failSeconds: number };

/** What one source may do. */
export interface PerSourceLimit {
    /** Connections at a time. */
    readonly connections: number;
    /** New connections a second. @default not limited */
    readonly newPerSecond?: number;
}

/** A port, and the backends behind it. */
export interface ProxyListener {
    /** Unique; also the name of the pool in the engine's configuration and metrics. */
    readonly name: string;
    /** `line`: TCP, never looked into. `http`: HTTP/1.1. */
    readonly protocol: "line" | "http";
    /** @default every address */
    readonly address?: string;
    readonly port: number;
    /** Terminate TLS: HAProxy reads certificate and key from one file, NGINX takes two. @default plain */
    readonly tls?: { readonly certificateFile: string; readonly keyFile?: string };
    /** Expect the PROXY protocol, and believe it from these IPv4 blocks only. @default none is expected */
    readonly acceptProxyFrom?: readonly string[];
    /** Send the PROXY protocol to backends. @default false */
    readonly sendProxy?: boolean;
    readonly balance: BalanceMethod;
    readonly backends: ProxyBackends;
    readonly check: ProxyCheck;
    /** A backend that has come up reaches its full share after so long. @default at once */
    readonly slowStartSeconds?: number;
    /** Connections a backend may have; the rest wait. @default not limited */
    readonly connectionsPerServer?: number;
    readonly perSource?: PerSourceLimit;
    readonly connectTimeoutSeconds: number;
    /** Quiet time after which a connection is closed. */
    readonly idleTimeoutSeconds: number;
}

export interface ProxySpec {
    readonly listeners: readonly ProxyListener[];
    /** `/health` tells whether every listener has a backend; HAProxy also answers `/metrics` for Prometheus. */
    readonly admin: {
        /** @default every address */
        readonly address?: string;
        readonly port: number;
        /** Port on which each backend itself answers `/health`: NGINX asks there, it has no checks of its own. */
        readonly backendHealthPort?: number;
    };
    /** Directory for socket, state and pid, writable by the proxy alone. */
    readonly runDirectory: string;
    /** Connections of the whole proxy. */
    readonly maxConnections: number;
    /** Threads or workers. @default one a CPU */
    readonly threads?: number;
    /** How long connections of an old process last after a reload or a stop. */
    readonly drainSeconds: number;
    /** Needed for SRV records: `address:port` of name servers, asked over TCP where the engine can choose. */
    readonly nameservers?: readonly string[];
}

/** What of the NGINX build the renderer must know. */
export interface NginxBuild {
    /** Such as 1.31.3; SRV records need 1.27.3. */
    readonly version: string;
    /** Dynamic modules to load, by file. @default none */
    readonly modules?: readonly string[];
}

/** Where HAProxy's runtime socket and the memory of its servers' state lie. */
export const runtimeSocketOf = (spec: Pick<ProxySpec, "runDirectory">) =>
    `${spec.runDirectory}/admin.sock`;
export const stateFileOf = (spec: Pick<ProxySpec, "runDirectory">) =>
    `${spec.runDirectory}/servers.state`;
