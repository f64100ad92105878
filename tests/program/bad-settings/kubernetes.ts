/** Mistakes in a stack on Kubernetes, Pulumi.eks.yaml. */
import type { LimitId } from "logcaster-model/limits";
import { outside, type BadSettings } from "./row";

const K = "kubernetes";
const SERVICE = `${K}.nodeGroups.service`;
const REGION = 'regions["ap-northeast-2"]';

const number = (limit: LimitId, path: string, value: number, says: string): BadSettings => ({
    ...outside(limit, path, value, says),
    stack: "eks",
});

const row = (
    mistake: string,
    set: BadSettings["set"],
    path: string,
    says: string,
    also?: readonly string[],
): BadSettings => ({ stack: "eks", mistake, set, path, says, ...(also ? { also } : {}) });

/** One wrong value at a path. */
const at = (path: string, value: unknown, says: string): BadSettings =>
    row(`${path} = ${JSON.stringify(value)}`, { [path]: value }, path, says);

const IMAGE = `registry.example.com/image@sha256:${"0".repeat(64)}`;
/** An image of a registry that is frozen. */
const RETIRED = `k8s.gcr.io/image@sha256:${"0".repeat(64)}`;
const ADMIN = "arn:aws:iam::111122223333:role/admin";
const VALKEY = { image: IMAGE, tlsSecretName: "valkey-tls" };
/** One number of the Valkey cluster outside its limit. */
const valkey = (limit: LimitId, wrong: Record<string, number>, says: string): BadSettings => ({
    ...number(limit, limit, Object.values(wrong)[0]!, says),
    set: { [`${K}.valkey`]: { ...VALKEY, ...wrong } },
});

export const BAD_KUBERNETES: readonly BadSettings[] = [
    number("kubernetes.logDays", `${K}.logDays`, 100, "one of 1, 3, 5"),
    number("kubernetes.nodeGroups.group.minPerZone", `${SERVICE}.minPerZone`, -1, "from 0 to 50"),
    number("kubernetes.nodeGroups.group.maxPerZone", `${SERVICE}.maxPerZone`, 51, "from 1 to 50"),
    number("kubernetes.autoscaling.min", `${K}.autoscaling.min`, 2, "from 3 to 50"),
    number("kubernetes.autoscaling.max", `${K}.autoscaling.max`, 51, "from 3 to 50"),
    number(
        "kubernetes.autoscaling.connectionsPerPod",
        `${K}.autoscaling.connectionsPerPod`,
        0,
        "from 1 to 50000",
    ),
    number(
        "kubernetes.autoscaling.queueEntriesPerPod",
        `${K}.autoscaling.queueEntriesPerPod`,
        0,
        "from 1 to 1000000",
    ),
    at("platform", "ecs", "one of ec2, kubernetes"),
    row(
        "a cluster beside instances",
        { platform: "ec2" },
        "platform",
        "while logcaster:kubernetes",
    ),
    row(
        "Kubernetes without a cluster",
        { [K]: undefined },
        K,
        "the cluster's settings while platform is kubernetes",
    ),
    at(`${K}.version`, "1.36.2", "a minor version"),
    row(
        "a version without pinned add-ons",
        { [`${K}.version`]: "1.35" },
        `${K}.addonVersions.vpcCni`,
        "only the add-ons of 1.36 are pinned here",
        ["coredns", "kubeProxy", "podIdentityAgent"].map((addon) => `${K}.addonVersions.${addon}`),
    ),
    at(`${K}.addonVersions.coredns`, "latest", "v1.2.3-eksbuild.1"),
    at(`${K}.addonVersions.kubeProxy`, "v1.35.0-eksbuild.2", "v1.36.x, the cluster's minor"),
    at(`${K}.clusterAutoscalerVersion`, "1.35.0", "1.36.x, the cluster's minor"),
    at(`${K}.adminRoleArns`, [], "at least the role that deploys"),
    row(
        "an administrator without an ARN",
        { [`${K}.adminRoleArns`]: ["admin"] },
        `${K}.adminRoleArns[0]`,
        "arn:aws:iam::<account>:role/<name>",
    ),
    row(
        "a public endpoint for nobody",
        { [`${K}.endpoint`]: { public: true } },
        `${K}.endpoint.cidrs`,
        "at least one IPv4 block",
    ),
    row(
        "a public endpoint for everybody without a reason",
        { [`${K}.endpoint`]: { public: true, cidrs: ["0.0.0.0/0"] } },
        `${K}.endpoint.cidrs[0]`,
        "kubernetes.endpoint.worldReason, the recorded exception",
    ),
    row(
        "blocks of a private endpoint",
        { [`${K}.endpoint`]: { cidrs: ["203.0.113.0/24"] } },
        `${K}.endpoint.cidrs`,
        "kubernetes.endpoint.public: true",
    ),
    at(`${K}.serviceCidr`, "10.40.0.0/20", "does not overlap with 10.40.0.0/16"),
    at(`${K}.serviceCidr`, "172.20.0.0/25", "a prefix of /12 to /24"),
    at(`${K}.serviceCidr`, "172.20.0.250/24", "address bits after it zero"),
    row(
        "the services' block of an existing cluster with host bits",
        {
            [`${K}.existing`]: { clusterName: "shared", securityGroupId: "sg-0123456789abcdef0" },
            [`${K}.serviceCidr`]: "172.20.0.250/24",
        },
        `${K}.serviceCidr`,
        "address bits after it zero",
        [`${REGION}.existingNetwork`, `${K}.nodeGroups`, "kubeconfig"],
    ),
    row(
        "an endpoint's block with host bits",
        { [`${K}.endpoint`]: { public: true, cidrs: ["203.0.113.7/24"] } },
        `${K}.endpoint.cidrs[0]`,
        "address bits after the prefix are zero",
    ),
    row(
        "an administrator twice",
        { [`${K}.adminRoleArns`]: [ADMIN, ADMIN] },
        `${K}.adminRoleArns[1]`,
        "each once; adminRoleArns[0] is the same",
    ),
    row(
        "nodes whose role IAM would not name",
        {
            environment: "production-blues",
            [`${K}.nodeGroups.service-of-logs1`]: { minPerZone: 1, maxPerZone: 3 },
        },
        `${K}.nodeGroups["service-of-logs1"]`,
        "51 characters with the cluster's name",
    ),
    at("loadBalancer.deregistrationDelaySeconds", 14, "at least 15 on Kubernetes"),
    at("service.image", RETIRED, "registry.k8s.io"),
    at(`${K}.healthAgentImage`, RETIRED, "registry.k8s.io"),
    row(
        "proxies of a frozen registry",
        {
            "loadBalancer.strategy": "least-connections",
            [`${K}.proxy`]: { image: RETIRED },
        },
        `${K}.proxy.image`,
        "registry.k8s.io",
    ),
    row(
        "a Valkey cluster of a frozen registry",
        { [`${K}.valkey`]: { ...VALKEY, image: RETIRED } },
        `${K}.valkey.image`,
        "registry.k8s.io",
    ),
    row(
        "proxies that would use more CPU than they may",
        {
            "loadBalancer.strategy": "least-connections",
            [`${K}.proxy`]: { image: IMAGE },
            "scaling.targetCpuPercent": 71,
        },
        "scaling.targetCpuPercent",
        "at most 70 with kubernetes.proxy",
    ),
    row(
        "a Valkey cluster in a namespace of a long name",
        { [`${K}.valkey`]: { ...VALKEY, namespace: "v".repeat(41) } },
        `${K}.valkey.namespace`,
        "40 at most",
    ),
    row(
        "no node that is always there",
        { [`${SERVICE}.minPerZone`]: 0 },
        `${K}.nodeGroups`,
        "minPerZone is at least 1",
    ),
    row(
        "fewest nodes above most",
        { [`${SERVICE}.minPerZone`]: 7 },
        `${SERVICE}.minPerZone`,
        "at most maxPerZone, which is 6",
    ),
    at(`${SERVICE}.tier`, "huge", "one of small, medium"),
    row(
        "fewest pods above most",
        { [`${K}.autoscaling.min`]: 10, [`${K}.autoscaling.max`]: 5 },
        `${K}.autoscaling.min`,
        "at most kubernetes.autoscaling.max, which is 5",
    ),
    at(`${K}.autoscaling.mode`, "both", "one of keda, hpa"),
    at(`${K}.healthAgentImage`, "haproxy:3.2", "by digest"),
    at(`${K}.namespace`, "Production", "a DNS label"),
    at("scaling.schedule.enabled", true, "false on Kubernetes"),
    at("scaling.predictive.mode", "forecast-only", "off on Kubernetes"),
    row(
        "least connections without proxies before the pods",
        { "loadBalancer.strategy": "least-connections" },
        `${K}.proxy`,
        "the proxies' image while loadBalancer.strategy is least-connections",
    ),
    row(
        "proxies that nobody uses",
        { [`${K}.proxy`]: { image: IMAGE } },
        "loadBalancer.strategy",
        "least-connections while kubernetes.proxy is given",
    ),
    row(
        "an NGINX that finds no pods",
        {
            "loadBalancer.strategy": "least-connections",
            "loadBalancer.proxy.engine": "nginx",
            [`${K}.proxy`]: { image: IMAGE, nginxVersion: "1.26.2" },
        },
        `${K}.proxy.nginxVersion`,
        "1.27.3 at least",
    ),
    row(
        "proxies by tag",
        {
            "loadBalancer.strategy": "least-connections",
            [`${K}.proxy`]: { image: "haproxy:3.2" },
        },
        `${K}.proxy.image`,
        "by digest",
    ),
    valkey("kubernetes.valkey.shards", { shards: 2 }, "from 3 to 128"),
    valkey("kubernetes.valkey.copies", { copies: 1 }, "from 2 to 5"),
    valkey("kubernetes.valkey.storageGibibytes", { storageGibibytes: 0 }, "from 1 to 16384"),
    valkey("kubernetes.valkey.cpuRequestMilli", { cpuRequestMilli: 10 }, "from 50 to 64000"),
    valkey("kubernetes.valkey.memoryMebibytes", { memoryMebibytes: 64 }, "from 256 to 524288"),
    valkey(
        "kubernetes.valkey.credentialGeneration",
        { credentialGeneration: 0 },
        "from 1 to 1000000",
    ),
    row(
        "a Valkey cluster without a certificate",
        { [`${K}.valkey`]: { image: IMAGE } },
        `${K}.valkey.tlsSecretName`,
        "a DNS label",
    ),
    row(
        "a Valkey cluster in the service's namespace",
        { [`${K}.valkey`]: { ...VALKEY, namespace: "production" } },
        `${K}.valkey.namespace`,
        "another namespace than kubernetes.namespace production",
    ),
    row(
        "a Valkey cluster that is neither store nor cache",
        { [`${K}.valkey`]: { ...VALKEY, role: "queue" } },
        `${K}.valkey.role`,
        "one of store, cache",
    ),
    at(`${REGION}.desired`, 5, "none on Kubernetes"),
    row(
        "an existing cluster without its kubeconfig, in a new network, with nodes",
        { [`${K}.existing`]: { clusterName: "shared", securityGroupId: "sg-0123456789abcdef0" } },
        `${REGION}.existingNetwork`,
        "the cluster's own VPC",
        [`${K}.nodeGroups`, "kubeconfig"],
    ),
    row(
        "nodes without an image",
        { [`${REGION}.imageId`]: undefined },
        `${REGION}.imageId`,
        "ami-",
    ),
    row(
        "a kubeconfig in plain text",
        { kubeconfig: "apiVersion: v1" },
        "kubeconfig",
        "a secret only",
    ),
];
