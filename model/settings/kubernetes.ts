/** The settings of a stack that runs on Kubernetes; part of the schema. */
import { z } from "zod";
import { ADDON_VERSION, DEFAULT_EKS_MINOR, EKS_ADDON_NAMES, KUBERNETES_MINOR } from "../eks";
import { VALKEY_NAME, VALKEY_NAME_SAYS } from "../limits";
import { CIDR, choice, flag, image as imageByDigest, int, text } from "./fields";

const image = (description: string) =>
    imageByDigest(description, ": a tag can change under running pods");

const tier = (description: string) => choice(["small", "medium", "large", "xlarge"], description);

const dnsLabel = (description: string) =>
    text(
        /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
        "a DNS label: small letters, digits and hyphens, 63 at most, a letter first",
        description,
    );

const addonVersion = (name: string) =>
    text(
        ADDON_VERSION,
        "a version as EKS names it, such as v1.2.3-eksbuild.1",
        `Version of the add-on ${name}.`,
    ).optional();

const source = (description: string) =>
    choice(["create", "existing"], description).default("create");

const words = (what: string) => z.record(z.string(), z.string({ error: what }));

const nodeGroup = z.strictObject({
    tier: tier("Vertical size of a node (model/instance-types.ts).").default("medium"),
    minPerZone: int(
        "kubernetes.nodeGroups.group.minPerZone",
        "Fewest nodes of each zone; where the group starts.",
    ),
    maxPerZone: int(
        "kubernetes.nodeGroups.group.maxPerZone",
        "Most nodes of each zone, up to which the cluster autoscaler adds them.",
    ),
    labels: words("a label's value").default({}).meta({ description: "Labels of the nodes." }),
    taints: z
        .array(
            z.strictObject({
                key: text(/^\S+$/, "a taint's key", "Key."),
                value: text(/^\S*$/, "a taint's value", "Value.").default(""),
                effect: choice(["NoSchedule", "PreferNoSchedule", "NoExecute"], "Effect."),
            }),
        )
        .default([])
        .meta({ description: "Taints of the nodes; pods of the service tolerate none." }),
});

export const kubernetesSchema = z.strictObject({
    version: text(
        KUBERNETES_MINOR,
        "a minor version of Kubernetes that EKS has, such as 1.36",
        "Minor version of the cluster; the cluster autoscaler's is the same.",
    ).default(DEFAULT_EKS_MINOR),
    adminRoleArns: z
        .array(
            text(
                /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/.+$/,
                "the ARN of a role, arn:aws:iam::<account>:role/<name>",
                "",
            ),
        )
        .default([])
        .meta({
            description:
                "Roles that administer the cluster, the deploying one among them; nobody else may.",
        }),
    endpoint: z
        .strictObject({
            public: flag(
                false,
                "Reach the API server from outside the VPC too; without it, deploy from inside.",
            ),
            cidrs: z
                .array(text(CIDR, "an IPv4 block such as 203.0.113.0/24", ""))
                .default([])
                .meta({ description: "Who may, while it is public." }),
            worldReason: text(
                /\S/,
                "the reason, in words",
                "Why everybody may, where cidrs has 0.0.0.0/0: the recorded exception.",
            ).optional(),
        })
        .prefault({})
        .meta({ description: "The API server's address." }),
    serviceCidr: text(
        CIDR,
        "an IPv4 block such as 172.20.0.0/16",
        "IPv4 block of the cluster's services, /12 to /24, outside the VPC's; fixed at creation.",
    ).default("172.20.0.0/16"),
    logDays: int("kubernetes.logDays", "Days that the control plane's logs are kept."),
    addonVersions: z
        .strictObject({
            vpcCni: addonVersion(EKS_ADDON_NAMES.vpcCni),
            coredns: addonVersion(EKS_ADDON_NAMES.coredns),
            kubeProxy: addonVersion(EKS_ADDON_NAMES.kubeProxy),
            podIdentityAgent: addonVersion(EKS_ADDON_NAMES.podIdentityAgent),
            ebsCsi: addonVersion(EKS_ADDON_NAMES.ebsCsi),
        })
        .prefault({})
        .meta({
            description:
                "Add-ons over those that are pinned for the version; needed with a version that has none (model/eks.ts).",
        }),
    clusterAutoscalerVersion: text(
        /^1\.\d+\.\d+$/,
        "a version such as 1.36.0",
        "Version of the cluster autoscaler, of the cluster's minor; absent, the minor's first.",
    ).optional(),
    nodeGroups: z
        .record(
            text(
                /^[a-z][a-z0-9-]{0,15}$/,
                "a name of 1 to 16 lower-case letters, digits and hyphens, a letter first",
                "",
            ),
            nodeGroup,
        )
        .default({})
        .meta({ description: "Node groups by name; each has a group of its own in every zone." }),
    namespace: dnsLabel("Namespace of the service.").default("production"),
    healthAgentImage: image(
        "HAProxy's image, by digest, for the agent that asks PING and answers /health.",
    ),
    podTier: tier(
        "Vertical size of a pod: it requests an eighth of an instance of this tier.",
    ).default("small"),
    autoscaling: z
        .strictObject({
            mode: choice(
                ["keda", "hpa"],
                "Who owns the number of pods: KEDA, or a HorizontalPodAutoscaler over metric adapters.",
            ).default("keda"),
            min: int("kubernetes.autoscaling.min", "Fewest pods."),
            max: int("kubernetes.autoscaling.max", "Most pods."),
            connectionsPerPod: int(
                "kubernetes.autoscaling.connectionsPerPod",
                "Average connections that the scaler holds.",
            ),
            queueEntriesPerPod: int(
                "kubernetes.autoscaling.queueEntriesPerPod",
                "Entries of the queue outstanding per pod that the scaler holds.",
            ),
            recommendations: flag(
                true,
                "A vertical recommender beside the scaler; it only says what it would do.",
            ),
        })
        .prefault({})
        .meta({
            description:
                "The one scaler of the pods; its CPU and memory targets are those of scaling.",
        }),
    sources: z
        .strictObject({
            metricsServer: source("metrics-server: CPU and memory of pods."),
            prometheus: source("Prometheus, its operator, Alertmanager and Grafana."),
            metricsAdapter: source("Prometheus' series as metric APIs; in mode hpa."),
            keda: source("KEDA; in mode keda."),
            verticalPodAutoscaler: source("The vertical recommender; with recommendations."),
            loadBalancerController: source("What binds pods to the load balancers."),
        })
        .prefault({})
        .meta({ description: "What is installed, and what the cluster has already." }),
    proxy: z
        .strictObject({
            image: image("Image of HAProxy or NGINX (loadBalancer.proxy.engine), by digest."),
            nginxVersion: text(
                /^\d+\.\d+\.\d+$/,
                "a version such as 1.29.3",
                "Version of NGINX in the image; needed with engine nginx.",
            ).optional(),
        })
        .optional()
        .meta({
            description:
                "Proxies before the pods; needed with loadBalancer.strategy least-connections. Their engine and bounds are those of loadBalancer.proxy.",
        }),
    valkey: z
        .strictObject({
            image: image("Valkey's image, by digest."),
            namespace: text(VALKEY_NAME, VALKEY_NAME_SAYS, "Namespace of it; created.").default(
                "valkey",
            ),
            tlsSecretName: dnsLabel(
                "Secret of that namespace with tls.crt, tls.key and ca.crt (docs/valkey-on-kubernetes.md).",
            ),
            role: choice(["store", "cache"], "What it is for; a store never evicts.").default(
                "store",
            ),
            shards: int("kubernetes.valkey.shards", "Primaries."),
            copies: int("kubernetes.valkey.copies", "Copies of all data, the primary's included."),
            appendFsync: choice(
                ["always", "everysec"],
                "When a write is on disk: before it is acknowledged, or within a second.",
            ).default("always"),
            storageGibibytes: int("kubernetes.valkey.storageGibibytes", "Volume of each pod."),
            storageClassName: dnsLabel(
                "Class of the volumes; absent, the cluster's default class.",
            ).optional(),
            cpuRequestMilli: int("kubernetes.valkey.cpuRequestMilli", "CPU each pod requests."),
            memoryMebibytes: int(
                "kubernetes.valkey.memoryMebibytes",
                "Memory each pod requests, and its limit.",
            ),
            credentialGeneration: int(
                "kubernetes.valkey.credentialGeneration",
                "Raise it to give the service's other user a new password, and use that one.",
            ),
        })
        .optional()
        .meta({
            description:
                "A Valkey cluster of your own beside the service (docs/valkey-on-kubernetes.md); none without it.",
        }),
    existing: z
        .strictObject({
            clusterName: text(
                /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
                "the name of an EKS cluster",
                "Name of the cluster.",
            ),
            securityGroupId: text(
                /^sg-[0-9a-f]{8,17}$/,
                "a security group's id, sg-<hexadecimal digits>",
                "Security group of its pods: data stores let it in.",
            ),
        })
        .optional()
        .meta({
            description:
                "An existing cluster of one region, reached by the secret logcaster:kubeconfig, instead of a new one.",
        }),
});

export type KubernetesSettings = z.output<typeof kubernetesSchema>;
