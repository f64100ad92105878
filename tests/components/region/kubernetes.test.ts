import * as assert from "node:assert/strict";
import { kubernetesSchema } from "logcaster-model/settings/kubernetes";
import type { RegionArgs, RegionKubernetesArgs } from "logcaster-scaling/region";
import type { Recording, Values } from "../recorder";
import { recordRegion } from "./fixture";

const DIGEST = `sha256:${"0".repeat(64)}`;
const NAME = "logcaster-prod-eu-west-1";
const GROUP = "aws:autoscaling/group:Group";

/** Settings of a stack as the schema completes them. */
const kubernetes = (changes: object = {}): RegionKubernetesArgs =>
    kubernetesSchema.parse({
        adminRoleArns: ["arn:aws:iam::111122223333:role/deployer"],
        healthAgentImage: `registry.example.com/haproxy@${DIGEST}`,
        nodeGroups: { service: { tier: "medium", minPerZone: 1, maxPerZone: 6 } },
        ...changes,
    });

const create = (changes: object = {}, others: Partial<RegionArgs> = {}) =>
    recordRegion({ kubernetes: kubernetes(changes), desired: undefined, ...others });

/** Inputs of the one Kubernetes object of a kind, or of the one with this name. */
function manifest(recording: Recording<unknown>, kind: string, name?: string): Values {
    const found = recording.resources.filter(
        ({ type, inputs }) =>
            type.endsWith(`:${kind}`) &&
            type.startsWith("kubernetes:") &&
            (name === undefined || (inputs.metadata as { name: string }).name === name),
    );
    assert.equal(found.length, 1, `${found.length} of ${kind}`);
    return found[0]!.inputs;
}

describe("Region on Kubernetes", () => {
    let recording: Awaited<ReturnType<typeof create>>;
    before(async () => (recording = await create()));
    const registered = () =>
        recording.one("logcaster-scaling:index:Region").registeredOutputs as Values;

    it("is made of the same network, doors, Redis and runtime configuration, and of a cluster", () => {
        const region = recording.one("logcaster-scaling:index:Region");
        const parts = recording.resources
            .filter((r) => r.parent === region.urn && !r.custom)
            .map(({ type, name }) => `${type.split(":").pop()} ${name}`);
        assert.deepEqual(parts.sort(), [
            "ClusterAutoscaler eu-west-1-autoscaler",
            "KubernetesAutoscaling eu-west-1-scaling",
            `KubernetesCluster ${NAME}`,
            "KubernetesMetrics eu-west-1-metrics",
            "KubernetesMonitoring eu-west-1-monitoring",
            "KubernetesWorkload eu-west-1-app",
            "LoadBalancerController eu-west-1-lb-controller",
            "LoadBalancerTier eu-west-1",
            "Network eu-west-1",
            "RedisShardCluster eu-west-1-cache",
            "RedisShardCluster eu-west-1-store",
            "RegionMonitoring eu-west-1",
            "RuntimeConfig eu-west-1",
        ]);
        const groups = recording.of(GROUP).map(({ inputs }) => inputs.name);
        assert.deepEqual(
            groups,
            ["a", "b", "c"].map((zone) => `${NAME}-service-${zone}`),
        );
    });

    it("binds pods to the target groups that DNS points at, by their addresses", () => {
        const targets = recording.of("aws:lb/targetGroup:TargetGroup");
        assert.deepEqual(
            targets.map(({ inputs }) => inputs.targetType),
            ["ip", "ip"],
        );
        for (const [role, name, group] of [
            ["line", "eu-west-1-tcp", "eu-west-1-nlb-id"],
            ["http", "eu-west-1-http", "eu-west-1-alb-id"],
        ] as const) {
            const { spec } = manifest(recording, "TargetGroupBinding", `logcaster-${role}`) as {
                spec: {
                    targetGroupARN: string;
                    targetType: string;
                    networking: { ingress: { from: { securityGroup: object }[] }[] };
                };
            };
            assert.ok(spec.targetGroupARN.endsWith(`/${name}`), spec.targetGroupARN);
            assert.equal(spec.targetType, "ip");
            assert.deepEqual(spec.networking.ingress[0]!.from[0]!.securityGroup, {
                groupID: group,
            });
        }
    });

    it("lets the cluster's pods, and nobody else, into both clusters of Redis", () => {
        const rules = recording
            .of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            .filter(({ inputs }) => inputs.fromPort === 6379)
            .map(({ inputs }) => [inputs.securityGroupId, inputs.referencedSecurityGroupId]);
        assert.deepEqual(rules.sort(), [
            ["eu-west-1-cache-sg-id", "sg-of-the-cluster"],
            ["eu-west-1-store-sg-id", "sg-of-the-cluster"],
        ]);
        assert.equal(registered().fleetSecurityGroupId, "sg-of-the-cluster");
    });

    it("mounts what an instance would fetch: the same document, and the credentials by their names", () => {
        const parameter = recording.one("aws:ssm/parameter:Parameter").inputs.insecureValue;
        const { data } = manifest(recording, "ConfigMap", "logcaster-runtime") as {
            data: Record<string, string>;
        };
        assert.deepEqual(data, { "runtime.json": parameter });
        const { secrets } = JSON.parse(String(parameter)) as { secrets: object };
        const secret = recording.one("kubernetes:core/v1:Secret", "eu-west-1-app-secrets");
        const texts = secret.inputs.stringData as Record<string, string>;
        assert.deepEqual(Object.keys(texts).sort(), Object.keys(secrets).sort());
        assert.match(texts["redis-store-a"]!, /"username":"logcaster-store-a"/);
        assert.match(texts["redis-cache-b"]!, /"username":"logcaster-cache-b"/);
        assert.ok(secret.secretInputs.includes("stringData"));
    });

    it("lets pods out to Redis, the database, AWS and the agent that gives them their role, and nowhere else", () => {
        const { spec } = manifest(recording, "NetworkPolicy", "logcaster") as {
            spec: {
                egress: { to: { ipBlock?: { cidr: string } }[]; ports: { port: number }[] }[];
            };
        };
        const ways = spec.egress.flatMap(({ to, ports }) =>
            to.flatMap(({ ipBlock }) => (ipBlock ? [`${ipBlock.cidr} ${ports[0]!.port}`] : [])),
        );
        assert.deepEqual(ways, [
            "10.1.0.0/16 6379",
            "0.0.0.0/0 443",
            "169.254.170.23/32 80",
            "10.1.0.0/16 5432",
        ]);
    });

    it("has one owner of the number of pods and one of the number of nodes", () => {
        const { spec } = manifest(recording, "ScaledObject") as { spec: Values };
        assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount], [3, 50]);
        assert.deepEqual(
            (manifest(recording, "Deployment", "logcaster").spec as Values).replicas,
            undefined,
        );
        for (const type of ["Policy", "Schedule"]) {
            const found = recording.of(`aws:autoscaling/${type.toLowerCase()}:${type}`);
            assert.deepEqual(found, [], type);
        }
        assert.deepEqual([registered().min, registered().max], [3, 50]);
    });

    it("holds the targets of the stack's settings", () => {
        const { spec } = manifest(recording, "ScaledObject") as {
            spec: {
                triggers: { type: string; metadata: { value?: string; threshold?: string } }[];
            };
        };
        assert.deepEqual(
            spec.triggers.map(({ type, metadata }) => [type, metadata.value ?? metadata.threshold]),
            [
                ["cpu", "70"],
                ["memory", "80"],
                ["prometheus", "100"],
                ["prometheus", "1000"],
            ],
        );
    });

    it("scales by a HorizontalPodAutoscaler over the adapter where it is told to, and without KEDA", async () => {
        const hpa = await create({ autoscaling: { mode: "hpa", recommendations: false } });
        const charts = (of: typeof hpa) =>
            of.of("kubernetes:helm.sh/v3:Release").map(({ inputs }) => String(inputs.chart));
        const base = ["aws-load-balancer-controller", "kube-prometheus-stack", "metrics-server"];
        assert.deepEqual(charts(hpa).sort(), [...base, "prometheus-adapter"].sort());
        assert.deepEqual(charts(recording).sort(), [...base, "keda", "vpa"].sort());
        manifest(hpa, "HorizontalPodAutoscaler");
        assert.deepEqual(
            hpa.resources.filter(({ type }) => /ScaledObject|VerticalPodAutoscaler/.test(type)),
            [],
        );
    });

    it("gives pods encrypted volumes where something in the cluster keeps data, and else none", async () => {
        const STORAGE = "kubernetes:storage.k8s.io/v1:StorageClass";
        const drivers = (of: typeof recording) =>
            of.of("aws:eks/addon:Addon").filter(({ name }) => name.endsWith("ebs-csi-driver"));
        assert.deepEqual([recording.of(STORAGE), drivers(recording)], [[], []]);
        const keeping = await create({
            valkey: { image: `registry.example.com/valkey@${DIGEST}`, tlsSecretName: "tls" },
        });
        assert.equal(drivers(keeping).length, 1);
        const { inputs } = keeping.one(STORAGE);
        assert.deepEqual(inputs.parameters, { type: "gp3", encrypted: "true" });
        assert.deepEqual((inputs.metadata as { annotations: object }).annotations, {
            "storageclass.kubernetes.io/is-default-class": "true",
        });
    });

    it("installs nothing that the cluster has already", async () => {
        const existing = {
            metricsServer: "existing",
            prometheus: "existing",
            metricsAdapter: "existing",
            keda: "existing",
            verticalPodAutoscaler: "existing",
            loadBalancerController: "existing",
        };
        const bare = await create({ sources: existing });
        assert.deepEqual(bare.of("kubernetes:helm.sh/v3:Release"), []);
        manifest(bare, "ScaledObject");
    });

    it("deploys into a cluster that somebody else made, with its kubeconfig, and makes no node", async () => {
        const own = kubernetes({ nodeGroups: {} });
        const existing = {
            clusterName: "shared",
            securityGroupId: "sg-0123456789abcdef0",
            kubeconfig: "apiVersion: v1",
        };
        const shared = await recordRegion({ kubernetes: { ...own, existing } });
        assert.deepEqual(shared.of("aws:eks/cluster:Cluster"), []);
        assert.deepEqual(shared.of(GROUP), []);
        assert.deepEqual(shared.of("logcaster-scaling:index:ClusterAutoscaler"), []);
        const provider = shared.one("pulumi:providers:kubernetes");
        assert.equal(provider.inputs.kubeconfig, "apiVersion: v1");
        assert.ok(provider.secretInputs.includes("kubeconfig"));
        const associations = shared
            .of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
            .map(({ inputs }) => inputs.clusterName);
        assert.deepEqual([...new Set(associations)], ["shared"]);
        const region = shared.one("logcaster-scaling:index:Region").registeredOutputs as Values;
        assert.equal(region.fleetSecurityGroupId, "sg-0123456789abcdef0");
    });

    it("tells of nodes that run out and fail; of pods Prometheus does", () => {
        const alarms = recording
            .of("aws:cloudwatch/metricAlarm:MetricAlarm")
            .map(({ name }) => name.replace("eu-west-1-", ""))
            .filter((name) => /service-|heartbeat|scaling/.test(name));
        assert.deepEqual(
            alarms.sort(),
            [
                "scaling-failed-critical",
                ...["a", "b", "c"].flatMap((zone) => [
                    `capacity-limit-service-${zone}-critical`,
                    `capacity-limit-service-${zone}-warning`,
                    `scaling-frequent-service-${zone}-warning`,
                ]),
            ].sort(),
        );
        manifest(recording, "PrometheusRule");
        const [dashboard] = recording.of("aws:cloudwatch/dashboard:Dashboard");
        const { widgets } = JSON.parse(String(dashboard!.inputs.dashboardBody)) as {
            widgets: { properties: { title: string } }[];
        };
        const titles = widgets.map(({ properties }) => properties.title);
        assert.deepEqual(titles.slice(0, 3), [
            "Instance Count",
            "Scaling Events",
            "Cost Projection",
        ]);
        assert.ok(!titles.includes("Connections an instance"));
    });

    it("has Alertmanager tell each target's topic, as a role that may publish there alone", () => {
        const { spec } = manifest(recording, "AlertmanagerConfig") as {
            spec: {
                route: { receiver: string; routes: { receiver: string; matchers: object[] }[] };
                receivers: { name: string; snsConfigs?: { topicARN: string }[] }[];
            };
        };
        const targets = ["notify-ops", "page-oncall", "alert-capacity-planning"];
        assert.deepEqual(
            spec.route.routes.map(({ receiver, matchers }) => [receiver, matchers]),
            targets.map((value) => [value, [{ name: "target", value, matchType: "=" }]]),
        );
        const region = recording.one("logcaster-scaling:index:RegionMonitoring").registeredOutputs!;
        const topics = [
            region.notifyOpsTopicArn,
            region.pageOncallTopicArn,
            region.capacityPlanningTopicArn,
        ];
        assert.deepEqual(
            spec.receivers.map(({ name, snsConfigs }) => [name, snsConfigs?.[0]?.topicARN]),
            [["nobody", undefined], ...targets.map((target, i) => [target, topics[i]])],
        );
        const policy = recording.one(
            "aws:iam/rolePolicy:RolePolicy",
            "eu-west-1-monitoring-alertmanager-policy",
        );
        const role = recording.one("aws:iam/role:Role", "eu-west-1-alertmanager-role");
        assert.equal(policy.inputs.role, `${role.name}-1234567`);
        const { Statement } = JSON.parse(String(policy.inputs.policy)) as {
            Statement: { Action: unknown; Resource: unknown; Condition?: object }[];
        };
        assert.deepEqual(Statement[0], {
            Sid: "Publish",
            Effect: "Allow",
            Action: "sns:Publish",
            Resource: topics,
        });
        assert.deepEqual(Statement[1]!.Condition, {
            StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" },
            "ForAnyValue:StringEquals": { "kms:EncryptionContext:aws:sns:topicArn": topics },
        });
    });

    it("starts no pod that has a role before it can get it", () => {
        const first = (component: string, account: string) => {
            const identity = recording
                .of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
                .find(({ inputs }) => inputs.serviceAccount === account);
            const { dependencies } = recording.one(`logcaster-scaling:index:${component}`).opts;
            assert.ok(dependencies.includes(identity!.urn), account);
        };
        first("KubernetesWorkload", "logcaster");
        first("KubernetesMetrics", "kube-prometheus-stack-alertmanager");
    });

    it("gives pods a role of their own, which may do nothing until a data store lets it in", () => {
        const role = registered().fleetRoleName;
        const identity = recording
            .of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
            .find(({ inputs }) => inputs.serviceAccount === "logcaster");
        assert.equal(identity?.inputs.namespace, "production");
        assert.match(String(identity?.inputs.roleArn), /pods-role/);
        const grants = recording
            .of("aws:iam/rolePolicy:RolePolicy")
            .filter(({ inputs }) => inputs.role === "eu-west-1-pods-role-id");
        assert.deepEqual(grants, []);
        assert.match(String(role), /pods-role/);
    });
});
