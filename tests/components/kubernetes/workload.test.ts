import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { KubernetesWorkload, type KubernetesWorkloadArgs } from "logcaster-scaling/kubernetes";
import { workloadProblems } from "logcaster-scaling/kubernetes/workload/validate";
import { podSize } from "logcaster-scaling/kubernetes/workload/defaults";
import { TIER_NAMES } from "logcaster-model/instance-types";
import { record } from "../recorder";

const ARGS: KubernetesWorkloadArgs = {
    image: "registry.example.com/logcaster@sha256:0",
    healthAgentImage: "registry.example.com/haproxy@sha256:0",
    ingressCidrs: ["10.40.0.0/16"],
};
const create = (args: Partial<KubernetesWorkloadArgs> = {}) =>
    record(() => new KubernetesWorkload("app", { ...ARGS, ...args }));

interface Container {
    name: string;
    resources: { requests: Record<string, string>; limits: Record<string, string> };
    securityContext: object;
    readinessProbe: { httpGet: { path: string; port: number } };
    startupProbe: { httpGet: { path: string; port: number } };
    livenessProbe: { tcpSocket: { port: string }; httpGet?: unknown };
    lifecycle: { preStop: { sleep: { seconds: number } } };
}
interface Deployment {
    replicas?: number;
    template: {
        metadata: { annotations: Record<string, string> };
        spec: {
            terminationGracePeriodSeconds: number;
            containers: Container[];
            initContainers: (Container & { restartPolicy: string })[];
            securityContext: object;
            volumes: { name: string; projected?: { sources: unknown[]; defaultMode: number } }[];
        };
    };
}
async function deployment(args: Partial<KubernetesWorkloadArgs> = {}): Promise<Deployment> {
    const recording = await create(args);
    return recording.one("kubernetes:apps/v1:Deployment").inputs.spec as Deployment;
}

describe("KubernetesWorkload", () => {
    it("starts pods once their target groups are bound, and counts them as ready once they are sent to", async () => {
        const NAMESPACE = "kubernetes:core/v1:Namespace";
        const gate = "elbv2.k8s.aws/pod-readiness-gate-inject";
        const labels = (of: Awaited<ReturnType<typeof create>>) =>
            (of.one(NAMESPACE).inputs.metadata as { labels: Record<string, string> }).labels;
        assert.equal(labels(await create())[gate], undefined);
        const bound = await create({
            targetGroups: {
                tcpArn: "arn:tcp",
                httpArn: "arn:http",
                nlbSecurityGroupId: "sg-1",
                albSecurityGroupId: "sg-2",
            },
        });
        assert.equal(labels(bound)[gate], "enabled");
        const { dependencies } = bound.one("kubernetes:apps/v1:Deployment").opts;
        const bindings = bound.resources.filter(({ type }) => type.endsWith(":TargetGroupBinding"));
        assert.equal(bindings.length, 2);
        for (const { urn } of bindings) assert.ok(dependencies.includes(urn), urn);
    });

    it("shows a pod's template, though what the pod reads is secret", async () => {
        const runtimeFiles = {
            document: "{}",
            secrets: { "redis-store-a": pulumi.secret("hunter2") },
        };
        const { secretInputs } = (await create({ runtimeFiles })).one(
            "kubernetes:apps/v1:Deployment",
        );
        assert.deepEqual(secretInputs, []);
    });

    it("has exactly these children, all its own", async () => {
        const recording = await create();
        const component = recording.one("logcaster-scaling:index:KubernetesWorkload");
        const children = recording.resources.filter((r) => r !== component);
        assert.deepEqual(children.map(({ type, name }) => `${type} ${name}`).sort(), [
            "kubernetes:apps/v1:Deployment app-deployment",
            "kubernetes:core/v1:ConfigMap app-health-agent",
            "kubernetes:core/v1:Namespace app-namespace",
            "kubernetes:core/v1:Service app-headless",
            "kubernetes:core/v1:Service app-service",
            "kubernetes:core/v1:ServiceAccount app-account",
            "kubernetes:networking.k8s.io/v1:NetworkPolicy app-network",
            "kubernetes:policy/v1:PodDisruptionBudget app-budget",
            "kubernetes:scheduling.k8s.io/v1:PriorityClass app-priority",
        ]);
        for (const child of children) assert.equal(child.parent, component.urn, child.name);
        assert.deepEqual(component.registeredOutputs, {
            namespace: "production",
            deploymentName: "logcaster",
            serviceName: "logcaster",
            srvName: "_line._tcp.logcaster-pods.production.svc.cluster.local",
        });
    });

    it("fixes no number of pods, unless told that nobody scales it", async () => {
        assert.equal("replicas" in (await deployment()), false);
        assert.equal((await deployment({ replicas: 4 })).replicas, 4);
    });

    it("starts and serves by PING and PONG, and lives by its own port alone", async () => {
        const [service] = (await deployment()).template.spec.containers;
        assert.deepEqual(service!.startupProbe.httpGet, { path: "/health", port: 8404 });
        assert.deepEqual(service!.readinessProbe.httpGet, { path: "/health", port: 8404 });
        assert.deepEqual(service!.livenessProbe.tcpSocket, { port: "line" });
        assert.equal(service!.livenessProbe.httpGet, undefined);
        const recording = await create({ port: 7777 });
        const { data } = recording.one("kubernetes:core/v1:ConfigMap").inputs;
        const text = (data as Record<string, string>)["haproxy.cfg"]!;
        assert.match(text, /tcp-check send PING/);
        assert.match(text, /127\.0\.0\.1:7777 check inter 2s rise 2 fall 3/);
    });

    it("leaves in order: still serving, draining, then killed with time to spare", async () => {
        const { spec } = (await deployment()).template;
        assert.deepEqual(spec.containers[0]!.lifecycle, { preStop: { sleep: { seconds: 15 } } });
        assert.equal(spec.terminationGracePeriodSeconds, 15 + 300 + 30);
    });

    it("requests CPU and memory on every container, the agent's included", async () => {
        const sidecar = {
            name: "shipper",
            image: ARGS.image,
            cpuRequestMilli: 50,
            memoryRequestMebibytes: 64,
        };
        const { spec } = (await deployment({ sidecars: [sidecar] })).template;
        const all = [...spec.initContainers, ...spec.containers];
        assert.deepEqual(
            all.map(({ name, resources }) => [name, resources.requests, resources.limits]),
            [
                ["health-agent", { cpu: "10m", memory: "32Mi" }, { memory: "32Mi" }],
                ["logcaster", { cpu: "250m", memory: "512Mi" }, { cpu: "500m", memory: "512Mi" }],
                ["shipper", { cpu: "50m", memory: "64Mi" }, { memory: "64Mi" }],
            ],
        );
        assert.equal(spec.initContainers[0]!.restartPolicy, "Always");
        for (const { name, securityContext } of all) {
            assert.deepEqual(
                securityContext,
                {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    capabilities: { drop: ["ALL"] },
                },
                name,
            );
        }
    });

    it("is an eighth of an instance of its tier, as far as a recommendation may go", () => {
        assert.deepEqual(
            TIER_NAMES.map((tier) => podSize(tier)),
            [
                { cpuRequestMilli: 250, cpuLimitMilli: 500, memoryMebibytes: 512 },
                { cpuRequestMilli: 500, cpuLimitMilli: 1000, memoryMebibytes: 2048 },
                { cpuRequestMilli: 2000, cpuLimitMilli: 4000, memoryMebibytes: 8192 },
                { cpuRequestMilli: 4000, cpuLimitMilli: 8000, memoryMebibytes: 8192 },
            ],
        );
    });

    it("mounts what it reads at run time for itself alone, secrets as secrets, and rolls when it changes", async () => {
        const files = (text: string) => ({
            runtimeFiles: { document: "{}", secrets: { "redis-store-a": text } },
        });
        const { template } = await deployment(files("one"));
        const volume = template.spec.volumes.find(({ name }) => name === "runtime")!;
        assert.deepEqual(volume.projected, {
            defaultMode: 0o400,
            sources: [
                {
                    configMap: {
                        name: "logcaster-runtime",
                        items: [{ key: "runtime.json", path: "runtime.json" }],
                    },
                },
                {
                    secret: {
                        name: "logcaster-runtime",
                        items: [{ key: "redis-store-a", path: "secrets/redis-store-a" }],
                    },
                },
            ],
        });
        const sum = (d: Deployment) =>
            d.template.metadata.annotations["logcaster/configuration-sha256"];
        assert.match(sum({ template } as Deployment)!, /^[0-9a-f]{64}$/);
        assert.notEqual(sum(await deployment(files("two"))), sum({ template } as Deployment));
        assert.equal(sum(await deployment(files("one"))), sum({ template } as Deployment));
    });

    it("joins the load balancers' target groups by address, reachable from them alone", async () => {
        const recording = await create({
            targetGroups: {
                tcpArn: "arn:tcp",
                httpArn: "arn:http",
                nlbSecurityGroupId: "sg-nlb",
                albSecurityGroupId: "sg-alb",
            },
        });
        const bindings = recording.of("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding");
        const ports = (port: number) =>
            [port, 8404].map((open) => ({ protocol: "TCP", port: open }));
        assert.deepEqual(
            bindings.map(({ inputs }) => inputs.spec),
            [
                {
                    targetGroupARN: "arn:tcp",
                    targetType: "ip",
                    serviceRef: { name: "logcaster", port: 9999 },
                    networking: {
                        ingress: [
                            {
                                from: [{ securityGroup: { groupID: "sg-nlb" } }],
                                ports: ports(9999),
                            },
                        ],
                    },
                },
                {
                    targetGroupARN: "arn:http",
                    targetType: "ip",
                    serviceRef: { name: "logcaster", port: 80 },
                    networking: {
                        ingress: [
                            { from: [{ securityGroup: { groupID: "sg-alb" } }], ports: ports(80) },
                        ],
                    },
                },
            ],
        );
    });

    it("lets a fifth of its pods go at once, and pods that serve nobody always", async () => {
        const recording = await create();
        assert.deepEqual(recording.one("kubernetes:policy/v1:PodDisruptionBudget").inputs.spec, {
            maxUnavailable: "20%",
            selector: { matchLabels: { "app.kubernetes.io/name": "logcaster" } },
            unhealthyPodEvictionPolicy: "AlwaysAllow",
        });
    });

    const sidecar = {
        name: "shipper",
        image: "registry.example.com/x@sha256:0",
        cpuRequestMilli: 50,
        memoryRequestMebibytes: 64,
    };
    const mistakes: [string, object, string, RegExp][] = [
        [
            "a budget that can never drain",
            { maxUnavailablePercent: 0 },
            "maxUnavailablePercent",
            /no node could ever be drained/,
        ],
        [
            "a budget of all pods",
            { maxUnavailablePercent: 100 },
            "maxUnavailablePercent",
            /1 to 50/,
        ],
        [
            "a grace that ends before the drain",
            { terminationGraceSeconds: 315 },
            "terminationGraceSeconds",
            /more than preStopSeconds \+ drainSeconds, 315/,
        ],
        ["no preStop", { preStopSeconds: 0 }, "preStopSeconds", /1 to 300/],
        [
            "a sidecar without CPU",
            { sidecars: [{ ...sidecar, cpuRequestMilli: undefined }] },
            "sidecars[0].cpuRequestMilli",
            /cannot compute utilization/,
        ],
        [
            "a sidecar without memory",
            { sidecars: [{ ...sidecar, memoryRequestMebibytes: 0 }] },
            "sidecars[0].memoryRequestMebibytes",
            /cannot compute utilization/,
        ],
        [
            "a sidecar named as the service",
            { sidecars: [{ ...sidecar, name: "logcaster" }] },
            "sidecars[0].name",
            /none of logcaster/,
        ],
        ["a retired registry", { image: "k8s.gcr.io/logcaster:1" }, "image", /registry\.k8s\.io/],
        [
            "a retired registry in a sidecar",
            { sidecars: [{ ...sidecar, image: "gcr.io/google-containers/x:1" }] },
            "sidecars[0].image",
            /registry\.k8s\.io/,
        ],
        ["port 0", { port: 0 }, "port", /1 to 65535/],
        ["one port for both", { port: 80 }, "httpPort", /another port than 80/],
        ["two pods", { replicas: 2 }, "replicas", /3 to 50/],
        ["a name that is no DNS label", { namespace: "Production" }, "namespace", /DNS label/],
        ["nobody who may connect", { ingressCidrs: [] }, "ingressCidrs", /VPC/],
    ];
    for (const [mistake, args, path, allowed] of mistakes) {
        it(`refuses ${mistake}`, () => {
            const problems = workloadProblems({ ...ARGS, ...args });
            assert.deepEqual(
                problems.map((problem) => problem.path),
                [path],
            );
            assert.match(problems[0]!.allowed, allowed);
        });
    }
});
