/**
 * The three metric APIs, answered from loads that tests set: total load of a namespace's one workload, divided over its
 * running pods, as real traffic divides. A load given by pod would compound with each sync.
 */
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubernetesApi, KubernetesObject } from "./api";

/** A total over all pods; "none": no sample of any pod; "error": the API answers 500. */
export type Load = number | "none" | "error";

/** What a namespace's workload carries; what is absent has no sample. */
export interface Loads {
    readonly cpuMilli?: Load;
    readonly memoryMebibytes?: Load;
    readonly connections?: Load;
    readonly queue?: Load;
}

export const METRIC_GROUPS = [
    { group: "metrics.k8s.io", version: "v1beta1", resource: "pods", kind: "PodMetrics" },
    {
        group: "custom.metrics.k8s.io",
        version: "v1beta2",
        resource: "pods/logcaster_active_connections",
        kind: "MetricValueList",
    },
    {
        group: "external.metrics.k8s.io",
        version: "v1beta1",
        resource: "queue_size",
        kind: "ExternalMetricValueList",
    },
] as const;

const WINDOW = "1s";

interface Pod extends KubernetesObject {
    readonly spec: { readonly containers: readonly { readonly name: string }[] };
    readonly status: { readonly phase?: string };
}

export class MetricsServer {
    private readonly loads = new Map<string, Loads>();
    private readonly asked = new Map<string, number>();
    private api: KubernetesApi | undefined;

    private constructor(private readonly server: Server) {}

    /** Starts it on a free port of loopback. */
    static async start(cert: string, key: string): Promise<MetricsServer> {
        const server = createServer({ cert, key });
        const metrics = new MetricsServer(server);
        server.on("request", (request, response) => {
            metrics.answer(request.url ?? "/", response).catch((error: unknown) => {
                respond(response, 500, { message: String(error) });
            });
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        return metrics;
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    /** Where it looks pods up. */
    use(api: KubernetesApi): void {
        this.api = api;
    }

    /** Replaces the loads of a namespace. */
    set(namespace: string, loads: Loads): void {
        this.loads.set(namespace, loads);
    }

    /** How often the queue of a namespace was asked for: once a sync of its autoscaler. */
    syncs(namespace: string): number {
        return this.asked.get(namespace) ?? 0;
    }

    async stop(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((closed) => this.server.close(closed));
    }

    private async answer(requested: string, response: ServerResponse): Promise<void> {
        const url = new URL(requested, "https://localhost");
        const [, , group, version, , namespace = "", ...rest] = url.pathname.split("/");
        const served = METRIC_GROUPS.find((g) => g.group === group && g.version === version);
        if (!served) return respond(response, 404, { message: "not found" });
        if (namespace === "") return respond(response, 200, resourceList(served));
        const loads = this.loads.get(namespace) ?? {};
        const selector = url.searchParams.get("labelSelector") ?? "";
        switch (served.group) {
            case "metrics.k8s.io":
                return this.resources(response, namespace, selector, loads);
            case "custom.metrics.k8s.io":
                return this.connections(response, namespace, selector, loads.connections);
            case "external.metrics.k8s.io":
                this.asked.set(namespace, this.syncs(namespace) + 1);
                return queue(response, rest.join("/"), loads.queue);
        }
    }

    private async resources(
        response: ServerResponse,
        namespace: string,
        selector: string,
        { cpuMilli, memoryMebibytes }: Loads,
    ): Promise<void> {
        if (cpuMilli === "error") return respond(response, 500, { message: "no sample" });
        const pods = await this.pods(namespace, selector);
        const usage = (containers: number) => ({
            ...(typeof cpuMilli === "number"
                ? { cpu: `${Math.round((cpuMilli * 1e6) / pods.length / containers)}n` }
                : {}),
            ...(typeof memoryMebibytes === "number"
                ? { memory: `${Math.round((memoryMebibytes * 1024) / pods.length / containers)}Ki` }
                : {}),
        });
        const items = pods.map(({ metadata, spec }) => ({
            metadata: { name: metadata.name, namespace, labels: metadata.labels },
            timestamp: new Date().toISOString(),
            window: WINDOW,
            containers: spec.containers.map(({ name }) => ({
                name,
                usage: usage(spec.containers.length),
            })),
        }));
        const any = typeof cpuMilli === "number" || typeof memoryMebibytes === "number";
        respond(response, 200, {
            kind: "PodMetricsList",
            apiVersion: "metrics.k8s.io/v1beta1",
            metadata: {},
            items: any ? items : [],
        });
    }

    private async connections(
        response: ServerResponse,
        namespace: string,
        selector: string,
        load: Load = "none",
    ): Promise<void> {
        if (load === "error") return respond(response, 500, { message: "no sample" });
        const pods = load === "none" ? [] : await this.pods(namespace, selector);
        const items = pods.map(({ metadata }) => ({
            describedObject: { kind: "Pod", namespace, name: metadata.name, apiVersion: "/v1" },
            metric: { name: "logcaster_active_connections" },
            timestamp: new Date().toISOString(),
            value: `${Math.round(((load as number) * 1000) / pods.length)}m`,
        }));
        respond(response, 200, {
            kind: "MetricValueList",
            apiVersion: "custom.metrics.k8s.io/v1beta2",
            metadata: {},
            items,
        });
    }

    private async pods(namespace: string, selector: string): Promise<Pod[]> {
        const query = `labelSelector=${encodeURIComponent(selector)}&resourceVersion=0`;
        const pods = await this.api!.list<Pod>(`/api/v1/namespaces/${namespace}/pods?${query}`);
        return pods.filter(
            ({ metadata, status }) =>
                status.phase === "Running" && metadata.deletionTimestamp === undefined,
        );
    }
}

function queue(response: ServerResponse, metric: string, load: Load = "none"): void {
    if (load === "error") return respond(response, 500, { message: "no sample" });
    const value = {
        metricName: metric,
        metricLabels: {},
        timestamp: new Date().toISOString(),
        value: String(load),
    };
    respond(response, 200, {
        kind: "ExternalMetricValueList",
        apiVersion: "external.metrics.k8s.io/v1beta1",
        metadata: {},
        items: load === "none" ? [] : [value],
    });
}

function resourceList({ group, version, resource, kind }: (typeof METRIC_GROUPS)[number]): unknown {
    return {
        kind: "APIResourceList",
        apiVersion: "v1",
        groupVersion: `${group}/${version}`,
        resources: [
            { name: resource, singularName: "", namespaced: true, kind, verbs: ["get", "list"] },
        ],
    };
}

function respond(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
}
