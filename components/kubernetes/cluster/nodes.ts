import * as eks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";
import { nodeGroupName } from "logcaster-model/eks";
import { LIMITS } from "logcaster-model/limits";
import { partitionOf } from "../../arn";
import { AutoscalingFleet } from "../../fleet";
import type { KubernetesClusterArgs, NodeGroupArgs } from "./args";
import { NODE_GROUP_LABEL, NODE_MANAGED_POLICIES, NODE_SCALING, NODE_SERVICE } from "./defaults";
import type { ClusterChoice } from "./validate";

/** A group of one zone, by the name under which AWS has it. */
export interface NodeGroupOfZone {
    readonly groupName: string;
    readonly fleet: AutoscalingFleet;
}

/**
 * The nodes: for each group and zone one fleet in node mode. A group over several zones could not follow pods that must be
 * spread over zones: the autoscaler takes a node of any zone as the model of the next, which AWS then puts elsewhere.
 */
export function createNodes(
    name: string,
    parent: pulumi.Resource,
    args: KubernetesClusterArgs,
    choice: ClusterChoice,
    cluster: eks.Cluster,
    addons: pulumi.Resource[],
    tags: Record<string, string>,
): NodeGroupOfZone[] {
    const places = Object.entries(args.nodeGroups).flatMap(([key, group]) =>
        args.zones.map((zone, i) => ({ key, group, zone, i })),
    );
    const made: NodeGroupOfZone[] = [];
    for (const { key, group, zone, i } of places) {
        const groupName = nodeGroupName(name, key, zone);
        const fleet = new AutoscalingFleet(
            groupName,
            {
                region: args.region,
                vpcId: args.vpcId,
                vpcCidr: args.vpcCidr,
                subnetIds: pulumi.output(args.subnetIds).apply((ids) => ids.slice(i, i + 1)),
                zones: [zone],
                deregistrationDelaySeconds: LIMITS["loadBalancer.deregistrationDelaySeconds"].value,
                service: NODE_SERVICE,
                scaling: {
                    ...NODE_SCALING,
                    tier: group.tier,
                    min: group.minPerZone,
                    max: group.maxPerZone,
                },
                desired: group.minPerZone,
                imageId: args.imageId,
                nodeMode: nodeMode(name, args.region, key, zone, group, choice, cluster),
                // One topic hears of all nodes.
                notificationTopicArn: made[0]?.fleet.notificationTopicArn,
                tags,
            },
            { parent, dependsOn: addons },
        );
        new eks.AccessEntry(
            `${groupName}-access`,
            {
                region: args.region,
                clusterName: cluster.name,
                principalArn: fleet.roleArn,
                type: "EC2_LINUX",
                tags,
            },
            { parent },
        );
        made.push({ groupName, fleet });
    }
    return made;
}

function nodeMode(
    clusterName: string,
    region: string,
    key: string,
    zone: string,
    { labels = {}, taints = [] }: NodeGroupArgs,
    { serviceCidr }: ClusterChoice,
    cluster: eks.Cluster,
) {
    return {
        clusterName,
        apiServerEndpoint: cluster.endpoint,
        certificateAuthority: cluster.certificateAuthority.data,
        serviceCidr,
        clusterSecurityGroupId: clusterSecurityGroup(cluster),
        labels: { [NODE_GROUP_LABEL]: key, ...labels },
        taints,
        // The kubelet names the zone itself; the autoscaler has to know it while there is no node.
        autoscalerTags: {
            "k8s.io/cluster-autoscaler/node-template/label/topology.kubernetes.io/zone": zone,
        },
        managedPolicyArns: NODE_MANAGED_POLICIES.map(
            (policy) => `arn:${partitionOf(region)}:iam::aws:policy/${policy}`,
        ),
    };
}

/** The group that EKS makes for control plane, nodes and pods. */
export function clusterSecurityGroup(cluster: eks.Cluster): pulumi.Output<string> {
    return cluster.vpcConfig.apply(({ clusterSecurityGroupId }) => clusterSecurityGroupId!);
}
