import * as assert from "node:assert/strict";
import {
    PROXY_DEFAULTS,
    ProxyEngine,
    type ProxyListener,
    type ProxyServer,
    type ProxySpec,
    ProxySpecError,
    type ProxyTarget,
    proxyProblems,
    renderHaproxy,
    renderNginx,
} from "logcaster-model/proxy-config";

const HAPROXY: ProxyTarget = { engine: ProxyEngine.Haproxy };
const nginx = (version: string): ProxyTarget => ({ engine: ProxyEngine.Nginx, build: { version } });
const NGINX = nginx("1.31.3");
const servers = [
    { name: "a", host: "10.0.1.10", port: 9999 },
    { name: "b", host: "b.example.com", port: 9999, weight: 2 },
];
const SRV = "_line._tcp.logcaster.logs.svc.cluster.local";

function spec(change: Partial<ProxyListener> = {}, wide: Partial<ProxySpec> = {}): ProxySpec {
    const line: ProxyListener = {
        name: "line",
        protocol: "line",
        port: 9999,
        balance: "least-connections",
        backends: { from: "list", servers },
        check: PROXY_DEFAULTS.pingPong,
        connectTimeoutSeconds: 5,
        idleTimeoutSeconds: 3600,
        ...change,
    };
    return {
        listeners: [line],
        admin: { port: 8404, backendHealthPort: 8404 },
        runDirectory: "/run/logcaster-proxy",
        maxConnections: 50_000,
        drainSeconds: 300,
        ...wide,
    };
}

/** The same for NGINX, which has no checks of its own. */
const passive = (change: Partial<ProxyListener> = {}, wide: Partial<ProxySpec> = {}) =>
    spec({ check: PROXY_DEFAULTS.passive, ...change }, wide);

interface Row {
    readonly mistake: string;
    readonly given: ProxySpec;
    readonly target: ProxyTarget;
    readonly path: string;
    readonly says: string;
}
const list = (...given: ProxyServer[]) => ({ from: "list", servers: given }) as const;
const at = "listeners[0]";

const ROWS: readonly Row[] = [
    {
        mistake: "a backup beside source-hash on NGINX",
        given: passive({
            balance: "source-hash",
            backends: { from: "list", servers: [servers[0]!, { ...servers[1]!, backup: true }] },
        }),
        target: NGINX,
        path: `${at}.balance`,
        says: "NGINX refuses one with hash, ip_hash and random",
    },
    {
        mistake: "a backup beside random on NGINX",
        given: passive({
            balance: "random",
            backends: { from: "list", servers: [servers[0]!, { ...servers[1]!, backup: true }] },
        }),
        target: NGINX,
        path: `${at}.balance`,
        says: "least-connections or round-robin",
    },
    {
        mistake: "slow start on NGINX",
        given: passive({ slowStartSeconds: 30 }),
        target: NGINX,
        path: `${at}.slowStartSeconds`,
        says: "part of its subscription",
    },
    {
        mistake: "active checks on NGINX",
        given: spec(),
        target: NGINX,
        path: `${at}.check.kind`,
        says: "active checks are part of its subscription",
    },
    {
        mistake: "a rate of new connections on NGINX",
        given: passive({ perSource: { connections: 10, newPerSecond: 5 } }),
        target: NGINX,
        path: `${at}.perSource.newPerSecond`,
        says: "not their rate",
    },
    {
        mistake: "agent slots on NGINX",
        given: passive({ backends: { from: "agent", slots: 50 } }),
        target: NGINX,
        path: `${at}.backends.from`,
        says: "no runtime socket",
    },
    {
        mistake: "SRV records on an NGINX that resolves once",
        given: passive(
            { backends: { from: "srv", name: SRV, slots: 50 } },
            { nameservers: ["10.0.0.2:53"] },
        ),
        target: nginx("1.22.1"),
        path: `${at}.backends.from`,
        says: "since 1.27.3 only",
    },
    {
        mistake: "a certificate without its key on NGINX",
        given: passive({ tls: { certificateFile: "/etc/tls/all.pem" } }),
        target: NGINX,
        path: `${at}.tls.keyFile`,
        says: "the file of the key",
    },
    {
        mistake: "no health port of the backends on NGINX",
        given: passive({}, { admin: { port: 8404 } }),
        target: NGINX,
        path: "admin.backendHealthPort",
        says: "has no checks",
    },
    {
        mistake: "passive checks on HAProxy",
        given: passive(),
        target: HAPROXY,
        path: `${at}.check.kind`,
        says: "checks actively",
    },
    {
        mistake: "a key of its own on HAProxy",
        given: spec({ tls: { certificateFile: "/etc/tls/a.pem", keyFile: "/etc/tls/a.key" } }),
        target: HAPROXY,
        path: `${at}.tls.keyFile`,
        says: "reads the key from certificateFile",
    },
    {
        mistake: "weights that are all zero",
        given: spec({ backends: list(...servers.map((s) => ({ ...s, weight: 0 }))) }),
        target: HAPROXY,
        path: `${at}.backends.servers`,
        says: "at least one weight above 0",
    },
    {
        mistake: "a weight above the engine's range",
        given: spec({ backends: list({ ...servers[0]!, weight: 257 }) }),
        target: HAPROXY,
        path: `${at}.backends.servers[0].weight`,
        says: "from 0 to 256",
    },
    {
        mistake: "a discovery name that is no SRV name",
        given: spec(
            { backends: { from: "srv", name: "logcaster.logs.svc.cluster.local", slots: 50 } },
            { nameservers: ["10.0.0.2:53"] },
        ),
        target: HAPROXY,
        path: `${at}.backends.name`,
        says: "_<port name>._tcp.<service>",
    },
    {
        mistake: "SRV records without a name server",
        given: spec({ backends: { from: "srv", name: SRV, slots: 50 } }),
        target: HAPROXY,
        path: "nameservers",
        says: "at least one",
    },
    {
        mistake: "a check that lasts longer than its interval",
        given: spec({ check: { ...PROXY_DEFAULTS.pingPong, timeoutSeconds: 3 } }),
        target: HAPROXY,
        path: `${at}.check.timeoutSeconds`,
        says: "at most check.intervalSeconds 2",
    },
    {
        mistake: "PING over HTTP",
        given: spec({ protocol: "http" }),
        target: HAPROXY,
        path: `${at}.check.kind`,
        says: "http or passive for http",
    },
    {
        mistake: "no listener",
        given: spec({}, { listeners: [] }),
        target: HAPROXY,
        path: "listeners",
        says: "at least one",
    },
    {
        mistake: "a port twice",
        given: spec({ port: 8404 }),
        target: HAPROXY,
        path: "listeners",
        says: "each port once",
    },
    {
        mistake: "a name that would end the line",
        given: spec({ name: "line\n    stats socket /tmp/x" }),
        target: HAPROXY,
        path: `${at}.name`,
        says: "letters, digits",
    },
    {
        mistake: "a host that would add a parameter",
        given: spec({ backends: list({ ...servers[0]!, host: "10.0.0.1 backup" }) }),
        target: HAPROXY,
        path: `${at}.backends.servers[0].host`,
        says: "an IPv4 address or a host name",
    },
    {
        mistake: "no slots",
        given: spec({ backends: { from: "agent", slots: 0 } }),
        target: HAPROXY,
        path: `${at}.backends.slots`,
        says: "from 1",
    },
    {
        mistake: "a PROXY header believed from nobody",
        given: spec({ acceptProxyFrom: [] }),
        target: HAPROXY,
        path: `${at}.acceptProxyFrom`,
        says: "the blocks of the balancer",
    },
    {
        mistake: "a name server without a port",
        given: spec({}, { nameservers: ["10.0.0.2"] }),
        target: HAPROXY,
        path: "nameservers",
        says: "such as 10.0.0.2:53",
    },
    {
        mistake: "a run directory too long for a socket",
        given: spec({}, { runDirectory: `/run/${"x".repeat(90)}` }),
        target: HAPROXY,
        path: "runDirectory",
        says: "a socket is put there",
    },
];

describe("a proxy specification", () => {
    it("has no problem as it is, for either engine", () => {
        assert.deepEqual(proxyProblems(spec(), HAPROXY), []);
        assert.deepEqual(proxyProblems(passive(), NGINX), []);
    });

    for (const { mistake, given, target, path, says } of ROWS) {
        it(`is refused for ${mistake}, naming ${path} and what is allowed`, () => {
            const problems = proxyProblems(given, target);
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
            );
            assert.ok(problems[0]!.allowed.includes(says), problems[0]!.allowed);
        });
    }

    it("is not rendered with a mistake; all of them are in one error", () => {
        const wrong = spec({ slowStartSeconds: 0, balance: "source-hash" }, { drainSeconds: 0 });
        assert.throws(() => renderHaproxy(wrong), {
            name: "ProxySpecError",
            message: [
                `proxy drainSeconds is 0; allowed: a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
                `proxy listeners[0].slowStartSeconds is 0; allowed: a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`,
            ].join("\n"),
        });
        assert.throws(() => renderNginx(wrong, { version: "1.31.3" }), ProxySpecError);
    });
});
