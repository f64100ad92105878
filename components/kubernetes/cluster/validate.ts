import { isBlock, overlaps, parseCidr } from "logcaster-model/cidr";
import {
    KUBERNETES_MINOR,
    nodeGroupName,
    refusedGroupName,
    SERVICE_PREFIX,
    versionProblems,
} from "logcaster-model/eks";
import { allowed, LIMITS } from "logcaster-model/limits";
import type { Problem } from "logcaster-model/settings";
import { allowedText } from "logcaster-model/settings/fields";
import { isAllowed } from "../../problems";
import type { ClusterEndpointArgs, KubernetesClusterArgs } from "./args";
import { CLUSTER_DEFAULTS } from "./defaults";

const WORLD = "0.0.0.0/0";
const GROUP_NAME = /^[a-z][a-z0-9-]{0,15}$/;
const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:(role|user)\/.+$/;

/** The arguments with every default filled in. */
export type ClusterChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: KubernetesClusterArgs) {
    return {
        version: args.version ?? CLUSTER_DEFAULTS.version,
        serviceCidr: args.serviceCidr ?? CLUSTER_DEFAULTS.serviceCidr,
        logDays: args.logDays ?? CLUSTER_DEFAULTS.logDays,
        protect: args.protect ?? CLUSTER_DEFAULTS.protect,
        endpoint: args.endpoint ?? {},
    };
}

/** Every mistake in the arguments. */
export function clusterProblems(name: string, args: KubernetesClusterArgs): Problem[] {
    const choice = choose(args);
    return [
        ...versions(args, choice),
        ...endpointProblems(choice.endpoint).map((p) => ({ ...p, path: `endpoint.${p.path}` })),
        ...administrators(args),
        ...addresses(args, choice),
        ...days(choice),
        ...groups(args),
        ...roleNames(name, args),
    ];
}

function versions(args: KubernetesClusterArgs, { version }: ClusterChoice): Problem[] {
    if (!KUBERNETES_MINOR.test(version)) {
        return [{ path: "version", value: version, allowed: "a minor version such as 1.36" }];
    }
    const { addonVersions: given, blockStorage } = args;
    return versionProblems(version, { given, blockStorage }).map(({ path, ...rest }) => ({
        path: path.join("."),
        ...rest,
    }));
}

/** Private, or public to whom it is said; to everybody only with a reason. */
export function endpointProblems(endpoint: ClusterEndpointArgs): Problem[] {
    const { cidrs = [], worldReason = "" } = endpoint;
    const found: Problem[] = [];
    if (endpoint.public && cidrs.length === 0) {
        const allowed = "at least one IPv4 block while the endpoint is public";
        found.push({ path: "cidrs", value: cidrs, allowed });
    }
    if (!endpoint.public && cidrs.length > 0) {
        const allowed =
            "none, or endpoint.public: true: a private endpoint is reached from the VPC alone";
        found.push({ path: "cidrs", value: cidrs, allowed });
    }
    cidrs.forEach((cidr, i) => {
        const path = `cidrs[${i}]`;
        if (!isBlock(cidr)) {
            const allowed =
                "an IPv4 block such as 203.0.113.0/24, address bits after the prefix zero";
            found.push({ path, value: cidr, allowed });
        } else if (cidr === WORLD && worldReason.trim() === "") {
            const allowed =
                "the blocks of those who administer the cluster; everybody only with endpoint.worldReason, the recorded exception";
            found.push({ path, value: cidr, allowed });
        }
    });
    return found;
}

function administrators({ adminRoleArns }: KubernetesClusterArgs): Problem[] {
    if (adminRoleArns.length === 0) {
        const allowed =
            "at least the role that deploys: who makes the cluster has no rights in it by that alone";
        return [{ path: "adminRoleArns", value: adminRoleArns, allowed }];
    }
    return adminRoleArns.flatMap((arn, i) =>
        ROLE_ARN.test(arn) && adminRoleArns.indexOf(arn) === i
            ? []
            : [
                  {
                      path: `adminRoleArns[${i}]`,
                      value: arn,
                      allowed: "the ARN of a role, arn:aws:iam::<account>:role/<name>, each once",
                  },
              ],
    );
}

function addresses({ vpcCidr }: KubernetesClusterArgs, { serviceCidr }: ClusterChoice): Problem[] {
    const problem = (allowed: string) => [{ path: "serviceCidr", value: serviceCidr, allowed }];
    if (!isBlock(serviceCidr)) return problem("an IPv4 block such as 172.20.0.0/16");
    const { prefix } = parseCidr(serviceCidr);
    const { min, max } = SERVICE_PREFIX;
    if (prefix < min || prefix > max) return problem(`a prefix of /${min} to /${max}`);
    if (typeof vpcCidr === "string" && overlaps(serviceCidr, vpcCidr)) {
        return problem(`a block that does not overlap with the VPC's ${vpcCidr}`);
    }
    return [];
}

function days({ logDays }: ClusterChoice): Problem[] {
    return isAllowed("kubernetes.logDays", logDays)
        ? []
        : [{ path: "logDays", value: logDays, allowed: allowedText("kubernetes.logDays") }];
}

function groups({ nodeGroups, zones }: KubernetesClusterArgs): Problem[] {
    const found: Problem[] = [];
    const { min: fewest } = allowed("regions.region.zones");
    if (zones.length < fewest) {
        const origin = LIMITS["regions.region.zones"].origin;
        found.push({
            path: "zones",
            value: zones,
            allowed: `at least ${fewest} zones (${origin})`,
        });
    }
    const names = Object.keys(nodeGroups);
    if (names.length === 0) {
        const allowed = "at least one node group: add-ons run on nodes too";
        found.push({ path: "nodeGroups", value: nodeGroups, allowed });
    } else if (names.every((name) => nodeGroups[name]!.minPerZone === 0)) {
        const allowed =
            "one node group with minPerZone of at least 1: DNS and the autoscaler itself need a node";
        found.push({ path: "nodeGroups", value: names, allowed });
    }
    for (const [name, { minPerZone, maxPerZone }] of Object.entries(nodeGroups)) {
        const path = `nodeGroups.${name}`;
        if (!GROUP_NAME.test(name)) {
            const allowed =
                "a name of 1 to 16 lower-case letters, digits and hyphens, a letter first";
            found.push({ path, value: name, allowed });
        }
        for (const [key, value] of Object.entries({ minPerZone, maxPerZone })) {
            const id = `kubernetes.nodeGroups.group.${key as "minPerZone" | "maxPerZone"}` as const;
            if (!isAllowed(id, value)) {
                found.push({ path: `${path}.${key}`, value, allowed: allowedText(id) });
            }
        }
        if (minPerZone > maxPerZone) {
            const allowed = `at most maxPerZone, which is ${maxPerZone}`;
            found.push({ path: `${path}.minPerZone`, value: minPerZone, allowed });
        }
    }
    return found;
}

/** Roles of nodes are named after cluster, group and zone. */
function roleNames(cluster: string, { nodeGroups, zones }: KubernetesClusterArgs): Problem[] {
    const [zone = ""] = zones;
    return Object.keys(nodeGroups).flatMap((group) => {
        const allowed = refusedGroupName(cluster, group, zone);
        const value = nodeGroupName(cluster, group, zone);
        return allowed ? [{ path: `nodeGroups.${group}`, value, allowed }] : [];
    });
}
