import { UNKNOWN, type TestStack } from "../stack";
import type { Cases } from "./case";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const WORKER = { matchLabels: { app: "worker" } };
const POD = "spec.template.spec";
const CONFIG = "proxy-configuration";

/** A budget of the worker, of which KEDA keeps three. */
const budget = (spec: object) => (s: TestStack) =>
    s.add(BUDGET, "second", {
        metadata: { namespace: "jobs" },
        spec: { selector: WORKER, ...spec },
    });

const autoscaler =
    (image: string, version: unknown = "1.36") =>
    (s: TestStack) =>
        s
            .add("kubernetes:apps/v1:Deployment", "autoscaler", {
                spec: { template: { spec: { containers: [{ name: "autoscaler", image }] } } },
            })
            .add("aws:eks/cluster:Cluster", "cluster", { version });
const CURRENT = "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0";

const haproxy = (...lines: string[]) => ({
    change: (s: TestStack) =>
        s.set(CONFIG, "data", { "haproxy.cfg": ["backend line", ...lines].join("\n    ") }),
});
const nginx = (...lines: string[]) => ({
    change: (s: TestStack) =>
        s.set(CONFIG, "data", {
            "nginx.conf": `stream {\nupstream line {\n${lines.join("\n")}\n}\n}`,
        }),
});

export const KUBERNETES_POD_CASES: Cases = {
    "logcaster-kubernetes-request-resources": {
        "a container without requests": {
            change: (s) => s.set("app", "spec.template.spec.containers.0.resources", undefined),
            says: [
                "app: container logcaster requests no cpu, of which HorizontalPodAutoscaler scaler scales on a share",
                "app: container logcaster requests no memory, of which HorizontalPodAutoscaler scaler scales on a share",
            ],
        },
        "a sidecar without a request of CPU": {
            change: (s) =>
                s.set("app", "spec.template.spec.containers.1.resources.limits.cpu", undefined),
            says: [
                "app: container shipper requests no cpu, of which HorizontalPodAutoscaler scaler scales on a share",
            ],
        },
        "a restartable init container without a request of memory": {
            change: (s) =>
                s.set(
                    "app",
                    "spec.template.spec.initContainers.1.resources.requests.memory",
                    undefined,
                ),
            says: [
                "app: container agent requests no memory, of which HorizontalPodAutoscaler scaler scales on a share",
            ],
        },
        "a request of the whole pod": {
            change: (s) =>
                s
                    .set("app", "spec.template.spec.containers.0.resources", undefined)
                    .set("app", "spec.template.spec.resources", {
                        requests: { cpu: "1", memory: "1Gi" },
                    }),
        },
        "a share of one container, whose request alone counts": {
            change: (s) =>
                s
                    .set("app", "spec.template.spec.containers.1.resources", undefined)
                    .set("scaler", "spec.metrics", [
                        {
                            type: "ContainerResource",
                            containerResource: {
                                name: "cpu",
                                container: "logcaster",
                                target: { type: "Utilization", averageUtilization: 70 },
                            },
                        },
                    ]),
        },
        "memory, which KEDA does not watch": {
            change: (s) =>
                s.set("worker", "spec.template.spec.containers.0.resources.requests", {
                    cpu: "1",
                }),
        },
        "no requests without a scaler": {
            change: (s) =>
                s
                    .remove("scaler")
                    .set("app", "spec.template.spec.containers.0.resources", undefined),
        },
        "requests not known yet": {
            change: (s) =>
                s.set("app", "spec.template.spec.containers.0.resources.requests", UNKNOWN),
            unknown: ["spec.template.spec.containers.0.resources.requests"],
        },
    },
    "logcaster-kubernetes-leave-room-to-drain": {
        "none may go": {
            change: (s) => s.set("budget-of-pods", "spec.maxUnavailable", 0),
            says: [
                "budget-of-pods: the room that maxUnavailable 0 leaves of 3 pods is 0, limit 1 (minRoom)",
            ],
        },
        "none in percent, of pods elsewhere": {
            change: (s) =>
                s
                    .add(BUDGET, "none", { spec: { maxUnavailable: "0%" } })
                    .add(BUDGET, "all", { spec: { minAvailable: "100%" } })
                    .add(BUDGET, "some", { spec: { minAvailable: "99%" } }),
            says: [
                "none: the room that maxUnavailable 0% leaves is 0, limit 1 (minRoom)",
                "all: the room that minAvailable 100% leaves is 0, limit 1 (minRoom)",
            ],
        },
        "as many must stay as the scaler keeps": {
            change: budget({ minAvailable: 3 }),
            says: ["second: the room that minAvailable 3 leaves of 3 pods is 0, limit 1 (minRoom)"],
        },
        "percent, rounded up to all that the scaler keeps": {
            change: budget({ minAvailable: "70%" }),
            says: [
                "second: the room that minAvailable 70% leaves of 3 pods is 0, limit 1 (minRoom)",
            ],
        },
        "all but one must stay": { change: budget({ minAvailable: 2 }) },
        "one pod of a workload without a scaler or a number": {
            change: (s) => {
                budget({ minAvailable: 1 })(s);
                s.remove("keda");
            },
            says: ["second: the room that minAvailable 1 leaves of 1 pods is 0, limit 1 (minRoom)"],
        },
        "a selector by expressions": {
            change: budget({
                minAvailable: 3,
                selector: {
                    matchExpressions: [
                        { key: "app", operator: "In", values: ["worker"] },
                        { key: "app", operator: "NotIn", values: ["api"] },
                        { key: "app", operator: "Exists" },
                        { key: "tier", operator: "DoesNotExist" },
                    ],
                },
            }),
            says: ["second: the room that minAvailable 3 leaves of 3 pods is 0, limit 1 (minRoom)"],
        },
        "pods of the same label in another namespace": {
            change: (s) => {
                budget({ minAvailable: 3 })(s);
                s.set("second", "metadata.namespace", "elsewhere");
            },
        },
        "neither is said": {
            change: budget({}),
            says: ["second: neither maxUnavailable nor minAvailable is set, which lets no pod go"],
        },
        "both are said": {
            change: budget({ maxUnavailable: 1, minAvailable: 1 }),
            says: ["second: maxUnavailable and minAvailable are both set, which the API refuses"],
        },
        "more room": {
            config: { minRoom: 2 },
            says: [
                "budget-of-pods: the room that maxUnavailable 20% leaves of 3 pods is 1, limit 2 (minRoom)",
            ],
        },
        "a number not known yet": {
            change: (s) => s.set("budget-of-pods", "spec.maxUnavailable", UNKNOWN),
            unknown: ["spec.maxUnavailable"],
        },
    },
    "logcaster-kubernetes-drain-before-kill": {
        "a grace as long as preStop and drain": {
            change: (s) => s.set("app", `${POD}.terminationGracePeriodSeconds`, 315),
            says: [
                "app: terminationGracePeriodSeconds is 315, must be longer than 15 s of preStop and 300 s of drain (drainSeconds)",
            ],
        },
        "the default grace": {
            change: (s) => s.set("app", `${POD}.terminationGracePeriodSeconds`, undefined),
            says: [
                "app: terminationGracePeriodSeconds is 30, must be longer than 15 s of preStop and 300 s of drain (drainSeconds)",
            ],
        },
        "a hook by command, of pods of every kind": {
            change: (s) => {
                const pod = {
                    containers: [
                        {
                            name: "a",
                            lifecycle: {
                                preStop: { exec: { command: ["/bin/sh", "-c", "sleep 1m; true"] } },
                            },
                        },
                    ],
                };
                s.add("kubernetes:core/v1:Pod", "pod", { spec: pod })
                    .add("kubernetes:apps/v1:DaemonSet", "daemon", {
                        spec: { template: { spec: pod } },
                    })
                    .add("kubernetes:batch/v1:CronJob", "cron", {
                        spec: { jobTemplate: { spec: { template: { spec: pod } } } },
                    });
            },
            says: ["pod", "daemon", "cron"].map(
                (name) =>
                    `${name}: terminationGracePeriodSeconds is 30, must be longer than 60 s of preStop`,
            ),
        },
        "a longer drain": {
            config: { drainSeconds: 330 },
            says: [
                "app: terminationGracePeriodSeconds is 345, must be longer than 15 s of preStop and 330 s of drain (drainSeconds)",
            ],
        },
        "a drain of other ports": {
            change: (s) => s.set("app", `${POD}.terminationGracePeriodSeconds`, 16),
            config: { ports: [8080] },
        },
        "a grace not known yet": {
            change: (s) => s.set("app", `${POD}.terminationGracePeriodSeconds`, UNKNOWN),
            unknown: [`${POD}.terminationGracePeriodSeconds`],
        },
    },
    "logcaster-kubernetes-match-autoscaler-to-cluster": {
        "the cluster's minor": { change: autoscaler(CURRENT) },
        "a tag and a digest": { change: autoscaler(`${CURRENT}@sha256:${"0".repeat(64)}`) },
        "another minor": {
            change: autoscaler(CURRENT, "1.35"),
            says: [
                "autoscaler: the tag of autoscaler's image is v1.36.0, must be the cluster's version, v1.35.x",
            ],
        },
        "a digest alone": {
            change: autoscaler(`registry.k8s.io/cluster-autoscaler@sha256:${"0".repeat(64)}`),
            says: [
                "autoscaler: the tag of autoscaler's image is not set, must be the cluster's version, v1.36.x",
            ],
        },
        "a cluster that says no version": {
            change: (s) => autoscaler(CURRENT)(s).set("cluster", "version", undefined),
            says: [
                "autoscaler: the tag of autoscaler's image is v1.36.0, must be the cluster's version, not set",
            ],
        },
        "no cluster in the stack": {
            change: (s) => autoscaler(CURRENT)(s).remove("cluster"),
            says: [
                "autoscaler: the tag of autoscaler's image is v1.36.0, and the cluster's minor is not said (kubernetesMinor)",
            ],
        },
        "a cluster elsewhere, by setting": {
            change: (s) => autoscaler(CURRENT)(s).remove("cluster"),
            config: { kubernetesMinor: "1.27" },
            says: [
                "autoscaler: the tag of autoscaler's image is v1.36.0, must be the cluster's version, v1.27.x",
            ],
        },
        "a chart": {
            change: (s) =>
                autoscaler(CURRENT)(s)
                    .add(RELEASE, "chart", { chart: "cluster-autoscaler" })
                    .add(RELEASE, "old", {
                        chart: "cluster-autoscaler",
                        values: { image: { tag: "v1.27.0" } },
                    })
                    .add(RELEASE, "other", { chart: "keda" }),
            says: [
                "chart: values.image.tag is not set, must be the cluster's version, v1.36.x",
                "old: values.image.tag is v1.27.0, must be the cluster's version, v1.36.x",
            ],
        },
        "a cluster's version not known yet": {
            change: autoscaler(CURRENT, UNKNOWN),
            unknown: ["version"],
        },
    },
    "logcaster-kubernetes-pull-from-living-registries": {
        "the brief's image": {
            change: (s) =>
                s
                    .set("app", `${POD}.containers.0.image`, "k8s.gcr.io/pause:3.9")
                    .set("app", `${POD}.initContainers.0.image`, "quay.io/coreos/etcd:v3"),
            says: [
                "app: the image of prepare is quay.io/coreos/etcd:v3, must be of the project's own registry",
                "app: the image of logcaster is k8s.gcr.io/pause:3.9, must be of registry.k8s.io (frozen since 2023-04-03, https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement)",
            ],
        },
        "a patch of a workload": {
            change: (s) =>
                s.add("kubernetes:apps/v1:DaemonSetPatch", "patch", {
                    spec: {
                        template: {
                            spec: {
                                containers: [{ name: "a", image: "gcr.io/google-containers/a" }],
                            },
                        },
                    },
                }),
            says: [
                "patch: the image of a is gcr.io/google-containers/a, must be of registry.k8s.io",
            ],
        },
        "values of a chart": {
            change: (s) =>
                s.add(RELEASE, "chart", {
                    chart: "oci://quay.io/coreos/charts/a",
                    repositoryOpts: { repo: "https://quay.io/coreos/charts" },
                    values: { a: [{ image: { registry: "k8s.gcr.io" } }] },
                }),
            says: [
                "chart: repositoryOpts.repo is https://quay.io/coreos/charts, must be of the project's own registry",
                "chart: values.a.0.image.registry is k8s.gcr.io, must be of registry.k8s.io (frozen since 2023-04-03, https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement)",
            ],
        },
        "values of a chart not known yet: of those that name an image": {
            change: (s) =>
                s.add(RELEASE, "chart", {
                    chart: "a",
                    values: { vpcId: UNKNOWN, image: { repository: UNKNOWN, tag: "1" } },
                }),
            unknown: ["values.image.repository"],
        },
        "a registry whose name begins alike": {
            change: (s) => s.set("app", `${POD}.containers.0.image`, "quay.io/coreos-mirror/a"),
        },
        "another list": {
            config: { retired: ["registry.k8s.io"] },
            says: [
                "app: the image of shipper is registry.k8s.io/shipper:1, must be of another registry than registry.k8s.io",
            ],
        },
        "an image not known yet": {
            change: (s) => s.set("app", `${POD}.containers.0.image`, UNKNOWN),
            unknown: [`${POD}.containers.0.image`],
        },
    },
    "logcaster-kubernetes-configure-proxies-that-start": {
        "the brief's nbproc, and resolvers without a section": {
            change: (s) =>
                s.set(CONFIG, "data", {
                    "haproxy.cfg": [
                        "global",
                        "    nbproc 4 # gone",
                        "backend line",
                        "    server-template srv 1-10 _backend._tcp.service.consul resolvers consul check",
                    ].join("\n"),
                }),
            says: [
                "proxy-configuration: haproxy.cfg: global: nbproc is gone since HAProxy 2.5, must be nbthread",
                "proxy-configuration: haproxy.cfg: backend line: resolvers is consul, must be a section of this configuration",
            ],
        },
        "a method of the other engine": {
            ...haproxy("balance least_conn", "server a 10.0.1.10:9999"),
            says: [
                "proxy-configuration: haproxy.cfg: backend line: balance is least_conn, must be a method of HAProxy such as leastconn",
            ],
        },
        "weights all zero": {
            ...haproxy(
                "default-server weight 0",
                "server a 10.0.1.10:9999",
                "server b 10.0.1.11:9999 weight 0",
            ),
            says: [
                "proxy-configuration: haproxy.cfg: backend line: every server's weight is 0, must be above 0 for one at least",
            ],
        },
        "one weight of zero": haproxy(
            "server a 10.0.1.10:9999 weight 0",
            "server b 10.0.1.11:9999",
        ),
        "a discovery name that is no SRV name": {
            ...haproxy("server-template pod 1-9 line._tcp.app.jobs.svc check"),
            says: [
                "proxy-configuration: haproxy.cfg: backend line: the discovery name is line._tcp.app.jobs.svc, must be an SRV name such as _line._tcp.service.namespace.svc.cluster.local, or a host and a port",
            ],
        },
        "a discovery name with a port": haproxy("server-template pod 1-9 app.jobs.svc:9999 check"),
        "a method of NGINX beside a backup server": {
            ...nginx(
                "hash $remote_addr consistent;",
                "server 10.0.1.10:9999;",
                "server 10.0.1.11:9999 backup;",
            ),
            says: [
                "proxy-configuration: nginx.conf: upstream line: the method is hash beside a backup server, must be least_conn or round robin",
            ],
        },
        "that method without one": nginx("hash $remote_addr consistent;", "server 10.0.1.10:1;"),
        "weights all zero with NGINX": {
            ...nginx("server 10.0.1.10:9999 weight=0;", "server 10.0.1.11:9999 weight=0;"),
            says: [
                "proxy-configuration: nginx.conf: upstream line: every server's weight is 0, must be at least 1, or the server down",
            ],
        },
        "a discovery name that is no SRV name, with NGINX": {
            ...nginx("server app.jobs.svc service=line;"),
            says: [
                "the discovery name is line.app.jobs.svc, must be an SRV name such as _line._tcp.service.namespace.svc.cluster.local",
                "service is set without resolve, which NGINX refuses",
                "resolve is set without a resolver",
            ].map((problem) => `proxy-configuration: nginx.conf: upstream line: ${problem}`),
        },
        "what needs a subscription": {
            ...nginx("least_time connect;", "server 10.0.1.10:9999 slow_start=30s;"),
            says: ["least_time", "slow_start"].map(
                (what) =>
                    `proxy-configuration: nginx.conf: upstream line: ${what} needs NGINX's subscription (commercialNginx)`,
            ),
        },
        "what needs a subscription, with one": {
            ...nginx("least_time connect;", "server 10.0.1.10:9999 slow_start=30s;"),
            config: { commercialNginx: true },
        },
        "another text not known yet": {
            change: (s) => s.set(CONFIG, "data", { "runtime.json": UNKNOWN }),
        },
        "a text not known yet beside a broken one": {
            change: (s) =>
                s.set(CONFIG, "data", {
                    "a.cfg": UNKNOWN,
                    "b.cfg": "backend line\n    balance none\n    server a 10.0.1.10:9999",
                }),
            says: [
                "proxy-configuration: b.cfg: backend line: balance is none, must be a method of HAProxy such as leastconn",
            ],
            unknown: ["data.a.cfg"],
        },
    },
};
