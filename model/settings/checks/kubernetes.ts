import { AWS_RULES } from "../../aws-rules";
import { overlaps, parseCidr } from "../../cidr";
import { versionProblems } from "../../eks";
import { NGINX_RESOLVES_SINCE as RESOLVES_SINCE } from "../../proxy-config/defaults";
import { isAtLeast } from "../../proxy-config/validate";
import type { KubernetesSettings } from "../kubernetes";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";

const WORLD = "0.0.0.0/0";
/** https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
const SERVICE_PREFIX = { min: 12, max: 24 } as const;

/** What platform and cluster need of each other and of the rest. */
export function kubernetes(settings: Settings): Problem[] {
    return [...images(settings), ...onPlatform(settings)];
}

/** Whatever boots here boots an image. */
function images({ regions, kubernetes: cluster }: Settings): Problem[] {
    if (cluster?.existing) return [];
    return Object.entries(regions)
        .filter(([, { imageId }]) => imageId === undefined)
        .map(([name]) => {
            const { says, url } = AWS_RULES["image.id"];
            return problem(["regions", name, "imageId"], undefined, `${says} (${url})`);
        });
}

function onPlatform(settings: Settings): Problem[] {
    const { platform, kubernetes: cluster } = settings;
    if (platform !== "kubernetes") {
        return cluster
            ? [problem(["platform"], platform, "kubernetes while logcaster:kubernetes is given")]
            : [];
    }
    if (!cluster) {
        const allowed = "the cluster's settings while platform is kubernetes";
        return [problem(["kubernetes"], undefined, allowed)];
    }
    return [
        ...elsewhere(settings),
        ...proxies(settings, cluster),
        ...valkey(cluster),
        ...pods(cluster),
        ...(cluster.existing
            ? existing(settings, cluster)
            : [...created(cluster), ...addresses(settings, cluster), ...nodes(cluster)]),
    ];
}

/** Settings that only instances of the service's own have. */
function elsewhere({ scaling, regions }: Settings): Problem[] {
    const owner = "on Kubernetes: the autoscalers of pods and nodes own their numbers";
    const found: Problem[] = [];
    if (scaling.schedule.enabled) {
        found.push(problem(["scaling", "schedule", "enabled"], true, `false ${owner}`));
    }
    if (scaling.predictive.mode !== "off") {
        found.push(
            problem(["scaling", "predictive", "mode"], scaling.predictive.mode, `off ${owner}`),
        );
    }
    for (const [name, { desired }] of Object.entries(regions)) {
        if (desired === undefined) continue;
        const allowed =
            "none on Kubernetes: node groups start at minPerZone, pods at autoscaling.min";
        found.push(problem(["regions", name, "desired"], desired, allowed));
    }
    return found;
}

function proxies({ loadBalancer }: Settings, { proxy }: KubernetesSettings): Problem[] {
    const { strategy, proxy: fleet } = loadBalancer;
    if (!proxy) {
        if (strategy !== "least-connections") return [];
        const allowed = "the proxies' image while loadBalancer.strategy is least-connections";
        return [problem(["kubernetes", "proxy"], undefined, allowed)];
    }
    if (strategy !== "least-connections") {
        const allowed = "least-connections while kubernetes.proxy is given";
        return [problem(["loadBalancer", "strategy"], strategy, allowed)];
    }
    const { nginxVersion } = proxy;
    if (fleet.engine !== "nginx" || (nginxVersion && isAtLeast(nginxVersion, RESOLVES_SINCE))) {
        return [];
    }
    const allowed = `the image's version of NGINX with loadBalancer.proxy.engine nginx, ${RESOLVES_SINCE} at least: older ones find no pods`;
    return [problem(["kubernetes", "proxy", "nginxVersion"], nginxVersion, allowed)];
}

function valkey({ namespace, valkey: cluster }: KubernetesSettings): Problem[] {
    if (cluster?.namespace !== namespace) return [];
    const allowed = `another namespace than kubernetes.namespace ${namespace}: it is made for the cluster alone`;
    return [problem(["kubernetes", "valkey", "namespace"], cluster.namespace, allowed)];
}

function pods({ autoscaling: { min, max } }: KubernetesSettings): Problem[] {
    if (min <= max) return [];
    const allowed = `at most kubernetes.autoscaling.max, which is ${max}`;
    return [problem(["kubernetes", "autoscaling", "min"], min, allowed)];
}

function created(cluster: KubernetesSettings): Problem[] {
    const { version, addonVersions, clusterAutoscalerVersion, adminRoleArns, endpoint } = cluster;
    const at = (...path: PropertyKey[]) => ["kubernetes", ...path];
    const found = versionProblems(
        version,
        { given: addonVersions, blockStorage: cluster.valkey !== undefined },
        clusterAutoscalerVersion,
    ).map(({ path, value, allowed }) => problem(at(...path), value, allowed));
    if (adminRoleArns.length === 0) {
        const allowed =
            "at least the role that deploys: who makes the cluster has no rights in it by that alone";
        found.push(problem(at("adminRoleArns"), adminRoleArns, allowed));
    }
    const { cidrs, worldReason } = endpoint;
    if (endpoint.public && cidrs.length === 0) {
        const allowed = "at least one IPv4 block while kubernetes.endpoint.public is true";
        found.push(problem(at("endpoint", "cidrs"), cidrs, allowed));
    }
    if (!endpoint.public && cidrs.length > 0) {
        const allowed =
            "none, or kubernetes.endpoint.public: true: a private endpoint is reached from the VPC alone";
        found.push(problem(at("endpoint", "cidrs"), cidrs, allowed));
    }
    cidrs.forEach((cidr, i) => {
        if (cidr !== WORLD || worldReason !== undefined) return;
        const allowed =
            "the blocks of those who administer the cluster; everybody only with kubernetes.endpoint.worldReason, the recorded exception";
        found.push(problem(at("endpoint", "cidrs", i), cidr, allowed));
    });
    return found;
}

function addresses({ regions }: Settings, { serviceCidr }: KubernetesSettings): Problem[] {
    const refuse = (allowed: string) => [
        problem(["kubernetes", "serviceCidr"], serviceCidr, allowed),
    ];
    const { min, max } = SERVICE_PREFIX;
    const { prefix, hostBits } = parseCidr(serviceCidr);
    if (prefix < min || prefix > max || hostBits !== 0) {
        return refuse(`a prefix of /${min} to /${max}, address bits after it zero`);
    }
    const other = Object.entries(regions).find(([, { cidr }]) => overlaps(serviceCidr, cidr));
    return other
        ? refuse(`a block that does not overlap with ${other[1].cidr} of ${other[0]}`)
        : [];
}

function nodes({ nodeGroups }: KubernetesSettings): Problem[] {
    const groups = Object.entries(nodeGroups);
    if (!groups.some(([, { minPerZone, taints }]) => minPerZone > 0 && taints.length === 0)) {
        const allowed =
            "a node group without taints whose minPerZone is at least 1: DNS and the autoscaler itself need a node";
        return [problem(["kubernetes", "nodeGroups"], Object.keys(nodeGroups), allowed)];
    }
    return groups
        .filter(([, { minPerZone, maxPerZone }]) => minPerZone > maxPerZone)
        .map(([name, { minPerZone, maxPerZone }]) =>
            problem(
                ["kubernetes", "nodeGroups", name, "minPerZone"],
                minPerZone,
                `at most maxPerZone, which is ${maxPerZone}`,
            ),
        );
}

function existing({ regions }: Settings, { nodeGroups }: KubernetesSettings): Problem[] {
    const found: Problem[] = [];
    const names = Object.keys(regions);
    if (names.length > 1) {
        const allowed = "one region with kubernetes.existing: a cluster is in one";
        found.push(problem(["regions"], names, allowed));
    }
    for (const name of names) {
        if (regions[name]!.existingNetwork) continue;
        const allowed =
            "the cluster's own VPC with kubernetes.existing: its pods join the load balancers there";
        found.push(problem(["regions", name, "existingNetwork"], undefined, allowed));
    }
    if (Object.keys(nodeGroups).length > 0) {
        const allowed = "none with kubernetes.existing: its nodes are its owner's";
        found.push(problem(["kubernetes", "nodeGroups"], Object.keys(nodeGroups), allowed));
    }
    return found;
}
