import { refusedImage } from "logcaster-model/registries";
import type { Problem } from "logcaster-model/settings";
import { collectProblems } from "../../problems";
import { type ClusterAutoscalerArgs, PodIdentityMode } from "./args";
import { AUTOSCALER_DEFAULTS } from "./defaults";

const MINOR = /^1\.\d+$/;
const VERSION = /^1\.\d+\.\d+$/;

/** The version of the autoscaler that the arguments choose. */
export const versionOf = ({ kubernetesMinor, version }: ClusterAutoscalerArgs) =>
    version ?? `${kubernetesMinor}.0`;

/** Every mistake in the arguments. */
export function autoscalerProblems(args: ClusterAutoscalerArgs): Problem[] {
    const { kubernetesMinor, repository, oidcProvider, clusterName } = args;
    const { identity = AUTOSCALER_DEFAULTS.identity, replicas = AUTOSCALER_DEFAULTS.replicas } =
        args;
    const { found, refuse, whole } = collectProblems();
    const version = versionOf(args);
    if (!MINOR.test(kubernetesMinor)) {
        refuse("kubernetesMinor", kubernetesMinor, "a minor version such as 1.36");
    } else if (!VERSION.test(version)) {
        refuse("version", version, `a version such as ${kubernetesMinor}.0`);
    } else if (!version.startsWith(`${kubernetesMinor}.`)) {
        const why = "it simulates the scheduler of its own minor version";
        refuse("version", version, `${kubernetesMinor}.x, the cluster's minor: ${why}`);
    }
    const retired = repository === undefined ? undefined : refusedImage(repository);
    if (retired) refuse("repository", repository, retired);
    if (clusterName === "") refuse("clusterName", clusterName, "the cluster's name");
    if (identity === PodIdentityMode.Irsa && !oidcProvider) {
        const why = "the role trusts the cluster's service accounts through it";
        refuse("oidcProvider", oidcProvider, `the cluster's OIDC provider with irsa: ${why}`);
    }
    whole("replicas", replicas, { min: 1, max: 3, why: "one leads" });
    return found;
}
