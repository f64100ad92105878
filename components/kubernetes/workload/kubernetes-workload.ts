import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import * as scheduling from "@pulumi/kubernetes/scheduling/v1";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../../problems";
import { rollingUpdate } from "../roll-out";
import { bindTargetGroups, closeNetwork, createServices, headlessName } from "./access";
import type { KubernetesWorkloadArgs } from "./args";
import { PORT_NAMES, PRIORITY, ROLLOUT } from "./defaults";
import { agentConfiguration, type Mounted, podTemplate } from "./pod";
import { choose, type WorkloadChoice, workloadProblems } from "./validate";

/**
 * LogCaster on Kubernetes: a Deployment that a scaler sizes, spread over zones and hosts, behind the same load balancers as on
 * EC2, which hears PING and PONG from a health agent beside it.
 *
 * **Cost**: what its nodes cost: a pod is an eighth of an instance of its tier, so three pods of the small tier fill three
 * eighths of a c7i.large at 0.0893 USD an hour (us-east-1), 0.03 USD.
 * **Limits**: 110 pods a node by default; 50 pods, the scaler's ceiling, first.
 */
export class KubernetesWorkload extends pulumi.ComponentResource {
    /** The namespace. */
    readonly namespace: pulumi.Output<string>;
    /** Name of the Deployment, for its scaler. */
    readonly deploymentName: pulumi.Output<string>;
    /** Name of the Service in front of all pods. */
    readonly serviceName: pulumi.Output<string>;
    /** DNS name whose SRV record lists every ready pod, for a proxy's discovery. */
    readonly srvName: pulumi.Output<string>;

    /** @throws ResourceError with every mistake in the arguments at once */
    constructor(
        name: string,
        args: KubernetesWorkloadArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("logcaster-scaling:index:KubernetesWorkload", name, {}, opts);
        refuse(this, name, workloadProblems(args));
        const choice = choose(args);
        const { namespace, serviceName } = choice;
        const labels = { "app.kubernetes.io/name": serviceName };

        const place = new core.Namespace(
            `${name}-namespace`,
            {
                metadata: {
                    name: namespace,
                    labels: {
                        "pod-security.kubernetes.io/enforce": "restricted",
                        // A new pod counts as ready once load balancers send to it, so that a roll-out waits for them.
                        ...(choice.targetGroups
                            ? { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" }
                            : {}),
                    },
                },
            },
            { parent: this },
        );
        const account = new core.ServiceAccount(
            `${name}-account`,
            {
                metadata: { name: serviceName, namespace, labels },
                automountServiceAccountToken: false,
            },
            { parent: this, dependsOn: [place] },
        );
        const priority = new scheduling.PriorityClass(
            `${name}-priority`,
            {
                metadata: { name: `${namespace}-${serviceName}` },
                value: PRIORITY,
                description: "LogCaster goes before batch work",
            },
            { parent: this },
        );
        const files = createFiles(name, this, choice, [place]);
        const service = createServices(name, this, choice, labels, [place]);
        const bindings = bindTargetGroups(name, this, choice, [service]);
        closeNetwork(name, this, choice, labels, [place]);
        createBudget(name, this, choice, labels, [place]);
        const deployment = new apps.Deployment(
            `${name}-deployment`,
            {
                metadata: { name: serviceName, namespace, labels },
                spec: {
                    // Absent where a scaler owns it: every update would put the number back.
                    replicas: choice.replicas,
                    selector: { matchLabels: labels },
                    ...rollingUpdate(ROLLOUT),
                    template: podTemplate(
                        choice,
                        labels,
                        `${namespace}-${serviceName}`,
                        files.mounted,
                    ),
                },
            },
            { parent: this, dependsOn: [account, priority, ...files.resources, ...bindings] },
        );

        const host = `${headlessName(serviceName)}.${namespace}.svc.cluster.local`;
        // Of the objects themselves: what takes such a name is made after them.
        this.namespace = place.metadata.name;
        this.deploymentName = deployment.metadata.name;
        this.serviceName = service.metadata.name;
        this.srvName = pulumi.output(`_${PORT_NAMES.line}._tcp.${host}`);
        this.registerOutputs({
            namespace: this.namespace,
            deploymentName: this.deploymentName,
            serviceName: this.serviceName,
            srvName: this.srvName,
        });
    }
}

/** ConfigMaps and the Secret that pods mount. */
function createFiles(
    name: string,
    parent: pulumi.Resource,
    choice: WorkloadChoice,
    dependsOn: pulumi.Resource[],
): { mounted: Mounted; resources: pulumi.Resource[] } {
    const { serviceName, namespace, runtimeFiles } = choice;
    const options = { parent, dependsOn };
    const agentConfigMap = `${serviceName}-health-agent`;
    const agent = new core.ConfigMap(
        `${name}-health-agent`,
        {
            metadata: { name: agentConfigMap, namespace },
            data: { "haproxy.cfg": agentConfiguration(choice) },
        },
        options,
    );
    if (!runtimeFiles) return { mounted: { agentConfigMap }, resources: [agent] };
    const runtime = `${serviceName}-runtime`;
    const document = new core.ConfigMap(
        `${name}-runtime`,
        {
            metadata: { name: runtime, namespace },
            data: { "runtime.json": runtimeFiles.document },
        },
        options,
    );
    const secrets = new core.Secret(
        `${name}-secrets`,
        { metadata: { name: runtime, namespace }, stringData: runtimeFiles.secrets },
        options,
    );
    return {
        mounted: { agentConfigMap, runtime: { configMap: runtime, secret: runtime } },
        resources: [agent, document, secrets],
    };
}

/** A node drain takes a fifth at a time; percent are rounded up, so one pod can always go. */
function createBudget(
    name: string,
    parent: pulumi.Resource,
    { serviceName, namespace, maxUnavailablePercent }: WorkloadChoice,
    matchLabels: Record<string, string>,
    dependsOn: pulumi.Resource[],
): void {
    new policy.PodDisruptionBudget(
        `${name}-budget`,
        {
            metadata: { name: serviceName, namespace },
            spec: {
                maxUnavailable: `${maxUnavailablePercent}%`,
                selector: { matchLabels },
                // A pod that is not ready serves nobody and must not hold up a drain.
                unhealthyPodEvictionPolicy: "AlwaysAllow",
            },
        },
        { parent, dependsOn },
    );
}
