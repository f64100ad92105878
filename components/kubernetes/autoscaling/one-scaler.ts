import * as pulumi from "@pulumi/pulumi";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** Which component scales a workload, `namespace/deployment`, of a cluster, known by its provider; without one, by the program's engine. */
const scalers = new WeakMap<object, Map<string, string>>();

/**
 * The Deployment's name, once it is sure that no other component of the program scales it in the same cluster.
 * @throws ResourceError out of the output where another one does
 */
export function claim(
    resource: pulumi.ComponentResource,
    name: string,
    namespace: pulumi.Input<string>,
    deploymentName: pulumi.Input<string>,
): pulumi.Output<string> {
    const cluster = resource.getProvider(DEPLOYMENT) ?? pulumi.runtime.getMonitor() ?? scalers;
    const claimed = scalers.get(cluster) ?? new Map<string, string>();
    scalers.set(cluster, claimed);
    return pulumi.all([namespace, deploymentName]).apply(([place, deployment]) => {
        const workload = `${place}/${deployment}`;
        const other = claimed.get(workload) ?? name;
        claimed.set(workload, other);
        if (other === name) return deployment;
        const why = "two scalers of the same pods stop each other (AmbiguousSelector)";
        throw new pulumi.ResourceError(
            `${name}: deploymentName is ${workload}, which ${other} scales; allowed: one scaler a workload, since ${why}`,
            resource,
            true,
        );
    });
}
