/** What a proxy in Kubernetes does, in the one specification's terms, and its configuration as text. */
import {
    type NginxBuild,
    PROXY_DEFAULTS,
    ProxyEngine,
    type ProxySpec,
    type ProxyTarget,
    renderHaproxy,
    renderNginx,
} from "logcaster-model/proxy-config";
import { HEALTH_PORT } from "../../fleet/defaults";
import { given } from "../../given";
import type { KubernetesProxyArgs } from "./args";
import { FOLDERS, HEADROOM, KUBERNETES_PROXY_DEFAULTS, LISTENER } from "./defaults";

/** The arguments with every default filled in. */
export type KubernetesProxyChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: KubernetesProxyArgs) {
    const { engine, balance } = KUBERNETES_PROXY_DEFAULTS;
    return {
        ...KUBERNETES_PROXY_DEFAULTS,
        ...given(args),
        engine: args.engine ?? engine,
        balance: args.balance ?? balance,
    };
}

/** The engine that the specification is for. */
export function targetOf({ engine, nginxVersion }: KubernetesProxyChoice): ProxyTarget {
    return engine === ProxyEngine.Nginx
        ? { engine, build: { version: nginxVersion ?? "0" } }
        : { engine: ProxyEngine.Haproxy };
}

/** The specification: pods by SRV records, PING and PONG where the engine can ask. */
export function proxySpecOf(choice: KubernetesProxyChoice): ProxySpec {
    const isHaproxy = choice.engine === ProxyEngine.Haproxy;
    const { connectionsPerPod } = choice;
    return {
        listeners: [
            {
                name: LISTENER,
                protocol: "line",
                port: choice.port,
                balance: choice.balance,
                backends: { from: "srv", name: choice.srvName, slots: choice.slots },
                check: isHaproxy ? PROXY_DEFAULTS.pingPong : PROXY_DEFAULTS.passive,
                ...(isHaproxy ? { slowStartSeconds: PROXY_DEFAULTS.slowStartSeconds } : {}),
                ...(connectionsPerPod === undefined
                    ? {}
                    : { connectionsPerServer: connectionsPerPod }),
                perSource: { connections: choice.connectionsPerSource },
                connectTimeoutSeconds: PROXY_DEFAULTS.connectTimeoutSeconds,
                idleTimeoutSeconds: choice.idleTimeoutSeconds,
            },
        ],
        // NGINX asks the health agents of the service's pods.
        admin: { port: HEALTH_PORT, backendHealthPort: HEALTH_PORT },
        runDirectory: FOLDERS.run,
        maxConnections: HEADROOM * choice.connectionsPerProxy,
        drainSeconds: choice.drainSeconds,
        nameservers: choice.nameservers,
    };
}

/** The engine's configuration. */
export function renderProxy(choice: KubernetesProxyChoice): string {
    const spec = proxySpecOf(choice);
    const target = targetOf(choice);
    return target.engine === ProxyEngine.Nginx
        ? renderNginx(spec, target.build satisfies NginxBuild)
        : renderHaproxy(spec);
}
