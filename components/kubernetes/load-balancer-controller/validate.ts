import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../../problems";
import type { LoadBalancerControllerArgs } from "./args";
import { CONTROLLER_DEFAULTS } from "./defaults";

const VERSION = /^\d+\.\d+\.\d+$/;

/** Every mistake in the arguments. */
export function controllerProblems(args: LoadBalancerControllerArgs): Problem[] {
    const { clusterName, chartVersion, replicas = CONTROLLER_DEFAULTS.replicas } = args;
    const { found, refuse, whole } = collectProblems();
    if (clusterName === "") refuse("clusterName", clusterName, "the cluster's name");
    if (chartVersion !== undefined && !VERSION.test(chartVersion)) {
        const such = CONTROLLER_DEFAULTS.chartVersion;
        refuse("chartVersion", chartVersion, `a chart's version such as ${such}`);
    }
    whole("replicas", replicas, { min: 1, max: 3, why: "one leads" });
    return found;
}
