/** The systemd units of a service instance. */
import { AGENT_DIR, CONFIG_DIR, DATA_DIR, SCRIPT_DIR, SERVICE_USER } from "./layout";
import type { ServiceUserData } from "./service";

/** Seconds the service has to flush after SIGTERM, inside the last half minute of a spot notice. */
const STOP_SECONDS = 20;
/** File descriptors of the service: brief 3.2's 50,000 connections, and as many again for files and its own. */
export const MAX_FILES = 100_000;

export interface Units {
    /** Unit files by name. */
    readonly files: Readonly<Record<string, string>>;
    /** What to enable and start. */
    readonly start: readonly string[];
}

/** Unit files by name, and which of them to enable and start. */
export function systemdUnits({ image, port, httpPort, parameterPath }: ServiceUserData): Units {
    const run = [
        "/usr/bin/docker run --rm --name logcaster --network host --cap-drop ALL",
        `--user ${SERVICE_USER.uid}:${SERVICE_USER.uid} --ulimit nofile=${MAX_FILES}`,
        `--env LOGCASTER_PORT=${port} --env LOGCASTER_HTTP_PORT=${httpPort}`,
        `--volume ${CONFIG_DIR}:${CONFIG_DIR}:ro --volume ${DATA_DIR}:${DATA_DIR}`,
        image,
    ];
    const files: Record<string, string> = {
        "logcaster.service": unit({
            Unit: {
                Description: "LogCaster",
                Requires: "docker.service",
                After: "network-online.target docker.service",
                StartLimitIntervalSec: "0", // what it fetches may be late: try for ever
            },
            Service: {
                EnvironmentFile: `${AGENT_DIR}/env`,
                ExecStartPre: [
                    ...(parameterPath ? [`${SCRIPT_DIR}/fetch-config`] : []),
                    `${SCRIPT_DIR}/pull-image`,
                    "-/usr/bin/docker rm --force logcaster",
                ],
                ExecStart: run.join(" "),
                ExecStop: `/usr/bin/docker stop --time ${STOP_SECONDS} logcaster`,
                TimeoutStartSec: "300",
                Restart: "always",
                RestartSec: "2",
            },
            Install: { WantedBy: "multi-user.target" },
        }),
        "logcaster-health.service": unit({
            Unit: { Description: "Answers /health by asking the service PING" },
            Service: {
                ExecStart: `/usr/sbin/haproxy -db -f ${AGENT_DIR}/health.cfg`,
                DynamicUser: "yes",
                Restart: "always",
            },
            Install: { WantedBy: "multi-user.target" },
        }),
        ...agentUnits(),
    };
    return { files, start: startable(files) };
}

/** Units to enable and start. */
export const startable = (files: Readonly<Record<string, string>>) =>
    Object.keys(files).filter((name) => files[name]?.includes("[Install]"));

/** What runs beside a service or a proxy: metrics and drain. */
export function agentUnits(): Record<string, string> {
    return {
        "logcaster-connections.service": unit({
            Unit: { Description: "Publishes the metric ActiveConnections" },
            Service: script("publish-connections", { Type: "oneshot" }),
        }),
        "logcaster-connections.timer": unit({
            Unit: { Description: "Publishes the metric ActiveConnections every minute" },
            Timer: { OnBootSec: "60", OnUnitActiveSec: "60", AccuracySec: "1" },
            Install: { WantedBy: "timers.target" },
        }),
        "logcaster-drain.service": unit({
            Unit: { Description: "Drains the instance when its group or EC2 takes it away" },
            Service: script("drain", { Restart: "on-failure", RestartSec: "5" }),
            Install: { WantedBy: "multi-user.target" },
        }),
    };
}

type Section = Readonly<Record<string, string | readonly string[]>>;

function script(name: string, settings: Section): Section {
    return {
        ...settings,
        EnvironmentFile: `${AGENT_DIR}/env`,
        ExecStart: `${SCRIPT_DIR}/${name}`,
    };
}

export function unit(sections: Readonly<Record<string, Section>>): string {
    return Object.entries(sections)
        .map(([name, settings]) => {
            const lines = Object.entries(settings).flatMap(([key, value]) =>
                [value].flat().map((one) => `${key}=${one}\n`),
            );
            return `[${name}]\n${lines.join("")}`;
        })
        .join("\n");
}
