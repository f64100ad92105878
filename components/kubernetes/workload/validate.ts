import { LIMITS } from "logcaster-model/limits";
import { refusedImage } from "logcaster-model/registries";
import type { Problem } from "logcaster-model/settings";
import { given } from "../../given";
import { wholeProblems } from "../../problems";
import { DNS_LABEL, DNS_LABEL_SAYS } from "../dns-label";
import type { KubernetesWorkloadArgs } from "./args";
import { GRACE_MARGIN_SECONDS, WORKLOAD_DEFAULTS } from "./defaults";

const MAX_UNAVAILABLE_PERCENT = 50;

/** The arguments with every default filled in. */
export type WorkloadChoice = ReturnType<typeof choose>;

/** Fills in what was not given. */
export function choose(args: KubernetesWorkloadArgs) {
    const chosen = { ...WORKLOAD_DEFAULTS, sidecars: [], egress: [], ...given(args) };
    const { preStopSeconds, drainSeconds } = chosen;
    return {
        terminationGraceSeconds: preStopSeconds + drainSeconds + GRACE_MARGIN_SECONDS,
        ...chosen,
    };
}

/** Every mistake in the arguments. */
export function workloadProblems(args: KubernetesWorkloadArgs): Problem[] {
    const choice = choose(args);
    return [
        ...names(choice),
        ...images(choice),
        ...ports(choice),
        ...sidecars(choice),
        ...leaving(choice),
        ...reach(choice),
    ];
}

function names({ namespace, serviceName }: WorkloadChoice): Problem[] {
    return Object.entries({ namespace, serviceName })
        .filter(([, value]) => !DNS_LABEL.test(value))
        .map(([path, value]) => ({ path, value, allowed: DNS_LABEL_SAYS }));
}

function images({ image, healthAgentImage, sidecars }: WorkloadChoice): Problem[] {
    const all: [string, string][] = [
        ["image", image],
        ["healthAgentImage", healthAgentImage],
        ...sidecars.map((s, i): [string, string] => [`sidecars[${i}].image`, s.image]),
    ];
    return all.flatMap(([path, value]) => {
        const allowed = refusedImage(value);
        return allowed ? [{ path, value, allowed }] : [];
    });
}

function ports({ port, httpPort, replicas }: WorkloadChoice): Problem[] {
    const found: Problem[] = [];
    const { min, max } = LIMITS["service.port"];
    for (const [path, value] of Object.entries({ port, httpPort })) {
        found.push(...wholeProblems(path, value, { min, max, why: "a TCP port" }));
    }
    if (port === httpPort) {
        found.push({ path: "httpPort", value: httpPort, allowed: `another port than ${port}` });
    }
    if (replicas !== undefined) {
        const range = { min: LIMITS["scaling.min"].value, max: LIMITS["scaling.max"].max };
        found.push(...wholeProblems("replicas", replicas, { ...range, why: "brief 2.1" }));
    }
    return found;
}

function sidecars({ serviceName, sidecars: given }: WorkloadChoice): Problem[] {
    const taken = [serviceName, "health-agent"];
    return given.flatMap(({ name, cpuRequestMilli, memoryRequestMebibytes }, i) => {
        const found: Problem[] = [];
        if (!DNS_LABEL.test(name) || taken.includes(name)) {
            const allowed = `${DNS_LABEL_SAYS}, and none of ${taken.join(", ")}`;
            found.push({ path: `sidecars[${i}].name`, value: name, allowed });
        }
        taken.push(name);
        for (const [key, value] of Object.entries({ cpuRequestMilli, memoryRequestMebibytes })) {
            if (Number.isInteger(value) && value > 0) continue;
            const allowed =
                "a whole number of at least 1: without requests on every container the autoscaler " +
                "cannot compute utilization, and does not scale on it";
            found.push({ path: `sidecars[${i}].${key}`, value, allowed });
        }
        return found;
    });
}

function leaving(choice: WorkloadChoice): Problem[] {
    const { preStopSeconds, drainSeconds, terminationGraceSeconds, maxUnavailablePercent } = choice;
    const found = [
        ...wholeProblems("preStopSeconds", preStopSeconds, {
            min: 1,
            max: drainSeconds,
            why: "1 to drainSeconds",
        }),
        ...wholeProblems("maxUnavailablePercent", maxUnavailablePercent, {
            min: 1,
            max: MAX_UNAVAILABLE_PERCENT,
            why: "with 0 no node could ever be drained, above half the rest is overloaded",
        }),
    ];
    const needed = preStopSeconds + drainSeconds;
    if (!(terminationGraceSeconds > needed)) {
        const allowed = `more than preStopSeconds + drainSeconds, ${needed}: a pod killed sooner cuts its connections`;
        found.push({ path: "terminationGraceSeconds", value: terminationGraceSeconds, allowed });
    }
    return found;
}

function reach({ ingressCidrs }: WorkloadChoice): Problem[] {
    if (ingressCidrs.length > 0) return [];
    const allowed = "one IPv4 block at least: that of the VPC, from which load balancers connect";
    return [{ path: "ingressCidrs", value: ingressCidrs, allowed }];
}
