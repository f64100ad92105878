/** User data of a proxy: the engine, its agent in a container, metrics and drain. */
import { ProxyEngine } from "../proxy-config";
import { renderCloudConfig } from "./cloud-config";
import { AGENT_DIR, SCRIPT_DIR, SERVICE_USER } from "./layout";
import { CONNECTIONS, DRAIN, PUBLISH_CONNECTIONS, PULL_IMAGE } from "./scripts";
import {
    environment,
    memoryMetric,
    programFiles,
    type ServiceUserData,
    START_METRICS,
} from "./service";
import { agentUnits, MAX_FILES, startable, unit, type Units } from "./units";

/** Where the engine's runtime socket, state and pid lie: the agent's one way to it. */
export const PROXY_DIR = "/run/logcaster-proxy";

export interface ProxyUserData extends Omit<ServiceUserData, "httpPort" | "parameterPath"> {
    readonly engine: ProxyEngine;
    /** HAProxy: its configuration. NGINX: the specification, from which the agent renders it. */
    readonly config: string;
    /** After `logcaster proxy-agent`. */
    readonly agentArguments: readonly string[];
}

/** Where `config` is on the instance. */
export const PROXY_CONFIG_FILE = {
    [ProxyEngine.Haproxy]: `${AGENT_DIR}/haproxy.cfg`,
    [ProxyEngine.Nginx]: `${AGENT_DIR}/proxy.json`,
} as const;

const PACKAGES = {
    [ProxyEngine.Haproxy]: ["haproxy"],
    [ProxyEngine.Nginx]: ["nginx", "nginx-mod-stream"],
} as const;

/** The `#cloud-config` of a proxy. Throws an Error above 16 KB. */
export function renderProxyUserData(given: ProxyUserData): string {
    const units = proxyUnits(given);
    const scripts = {
        connections: CONNECTIONS,
        "publish-connections": PUBLISH_CONNECTIONS,
        "pull-image": PULL_IMAGE,
        drain: DRAIN,
    };
    return renderCloudConfig({
        packages: ["amazon-cloudwatch-agent", "awscli-2", "docker", ...PACKAGES[given.engine]],
        user: SERVICE_USER,
        files: [
            { path: `${AGENT_DIR}/env`, content: environment(given) },
            { path: `${AGENT_DIR}/cloudwatch.json`, content: memoryMetric(given) },
            { path: PROXY_CONFIG_FILE[given.engine], content: given.config },
            ...programFiles(scripts, units),
        ],
        commands: [
            START_METRICS,
            ["systemctl", "daemon-reload"],
            ["systemctl", "enable", "--now", "docker.service", ...units.start],
        ],
    });
}

/** The engine is logcaster.service, which the drain agent stops last. */
function proxyUnits({ engine, image, agentArguments }: ProxyUserData): Units {
    const own = { User: SERVICE_USER.name, LimitNOFILE: String(2 * MAX_FILES), Restart: "always" };
    const directory = {
        RuntimeDirectory: PROXY_DIR.replace("/run/", ""),
        RuntimeDirectoryMode: "0750",
        // The last known servers outlive a restart.
        RuntimeDirectoryPreserve: "yes",
    };
    const agent = [
        "/usr/bin/docker run --rm --name logcaster-proxy-agent --network host --cap-drop ALL",
        `--user ${SERVICE_USER.uid}:${SERVICE_USER.uid} --volume ${PROXY_DIR}:${PROXY_DIR}`,
        ...(engine === ProxyEngine.Nginx ? [`--volume ${AGENT_DIR}:${AGENT_DIR}:ro`] : []),
        `${image} proxy-agent ${agentArguments.join(" ")}`,
    ];
    const files: Record<string, string> = {
        "logcaster.service": unit({
            Unit: {
                Description: "Proxy of the line protocol",
                After: "network-online.target",
                StartLimitIntervalSec: "0", // NGINX waits for its agent's first configuration
            },
            Service: { ...own, ...directory, ...ENGINES[engine] },
            Install: { WantedBy: "multi-user.target" },
        }),
        "logcaster-proxy-agent.service": unit({
            Unit: {
                Description: "Tells the proxy where the instances are",
                Requires: "docker.service",
                After: "network-online.target docker.service logcaster.service",
                StartLimitIntervalSec: "0",
            },
            Service: {
                EnvironmentFile: `${AGENT_DIR}/env`,
                ExecStartPre: [
                    `${SCRIPT_DIR}/pull-image`,
                    "-/usr/bin/docker rm --force logcaster-proxy-agent",
                ],
                ExecStart: agent.join(" "),
                ExecStop: "/usr/bin/docker stop logcaster-proxy-agent",
                TimeoutStartSec: "300",
                Restart: "always",
                RestartSec: "2",
            },
            Install: { WantedBy: "multi-user.target" },
        }),
        ...(engine === ProxyEngine.Nginx ? NGINX_RELOAD : {}),
        ...agentUnits(),
    };
    return { files, start: startable(files) };
}

/** Written by the agent. */
export const NGINX_CONFIG_FILE = `${PROXY_DIR}/nginx.conf`;

const ENGINES: Readonly<Record<ProxyEngine, Readonly<Record<string, string>>>> = {
    [ProxyEngine.Haproxy]: {
        ExecStart: `/usr/sbin/haproxy -W -f ${PROXY_CONFIG_FILE.haproxy}`,
        ExecReload: "/bin/kill -USR2 $MAINPID",
        KillMode: "mixed",
    },
    // Without a configuration yet it fails, and is tried again until the agent has written one.
    [ProxyEngine.Nginx]: {
        ExecStart: `/usr/sbin/nginx -e stderr -c ${NGINX_CONFIG_FILE} -g "daemon off;"`,
        ExecReload: "/bin/kill -HUP $MAINPID",
        KillMode: "mixed",
        RestartSec: "2",
    },
};

/** The agent writes another file; the system reloads NGINX. So the agent's container needs no right to signal anything. */
const NGINX_RELOAD: Readonly<Record<string, string>> = {
    "logcaster-reload.path": unit({
        Unit: { Description: "Notices another configuration of NGINX" },
        Path: { PathChanged: NGINX_CONFIG_FILE },
        Install: { WantedBy: "multi-user.target" },
    }),
    "logcaster-reload.service": unit({
        Unit: { Description: "Reloads NGINX" },
        Service: {
            Type: "oneshot",
            ExecStart: "/usr/bin/systemctl reload-or-restart logcaster.service",
        },
    }),
};
