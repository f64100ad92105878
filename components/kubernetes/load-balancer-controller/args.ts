import type * as pulumi from "@pulumi/pulumi";

/** Arguments of LoadBalancerController. */
export interface LoadBalancerControllerArgs {
    /** Region of the cluster. */
    region: string;
    /** Name of the EKS cluster; its security group carries it in its tags. */
    clusterName: string;
    /** VPC of the cluster: pods cannot ask an instance's metadata for it. */
    vpcId: pulumi.Input<string>;
    /** Version of the chart; the controller's is the same. @default the pinned one */
    chartVersion?: string;
    /** Pods; one leads, the other is ready. @default 2 */
    replicas?: number;
}
