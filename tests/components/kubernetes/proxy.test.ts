import * as assert from "node:assert/strict";
import { KubernetesProxy, type KubernetesProxyArgs } from "logcaster-scaling/kubernetes";
import { kubernetesProxyProblems } from "logcaster-scaling/kubernetes/proxy/validate";
import { record } from "../recorder";
import { assertFineByPolicies } from "./policies";

const IMAGE = `registry.example.com/haproxy@sha256:${"0".repeat(64)}`;
const ARGS: KubernetesProxyArgs = {
    namespace: "production",
    image: IMAGE,
    srvName: "_line._tcp.logcaster-pods.production.svc.cluster.local",
    nameservers: ["172.20.0.10:53"],
    ingressCidrs: ["10.40.0.0/16"],
};
const TARGET_GROUP = { tcpArn: "arn:tcp", nlbSecurityGroupId: "sg-1" };
const create = (args: Partial<KubernetesProxyArgs> = {}) =>
    record(() => new KubernetesProxy("proxy", { ...ARGS, ...args }));

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

interface Template {
    readonly metadata: { readonly annotations: Record<string, string> };
    readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly {
            readonly command: readonly string[];
            readonly lifecycle: { readonly preStop: { readonly exec: { command: string[] } } };
        }[];
    };
}
type Recording = Awaited<ReturnType<typeof create>>;
const templateOf = (recording: Recording) =>
    (recording.one(DEPLOYMENT).inputs.spec as { template: Template }).template;
const configurationOf = (recording: Recording) =>
    recording.one(CONFIG_MAP).inputs.data as Record<string, string>;

describe("KubernetesProxy", () => {
    it("has exactly these children, all its own", async () => {
        const recording = await create({ targetGroup: TARGET_GROUP });
        const component = recording.one("logcaster-scaling:index:KubernetesProxy");
        const children = recording.resources.filter((resource) => resource !== component);
        for (const { parent, name } of children) assert.equal(parent, component.urn, name);
        assert.deepEqual(children.map(({ type }) => type).sort(), [
            DEPLOYMENT,
            "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
            CONFIG_MAP,
            "kubernetes:core/v1:Service",
            BINDING,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy",
            "kubernetes:policy/v1:PodDisruptionBudget",
        ]);
    });

    it("joins the load balancer's target group with its line port and its health port", async () => {
        const { spec } = (await create({ targetGroup: TARGET_GROUP })).one(BINDING).inputs as {
            spec: { targetGroupARN: string; serviceRef: object; networking: object };
        };
        assert.equal(spec.targetGroupARN, "arn:tcp");
        assert.deepEqual(spec.serviceRef, { name: "logcaster-proxy", port: 9999 });
        assert.deepEqual(spec.networking, {
            ingress: [
                {
                    from: [{ securityGroup: { groupID: "sg-1" } }],
                    ports: [
                        { protocol: "TCP", port: 9999 },
                        { protocol: "TCP", port: 8404 },
                    ],
                },
            ],
        });
    });

    it("finds pods by SRV records over TCP with HAProxy, and by a resolver with NGINX", async () => {
        const haproxy = configurationOf(await create())["haproxy.cfg"]!;
        assert.match(haproxy, /^ +nameserver dns1 tcp@172\.20\.0\.10:53$/m);
        assert.match(haproxy, /^ +server-template line 1-100 _line\._tcp\.logcaster-pods\./m);
        assert.match(haproxy, /^ +balance leastconn$/m);
        const nginx = configurationOf(await create({ engine: "nginx", nginxVersion: "1.29.3" }))[
            "nginx.conf"
        ]!;
        assert.match(nginx, /server logcaster-pods\.\S+ service=_line\._tcp resolve /);
        assert.match(nginx, /least_conn;/);
    });

    it("rolls pods for another configuration, and only for one", async () => {
        const checksum = async (args: Partial<KubernetesProxyArgs>) =>
            templateOf(await create(args)).metadata.annotations["logcaster/configuration-sha256"];
        assert.equal(await checksum({}), await checksum({ maxReplicas: 5 }));
        assert.notEqual(await checksum({}), await checksum({ balance: "round-robin" }));
    });

    it("lets connections end before it does: a signal to drain after preStop, a kill after both", async () => {
        for (const [args, signal] of [
            [{}, "USR1"],
            [{ engine: "nginx", nginxVersion: "1.29.3" }, "QUIT"],
        ] as const) {
            const { spec } = templateOf(await create({ ...args, drainSeconds: 120 }));
            const [{ lifecycle } = assert.fail()] = spec.containers;
            assert.deepEqual(lifecycle.preStop.exec.command, [
                "sh",
                "-c",
                `sleep 15; kill -${signal} 1; sleep 120`,
            ]);
            assert.equal(spec.terminationGracePeriodSeconds, 165);
        }
    });

    it("is fine by every policy on Kubernetes", async () => {
        assertFineByPolicies(await create({ targetGroup: TARGET_GROUP }));
    });

    it("refuses every mistake at once", () => {
        const paths = (args: Partial<KubernetesProxyArgs>) =>
            kubernetesProxyProblems({ ...ARGS, ...args }).map(({ path }) => path);
        assert.deepEqual(paths({}), []);
        assert.deepEqual(
            paths({
                namespace: "Production",
                image: "k8s.gcr.io/haproxy:2.8",
                minReplicas: 9,
                maxReplicas: 5,
                targetCpuPercent: 90,
                ingressCidrs: [],
                srvName: "line._tcp.logcaster-pods",
                nameservers: [],
            }),
            [
                "namespace",
                "image",
                "targetCpuPercent",
                "minReplicas",
                "ingressCidrs",
                "srvName",
                "nameservers",
            ],
        );
        assert.deepEqual(paths({ engine: "envoy" as "nginx" }), ["engine"]);
        assert.deepEqual(paths({ engine: "nginx" }), ["nginxVersion"]);
        assert.deepEqual(paths({ engine: "nginx", nginxVersion: "1.22.1" }), ["nginxVersion"]);
        assert.deepEqual(paths({ balance: "least_conn" as "random" }), ["balance"]);
    });
});
