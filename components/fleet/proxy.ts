/** What a fleet of proxies runs: pure, from plain arguments. */
import {
    PROXY_DEFAULTS,
    ProxyEngine,
    proxyProblems,
    type ProxySpec,
    renderHaproxy,
    runtimeSocketOf,
    stateFileOf,
} from "logcaster-model/proxy-config";
import type { Problem } from "logcaster-model/settings";
import {
    NGINX_CONFIG_FILE,
    PROXY_CONFIG_FILE,
    PROXY_DIR,
    renderProxyUserData,
} from "logcaster-model/user-data";
import type { AutoscalingFleetArgs, FleetProxyArgs } from "./args";
import {
    AGENT_INTERVAL_SECONDS,
    DRAIN_HOOK,
    HEALTH_PORT,
    METRIC_NAMESPACE,
    NGINX,
} from "./defaults";

/** Name of the listener, of HAProxy's backend and its slots. */
const LISTENER = "line";

/** The specification of a proxy; backends are the agent's to fill in. */
export function proxySpecOf(
    { service, deregistrationDelaySeconds }: AutoscalingFleetArgs,
    proxy: FleetProxyArgs,
): ProxySpec {
    const isHaproxy = proxy.engine === ProxyEngine.Haproxy;
    return {
        listeners: [
            {
                name: LISTENER,
                protocol: "line",
                port: service.port,
                balance: "least-connections",
                backends: isHaproxy
                    ? { from: "agent", slots: proxy.slots }
                    : { from: "list", servers: [] },
                check: isHaproxy ? PROXY_DEFAULTS.pingPong : PROXY_DEFAULTS.passive,
                ...(isHaproxy ? { slowStartSeconds: PROXY_DEFAULTS.slowStartSeconds } : {}),
                connectionsPerServer: proxy.connectionsPerBackend,
                perSource: { connections: proxy.connectionsPerSource },
                connectTimeoutSeconds: PROXY_DEFAULTS.connectTimeoutSeconds,
                idleTimeoutSeconds: proxy.idleTimeoutSeconds,
            },
        ],
        admin: { port: HEALTH_PORT, backendHealthPort: HEALTH_PORT },
        runDirectory: PROXY_DIR,
        maxConnections: PROXY_DEFAULTS.maxConnections,
        drainSeconds: deregistrationDelaySeconds,
    };
}

/** The user data of a proxy. */
export function proxyUserData(
    name: string,
    args: AutoscalingFleetArgs,
    proxy: FleetProxyArgs,
): string {
    const { region, service, scaling, deregistrationDelaySeconds } = args;
    const spec = proxySpecOf(args, proxy);
    const isHaproxy = proxy.engine === ProxyEngine.Haproxy;
    const flags: Record<string, string | number> = {
        group: proxy.backendGroupName,
        region,
        port: service.port,
        "interval-seconds": AGENT_INTERVAL_SECONDS,
        ...(isHaproxy
            ? {
                  backend: LISTENER,
                  socket: runtimeSocketOf(spec),
                  "state-file": stateFileOf(spec),
                  "rebalance-seconds": proxy.rebalanceSeconds,
                  "idle-timeout-seconds": proxy.idleTimeoutSeconds,
              }
            : { spec: PROXY_CONFIG_FILE.nginx, config: NGINX_CONFIG_FILE }),
    };
    return renderProxyUserData({
        region,
        groupName: name,
        hookName: DRAIN_HOOK,
        metricNamespace: METRIC_NAMESPACE,
        image: service.image,
        port: service.port,
        healthPort: HEALTH_PORT,
        drainSeconds: deregistrationDelaySeconds,
        hookSeconds: scaling.drainSeconds,
        engine: proxy.engine,
        config: isHaproxy
            ? renderHaproxy(spec)
            : `${JSON.stringify({ spec, build: NGINX }, null, 1)}\n`,
        agentArguments: Object.entries(flags).map(([flag, value]) => `--${flag} ${value}`),
    });
}

/** Every mistake in the arguments of a proxy. */
export function proxyArgsProblems(args: AutoscalingFleetArgs): Problem[] {
    const { proxy, nodeMode, scaling } = args;
    if (!proxy) return [];
    const found: Problem[] = [];
    if (nodeMode) {
        found.push({ path: "proxy", value: proxy.engine, allowed: "nothing in node mode" });
    }
    if (scaling.spot.enabled) {
        found.push({
            path: "scaling.spot.enabled",
            value: true,
            allowed:
                "false for proxies: a spot notice is too short to hand over everybody's connections",
        });
    }
    const { engine } = proxy;
    const engines: readonly string[] = Object.values(ProxyEngine);
    if (!engines.includes(engine)) {
        return [...found, { path: "proxy.engine", value: engine, allowed: engines.join(" or ") }];
    }
    const target = engine === ProxyEngine.Haproxy ? { engine } : { engine, build: NGINX };
    return [
        ...found,
        ...proxyProblems(proxySpecOf(args, proxy), target).map((problem) => ({
            ...problem,
            path: `proxy ${problem.path}`,
        })),
    ];
}
