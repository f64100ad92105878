import { AWS_RULES } from "../../aws-rules";
import { isBlock, overlaps, parseCidr } from "../../cidr";
import { refusedGroupName, nodeGroupName, SERVICE_PREFIX, versionProblems } from "../../eks";
import { LIMITS, PRE_STOP_SECONDS } from "../../limits";
import { NGINX_RESOLVES_SINCE as RESOLVES_SINCE } from "../../proxy-config/defaults";
import { isAtLeast } from "../../proxy-config/validate";
import { refusedImage } from "../../registries";
import type { KubernetesSettings } from "../kubernetes";
import { fleetNameOf } from "../members";
import { problem, type Problem } from "../problem";
import type { Settings } from "../schema";
import { eachOnce } from "./each-once";

const WORLD = "0.0.0.0/0";

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
        ...registries(settings, cluster),
        ...services(cluster),
        ...(cluster.existing
            ? existing(settings, cluster)
            : [
                  ...created(cluster),
                  ...addresses(settings, cluster),
                  ...nodes(cluster),
                  ...nodeNames(settings, cluster),
              ]),
    ];
}

/** Settings that only instances of the service's own have. */
function elsewhere({ scaling, regions, loadBalancer }: Settings): Problem[] {
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
    const { deregistrationDelaySeconds } = loadBalancer;
    if (deregistrationDelaySeconds < PRE_STOP_SECONDS) {
        const path = ["loadBalancer", "deregistrationDelaySeconds"];
        const allowed = `at least ${PRE_STOP_SECONDS} on Kubernetes: so long a pod that leaves still takes connections`;
        found.push(problem(path, deregistrationDelaySeconds, allowed));
    }
    for (const [name, { desired }] of Object.entries(regions)) {
        if (desired === undefined) continue;
        const allowed =
            "none on Kubernetes: node groups start at minPerZone, pods at autoscaling.min";
        found.push(problem(["regions", name, "desired"], desired, allowed));
    }
    return found;
}

function proxies({ loadBalancer, scaling }: Settings, { proxy }: KubernetesSettings): Problem[] {
    const { strategy, proxy: fleet } = loadBalancer;
    const found: Problem[] = [];
    if (!proxy) {
        if (strategy !== "least-connections") return [];
        const allowed = "the proxies' image while loadBalancer.strategy is least-connections";
        return [problem(["kubernetes", "proxy"], undefined, allowed)];
    }
    if (strategy !== "least-connections") {
        const allowed = "least-connections while kubernetes.proxy is given";
        return [problem(["loadBalancer", "strategy"], strategy, allowed)];
    }
    const { value: most } = LIMITS["scaling.targetCpuPercent"];
    if (scaling.targetCpuPercent > most) {
        const allowed = `at most ${most} with kubernetes.proxy: proxies keep to it too, with room for those of a zone that is lost`;
        const path = ["scaling", "targetCpuPercent"];
        found.push(problem(path, scaling.targetCpuPercent, allowed));
    }
    const { nginxVersion } = proxy;
    if (fleet.engine !== "nginx" || (nginxVersion && isAtLeast(nginxVersion, RESOLVES_SINCE))) {
        return found;
    }
    const allowed = `the image's version of NGINX with loadBalancer.proxy.engine nginx, ${RESOLVES_SINCE} at least: older ones find no pods`;
    return [...found, problem(["kubernetes", "proxy", "nginxVersion"], nginxVersion, allowed)];
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

/** What pods run comes of no registry that is frozen. */
function registries({ service }: Settings, cluster: KubernetesSettings): Problem[] {
    const { healthAgentImage, proxy, valkey } = cluster;
    const used: [PropertyKey[], string | undefined][] = [
        [["service", "image"], service.image],
        [["kubernetes", "healthAgentImage"], healthAgentImage],
        [["kubernetes", "proxy", "image"], proxy?.image],
        [["kubernetes", "valkey", "image"], valkey?.image],
    ];
    return used.flatMap(([path, image]) => {
        const allowed = image === undefined ? undefined : refusedImage(image);
        return allowed ? [problem(path, image, allowed)] : [];
    });
}

function services({ serviceCidr }: KubernetesSettings): Problem[] {
    const { min, max } = SERVICE_PREFIX;
    const { prefix } = parseCidr(serviceCidr);
    if (prefix >= min && prefix <= max && isBlock(serviceCidr)) return [];
    const allowed = `a prefix of /${min} to /${max}, address bits after it zero`;
    return [problem(["kubernetes", "serviceCidr"], serviceCidr, allowed)];
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
    found.push(...eachOnce(at("adminRoleArns"), adminRoleArns));
    cidrs.forEach((cidr, i) => {
        if (!isBlock(cidr)) {
            const allowed = "a block whose address bits after the prefix are zero";
            found.push(problem(at("endpoint", "cidrs", i), cidr, allowed));
        }
        if (cidr !== WORLD || worldReason !== undefined) return;
        const allowed =
            "the blocks of those who administer the cluster; everybody only with kubernetes.endpoint.worldReason, the recorded exception";
        found.push(problem(at("endpoint", "cidrs", i), cidr, allowed));
    });
    return found;
}

function addresses({ regions }: Settings, { serviceCidr }: KubernetesSettings): Problem[] {
    const other = Object.entries(regions).find(([, { cidr }]) => overlaps(serviceCidr, cidr));
    if (!other) return [];
    const allowed = `a block that does not overlap with ${other[1].cidr} of ${other[0]}`;
    return [problem(["kubernetes", "serviceCidr"], serviceCidr, allowed)];
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

/** Of the regions' clusters, that of the longest name decides. */
function nodeNames(
    { environment, regions }: Settings,
    { nodeGroups }: KubernetesSettings,
): Problem[] {
    const names = Object.keys(regions).map((region) => fleetNameOf(environment, region));
    const cluster = names.reduce((a, b) => (b.length > a.length ? b : a), "");
    // The zone's letter, whichever it is.
    const zone = "a";
    return Object.keys(nodeGroups).flatMap((group) => {
        const allowed = refusedGroupName(cluster, group, zone);
        const name = nodeGroupName(cluster, group, zone);
        return allowed ? [problem(["kubernetes", "nodeGroups", group], name, allowed)] : [];
    });
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
