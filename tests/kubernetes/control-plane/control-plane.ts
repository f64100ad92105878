/**
 * A real Kubernetes control plane on loopback, without containers: etcd, kube-apiserver, kube-controller-manager and
 * kube-scheduler as they are released, kwok in the place of kubelets, and a metrics server of the tests behind the three
 * metric APIs. Nothing runs in its pods.
 */
import { writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
    freePort,
    removeTemporaryDirectory,
    ServerProcess,
    temporaryDirectory,
} from "../../servers";
import { eventually, KubernetesApi, type KubernetesObject } from "./api";
import { buildPrograms, type Programs } from "./binaries";
import { type Certificates, writeCertificates } from "./certificates";
import { METRIC_GROUPS, MetricsServer } from "./metrics-server";
import { createNodes, nodes, writeStages } from "./nodes";

const METRICS_NAMESPACE = "logcaster-tests";
const METRICS_SERVICE = "metrics";
/** Tests wait for whole syncs: 200 ms instead of 15 s. */
const HPA_SYNC = "200ms";

export interface ControlPlane {
    readonly url: string;
    /** Token of a cluster administrator. */
    readonly token: string;
    readonly kubeconfig: string;
    readonly api: KubernetesApi;
    readonly metrics: MetricsServer;
    /** The end of every component's log, for a failed test. */
    readonly log: () => string;
    readonly stop: () => Promise<void>;
}

/** Starts it: six seconds on a quiet machine, after the programs are built. */
export async function startControlPlane(): Promise<ControlPlane> {
    const programs = await buildPrograms();
    const folder = temporaryDirectory("control-plane");
    const certificates = await writeCertificates(folder, [
        `${METRICS_SERVICE}.${METRICS_NAMESPACE}.svc`,
    ]);
    const token = randomBytes(16).toString("hex");
    const started: ServerProcess[] = [];
    const start = async (binary: string, args: string[], ready: () => Promise<boolean>) => {
        const server = new ServerProcess({
            binary: { path: binary, env: {} },
            args,
            cwd: folder,
            ready,
        });
        started.push(server);
        await server.start();
    };
    const metrics = await MetricsServer.start(certificates.pem, certificates.key);
    let api: KubernetesApi | undefined;
    const stop = async () => {
        api?.close();
        // The API server hangs when etcd goes first: in the opposite order of starting.
        for (const server of started.reverse()) await server.stop();
        await metrics.stop();
        await removeTemporaryDirectory(folder);
    };
    try {
        const etcd = await startEtcd(programs, folder, start);
        const port = await freePort();
        const url = `https://127.0.0.1:${port}`;
        api = new KubernetesApi(url, token, certificates.pem);
        metrics.use(api);
        const tokenFile = join(folder, "tokens.csv");
        await writeFile(tokenFile, `${token},admin,admin,system:masters\n`);
        const ready = () => answers(api!, "/readyz");
        await start(programs.apiserver, serverFlags(port, etcd, tokenFile, certificates), ready);
        const kubeconfig = join(folder, "kubeconfig");
        await writeFile(kubeconfig, kubeconfigText(url, token, certificates.certFile));
        await startControllers(programs, folder, kubeconfig, certificates, start);
        await registerMetrics(api, metrics.port, certificates.pem);
        await createNodes(api, nodes());
        await eventually("every node is ready", () => nodesReady(api!));
        const log = () => started.map((server) => server.output).join("\n");
        return { url, token, kubeconfig, api, metrics, log, stop };
    } catch (error) {
        await stop();
        throw error;
    }
}

type Start = (binary: string, args: string[], ready: () => Promise<boolean>) => Promise<void>;

async function startEtcd(programs: Programs, folder: string, start: Start): Promise<string> {
    const [client, peer] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${client}`;
    const peerUrl = `http://127.0.0.1:${peer}`;
    await start(
        programs.etcd,
        [
            ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync", "--log-level", "warn"],
            ...["--listen-client-urls", url, "--advertise-client-urls", url],
            ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
            ...["--initial-cluster", `default=${peerUrl}`],
        ],
        async () => (await fetch(`${url}/health`)).ok,
    );
    return url;
}

function serverFlags(
    port: number,
    etcd: string,
    tokenFile: string,
    { certFile, keyFile, tokenKeyFile, tokenPublicKeyFile }: Certificates,
): string[] {
    return [
        `--etcd-servers=${etcd}`,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        // A loopback address may not be an endpoint of the service `kubernetes`.
        "--endpoint-reconciler-type=none",
        `--secure-port=${port}`,
        `--tls-cert-file=${certFile}`,
        `--tls-private-key-file=${keyFile}`,
        `--token-auth-file=${tokenFile}`,
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${tokenPublicKeyFile}`,
        `--service-account-signing-key-file=${tokenKeyFile}`,
        // The aggregation layer, by which the metric APIs are reached.
        `--requestheader-client-ca-file=${certFile}`,
        "--requestheader-allowed-names=logcaster-tests",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        `--proxy-client-cert-file=${certFile}`,
        `--proxy-client-key-file=${keyFile}`,
    ];
}

async function startControllers(
    programs: Programs,
    folder: string,
    kubeconfig: string,
    { certFile, tokenKeyFile }: Certificates,
    start: Start,
): Promise<void> {
    const stages = join(folder, "stages.yaml");
    await writeStages(stages);
    const healthy = (port: number) => async () =>
        (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    const kwokPort = await freePort();
    // Neither of Kubernetes' own two needs a port; that they work shows in what they do.
    const atOnce = async () => true;
    await Promise.all([
        start(
            programs.controllerManager,
            [
                `--kubeconfig=${kubeconfig}`,
                "--secure-port=0",
                "--leader-elect=false",
                `--root-ca-file=${certFile}`,
                `--service-account-private-key-file=${tokenKeyFile}`,
                "--kube-api-qps=1000",
                "--kube-api-burst=2000",
                `--horizontal-pod-autoscaler-sync-period=${HPA_SYNC}`,
                // CPU scaling stalls for 20 s otherwise: pods that start are left out of the average.
                "--horizontal-pod-autoscaler-cpu-initialization-period=0s",
                "--horizontal-pod-autoscaler-initial-readiness-delay=0s",
            ],
            atOnce,
        ),
        start(
            programs.scheduler,
            [
                `--kubeconfig=${kubeconfig}`,
                "--secure-port=0",
                "--leader-elect=false",
                "--kube-api-qps=1000",
                "--kube-api-burst=2000",
            ],
            atOnce,
        ),
        start(
            programs.kwok,
            [
                `--kubeconfig=${kubeconfig}`,
                `--config=${stages}`,
                "--manage-all-nodes=true",
                `--server-address=127.0.0.1:${kwokPort}`,
                "--node-lease-duration-seconds=40",
            ],
            healthy(kwokPort),
        ),
    ]);
}

/** The three metric APIs, at a service that is an alias of loopback. */
async function registerMetrics(api: KubernetesApi, port: number, ca: string): Promise<void> {
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: METRICS_NAMESPACE } });
    await api.apply({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: METRICS_SERVICE, namespace: METRICS_NAMESPACE },
        spec: { type: "ExternalName", externalName: "localhost" },
    });
    for (const { group, version } of METRIC_GROUPS) {
        await api.apply({
            apiVersion: "apiregistration.k8s.io/v1",
            kind: "APIService",
            metadata: { name: `${version}.${group}` },
            spec: {
                group,
                version,
                groupPriorityMinimum: 100,
                versionPriority: 100,
                caBundle: Buffer.from(ca).toString("base64"),
                service: { name: METRICS_SERVICE, namespace: METRICS_NAMESPACE, port },
            },
        });
    }
    for (const { group, version } of METRIC_GROUPS) {
        await eventually(`${group} answers`, () => answers(api, `/apis/${group}/${version}`));
    }
}

interface Node extends KubernetesObject {
    readonly spec: { readonly taints?: unknown };
    readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
}

async function nodesReady(api: KubernetesApi): Promise<boolean> {
    const found = await api.list<Node>("/api/v1/nodes");
    return found.every(
        ({ spec, status }) =>
            spec.taints === undefined &&
            status.conditions?.some((c) => c.type === "Ready" && c.status === "True"),
    );
}

async function answers(api: KubernetesApi, path: string): Promise<boolean> {
    return (await api.request("GET", path)).status === 200;
}

function kubeconfigText(url: string, token: string, caFile: string): string {
    // JSON is YAML.
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "c", cluster: { server: url, "certificate-authority": caFile } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    });
}
