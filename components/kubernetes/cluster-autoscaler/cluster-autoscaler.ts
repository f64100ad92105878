import * as eks from "@pulumi/aws/eks";
import * as iam from "@pulumi/aws/iam";
import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as rbac from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { closedContainer } from "../pod-security";
import { spread, ZONE } from "../spread";
import { POD_IDENTITY_TRUST } from "../pod-identity";
import { type ClusterAutoscalerArgs, PodIdentityMode } from "./args";
import {
    AUTOSCALER_DEFAULTS,
    AUTOSCALER_NAME,
    AUTOSCALER_NAMESPACE,
    AUTOSCALER_PRIORITY_CLASS,
    AUTOSCALER_RESOURCES,
    autoscalerFlags,
    HEALTH_PATH,
    METRICS_PORT,
    RUN_AS_NOBODY,
} from "./defaults";
import { awsPolicy, CLUSTER_RULES, irsaTrust, NAMESPACE_RULES } from "./permissions";
import { autoscalerProblems, versionOf } from "./validate";

const LABELS = { "app.kubernetes.io/name": AUTOSCALER_NAME };
const METADATA = { name: AUTOSCALER_NAME, namespace: AUTOSCALER_NAMESPACE, labels: LABELS };

/**
 * The cluster autoscaler: adds nodes for pods that find no room and takes idle ones away, in every auto scaling group that
 * carries the cluster's tags, which AutoscalingFleet in node mode writes.
 *
 * **Cost**: two pods of 100m CPU and 600 MiB; the nodes it starts are the node groups' own.
 * **Limits**: it looks every ten seconds; the API of auto scaling throttles at many groups.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
    /** The role its pod wears. */
    readonly roleArn: pulumi.Output<string>;
    /** Its service account, `namespace/name`. */
    readonly serviceAccount: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("logcaster-scaling:index:ClusterAutoscaler", name, {}, opts);
        refuse(this, name, autoscalerProblems(args));

        const role = createRole(name, this, args);
        const account = new core.ServiceAccount(
            `${name}-account`,
            {
                metadata: {
                    ...METADATA,
                    annotations: byIrsa(args)
                        ? { "eks.amazonaws.com/role-arn": role.arn }
                        : undefined,
                },
            },
            { parent: this },
        );
        const grants = grant(name, this);
        new policy.PodDisruptionBudget(
            `${name}-budget`,
            {
                metadata: METADATA,
                spec: {
                    maxUnavailable: 1,
                    selector: { matchLabels: LABELS },
                    unhealthyPodEvictionPolicy: "AlwaysAllow",
                },
            },
            { parent: this },
        );
        new apps.Deployment(
            `${name}-deployment`,
            { metadata: METADATA, spec: deployment(args) },
            { parent: this, dependsOn: [account, ...grants, ...role.grants] },
        );

        this.roleArn = role.arn;
        this.serviceAccount = pulumi.output(`${AUTOSCALER_NAMESPACE}/${AUTOSCALER_NAME}`);
        this.registerOutputs({ roleArn: this.roleArn, serviceAccount: this.serviceAccount });
    }
}

const byIrsa = ({ identity }: ClusterAutoscalerArgs) => identity === PodIdentityMode.Irsa;

function createRole(name: string, parent: pulumi.Resource, args: ClusterAutoscalerArgs) {
    const { region, clusterName, oidcProvider } = args;
    const tags = { Name: name, "logcaster:component": "cluster-autoscaler" };
    const role = new iam.Role(
        `${name}-role`,
        {
            description: `Cluster autoscaler of ${clusterName}`,
            assumeRolePolicy: byIrsa(args) ? irsaTrust(oidcProvider!) : POD_IDENTITY_TRUST,
            tags,
        },
        { parent },
    );
    const grants: pulumi.Resource[] = [
        new iam.RolePolicy(
            `${name}-policy`,
            { role: role.id, policy: awsPolicy(region, clusterName) },
            { parent },
        ),
    ];
    if (!byIrsa(args)) {
        grants.push(
            new eks.PodIdentityAssociation(
                `${name}-identity`,
                {
                    region,
                    clusterName,
                    namespace: AUTOSCALER_NAMESPACE,
                    serviceAccount: AUTOSCALER_NAME,
                    roleArn: role.arn,
                    tags,
                },
                { parent },
            ),
        );
    }
    return { arn: role.arn, grants };
}

/** RBAC: what it needs in every namespace, and what only in its own. */
function grant(name: string, parent: pulumi.Resource): pulumi.Resource[] {
    const options = { parent };
    const subjects = [
        { kind: "ServiceAccount", name: AUTOSCALER_NAME, namespace: AUTOSCALER_NAMESPACE },
    ];
    const apiGroup = "rbac.authorization.k8s.io";
    const clusterWide = { name: AUTOSCALER_NAME, labels: LABELS };
    return [
        new rbac.ClusterRole(
            `${name}-cluster-role`,
            { metadata: clusterWide, rules: [...CLUSTER_RULES] },
            options,
        ),
        new rbac.ClusterRoleBinding(
            `${name}-cluster-role-binding`,
            {
                metadata: clusterWide,
                roleRef: { apiGroup, kind: "ClusterRole", name: AUTOSCALER_NAME },
                subjects,
            },
            options,
        ),
        new rbac.Role(
            `${name}-namespace-role`,
            { metadata: METADATA, rules: [...NAMESPACE_RULES] },
            options,
        ),
        new rbac.RoleBinding(
            `${name}-namespace-role-binding`,
            {
                metadata: METADATA,
                roleRef: { apiGroup, kind: "Role", name: AUTOSCALER_NAME },
                subjects,
            },
            options,
        ),
    ];
}

function deployment(args: ClusterAutoscalerArgs) {
    const { repository = AUTOSCALER_DEFAULTS.repository } = args;
    const probe = { httpGet: { path: HEALTH_PATH, port: METRICS_PORT } };
    return {
        replicas: args.replicas ?? AUTOSCALER_DEFAULTS.replicas,
        selector: { matchLabels: LABELS },
        template: {
            metadata: {
                labels: LABELS,
                annotations: {
                    // It must not take away the node it runs on while it decides.
                    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                    "prometheus.io/scrape": "true",
                    "prometheus.io/port": String(METRICS_PORT),
                },
            },
            spec: {
                serviceAccountName: AUTOSCALER_NAME,
                priorityClassName: AUTOSCALER_PRIORITY_CLASS,
                securityContext: {
                    runAsNonRoot: true,
                    runAsUser: RUN_AS_NOBODY,
                    fsGroup: RUN_AS_NOBODY,
                    seccompProfile: { type: "RuntimeDefault" },
                },
                topologySpreadConstraints: [spread(ZONE, "ScheduleAnyway", LABELS)],
                containers: [
                    {
                        name: AUTOSCALER_NAME,
                        image: `${repository}:v${versionOf(args)}`,
                        command: ["./cluster-autoscaler", ...autoscalerFlags(args.clusterName)],
                        env: [{ name: "AWS_REGION", value: args.region }],
                        ports: [{ name: "metrics", containerPort: METRICS_PORT }],
                        livenessProbe: probe,
                        readinessProbe: probe,
                        resources: {
                            requests: AUTOSCALER_RESOURCES,
                            limits: { memory: AUTOSCALER_RESOURCES.memory },
                        },
                        securityContext: closedContainer(),
                    },
                ],
            },
        },
    };
}
