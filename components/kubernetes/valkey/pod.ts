import type { input } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { podResources } from "../pod-resources";
import { closedContainer, ordinaryUser } from "../pod-security";
import { HOST, spread, ZONE } from "../spread";
import { BUS_PORT, EXPORTER, GRACE_SECONDS, METRICS_PORT, PORT, PROBES, RUN_AS } from "./defaults";
import { FOLDERS } from "./names";
import type { ValkeyChoice } from "./validate";

type Container = input.core.v1.Container;
type PodSpec = input.core.v1.PodSpec;

/** The certificate's and the users' files: of the group of the server alone. */
const SECRET_MODE = 0o440;

/** Names of what a pod mounts. */
export interface Mounted {
    readonly configMap: string;
    readonly users: string;
    readonly certificates: pulumi.Input<string>;
}

/** A server and, where asked for, its exporter. */
export function serverPod(
    choice: ValkeyChoice,
    domain: string,
    labels: { all: Record<string, string>; shard: Record<string, string> },
    mounted: Mounted,
): PodSpec {
    return {
        ...common(mounted),
        terminationGracePeriodSeconds: GRACE_SECONDS,
        topologySpreadConstraints: [
            // Of each shard: no zone has two copies while another has none.
            spread(ZONE, "DoNotSchedule", labels.shard),
            // Of all: primaries spread over zones as well as may be.
            spread(ZONE, "ScheduleAnyway", labels.all),
        ],
        affinity: {
            podAntiAffinity: {
                // Never two copies of a shard on one host.
                requiredDuringSchedulingIgnoredDuringExecution: [
                    {
                        topologyKey: HOST,
                        labelSelector: { matchLabels: labels.shard },
                    },
                ],
                preferredDuringSchedulingIgnoredDuringExecution: [
                    {
                        weight: 100,
                        podAffinityTerm: {
                            topologyKey: HOST,
                            labelSelector: { matchLabels: labels.all },
                        },
                    },
                ],
            },
        },
        containers: [
            {
                ...base(choice, "server", "start.sh"),
                ports: [
                    { name: "valkey", containerPort: PORT },
                    { name: "bus", containerPort: BUS_PORT },
                ],
                env: [
                    fromPod("POD_NAME", "metadata.name"),
                    fromPod("POD_IP", "status.podIP"),
                    { name: "NODE_HOST", value: `$(POD_NAME).${domain}` },
                ],
                resources: resources(choice),
                startupProbe: { ...PROBES.startup, ...runs("live.sh") },
                readinessProbe: { ...PROBES.readiness, ...runs("ready.sh") },
                livenessProbe: { ...PROBES.liveness, ...runs("live.sh") },
                lifecycle: { preStop: runs("stop.sh") },
            },
            ...(choice.metrics ? [exporter(choice.metrics.exporterImage, mounted.users)] : []),
        ],
    };
}

/** What makes a cluster of the pods. */
export function creatorPod(choice: ValkeyChoice, mounted: Mounted): PodSpec {
    const container = base(choice, "create", "create.sh");
    return {
        ...common(mounted),
        restartPolicy: "Never",
        containers: [
            {
                ...container,
                volumeMounts: (container.volumeMounts as input.core.v1.VolumeMount[]).filter(
                    ({ name }) => name !== "data",
                ),
                resources: resources(EXPORTER),
            },
        ],
    };
}

function common({ configMap, users, certificates }: Mounted): PodSpec {
    return {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { ...ordinaryUser(RUN_AS), fsGroupChangePolicy: "OnRootMismatch" },
        containers: [],
        volumes: [
            { name: "configuration", configMap: { name: configMap } },
            { name: "users", secret: { secretName: users, defaultMode: SECRET_MODE } },
            {
                name: "certificates",
                secret: { secretName: certificates, defaultMode: SECRET_MODE },
            },
        ],
    };
}

function base({ image }: ValkeyChoice, name: string, script: string): Container {
    const readOnly = true;
    return {
        name,
        image,
        command: ["sh", `${FOLDERS.configuration}/${script}`],
        securityContext: closedContainer(),
        volumeMounts: [
            { name: "data", mountPath: FOLDERS.data },
            { name: "configuration", mountPath: FOLDERS.configuration, readOnly },
            { name: "users", mountPath: FOLDERS.secrets, readOnly },
            { name: "certificates", mountPath: FOLDERS.certificates, readOnly },
        ],
    };
}

function exporter(image: string, users: string): Container {
    return {
        name: "exporter",
        image,
        args: [
            `--redis.addr=rediss://$(POD_IP):${PORT}`,
            "--redis.user=monitor",
            // The certificate names the pod, not its address; the connection does not leave the pod.
            "--skip-tls-verification",
            `--web.listen-address=:${METRICS_PORT}`,
        ],
        env: [
            fromPod("POD_IP", "status.podIP"),
            {
                name: "REDIS_PASSWORD",
                valueFrom: { secretKeyRef: { name: users, key: "monitor-password" } },
            },
        ],
        ports: [{ name: "metrics", containerPort: METRICS_PORT }],
        resources: resources(EXPORTER),
        securityContext: closedContainer(),
    };
}

function resources(given: { cpuRequestMilli: number; memoryMebibytes: number }) {
    return podResources(given.cpuRequestMilli, given.memoryMebibytes);
}

const runs = (script: string) => ({
    exec: { command: ["sh", `${FOLDERS.configuration}/${script}`] },
});

const fromPod = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
});
