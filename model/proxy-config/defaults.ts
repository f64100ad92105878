import { LIMITS } from "../limits";
import type { ProxyCheck } from "./spec";

/** Numbers of both engines that no setting changes, and where each comes from. */
export const PROXY_DEFAULTS = Object.freeze({
    /** Brief 3.2: inter 2s rise 2 fall 3; the timeout is half the interval. */
    pingPong: Object.freeze({
        kind: "ping-pong",
        intervalSeconds: 2,
        timeoutSeconds: 1,
        rise: 2,
        fall: 3,
    } satisfies ProxyCheck),
    /** Brief 3.1: max_fails=3 fail_timeout=30s. */
    passive: Object.freeze({
        kind: "passive",
        maxFails: 3,
        failSeconds: 30,
    } satisfies ProxyCheck),
    /** Brief 3.2: maxconn 50000. */
    maxConnections: 50_000,
    /** Brief 3.2: timeout connect 5s. */
    connectTimeoutSeconds: 5,
    /** Brief 3.1: proxy_connect_timeout 1s, proxy_send_timeout and proxy_read_timeout 30s, of HTTP. */
    httpConnectTimeoutSeconds: 1,
    httpIdleTimeoutSeconds: 30,
    /** The brief's 30 s would cut a quiet log connection: the load balancer's own idle time holds. */
    lineIdleTimeoutSeconds: LIMITS["loadBalancer.tcpIdleTimeoutSeconds"].value,
    slowStartSeconds: 30,
    /** Twice brief 6.1's 50 instances: while instances are replaced, those that leave keep their slots until they are empty. */
    slots: 2 * LIMITS["scaling.max"].max,
});

/** A peer that has gone without a word is noticed after 60 + 6 x 10 s. */
export const KEEPALIVE = Object.freeze({ idleSeconds: 60, intervalSeconds: 10, probes: 6 });
/** A connection that one side has closed lasts so long. */
export const HALF_CLOSED_SECONDS = 30;
/** A connection waits so long for a backend that is full. */
export const QUEUE_SECONDS = 10;
/** A connection is tried so often, each time on another backend. */
export const TRIES = 3;
/** Sources that are remembered, and for how long. */
export const SOURCES = Object.freeze({ entries: 100_000, zoneSize: "10m", expirySeconds: 30 });
/** Clients of /health and /metrics are quick. */
export const ADMIN_TIMEOUT_SECONDS = 10;
/** Longest answer to a health check that NGINX waits for, over all the backends it tries. */
export const HEALTH_SECONDS = 2;

/** Name resolution. */
export const DNS = Object.freeze({
    /** Time between two questions: a new pod gets connections within so long. */
    validSeconds: 5,
    /** A record that answers no longer hold is kept so long. */
    obsoleteSeconds: 10,
    /** While no answer comes, or an empty one, the last known servers stay. */
    errorSeconds: 3600,
    timeoutSeconds: 1,
    retries: 3,
    /** Largest answer over UDP; 50 SRV records do not fit, over TCP 65,535 bytes do. */
    payloadBytes: 8192,
});

/** Brief 3.1: keepalive 32, 100 requests, 60 s; buffers 4k and 8 x 4k, 8k busy. */
export const HTTP_UPSTREAM = Object.freeze({
    keepalive: 32,
    keepaliveRequests: 100,
    keepaliveSeconds: 60,
    bufferSize: "4k",
    buffers: "8 4k",
    busyBuffersSize: "8k",
});

/** Bytes of an upstream's shared memory; 50 servers take a quarter. */
export const UPSTREAM_ZONE = "256k";

/** The first NGINX without a subscription that resolves SRV records again: `resolve` and `service=` of `server`. */
export const NGINX_RESOLVES_SINCE = "1.27.3";

/** HAProxy's range. */
export const MAX_WEIGHT = 256;
