/** What pods run, and how they leave. */
import { RETIRED_REGISTRIES, registryOf } from "logcaster-model/registries";
import { inOneNamespace, type LabelSelector, selects } from "./kubernetes-relations";
import { fewestPods } from "./kubernetes-scaling";
import {
    type Container,
    type HelmRelease,
    type Metadata,
    type PodSpec,
    podOf,
    runningContainers,
    type Workload,
} from "./kubernetes-shape";
import {
    NOT_APPLICABLE,
    atLeast,
    wrong,
    type Resource,
    type Stack,
    type StackResource,
    type Verdict,
} from "./rule";
import { EKS_CLUSTER, HELM_RELEASE, WORKLOAD } from "./types";
import { independently, known } from "./unknown";

interface DisruptionBudget {
    readonly metadata?: Metadata;
    readonly spec?: {
        readonly selector?: LabelSelector;
        readonly maxUnavailable?: number | string;
        readonly minAvailable?: number | string;
    };
}

/** Without an answer here, a drain of a node, and with it an upgrade and the autoscaler, waits for ever. */
export function* roomToDrain(
    budget: StackResource<DisruptionBudget>,
    { minRoom }: { readonly minRoom: number },
    stack: Stack,
): Verdict {
    const { maxUnavailable, minAvailable, selector } = budget.props.spec ?? {};
    if (maxUnavailable === undefined && minAvailable === undefined) {
        yield "neither maxUnavailable nor minAvailable is set, which lets no pod go";
        return;
    }
    if (maxUnavailable !== undefined && minAvailable !== undefined) {
        yield "maxUnavailable and minAvailable are both set, which the API refuses";
        return;
    }
    const said = maxUnavailable === undefined ? "minAvailable" : "maxUnavailable";
    const value = (maxUnavailable ?? minAvailable)!;
    const pods = podsOf(budget, selector, stack);
    const room = said === "maxUnavailable" ? share(value, pods) : left(value, pods);
    if (room === undefined) return;
    const of = pods === undefined ? "" : ` of ${pods} pods`;
    yield* atLeast(`the room that ${said} ${value} leaves${of}`, room, minRoom, "minRoom");
}

/** The API rounds percent up; of a number of pods that is not known, only none and all are. */
function share(value: number | string, pods: number | undefined): number | undefined {
    if (typeof value === "number" || !value.endsWith("%")) {
        return pods === undefined ? Number(value) : Math.min(Number(value), pods);
    }
    const percent = Number(value.slice(0, -1));
    if (pods === undefined) return percent === 0 ? 0 : undefined;
    return Math.ceil((percent * pods) / 100);
}

function left(value: number | string, pods: number | undefined): number | undefined {
    if (pods !== undefined) return Math.max(0, pods - share(value, pods)!);
    return value === "100%" ? 0 : undefined;
}

/** The fewest pods that the budget's selector finds in the stack; undefined where it finds none, or the cluster counts them. */
function podsOf(
    budget: StackResource<DisruptionBudget>,
    selector: LabelSelector | undefined,
    stack: Stack,
): number | undefined {
    if (!selector) return undefined;
    const counts = stack
        .of<Workload>(WORKLOAD)
        .filter((workload) => selects(selector, podOf(workload)?.metadata?.labels ?? {}))
        .filter((workload) => inOneNamespace(budget, workload))
        .map((workload) => fewestPods(workload, stack));
    if (counts.length === 0 || counts.includes(undefined)) return undefined;
    return counts.reduce<number>((sum, count) => sum + count!, 0) || undefined;
}

/** What Kubernetes takes where it is left out. */
const DEFAULT_GRACE_SECONDS = 30;
const SLEEP = /\bsleep\s+(\d+(?:\.\d+)?)([smh]?)\b/;
const SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

export function* graceOutlastsDrain(
    workload: Resource<Workload>,
    { drainSeconds, ports }: { readonly drainSeconds: number; readonly ports: readonly number[] },
): Verdict {
    const pod = podOf(workload)?.spec;
    const containers = runningContainers(pod);
    const preStop = Math.max(0, ...containers.map(preStopSeconds));
    const serves = containers.some(({ ports: open = [] }) =>
        open.some(({ containerPort }) => ports.includes(containerPort)),
    );
    if (preStop === 0 && !serves) return NOT_APPLICABLE;
    const grace = pod?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    const drain = serves ? drainSeconds : 0;
    if (grace <= preStop + drain) {
        const drained = serves ? ` and ${drain} s of drain (drainSeconds)` : "";
        yield wrong(
            "terminationGracePeriodSeconds",
            grace,
            `longer than ${preStop} s of preStop${drained}`,
        );
    }
}

/** How long a hook sleeps, as far as it says so. */
function preStopSeconds({ lifecycle }: Container): number {
    const { sleep, exec } = lifecycle?.preStop ?? {};
    if (sleep) return sleep.seconds;
    const [, amount, unit] = SLEEP.exec((exec?.command ?? []).join(" ")) ?? [];
    return Number(amount ?? 0) * SECONDS[unit ?? ""]!;
}

function allContainers(pod: PodSpec | undefined): readonly Container[] {
    return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}

export function* registriesAlive(
    resource: Resource<Workload | HelmRelease>,
    { retired }: { readonly retired: readonly string[] },
): Verdict {
    const say = (what: string, text: string, registry: string) =>
        wrong(
            what,
            text,
            `of ${RETIRED_REGISTRIES[registry] ?? `another registry than ${registry}`}`,
        );
    if (HELM_RELEASE.includes(resource.type)) {
        yield* independently(...textChecks(resource.props as HelmRelease, retired, say));
        return;
    }
    for (const { name, image } of allContainers(podOf(resource as Resource<Workload>)?.spec)) {
        const registry = image === undefined ? undefined : registryOf(image, retired);
        if (registry) yield say(`the image of ${name}`, image!, registry);
    }
}

/** What of a chart's values names an image: one that is not known yet is no pass. */
const IMAGE_WORDS = /image|repo|registry/i;

/** A check of each text in a chart's values. */
function* textChecks(
    { values, repositoryOpts }: HelmRelease,
    retired: readonly string[],
    say: (what: string, text: string, registry: string) => string,
): Generator<() => Verdict> {
    for (const [path, read] of leaves(() => ({ repositoryOpts, values }))) {
        yield function* () {
            const value = IMAGE_WORDS.test(path) ? read() : known(read);
            if (typeof value !== "string") return;
            const registry = registryOf(value.replace(/^\w+:\/\//, ""), retired);
            if (registry) yield say(path, value, registry);
        };
    }
}

/** Every innermost value, by its path; read later, since it may not be known yet. */
function* leaves(read: () => unknown, path = ""): Generator<[string, () => unknown]> {
    const value = known(read);
    if (typeof value !== "object" || value === null) {
        yield [path, read];
        return;
    }
    for (const key of Object.keys(value)) {
        const inner = () => (value as Record<string, unknown>)[key];
        yield* leaves(inner, path === "" ? key : `${path}.${key}`);
    }
}

const AUTOSCALER = /(^|\/)cluster-autoscaler(?=$|[:@-])/;
const MINOR = /^v?(1\.\d+)\b/;

/** It simulates the scheduler of its own minor version. */
export function* autoscalerFitsCluster(
    resource: StackResource<Workload | HelmRelease>,
    { kubernetesMinor }: { readonly kubernetesMinor: string },
    stack: Stack,
): Verdict {
    const versions = autoscalerVersions(resource);
    if (versions.length === 0) return NOT_APPLICABLE;
    const clusters = stack.of<{ readonly version?: string }>(EKS_CLUSTER);
    const minors = kubernetesMinor ? [kubernetesMinor] : clusters.map(({ props }) => props.version);
    for (const [what, version] of versions) {
        const minor = version === undefined ? undefined : MINOR.exec(version)?.[1];
        if (minors.length === 0) {
            yield `${what} is ${version ?? "not set"}, and the cluster's minor is not said (kubernetesMinor)`;
        } else if (!minors.some((known) => known === minor && minor !== undefined)) {
            const wanted = minors.map((known) => (known ? `v${known}.x` : "not set")).join(" or ");
            yield wrong(what, version, `the cluster's version, ${wanted}`);
        }
    }
}

/** What is said of the autoscaler's version, and where. */
function autoscalerVersions(
    resource: StackResource<Workload | HelmRelease>,
): [string, string | undefined][] {
    if (HELM_RELEASE.includes(resource.type)) {
        const { chart, values } = resource.props as HelmRelease;
        if (!AUTOSCALER.test(chart ?? "")) return [];
        const image = values?.["image"] as { readonly tag?: string } | undefined;
        return [["values.image.tag", image?.tag]];
    }
    return allContainers(podOf(resource as Resource<Workload>)?.spec)
        .filter(({ image }) => image !== undefined && AUTOSCALER.test(image))
        .map(({ name, image }) => {
            const tag = /:([^:/]+)$/.exec(image!.split("@")[0]!)?.[1];
            return [`the tag of ${name}'s image`, tag];
        });
}
