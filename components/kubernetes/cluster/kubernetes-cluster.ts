import * as pulumi from "@pulumi/pulumi";
import { addonVersions } from "logcaster-model/eks";
import { refuse } from "../../problems";
import { createNodeAddons, createPodAddons } from "./addons";
import type { KubernetesClusterArgs } from "./args";
import { admit, createControlPlane } from "./control-plane";
import { kubeconfigOf } from "./kubeconfig";
import { clusterSecurityGroup, createNodes } from "./nodes";
import { choose, clusterProblems } from "./validate";

/**
 * A Kubernetes cluster on EKS: the control plane with every log, encrypted secrets and a private endpoint; the add-ons that
 * pods need, each of a pinned version; nodes as AutoscalingFleets in node mode, whose number the cluster autoscaler owns.
 *
 * The name is also the cluster's physical name, so it must be unique in account and region. It depends on nothing in
 * Kubernetes: what is deployed into it takes a provider made from `kubeconfig`.
 *
 * **Cost** an hour: 0.10 USD for the control plane (0.60 after its version's standard support) beside the nodes; two keys at
 * 1 USD a month each; logs at 0.50 USD a GB (us-east-1).
 * **Limits**: 100 clusters of a region; addresses: a node takes about thirty of its subnet, so a /20 has room for 130 nodes.
 */
export class KubernetesCluster extends pulumi.ComponentResource {
    readonly clusterName: pulumi.Output<string>;
    /** Minor version of the control plane. */
    readonly version: pulumi.Output<string>;
    /** Address of the API server. */
    readonly apiServerEndpoint: pulumi.Output<string>;
    /** How to reach it, as the role that calls; holds nothing secret. */
    readonly kubeconfig: pulumi.Output<string>;
    /** Security group of control plane, nodes and pods: the client of the data stores. */
    readonly securityGroupId: pulumi.Output<string>;
    /** Auto scaling groups of the nodes, one a node group and zone. */
    readonly nodeGroupNames: pulumi.Output<string[]>;
    /** Topic that hears of nodes that come and go. */
    readonly notificationTopicArn: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: KubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:KubernetesCluster", name, {}, opts);
        refuse(this, name, clusterProblems(name, args));
        const { region } = args;
        const choice = choose(args);
        const tags = { "logcaster:component": "kubernetes-cluster" };

        const cluster = createControlPlane(name, this, args, choice, { ...tags, Name: name });
        admit(name, this, args, cluster.name, tags);
        const versions = addonVersions(choice.version, { given: args.addonVersions });
        const addonsOf = { region, cluster, versions, tags };
        const nodeAddons = createNodeAddons(name, this, addonsOf);
        const nodes = createNodes(name, this, args, choice, cluster, nodeAddons, tags);
        const fleets = nodes.map(({ fleet }) => fleet);
        createPodAddons(name, this, addonsOf, args.blockStorage ?? false, fleets);

        this.clusterName = cluster.name;
        this.version = pulumi.output(choice.version);
        this.apiServerEndpoint = cluster.endpoint;
        this.kubeconfig = pulumi
            .all([cluster.endpoint, cluster.certificateAuthority])
            .apply(([server, { data }]) =>
                kubeconfigOf({ name, region, server, certificateAuthority: data }),
            );
        this.securityGroupId = clusterSecurityGroup(cluster);
        // Known as soon as the groups are there, not before.
        this.nodeGroupNames = pulumi.all(fleets.map(({ groupName }) => groupName));
        this.notificationTopicArn = fleets[0]!.notificationTopicArn;
        this.registerOutputs({
            clusterName: this.clusterName,
            version: this.version,
            apiServerEndpoint: this.apiServerEndpoint,
            kubeconfig: this.kubeconfig,
            securityGroupId: this.securityGroupId,
            nodeGroupNames: this.nodeGroupNames,
            notificationTopicArn: this.notificationTopicArn,
        });
    }
}
