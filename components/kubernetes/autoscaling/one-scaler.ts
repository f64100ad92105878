import * as pulumi from "@pulumi/pulumi";

/** Which component scales a workload, `namespace/deployment`, in a running program, known by its engine. */
const scalers = new WeakMap<object, Map<string, string>>();

/**
 * The Deployment's name, once it is sure that no other component of the program scales it.
 * @throws ResourceError out of the output where another one does
 */
export function claim(
    resource: pulumi.ComponentResource,
    name: string,
    namespace: pulumi.Input<string>,
    deploymentName: pulumi.Input<string>,
): pulumi.Output<string> {
    const engine = pulumi.runtime.getMonitor() ?? scalers;
    const claimed = scalers.get(engine) ?? new Map<string, string>();
    scalers.set(engine, claimed);
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
