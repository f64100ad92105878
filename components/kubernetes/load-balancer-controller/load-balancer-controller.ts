import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as helm from "@pulumi/kubernetes/helm/v3";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { POD_IDENTITY_TRUST } from "../pod-identity";
import type { LoadBalancerControllerArgs } from "./args";
import {
    CONTROLLER_DEFAULTS,
    CONTROLLER_NAME,
    CONTROLLER_NAMESPACE,
    CONTROLLER_RESOURCES,
} from "./defaults";
import { controllerPolicy } from "./permissions";
import { controllerProblems } from "./validate";

/**
 * The AWS Load Balancer Controller, to bind pods to the target groups of a LoadBalancerTier. It makes no load balancer of
 * its own: DNS names, health checks and policies stay those of the tier, as on EC2.
 *
 * **Cost**: two pods of 100m CPU and 256 MiB.
 * **Limits**: ELB's API throttles; 1,000 targets a target group.
 */
export class LoadBalancerController extends pulumi.ComponentResource {
    /** The role its pods wear. */
    readonly roleArn: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(
        name: string,
        args: LoadBalancerControllerArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:LoadBalancerController", name, {}, opts);
        refuse(this, name, controllerProblems(args));
        const { region, clusterName } = args;
        const child = { parent: this };
        const tags = { Name: name, "logcaster:component": "load-balancer-controller" };

        const role = new iam.Role(
            `${name}-role`,
            {
                description: `Load balancer controller of ${clusterName}`,
                assumeRolePolicy: POD_IDENTITY_TRUST,
                tags,
            },
            child,
        );
        const policy = new iam.RolePolicy(
            `${name}-policy`,
            { role: role.id, policy: controllerPolicy(region, clusterName) },
            child,
        );
        const identity = new eks.PodIdentityAssociation(
            `${name}-identity`,
            {
                region,
                clusterName,
                namespace: CONTROLLER_NAMESPACE,
                serviceAccount: CONTROLLER_NAME,
                roleArn: role.arn,
                tags,
            },
            child,
        );
        new helm.Release(
            `${name}-release`,
            {
                name: CONTROLLER_NAME,
                chart: CONTROLLER_NAME,
                version: args.chartVersion ?? CONTROLLER_DEFAULTS.chartVersion,
                repositoryOpts: { repo: CONTROLLER_DEFAULTS.repository },
                namespace: CONTROLLER_NAMESPACE,
                values: chartValues(args),
                atomic: true,
            },
            { parent: this, dependsOn: [policy, identity] },
        );

        this.roleArn = role.arn;
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

function chartValues({ region, clusterName, vpcId, replicas }: LoadBalancerControllerArgs) {
    return {
        clusterName,
        region,
        vpcId,
        replicaCount: replicas ?? CONTROLLER_DEFAULTS.replicas,
        serviceAccount: { create: true, name: CONTROLLER_NAME },
        // It only binds: no class of ingresses, and Services of type LoadBalancer are not its own.
        createIngressClassResource: false,
        ingressClassParams: { create: false },
        enableServiceMutatorWebhook: false,
        podDisruptionBudget: { maxUnavailable: 1 },
        priorityClassName: "system-cluster-critical",
        resources: {
            requests: CONTROLLER_RESOURCES,
            limits: { memory: CONTROLLER_RESOURCES.memory },
        },
        defaultTargetType: "ip",
    };
}
