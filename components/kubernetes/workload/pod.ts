import type { input } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { CONFIG_DIR } from "logcaster-model/user-data/layout";
import { renderHealthAgent } from "logcaster-model/user-data";
import { HEALTH_PORT } from "../../fleet/defaults";
import { podResources } from "../pod-resources";
import { closedContainer, ordinaryUser } from "../pod-security";
import { spreadDeployment } from "../spread";
import {
    FIRST_UNPRIVILEGED_PORT,
    HEALTH_AGENT,
    PORT_NAMES,
    PROBES,
    RUN_AS,
    podSize,
} from "./defaults";
import type { WorkloadChoice } from "./validate";

type PodTemplate = input.core.v1.PodTemplateSpec;
type Container = input.core.v1.Container;

/** Names of what the pod mounts. */
export interface Mounted {
    readonly agentConfigMap: string;
    /** Absent where the service reads nothing at run time. */
    readonly runtime?: { readonly configMap: string; readonly secret: string };
}

const AGENT_FOLDER = "/usr/local/etc/haproxy";

/** Configuration of the health agent: the same that an instance runs. */
export function agentConfiguration({ port }: WorkloadChoice): string {
    return renderHealthAgent({ servicePort: port, healthPort: HEALTH_PORT });
}

/** The pod: the service, the agent that asks it PING, sidecars. */
export function podTemplate(
    choice: WorkloadChoice,
    labels: Record<string, string>,
    priorityClassName: string,
    mounted: Mounted,
): PodTemplate {
    const { httpPort, runtimeFiles } = choice;
    // A hash of random passwords tells nobody anything, and a secret in a pod's template would hide all of it.
    const read = pulumi.unsecret(
        pulumi
            .all([
                agentConfiguration(choice),
                runtimeFiles?.document ?? "",
                runtimeFiles?.secrets ?? {},
            ])
            .apply(checksum),
    );
    return {
        // A changed configuration is a new pod.
        metadata: { labels, annotations: { "logcaster/configuration-sha256": read } },
        spec: {
            serviceAccountName: choice.serviceName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName,
            terminationGracePeriodSeconds: choice.terminationGraceSeconds,
            topologySpreadConstraints: spreadDeployment(labels),
            securityContext: {
                ...ordinaryUser(RUN_AS),
                ...(httpPort < FIRST_UNPRIVILEGED_PORT
                    ? {
                          sysctls: [
                              {
                                  name: "net.ipv4.ip_unprivileged_port_start",
                                  value: String(httpPort),
                              },
                          ],
                      }
                    : {}),
            },
            // A native sidecar: it is there before the service and still answers while the service drains.
            initContainers: [healthAgent(choice)],
            containers: [service(choice, mounted), ...choice.sidecars.map(sidecar)],
            volumes: [
                { name: "tmp", emptyDir: {} },
                { name: "health-agent", configMap: { name: mounted.agentConfigMap } },
                ...(mounted.runtime ? [runtimeVolume(choice, mounted.runtime)] : []),
            ],
        },
    };
}

function service(choice: WorkloadChoice, { runtime }: Mounted): Container {
    const { serviceName, image, port, httpPort, preStopSeconds, tier } = choice;
    const size = podSize(tier);
    return {
        name: serviceName,
        image,
        ports: [
            { name: PORT_NAMES.line, containerPort: port },
            { name: PORT_NAMES.http, containerPort: httpPort },
        ],
        resources: {
            requests: {
                cpu: `${size.cpuRequestMilli}m`,
                memory: `${size.memoryMebibytes}Mi`,
            },
            limits: { cpu: `${size.cpuLimitMilli}m`, memory: `${size.memoryMebibytes}Mi` },
        },
        startupProbe: { ...ping(), failureThreshold: PROBES.startupFailureThreshold },
        readinessProbe: {
            ...ping(),
            successThreshold: PROBES.successThreshold,
            failureThreshold: PROBES.failureThreshold,
        },
        // Asks the process alone: a data store that is away must not restart every pod.
        livenessProbe: { ...PROBES.liveness, tcpSocket: { port: PORT_NAMES.line } },
        // Load balancers hear of it in this time; connections that come meanwhile are served.
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
        securityContext: closedContainer(),
        volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            ...(runtime ? [{ name: "runtime", mountPath: CONFIG_DIR, readOnly: true }] : []),
        ],
    };
}

function healthAgent({ healthAgentImage }: WorkloadChoice): Container {
    return {
        name: "health-agent",
        image: healthAgentImage,
        restartPolicy: "Always",
        args: ["haproxy", "-W", "-db", "-f", `${AGENT_FOLDER}/haproxy.cfg`],
        ports: [{ name: PORT_NAMES.health, containerPort: HEALTH_PORT }],
        resources: resources(HEALTH_AGENT),
        securityContext: closedContainer(),
        volumeMounts: [{ name: "health-agent", mountPath: AGENT_FOLDER, readOnly: true }],
    };
}

function sidecar(given: WorkloadChoice["sidecars"][number]): Container {
    const { name, image, args } = given;
    return { name, image, args, resources: resources(given), securityContext: closedContainer() };
}

/** PING and PONG, by way of the agent: an HTTP probe can say neither. */
function ping(): input.core.v1.Probe {
    return {
        httpGet: { path: "/health", port: HEALTH_PORT },
        periodSeconds: PROBES.periodSeconds,
        timeoutSeconds: PROBES.timeoutSeconds,
    };
}

function resources(given: { cpuRequestMilli: number; memoryRequestMebibytes: number }) {
    return podResources(given.cpuRequestMilli, given.memoryRequestMebibytes);
}

/** The document and the secrets in one folder, readable by the service alone. */
function runtimeVolume(
    { runtimeFiles }: WorkloadChoice,
    { configMap, secret }: NonNullable<Mounted["runtime"]>,
): input.core.v1.Volume {
    const files = Object.keys(runtimeFiles!.secrets).sort();
    return {
        name: "runtime",
        projected: {
            defaultMode: 0o400,
            sources: [
                {
                    configMap: {
                        name: configMap,
                        items: [{ key: "runtime.json", path: "runtime.json" }],
                    },
                },
                {
                    secret: {
                        name: secret,
                        items: files.map((file) => ({ key: file, path: `secrets/${file}` })),
                    },
                },
            ],
        },
    };
}

function checksum(read: unknown): string {
    return createHash("sha256").update(JSON.stringify(read)).digest("hex");
}
