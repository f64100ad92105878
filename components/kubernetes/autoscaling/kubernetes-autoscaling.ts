import * as apiextensions from "@pulumi/kubernetes/apiextensions";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2";
import type { input } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { type KubernetesAutoscalingArgs, PodScalingMode } from "./args";
import { CONNECTIONS_METRIC, QUEUE_LABELS, QUEUE_METRIC } from "./defaults";
import { claim } from "./one-scaler";
import { type AutoscalingChoice, autoscalingProblems, choose } from "./validate";

/**
 * The one scaler of a Deployment, on CPU, memory, connections and queue, with the brief's speeds: a HorizontalPodAutoscaler,
 * or a KEDA ScaledObject that owns one; and a vertical recommender beside it.
 *
 * **Cost**: nothing itself; at 50 pods of 250m CPU and 512 MiB the pods fill 12.5 CPU and 25 GiB, seven instances of the small tier.
 * **Limits**: the controller reads every 15 s; it asks metric APIs one after the other, and one that hangs holds the workload's
 * size for up to a minute.
 */
export class KubernetesAutoscaling extends pulumi.ComponentResource {
    /** Name of the HorizontalPodAutoscaler, whoever owns it. */
    readonly autoscalerName: pulumi.Output<string>;
    /** Fewest pods. */
    readonly minReplicas: pulumi.Output<number>;
    /** Most pods. */
    readonly maxReplicas: pulumi.Output<number>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(
        name: string,
        args: KubernetesAutoscalingArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:KubernetesAutoscaling", name, {}, opts);
        refuse(this, name, autoscalingProblems(args));
        const choice = choose(args);

        if (choice.mode === PodScalingMode.Hpa) createHpa(name, this, choice);
        else createScaledObject(name, this, choice);
        if (choice.vpa) createVpa(name, this, choice);

        this.autoscalerName = claim(this, name, args.namespace, args.deploymentName);
        this.minReplicas = pulumi.output(choice.minReplicas);
        this.maxReplicas = pulumi.output(choice.maxReplicas);
        this.registerOutputs({
            autoscalerName: this.autoscalerName,
            minReplicas: this.minReplicas,
            maxReplicas: this.maxReplicas,
        });
    }
}

function createHpa(name: string, parent: pulumi.Resource, choice: AutoscalingChoice): void {
    new autoscaling.HorizontalPodAutoscaler(
        `${name}-hpa`,
        {
            metadata: metadata(choice),
            spec: {
                scaleTargetRef: target(choice),
                minReplicas: choice.minReplicas,
                maxReplicas: choice.maxReplicas,
                metrics: hpaMetrics(choice),
                behavior: choice.behavior,
            },
        },
        { parent },
    );
}

type MetricSpec = input.autoscaling.v2.MetricSpec;

function hpaMetrics(choice: AutoscalingChoice): MetricSpec[] {
    const resource = (name: string, averageUtilization: number): MetricSpec => ({
        type: "Resource",
        resource: { name, target: { type: "Utilization", averageUtilization } },
    });
    return [
        ...(choice.resourceMetrics
            ? [
                  resource("cpu", choice.targetCpuPercent),
                  resource("memory", choice.targetMemoryPercent),
              ]
            : []),
        {
            type: "Pods",
            pods: {
                metric: { name: CONNECTIONS_METRIC },
                target: { type: "AverageValue", averageValue: String(choice.connectionsPerPod) },
            },
        },
        {
            type: "External",
            external: {
                metric: { name: QUEUE_METRIC, selector: { matchLabels: QUEUE_LABELS } },
                // Not `Value`: Kubernetes would multiply it by the ready pods each sync, and a backlog ask for more and more.
                target: { type: "AverageValue", averageValue: String(choice.queueEntriesPerPod) },
            },
        },
    ];
}

function createScaledObject(
    name: string,
    parent: pulumi.Resource,
    choice: AutoscalingChoice,
): void {
    const keda = choice.keda!;
    new apiextensions.CustomResource(
        `${name}-scaled-object`,
        {
            apiVersion: "keda.sh/v1alpha1",
            kind: "ScaledObject",
            metadata: metadata(choice),
            spec: {
                scaleTargetRef: target(choice),
                pollingInterval: keda.pollingIntervalSeconds,
                minReplicaCount: choice.minReplicas,
                maxReplicaCount: choice.maxReplicas,
                // Never fewer pods because nobody answers: missing data is no reason to scale in.
                fallback: {
                    failureThreshold: keda.failureThreshold,
                    replicas: keda.fallbackReplicas,
                    behavior: "currentReplicasIfHigher",
                },
                advanced: {
                    horizontalPodAutoscalerConfig: {
                        name: choice.deploymentName,
                        behavior: choice.behavior,
                    },
                },
                triggers: kedaTriggers(choice),
            },
        },
        { parent },
    );
}

function kedaTriggers(choice: AutoscalingChoice): object[] {
    const { prometheusUrl, authenticationName } = choice.keda!;
    const resource = (type: string, percent: number) => ({
        type,
        metricType: "Utilization",
        metadata: { value: String(percent) },
    });
    const prometheus = (name: string, query: pulumi.Input<string>, perPod: number) => ({
        type: "prometheus",
        name,
        metricType: "AverageValue",
        metadata: {
            serverAddress: prometheusUrl,
            query,
            threshold: String(perPod),
            // No series is an error, not a zero that would scale in.
            ignoreNullValues: "false",
        },
        ...(authenticationName ? { authenticationRef: { name: authenticationName } } : {}),
    });
    const labels = Object.entries(QUEUE_LABELS).map(([label, value]) => `${label}="${value}"`);
    return [
        ...(choice.resourceMetrics
            ? [
                  resource("cpu", choice.targetCpuPercent),
                  resource("memory", choice.targetMemoryPercent),
              ]
            : []),
        prometheus(
            "connections",
            pulumi.interpolate`sum(${CONNECTIONS_METRIC}{namespace="${choice.namespace}"})`,
            choice.connectionsPerPod,
        ),
        // Every pod exports the one queue: the largest sample, not the sum.
        prometheus(
            "queue",
            pulumi.interpolate`max(${QUEUE_METRIC}{namespace="${choice.namespace}",${labels.join(",")}})`,
            choice.queueEntriesPerPod,
        ),
    ];
}

function createVpa(name: string, parent: pulumi.Resource, choice: AutoscalingChoice): void {
    const vpa = choice.vpa!;
    const size = (cpuMilli: number, memoryMebibytes: number) => ({
        cpu: `${cpuMilli}m`,
        memory: `${memoryMebibytes}Mi`,
    });
    new apiextensions.CustomResource(
        `${name}-vpa`,
        {
            apiVersion: "autoscaling.k8s.io/v1",
            kind: "VerticalPodAutoscaler",
            metadata: metadata(choice),
            spec: {
                targetRef: target(choice),
                updatePolicy: { updateMode: vpa.mode },
                resourcePolicy: {
                    containerPolicies: [
                        {
                            containerName: choice.containerName,
                            minAllowed: size(vpa.minCpuMilli, vpa.minMemoryMebibytes),
                            maxAllowed: size(vpa.maxCpuMilli, vpa.maxMemoryMebibytes),
                            controlledResources: ["cpu", "memory"],
                        },
                        // Sidecars keep what they request.
                        { containerName: "*", mode: "Off" },
                    ],
                },
            },
        },
        { parent },
    );
}

function metadata({ deploymentName, namespace }: AutoscalingChoice) {
    return {
        name: deploymentName,
        namespace,
        labels: { "app.kubernetes.io/name": deploymentName },
    };
}

function target({ deploymentName }: AutoscalingChoice) {
    return { apiVersion: "apps/v1", kind: "Deployment", name: deploymentName };
}
