/** How the local agent asks the service: intervals of brief 3.2 (inter 2s, rise 2, fall 3). */
export interface HealthAgent {
    /** Port of the service's line protocol on 127.0.0.1. */
    readonly servicePort: number;
    /** Port on which the agent answers /health. */
    readonly healthPort: number;
}

const CHECK = { intervalSeconds: 2, rise: 2, fall: 3, timeoutSeconds: 1 } as const;

/**
 * HAProxy as health agent, because ELB can neither send PING nor expect PONG: `/health` answers 200 while the
 * service answers PONG, 503 while it does not. Carries no traffic.
 */
export function renderHealthAgent({ servicePort, healthPort }: HealthAgent): string {
    return `global
    log stdout format raw local0 notice
    maxconn 256

defaults
    timeout connect ${CHECK.timeoutSeconds}s
    timeout client 5s
    timeout server 5s
    timeout check ${CHECK.timeoutSeconds}s

frontend health
    mode http
    bind :${healthPort}
    monitor-uri /health
    monitor fail if { nbsrv(logcaster) lt 1 }
    http-request return status 404

backend logcaster
    mode tcp
    option tcp-check
    tcp-check connect
    tcp-check send PING\\r\\n
    tcp-check expect string PONG
    server local 127.0.0.1:${servicePort} check inter ${CHECK.intervalSeconds}s rise ${CHECK.rise} fall ${CHECK.fall}
`;
}
