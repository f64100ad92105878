import type { Problem } from "logcaster-model/settings";
import type { LoadBalancerControllerArgs } from "./args";
import { CONTROLLER_DEFAULTS } from "./defaults";

const VERSION = /^\d+\.\d+\.\d+$/;

/** Every mistake in the arguments. */
export function controllerProblems(args: LoadBalancerControllerArgs): Problem[] {
    const { clusterName, chartVersion, replicas = CONTROLLER_DEFAULTS.replicas } = args;
    const found: Problem[] = [];
    if (clusterName === "") {
        found.push({ path: "clusterName", value: clusterName, allowed: "the cluster's name" });
    }
    if (chartVersion !== undefined && !VERSION.test(chartVersion)) {
        const allowed = `a chart's version such as ${CONTROLLER_DEFAULTS.chartVersion}`;
        found.push({ path: "chartVersion", value: chartVersion, allowed });
    }
    if (!Number.isInteger(replicas) || replicas < 1 || replicas > 3) {
        const allowed = "a whole number from 1 to 3 (one leads)";
        found.push({ path: "replicas", value: replicas, allowed });
    }
    return found;
}
