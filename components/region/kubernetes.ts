/** The service as pods of a cluster; every Kubernetes component of the program is wired here. */
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { nodeGroupName } from "logcaster-model/eks";
import { credentialFiles } from "logcaster-model/runtime-config";
import { DATABASE_PORT } from "../database/defaults";
import {
    ClusterAutoscaler,
    KubernetesAutoscaling,
    KubernetesCluster,
    KubernetesMetrics,
    KubernetesWorkload,
    LoadBalancerController,
    type MetricSourcesArgs,
    MetricSource,
    PodScalingMode,
} from "../kubernetes";
import { ALERTMANAGER_ACCOUNT, CHARTS, METRICS_DEFAULTS } from "../kubernetes/metrics/defaults";
import { createStorageClass } from "../kubernetes/storage-class";
import { WORKLOAD_DEFAULTS } from "../kubernetes/workload/defaults";
import type { LoadBalancerTier } from "../load-balancer";
import { LOAD_BALANCER_DEFAULTS } from "../load-balancer/defaults";
import { KubernetesMonitoring, type MonitoredFleetArgs } from "../monitoring";
import type { Network } from "../network";
import { REDIS_PORT, type RedisShardCluster } from "../redis";
import type { RuntimeConfig } from "../runtime-config";
import type { RegionArgs } from "./args";
import type { Compute } from "./compute";
import type { RegionKubernetesArgs } from "./kubernetes-args";
import { createPodRole } from "./pod-role";
import { createProxies, createValkey } from "./kubernetes-parts";

const HTTPS_PORT = 443;
const ANYWHERE = "0.0.0.0/0";
/** Where a pod asks for its role. https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 };

export interface KubernetesParts {
    readonly network: Network;
    readonly balancer: LoadBalancerTier;
    readonly store: RedisShardCluster;
    readonly cache: RedisShardCluster;
    readonly runtimeConfig: RuntimeConfig;
}

/** A cluster to deploy into, whoever made it. */
interface Place {
    readonly clusterName: string;
    readonly securityGroupId: pulumi.Output<string>;
    readonly kubeconfig: pulumi.Output<string>;
    /** Absent where somebody else made it, and sees to its nodes. */
    readonly created?: KubernetesCluster;
}

/**
 * The service on Kubernetes, behind the same load balancers and with the same Redis as on instances.
 * @param name of the region's parts; roles are named after them, in 64 characters
 * @param clusterName physical name of the cluster, unique in account and region
 */
export function runOnKubernetes(
    name: string,
    clusterName: string,
    parent: pulumi.Resource,
    args: RegionArgs,
    kubernetes: RegionKubernetesArgs,
    parts: KubernetesParts,
): Compute {
    const { region } = args;
    const place = clusterOf(clusterName, parent, args, kubernetes, parts.network);
    const provider = new Provider(
        `${name}-kubernetes`,
        {
            kubeconfig: place.kubeconfig,
            enableServerSideApply: true,
            // Their pods are rolled by a checksum; replaced, they would be gone for a moment.
            enableConfigMapMutable: true,
            enableSecretMutable: true,
        },
        // Add-ons and nodes first: nothing would run.
        { parent, dependsOn: place.created && [place.created] },
    );
    const inside = { parent, providers: [provider] };

    const binds =
        kubernetes.sources.loadBalancerController === MetricSource.Create
            ? [
                  new LoadBalancerController(
                      `${name}-lb-controller`,
                      { region, clusterName: place.clusterName, vpcId: parts.network.vpcId },
                      inside,
                  ),
              ]
            : [];
    if (place.created && kubernetes.valkey) {
        createStorageClass(`${name}-storage`, { parent, provider });
    }
    if (place.created) {
        new ClusterAutoscaler(
            `${name}-autoscaler`,
            {
                region,
                clusterName,
                kubernetesMinor: kubernetes.version,
                version: kubernetes.clusterAutoscalerVersion,
            },
            inside,
        );
    }
    const account = (key: string, namespace: string, serviceAccount: string) =>
        createPodRole(`${name}-${key}`, parent, {
            region,
            clusterName: place.clusterName,
            namespace,
            serviceAccount,
        });
    const pods = account("pods", kubernetes.namespace, WORKLOAD_DEFAULTS.serviceName);
    const app = new KubernetesWorkload(
        `${name}-app`,
        {
            namespace: kubernetes.namespace,
            image: args.service.image,
            healthAgentImage: kubernetes.healthAgentImage,
            port: args.service.port,
            httpPort: args.service.httpPort,
            tier: kubernetes.podTier,
            drainSeconds: args.loadBalancer.deregistrationDelaySeconds,
            runtimeFiles: runtimeFiles(parts, args.sharedRedisLogins),
            targetGroups: {
                // Where proxies stand before the pods, they join in their place.
                tcpArn: kubernetes.proxy ? undefined : parts.balancer.tcpTargetGroupArn,
                httpArn: parts.balancer.httpTargetGroupArn,
                nlbSecurityGroupId: parts.balancer.nlbSecurityGroupId,
                albSecurityGroupId: parts.balancer.albSecurityGroupId,
            },
            // The network load balancer passes clients' own addresses on; its security group has let them in.
            ingressCidrs: [
                parts.network.cidr,
                ...(args.loadBalancer.allowedCidrs ?? LOAD_BALANCER_DEFAULTS.allowedCidrs),
            ],
            egress: [
                { cidr: parts.network.cidr, port: REDIS_PORT },
                { cidr: ANYWHERE, port: HTTPS_PORT },
                POD_IDENTITY_AGENT,
                ...(args.database ? [{ cidr: parts.network.cidr, port: DATABASE_PORT }] : []),
            ],
        },
        // Bindings need the controller's definition, and pods its webhook.
        { ...inside, dependsOn: [...binds, pods.identity] },
    );
    const sources = sourcesOf(kubernetes);
    const alertmanager =
        sources.prometheus === MetricSource.Create
            ? account("alertmanager", METRICS_DEFAULTS.namespace, ALERTMANAGER_ACCOUNT)
            : undefined;
    const metrics = new KubernetesMetrics(
        `${name}-metrics`,
        { sources, workloadNamespace: app.namespace },
        { ...inside, dependsOn: alertmanager && [alertmanager.identity] },
    );
    createProxies(name, args, kubernetes, parts, app, kubernetes.namespace, inside);
    createValkey(name, args, kubernetes, { parent, provider });
    const { autoscaling } = kubernetes;
    const scaler = new KubernetesAutoscaling(
        `${name}-scaling`,
        {
            namespace: app.namespace,
            deploymentName: app.deploymentName,
            mode: autoscaling.mode,
            sources,
            minReplicas: autoscaling.min,
            maxReplicas: autoscaling.max,
            targetCpuPercent: args.scaling.targetCpuPercent,
            targetMemoryPercent: args.scaling.targetMemoryPercent,
            connectionsPerPod: autoscaling.connectionsPerPod,
            queueEntriesPerPod: autoscaling.queueEntriesPerPod,
            vpa: autoscaling.recommendations ? {} : undefined,
            keda:
                autoscaling.mode === PodScalingMode.Keda
                    ? { prometheusUrl: metrics.prometheusUrl }
                    : undefined,
        },
        { ...inside, dependsOn: [metrics, app] },
    );
    return {
        nodeGroupNames: place.created?.nodeGroupNames,
        min: scaler.minReplicas,
        max: scaler.maxReplicas,
        securityGroupId: place.securityGroupId,
        roleName: pods.role.name,
        monitored: { nodes: place.created ? monitoredNodes(clusterName, args, kubernetes) : {} },
        tell: (topics) =>
            void new KubernetesMonitoring(
                `${name}-monitoring`,
                {
                    namespace: kubernetes.namespace,
                    workload: WORKLOAD_DEFAULTS.serviceName,
                    // What the chart's Prometheus selects.
                    ruleLabels: { release: CHARTS.prometheus.chart },
                    runbooksUrl: args.alerts?.runbooksUrl,
                    maxScalingEventsPerHour: args.alerts?.maxScalingEventsPerHour,
                    maxCapacityPercent: args.alerts?.maxCapacityPercent,
                    // Of an Alertmanager that is somebody else's, the routes are, too.
                    routes: alertmanager && { region, roleName: alertmanager.role.name, topics },
                },
                { ...inside, dependsOn: [metrics, app] },
            ),
    };
}

function clusterOf(
    name: string,
    parent: pulumi.Resource,
    args: RegionArgs,
    kubernetes: RegionKubernetesArgs,
    network: Network,
): Place {
    const { existing } = kubernetes;
    if (existing) {
        return {
            clusterName: existing.clusterName,
            securityGroupId: pulumi.output(existing.securityGroupId),
            kubeconfig: pulumi.secret(existing.kubeconfig ?? ""),
        };
    }
    const created = new KubernetesCluster(
        name,
        {
            region: args.region,
            version: kubernetes.version,
            vpcId: network.vpcId,
            vpcCidr: network.cidr,
            subnetIds: network.privateSubnetIds,
            zones: args.zones,
            serviceCidr: kubernetes.serviceCidr,
            endpoint: kubernetes.endpoint,
            adminRoleArns: kubernetes.adminRoleArns,
            logDays: kubernetes.logDays,
            nodeGroups: kubernetes.nodeGroups,
            imageId: args.imageId!,
            addonVersions: kubernetes.addonVersions,
            blockStorage: kubernetes.valkey !== undefined,
            protect: args.protect,
        },
        { parent },
    );
    const { securityGroupId, kubeconfig } = created;
    return { clusterName: name, securityGroupId, kubeconfig, created };
}

/** What the chosen scaler needs; the other one's sources stay away. */
function sourcesOf({ autoscaling, sources }: RegionKubernetesArgs): MetricSourcesArgs {
    const { mode, recommendations } = autoscaling;
    const none = MetricSource.None;
    return {
        metricsServer: sources.metricsServer,
        prometheus: sources.prometheus,
        metricsAdapter: mode === PodScalingMode.Hpa ? sources.metricsAdapter : none,
        keda: mode === PodScalingMode.Keda ? sources.keda : none,
        verticalPodAutoscaler: recommendations ? sources.verticalPodAutoscaler : none,
    };
}

/** The files that an instance would fetch at boot, mounted instead. */
function runtimeFiles(
    { store, cache, runtimeConfig }: KubernetesParts,
    sharedLogins?: pulumi.Input<string[]>,
) {
    const files = (role: string, logins: pulumi.Input<string[]>) =>
        credentialFiles(role).map((file, i) => [
            file,
            pulumi.output(logins).apply((texts) => texts[i]!),
        ]);
    return {
        document: runtimeConfig.document,
        secrets: Object.fromEntries([
            ...files("store", store.credentialTexts),
            ...files("cache", cache.credentialTexts),
            ...(sharedLogins === undefined ? [] : files("shared", sharedLogins)),
        ]) as Record<string, pulumi.Output<string>>,
    };
}

function monitoredNodes(
    clusterName: string,
    { zones }: RegionArgs,
    { nodeGroups }: RegionKubernetesArgs,
): Record<string, MonitoredFleetArgs> {
    const groups = Object.keys(nodeGroups).flatMap((group) =>
        zones.map((zone) => {
            const groupName = nodeGroupName(clusterName, group, zone);
            const key = groupName.slice(clusterName.length + 1);
            return [key, { groupName, spot: false, predictive: false }] as const;
        }),
    );
    return Object.fromEntries(groups);
}
