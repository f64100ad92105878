/** Versions of EKS add-ons that were seen to work together, by the cluster's minor version. Pure data and its checks. */

/** The add-ons without which a cluster has no network, names or roles for its pods. */
export const EKS_ADDONS = ["vpcCni", "coredns", "kubeProxy", "podIdentityAgent"] as const;
/** The add-on that gives pods volumes, where they keep data. */
const VOLUMES = "ebsCsi";
export type EksAddon = (typeof EKS_ADDONS)[number] | typeof VOLUMES;

/** Version of each add-on, as EKS names it: v<version>-eksbuild.<build>. */
export type EksAddonVersions = Readonly<Record<EksAddon, string>>;

/** Name of each add-on in EKS. */
export const EKS_ADDON_NAMES: Readonly<Record<EksAddon, string>> = Object.freeze({
    vpcCni: "vpc-cni",
    coredns: "coredns",
    kubeProxy: "kube-proxy",
    podIdentityAgent: "eks-pod-identity-agent",
    ebsCsi: "aws-ebs-csi-driver",
});

/** The minor version that a stack gets when it names none. */
export const DEFAULT_EKS_MINOR = "1.36";

/**
 * Pinned add-ons by minor version; another minor needs `addonVersions`.
 * `aws eks describe-addon-versions --kubernetes-version <minor>` lists what EKS offers.
 */
export const EKS_VERSIONS: Readonly<Record<string, EksAddonVersions>> = Object.freeze({
    "1.36": {
        vpcCni: "v1.22.4-eksbuild.3",
        coredns: "v1.14.3-eksbuild.16",
        kubeProxy: "v1.36.0-eksbuild.21",
        podIdentityAgent: "v1.3.10-eksbuild.3",
        ebsCsi: "v1.63.1-eksbuild.1",
    },
});

/** Prefixes that the block of a cluster's services may have. https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
export const SERVICE_PREFIX = { min: 12, max: 24 } as const;

/** Physical name of a node group's auto scaling group in a zone: <cluster>-<group>-<letter of the zone>. */
export function nodeGroupName(cluster: string, group: string, zone: string): string {
    return `${cluster}-${group}-${zone.slice(-1)}`;
}

/** IAM's. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_ROLE_NAME = 64;
/** What a role's name has beside that of its nodes: -role, and Pulumi's hyphen and seven digits. */
const ROLE_SUFFIX = 13;

/** Why a node group of a cluster cannot have its name, or undefined where it can: the nodes' roles are named after it. */
export function refusedGroupName(cluster: string, group: string, zone: string): string | undefined {
    const longest = MAX_ROLE_NAME - ROLE_SUFFIX;
    return nodeGroupName(cluster, group, zone).length <= longest
        ? undefined
        : `${longest} characters with the cluster's name and the zone's letter: IAM takes role names of ${MAX_ROLE_NAME}`;
}

/** A minor version such as 1.36. */
export const KUBERNETES_MINOR = /^1\.\d{2}$/;
/** A version of an add-on, such as v1.22.4-eksbuild.3. */
export const ADDON_VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/** A problem with a version: where, what was given, what is allowed. */
export interface VersionProblem {
    readonly path: readonly string[];
    readonly value: unknown;
    readonly allowed: string;
}

/** What a cluster's add-ons are chosen by. */
export interface AddonChoice {
    /** Versions over the pinned ones. */
    readonly given?: Partial<EksAddonVersions> | undefined;
    /** Whether pods get volumes. */
    readonly blockStorage?: boolean | undefined;
}

/** The versions of a cluster's add-ons: those given, the others by its minor; a version that is not known is absent. */
export function addonVersions(minor: string, { given }: AddonChoice): Partial<EksAddonVersions> {
    const own = Object.entries(given ?? {}).filter(([, version]) => version !== undefined);
    return { ...EKS_VERSIONS[minor], ...Object.fromEntries(own) };
}

/** Whether the versions of a cluster, its add-ons and its autoscaler fit each other: every mistake. */
export function versionProblems(
    minor: string,
    choice: AddonChoice,
    autoscalerVersion?: string,
): VersionProblem[] {
    const found: VersionProblem[] = [];
    const known = Object.keys(EKS_VERSIONS);
    const versions = addonVersions(minor, choice);
    for (const addon of [...EKS_ADDONS, ...(choice.blockStorage ? [VOLUMES] : [])] as EksAddon[]) {
        const version = versions[addon];
        if (version === undefined) {
            const allowed = `a version such as v1.2.3-eksbuild.1 with Kubernetes ${minor}: only the add-ons of ${known.join(", ")} are pinned here`;
            found.push({ path: ["addonVersions", addon], value: undefined, allowed });
        }
    }
    const kubeProxy = choice.given?.kubeProxy;
    if (kubeProxy !== undefined && !kubeProxy.startsWith(`v${minor}.`)) {
        const allowed = `v${minor}.x, the cluster's minor: it programs the Services of that version's API`;
        found.push({ path: ["addonVersions", "kubeProxy"], value: kubeProxy, allowed });
    }
    if (autoscalerVersion !== undefined && !autoscalerVersion.startsWith(`${minor}.`)) {
        const allowed = `${minor}.x, the cluster's minor: it simulates the scheduler of its own minor version`;
        found.push({ path: ["clusterAutoscalerVersion"], value: autoscalerVersion, allowed });
    }
    return found;
}
