/**
 * The Kubernetes API over HTTPS: just what tests need, for any kind, with the server's strict field validation,
 * which the object interface of the JavaScript client does not offer for server-side apply.
 */
import { Agent, request } from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Any Kubernetes object. */
export interface KubernetesObject {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly labels?: Readonly<Record<string, string>>;
        readonly [field: string]: unknown;
    };
    readonly [field: string]: unknown;
}

export interface Answer<T = KubernetesObject> {
    readonly status: number;
    readonly body: T;
}

/** An answer of the API server that is not a success. */
export class KubernetesError extends Error {
    constructor(
        readonly status: number,
        what: string,
        body: unknown,
    ) {
        const { message } = body as { message?: string };
        super(`${what}: ${status} ${message ?? JSON.stringify(body)}`);
    }
}

interface Resource {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
}

const POLL_MS = 100;
const STRICT = "fieldValidation=Strict";
const FIELD_MANAGER = "fieldManager=logcaster-tests&force=true";

export class KubernetesApi {
    private readonly agent: Agent;
    private readonly discovered = new Map<string, Promise<readonly Resource[]>>();

    constructor(
        readonly url: string,
        private readonly token: string,
        private readonly ca: string,
    ) {
        this.agent = new Agent({ keepAlive: true });
    }

    close(): void {
        this.agent.destroy();
    }

    /** One request, whatever its answer. */
    request<T = KubernetesObject>(
        method: string,
        path: string,
        body?: unknown,
        contentType = "application/json",
    ): Promise<Answer<T>> {
        const text = body === undefined ? undefined : JSON.stringify(body);
        return new Promise((resolve, reject) => {
            const sent = request(
                this.url + path,
                {
                    method,
                    agent: this.agent,
                    ca: this.ca,
                    headers: {
                        authorization: `Bearer ${this.token}`,
                        accept: "application/json",
                        ...(text === undefined ? {} : { "content-type": contentType }),
                    },
                },
                (response) => {
                    let answer = "";
                    response.setEncoding("utf8");
                    response.on("data", (part: string) => (answer += part));
                    response.once("error", reject);
                    response.once("end", () =>
                        resolve({ status: response.statusCode ?? 0, body: parse<T>(answer) }),
                    );
                },
            );
            sent.once("error", reject);
            sent.end(text);
        });
    }

    /** The body of a successful answer. @throws KubernetesError */
    async call<T = KubernetesObject>(
        method: string,
        path: string,
        body?: unknown,
        contentType?: string,
    ): Promise<T> {
        const answer = await this.request<T>(method, path, body, contentType);
        if (answer.status >= 300) {
            throw new KubernetesError(answer.status, `${method} ${path}`, answer.body);
        }
        return answer.body;
    }

    /** Server-side apply with strict field validation. @throws KubernetesError */
    async apply(object: KubernetesObject): Promise<KubernetesObject> {
        return this.call(
            "PATCH",
            `${await this.path(object)}?${STRICT}&${FIELD_MANAGER}`,
            object,
            "application/apply-patch+yaml",
        );
    }

    /** Creates an object with strict field validation. @throws KubernetesError */
    async create(object: KubernetesObject): Promise<KubernetesObject> {
        const path = (await this.path(object)).replace(/\/[^/]*$/, "");
        return this.call("POST", `${path}?${STRICT}`, object);
    }

    /** Changes fields of an object by a JSON merge patch, at a subresource where one is named. */
    async merge(
        object: KubernetesObject,
        change: unknown,
        subresource = "",
    ): Promise<KubernetesObject> {
        const path = `${await this.path(object)}${subresource}`;
        return this.call("PATCH", path, change, "application/merge-patch+json");
    }

    async read<T = KubernetesObject>(object: KubernetesObject): Promise<T> {
        return this.call<T>("GET", await this.path(object));
    }

    /** The objects of a list. */
    async list<T = KubernetesObject>(path: string): Promise<T[]> {
        return (await this.call<{ items: T[] }>("GET", path)).items;
    }

    /** Follows a list from now on until the returned function is called. */
    watch<T = KubernetesObject>(path: string, onObject: (object: T) => void): () => void {
        const sent = request(`${this.url}${path}${path.includes("?") ? "&" : "?"}watch=true`, {
            ca: this.ca,
            headers: { authorization: `Bearer ${this.token}`, accept: "application/json" },
        });
        sent.once("response", (response) => {
            const lines = createInterface(response);
            lines.on("line", (line) => onObject((JSON.parse(line) as { object: T }).object));
            response.on("error", () => undefined);
            lines.on("error", () => undefined);
        });
        // Destroying the request ends the watch and is reported as an error.
        sent.on("error", () => undefined);
        sent.end();
        return () => sent.destroy();
    }

    /** Where an object lives, by discovery of its kind. */
    async path({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
        const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const resource = (await this.resources(group)).find((r) => r.kind === kind);
        if (!resource) throw new Error(`${apiVersion} ${kind} is not served`);
        const namespace = resource.namespaced
            ? `/namespaces/${metadata.namespace ?? "default"}`
            : "";
        return `${group}${namespace}/${resource.name}/${metadata.name}`;
    }

    private resources(group: string): Promise<readonly Resource[]> {
        const known = this.discovered.get(group);
        if (known) return known;
        const found = this.call<{ resources: Resource[] }>("GET", group).then(({ resources }) =>
            resources.filter(({ name }) => !name.includes("/")),
        );
        this.discovered.set(group, found);
        // A group that is not served yet may be served later.
        found.catch(() => this.discovered.delete(group));
        return found;
    }
}

/** Asks until the answer is something, and returns it; fails with the last error after `timeoutMs`. */
export async function eventually<T>(
    what: string,
    ask: () => Promise<T | undefined | false>,
    timeoutMs = 60_000,
): Promise<T> {
    let last: unknown;
    for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(POLL_MS)) {
        try {
            const answer = await ask();
            if (answer !== undefined && answer !== false) return answer;
            last = undefined;
        } catch (error) {
            last = error;
        }
    }
    const why = last === undefined ? "" : `: ${(last as Error).message}`;
    throw new Error(`not within ${timeoutMs} ms: ${what}${why}`);
}

function parse<T>(text: string): T {
    try {
        return JSON.parse(text) as T;
    } catch {
        return { message: text } as T;
    }
}
