/** User data of an instance that runs the service: container, health agent, metrics, runtime configuration, drain. */
import { renderCloudConfig, type UserDataFile } from "./cloud-config";
import { renderHealthAgent } from "./health";
import { AGENT_DIR, CONFIG_DIR, DATA_DIR, SCRIPT_DIR, SERVICE_USER } from "./layout";
import { CONNECTIONS, DRAIN, FETCH_CONFIG, PUBLISH_CONNECTIONS, PULL_IMAGE } from "./scripts";
import { systemdUnits, type Units } from "./units";

/** Everything an instance is told; nothing secret. */
export interface ServiceUserData {
    readonly region: string;
    /** Physical name of the auto scaling group: the metrics' dimension, and whose hook the drain agent completes. */
    readonly groupName: string;
    readonly hookName: string;
    /** CloudWatch namespace of the instance's metrics. */
    readonly metricNamespace: string;
    /** Image by digest. */
    readonly image: string;
    readonly port: number;
    readonly httpPort: number;
    readonly healthPort: number;
    /** Longest wait for connections to end. */
    readonly drainSeconds: number;
    /** Length of the lifecycle hook, longer than the drain. */
    readonly hookSeconds: number;
    /** Where RuntimeConfig wrote the parameter `runtime`; absent, no configuration is fetched. */
    readonly parameterPath?: string;
}

const UNIT_DIR = "/etc/systemd/system";

/** Timing of the drain agent; a spot notice comes two minutes ahead, and the service needs the last half minute to stop. */
export const DRAIN_TIMING = { pollSeconds: 5, settleSeconds: 60, spotSeconds: 90 } as const;

/** Starts the CloudWatch agent with its configuration. */
export const START_METRICS = [
    "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl",
    ...["-a", "fetch-config", "-m", "ec2", "-s", "-c"],
    `file:${AGENT_DIR}/cloudwatch.json`,
] as const;

/** Seconds between two samples of memory. */
const METRIC_SECONDS = 60;
/** First port that a process without privileges may listen on. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Scripts and unit files, where the instance looks for them. */
export function programFiles(
    scripts: Readonly<Record<string, string>>,
    units: Units,
): UserDataFile[] {
    return [
        ...Object.entries(scripts).map(([name, content]) => ({
            path: `${SCRIPT_DIR}/${name}`,
            mode: "0755",
            content,
        })),
        ...Object.entries(units.files).map(([name, content]) => ({
            path: `${UNIT_DIR}/${name}`,
            content,
        })),
    ];
}

/** What the machine image must have or be able to install; Amazon Linux 2023 is what the names are of. */
export const PACKAGES = ["amazon-cloudwatch-agent", "awscli-2", "docker", "haproxy", "jq"] as const;

/** The `#cloud-config` of a service instance. Throws an Error above 16 KB. */
export function renderServiceUserData(given: ServiceUserData): string {
    const ports = [given.port, given.httpPort];
    const lowest = Math.min(...ports);
    const sysctl: UserDataFile[] =
        lowest < FIRST_UNPRIVILEGED_PORT
            ? [
                  {
                      path: "/etc/sysctl.d/90-logcaster.conf",
                      content: `net.ipv4.ip_unprivileged_port_start = ${lowest}\n`,
                  },
              ]
            : [];
    const units = systemdUnits(given);
    return renderCloudConfig({
        packages: PACKAGES,
        user: SERVICE_USER,
        files: [
            { path: `${AGENT_DIR}/env`, content: environment(given) },
            { path: `${AGENT_DIR}/cloudwatch.json`, content: memoryMetric(given) },
            {
                path: `${AGENT_DIR}/health.cfg`,
                content: renderHealthAgent({
                    servicePort: given.port,
                    healthPort: given.healthPort,
                }),
            },
            ...sysctl,
            ...programFiles(scripts(given), units),
        ],
        commands: [
            ["sysctl", "--system"],
            ["mkdir", "-p", CONFIG_DIR, DATA_DIR],
            ["chown", `${SERVICE_USER.name}:`, CONFIG_DIR, DATA_DIR],
            START_METRICS,
            ["systemctl", "daemon-reload"],
            ["systemctl", "enable", "--now", "docker.service", ...units.start],
        ],
    });
}

function scripts({ parameterPath }: ServiceUserData): Record<string, string> {
    return {
        connections: CONNECTIONS,
        "publish-connections": PUBLISH_CONNECTIONS,
        "pull-image": PULL_IMAGE,
        drain: DRAIN,
        ...(parameterPath ? { "fetch-config": FETCH_CONFIG } : {}),
    };
}

/** What the scripts are told, as a systemd environment file. */
export function environment(given: Omit<ServiceUserData, "httpPort">): string {
    const values: Record<string, string | number> = {
        AWS_REGION: given.region,
        SCRIPT_DIR,
        CONFIG_DIR,
        SERVICE_USER: SERVICE_USER.name,
        SERVICE_PORT: given.port,
        HEALTH_PORT: given.healthPort,
        IMAGE: given.image,
        METRIC_NAMESPACE: given.metricNamespace,
        GROUP_NAME: given.groupName,
        HOOK_NAME: given.hookName,
        HOOK_SECONDS: given.hookSeconds,
        DRAIN_SECONDS: given.drainSeconds,
        SPOT_DRAIN_SECONDS: DRAIN_TIMING.spotSeconds,
        SETTLE_SECONDS: DRAIN_TIMING.settleSeconds,
        POLL_SECONDS: DRAIN_TIMING.pollSeconds,
        IMDS: "http://169.254.169.254",
        ...(given.parameterPath ? { PARAMETER_PATH: given.parameterPath } : {}),
    };
    return Object.entries(values)
        .map(([name, value]) => `${name}=${value}\n`)
        .join("");
}

/** The CloudWatch agent's configuration: mem_used_percent with the group's name as its only dimension. */
export function memoryMetric({
    groupName,
    metricNamespace,
}: Pick<ServiceUserData, "groupName" | "metricNamespace">): string {
    const config = {
        agent: {
            metrics_collection_interval: METRIC_SECONDS,
            run_as_user: "cwagent",
            omit_hostname: true,
        },
        metrics: {
            namespace: metricNamespace,
            metrics_collected: {
                mem: {
                    measurement: ["mem_used_percent"],
                    append_dimensions: { AutoScalingGroupName: groupName },
                },
            },
        },
    };
    return `${JSON.stringify(config, null, 1)}\n`;
}
