import { LIMITS } from "logcaster-model/limits";
import { proxyProblems, ProxyEngine } from "logcaster-model/proxy-config";
import { refusedImage } from "logcaster-model/registries";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../../problems";
import { DNS_LABEL, DNS_LABEL_SAYS } from "../dns-label";
import { type KubernetesProxyArgs, KubernetesProxyBalance } from "./args";
import { choose, proxySpecOf, targetOf } from "./spec";

const VERSION = /^\d+\.\d+\.\d+$/;

/** Every mistake in the arguments; what the engine cannot do is one. */
export function kubernetesProxyProblems(args: KubernetesProxyArgs): Problem[] {
    const choice = choose(args);
    const { found, refuse, whole } = collectProblems();
    for (const path of ["namespace", "proxyName"] as const) {
        if (!DNS_LABEL.test(choice[path])) refuse(path, choice[path], DNS_LABEL_SAYS);
    }
    const retired = refusedImage(choice.image);
    if (retired) refuse("image", choice.image, retired);
    const { min, max } = LIMITS["loadBalancer.proxy.min"];
    const ranges = {
        minReplicas: { min, max },
        maxReplicas: { min, max },
        targetCpuPercent: { min: 1, max: LIMITS["scaling.targetCpuPercent"].value },
        cpuRequestMilli: { min: 1, max: 64_000 },
        memoryMebibytes: { min: 64, max: 65_536 },
        preStopSeconds: { min: 1, max: 600 },
    };
    for (const path of Object.keys(ranges) as (keyof typeof ranges)[]) {
        whole(path, choice[path], ranges[path]);
    }
    if (choice.minReplicas > choice.maxReplicas) {
        const allowed = `at most maxReplicas, ${choice.maxReplicas}`;
        refuse("minReplicas", choice.minReplicas, allowed);
    }
    if (choice.ingressCidrs.length === 0) {
        refuse("ingressCidrs", [], "one IPv4 block at least: that from which balancers connect");
    }
    const engines: readonly string[] = Object.values(ProxyEngine);
    const methods: readonly string[] = Object.values(KubernetesProxyBalance);
    if (!methods.includes(choice.balance)) refuse("balance", choice.balance, methods.join(", "));
    if (!engines.includes(choice.engine)) {
        refuse("engine", choice.engine, engines.join(" or "));
        return found;
    }
    if (choice.engine === ProxyEngine.Nginx && !VERSION.test(choice.nginxVersion ?? "")) {
        const allowed = "the image's version of NGINX with engine nginx, such as 1.29.3";
        refuse("nginxVersion", choice.nginxVersion, allowed);
        return found;
    }
    return [
        ...found,
        ...proxyProblems(proxySpecOf(choice), targetOf(choice)).map((one) =>
            asArgument(one, choice),
        ),
    ];
}

/** Where the specification has what an argument says, the argument's name. */
const ARGUMENTS: Readonly<Record<string, string>> = {
    "listeners[0].backends.name": "srvName",
    "listeners[0].backends.slots": "slots",
    "listeners[0].port": "port",
    "listeners[0].balance": "balance",
    "listeners[0].connectionsPerServer": "connectionsPerPod",
    "listeners[0].perSource.connections": "connectionsPerSource",
    "listeners[0].idleTimeoutSeconds": "idleTimeoutSeconds",
    maxConnections: "connectionsPerProxy",
};

function asArgument(
    { path, value, allowed }: Problem,
    { nginxVersion }: KubernetesProxyArgs,
): Problem {
    // Pods are always found by SRV records; it is the version that cannot.
    if (path === "listeners[0].backends.from") {
        return { path: "nginxVersion", value: nginxVersion, allowed };
    }
    return { path: ARGUMENTS[path] ?? path, value, allowed };
}
