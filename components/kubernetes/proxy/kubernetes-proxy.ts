import * as apps from "@pulumi/kubernetes/apps/v1";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import type { input } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { HEALTH_PORT } from "../../fleet/defaults";
import { refuse } from "../../problems";
import { podResources } from "../pod-resources";
import { closedContainer, ordinaryUser } from "../pod-security";
import { rollingUpdate } from "../roll-out";
import { spreadDeployment } from "../spread";
import { bindTargetGroup, closeNetwork } from "./access";
import type { KubernetesProxyArgs } from "./args";
import {
    ENGINES,
    FOLDERS,
    GRACE_MARGIN_SECONDS,
    LISTENER,
    MAX_UNAVAILABLE,
    PROBES,
    ROLLOUT,
    RUN_AS,
    STABILIZATION_SECONDS,
} from "./defaults";
import { choose, type KubernetesProxyChoice, renderProxy } from "./spec";
import { kubernetesProxyProblems } from "./validate";

/**
 * HAProxy or NGINX in front of the service's pods, which it knows by the SRV records of their headless Service: a new connection
 * goes to the pod that has the fewest. The configuration is rendered from the same specification as on EC2.
 *
 * **Cost**: its pods: three of half a vCPU and 1 GiB are three quarters of a c7i.large (2 vCPU, 4 GiB) at 0.0893 USD an hour
 * (us-east-1), 0.07 USD.
 * **Limits**: 20,000 connections a proxy, ten proxies by default.
 */
export class KubernetesProxy extends pulumi.ComponentResource {
    /** Name of the Service in front of all proxies. */
    readonly serviceName: pulumi.Output<string>;
    /** Bounds of the number of proxies. */
    readonly minReplicas: pulumi.Output<number>;
    readonly maxReplicas: pulumi.Output<number>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: KubernetesProxyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:KubernetesProxy", name, {}, opts);
        refuse(this, name, kubernetesProxyProblems(args));
        const choice = choose(args);
        const { proxyName, namespace } = choice;
        const labels = { "app.kubernetes.io/name": proxyName };
        const metadata = { name: proxyName, namespace, labels };
        const child = { parent: this };

        const text = renderProxy(choice);
        const configuration = new core.ConfigMap(
            `${name}-configuration`,
            { metadata, data: { [ENGINES[choice.engine].file]: text } },
            child,
        );
        const service = new core.Service(
            `${name}-service`,
            {
                metadata,
                spec: {
                    type: "ClusterIP",
                    selector: labels,
                    ports: [
                        {
                            name: LISTENER,
                            port: choice.port,
                            targetPort: LISTENER,
                            protocol: "TCP",
                        },
                    ],
                },
            },
            child,
        );
        bindTargetGroup(name, this, choice, [service]);
        closeNetwork(name, this, choice, labels);
        new policy.PodDisruptionBudget(
            `${name}-budget`,
            {
                metadata,
                spec: {
                    maxUnavailable: MAX_UNAVAILABLE,
                    selector: { matchLabels: labels },
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                },
            },
            child,
        );
        const deployment = new apps.Deployment(
            `${name}-deployment`,
            {
                metadata,
                spec: {
                    selector: { matchLabels: labels },
                    ...rollingUpdate(ROLLOUT),
                    template: {
                        metadata: {
                            labels,
                            // A changed configuration is a new pod.
                            annotations: { "logcaster/configuration-sha256": sha256(text) },
                        },
                        spec: pod(choice, labels),
                    },
                },
            },
            { parent: this, dependsOn: [configuration] },
        );
        const scaler = new autoscaling.HorizontalPodAutoscaler(
            `${name}-scaler`,
            { metadata, spec: scaling(choice) },
            { parent: this, dependsOn: [deployment] },
        );

        this.serviceName = pulumi.output(proxyName);
        this.minReplicas = scaler.spec.minReplicas;
        this.maxReplicas = scaler.spec.maxReplicas;
        this.registerOutputs({
            serviceName: this.serviceName,
            minReplicas: this.minReplicas,
            maxReplicas: this.maxReplicas,
        });
    }
}

function scaling(choice: KubernetesProxyChoice): input.autoscaling.v2.HorizontalPodAutoscalerSpec {
    const { proxyName, minReplicas, maxReplicas, targetCpuPercent } = choice;
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: proxyName },
        minReplicas,
        maxReplicas,
        metrics: [
            {
                type: "Resource",
                resource: {
                    name: "cpu",
                    target: { type: "Utilization", averageUtilization: targetCpuPercent },
                },
            },
        ],
        // Everybody's connections go through them: one less at a time.
        behavior: {
            scaleDown: {
                stabilizationWindowSeconds: STABILIZATION_SECONDS,
                policies: [{ type: "Pods", value: 1, periodSeconds: STABILIZATION_SECONDS }],
            },
        },
    };
}

function pod(choice: KubernetesProxyChoice, labels: Record<string, string>): input.core.v1.PodSpec {
    const { engine, image, proxyName, preStopSeconds, drainSeconds } = choice;
    const { file, command, drainSignal } = ENGINES[engine];
    // The engine ends by itself once its connections have, and the pod with it.
    const leave = `sleep ${preStopSeconds}; kill -${drainSignal} 1; sleep ${drainSeconds}`;
    return {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: preStopSeconds + drainSeconds + GRACE_MARGIN_SECONDS,
        topologySpreadConstraints: spreadDeployment(labels),
        securityContext: ordinaryUser(RUN_AS),
        containers: [
            {
                name: proxyName,
                image,
                command: command(`${FOLDERS.configuration}/${file}`),
                ports: [
                    { name: LISTENER, containerPort: choice.port },
                    { name: "health", containerPort: HEALTH_PORT },
                ],
                resources: podResources(choice.cpuRequestMilli, choice.memoryMebibytes),
                // Whether a pod of the service is up: a proxy without any must get no connection.
                readinessProbe: {
                    ...PROBES.readiness,
                    httpGet: { path: "/health", port: HEALTH_PORT },
                },
                // The process alone: a service that is away must not restart every proxy.
                livenessProbe: { ...PROBES.liveness, tcpSocket: { port: LISTENER } },
                lifecycle: { preStop: { exec: { command: ["sh", "-c", leave] } } },
                securityContext: closedContainer(),
                volumeMounts: [
                    { name: "configuration", mountPath: FOLDERS.configuration, readOnly: true },
                    { name: "run", mountPath: FOLDERS.run },
                    { name: "tmp", mountPath: "/tmp" },
                ],
            },
        ],
        volumes: [
            { name: "configuration", configMap: { name: proxyName } },
            { name: "run", emptyDir: { medium: "Memory" } },
            { name: "tmp", emptyDir: {} },
        ],
    };
}

function sha256(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
