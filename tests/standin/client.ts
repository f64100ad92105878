import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { fromStruct, toStruct, type JsonObject } from "./wire";

/** Where the executables are that go on PATH. */
export const PLUGIN_PATH = path.join(__dirname, "bin");
const START_TIMEOUT_MS = 30_000;

export interface Failure {
    property: string;
    reason: string;
}

/** A diff as the engine decodes it. */
export interface Difference {
    changed: boolean;
    replaces: string[];
    deleteBeforeReplace: boolean;
    detailed: Record<string, string>;
}

const KINDS = ["add", "add-replace", "delete", "delete-replace", "update", "update-replace"];

type Done<Res> = (error: grpc.ServiceError | null, response: Res) => void;

function decode(response: pb.DiffResponse): Difference {
    const detailed: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((detail: pb.PropertyDiff, property: string) => {
        detailed[property] = KINDS[detail.getKind()] ?? "unknown";
    });
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    if (changes !== DIFF_SOME && changes !== DIFF_NONE) {
        throw new Error(`The engine refuses the diff state ${changes}.`);
    }
    return {
        changed: changes === DIFF_SOME,
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
        detailed,
    };
}

export interface PluginOptions {
    name: "aws" | "kubernetes" | "random";
    world: string;
    /** Address of an engine's own service, to which the plugin logs. */
    engine?: string;
    configuration?: JsonObject;
}

/**
 * A provider plugin started and spoken to as the Pulumi engine does it
 * (pulumi/pulumi, sdk/go/common/resource/plugin/provider_plugin.go).
 */
export class Plugin {
    private constructor(
        readonly process: ChildProcess,
        readonly raw: ResourceProviderClient,
        readonly errors: string[],
    ) {}

    /** Starts the executable, reads its port, shakes hands, configures it. */
    static async start(options: PluginOptions): Promise<Plugin> {
        const { name, world, engine = "127.0.0.1:1" } = options;
        const child = spawn(path.join(PLUGIN_PATH, `pulumi-resource-${name}`), [engine], {
            stdio: ["pipe", "pipe", "pipe"],
            env: { ...process.env, STANDIN_DIR: world },
        });
        const errors: string[] = [];
        child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
        const port = await firstLine(child, errors);
        const client = new ResourceProviderClient(
            `127.0.0.1:${port}`,
            grpc.credentials.createInsecure(),
        );
        const plugin = new Plugin(child, client, errors);
        await plugin.handshake(engine);
        await plugin.configure(name, options.configuration ?? {});
        return plugin;
    }

    /** One unary call as a promise. */
    call<Res>(start: (done: Done<Res>) => unknown): Promise<Res> {
        return new Promise((resolve, reject) => {
            start((error, response) => (error ? reject(error) : resolve(response)));
        });
    }

    handshake(engine: string): Promise<pb.ProviderHandshakeResponse> {
        const request = new pb.ProviderHandshakeRequest();
        request.setEngineAddress(engine);
        request.setRootDirectory(PLUGIN_PATH);
        request.setProgramDirectory(PLUGIN_PATH);
        request.setConfigureWithUrn(true);
        request.setSupportsViews(true);
        request.setSupportsRefreshBeforeUpdate(true);
        request.setInvokeWithPreview(true);
        return this.call<pb.ProviderHandshakeResponse>((done) => this.raw.handshake(request, done));
    }

    info(): Promise<PluginInfo> {
        return this.call<PluginInfo>((done) => this.raw.getPluginInfo(new Empty(), done));
    }

    async checkConfig(urn: string, olds: JsonObject, news: JsonObject): Promise<JsonObject> {
        const request = new pb.CheckRequest();
        request.setUrn(urn);
        request.setOlds(toStruct(olds));
        request.setNews(toStruct(news));
        const response = await this.call<pb.CheckResponse>((done) =>
            this.raw.checkConfig(request, done),
        );
        return fromStruct(response.getInputs());
    }

    async diffConfig(urn: string, olds: JsonObject, news: JsonObject): Promise<Difference> {
        const request = new pb.DiffRequest();
        request.setUrn(urn);
        request.setOlds(toStruct(olds));
        request.setOldInputs(toStruct(olds));
        request.setNews(toStruct(news));
        return decode(
            await this.call<pb.DiffResponse>((done) => this.raw.diffConfig(request, done)),
        );
    }

    configure(name: string, args: JsonObject): Promise<pb.ConfigureResponse> {
        const request = new pb.ConfigureRequest();
        request.setAcceptsecrets(true);
        request.setAcceptresources(true);
        request.setSendsOldInputs(true);
        request.setSendsOldInputsToDelete(true);
        for (const [key, value] of Object.entries(args)) {
            request
                .getVariablesMap()
                .set(
                    `${name}:config:${key}`,
                    typeof value === "string" ? value : JSON.stringify(value),
                );
        }
        request.setArgs(toStruct(args));
        return this.call<pb.ConfigureResponse>((done) => this.raw.configure(request, done));
    }

    async check(
        urn: string,
        olds: JsonObject,
        news: JsonObject,
        more: { seed?: Uint8Array; autonaming?: { mode: 0 | 1 | 2; name: string } } = {},
    ): Promise<{ inputs: JsonObject; failures: Failure[] }> {
        const request = new pb.CheckRequest();
        identify(request, urn);
        request.setOlds(toStruct(olds));
        request.setNews(toStruct(news));
        if (more.seed) request.setRandomseed(more.seed);
        if (more.autonaming) {
            const options = new pb.CheckRequest.AutonamingOptions();
            options.setMode(more.autonaming.mode);
            options.setProposedName(more.autonaming.name);
            request.setAutonaming(options);
        }
        const response = await this.call<pb.CheckResponse>((done) => this.raw.check(request, done));
        return {
            inputs: fromStruct(response.getInputs()),
            failures: response.getFailuresList().map((f) => f.toObject()),
        };
    }

    async diff(
        urn: string,
        id: string,
        olds: { inputs: JsonObject; outputs: JsonObject },
        news: JsonObject,
        ignoreChanges: string[] = [],
    ): Promise<Difference> {
        const request = new pb.DiffRequest();
        identify(request, urn);
        request.setId(id);
        request.setOldInputs(toStruct(olds.inputs));
        request.setOlds(toStruct(olds.outputs));
        request.setNews(toStruct(news));
        request.setIgnorechangesList(ignoreChanges);
        return decode(await this.call<pb.DiffResponse>((done) => this.raw.diff(request, done)));
    }

    async create(
        urn: string,
        inputs: JsonObject,
        preview = false,
    ): Promise<{ id: string; outputs: JsonObject }> {
        const request = new pb.CreateRequest();
        identify(request, urn);
        request.setProperties(toStruct(inputs));
        request.setPreview(preview);
        const response = await this.call<pb.CreateResponse>((done) =>
            this.raw.create(request, done),
        );
        return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    }

    async update(
        urn: string,
        id: string,
        olds: { inputs: JsonObject; outputs: JsonObject },
        news: JsonObject,
        more: { preview?: boolean; ignoreChanges?: string[] } = {},
    ): Promise<JsonObject> {
        const request = new pb.UpdateRequest();
        identify(request, urn);
        request.setId(id);
        request.setOldInputs(toStruct(olds.inputs));
        request.setOlds(toStruct(olds.outputs));
        request.setNews(toStruct(news));
        request.setPreview(more.preview ?? false);
        request.setIgnorechangesList(more.ignoreChanges ?? []);
        const response = await this.call<pb.UpdateResponse>((done) =>
            this.raw.update(request, done),
        );
        return fromStruct(response.getProperties());
    }

    /** As a refresh reads; undefined if the resource is gone. */
    async read(
        urn: string,
        id: string,
        olds: { inputs?: JsonObject; outputs: JsonObject },
    ): Promise<{ id: string; inputs: JsonObject; outputs: JsonObject } | undefined> {
        const request = new pb.ReadRequest();
        identify(request, urn);
        request.setId(id);
        request.setProperties(toStruct(olds.outputs));
        if (olds.inputs) request.setInputs(toStruct(olds.inputs));
        const response = await this.call<pb.ReadResponse>((done) => this.raw.read(request, done));
        if (!response.getId()) return undefined;
        return {
            id: response.getId(),
            inputs: fromStruct(response.getInputs()),
            outputs: fromStruct(response.getProperties()),
        };
    }

    async delete(
        urn: string,
        id: string,
        olds: { inputs: JsonObject; outputs: JsonObject },
    ): Promise<void> {
        const request = new pb.DeleteRequest();
        identify(request, urn);
        request.setId(id);
        request.setProperties(toStruct(olds.outputs));
        request.setOldInputs(toStruct(olds.inputs));
        await this.call<Empty>((done) => this.raw.delete(request, done));
    }

    async invoke(token: string, args: JsonObject): Promise<JsonObject> {
        const request = new pb.InvokeRequest();
        request.setTok(token);
        request.setArgs(toStruct(args));
        const response = await this.call<pb.InvokeResponse>((done) =>
            this.raw.invoke(request, done),
        );
        return fromStruct(response.getReturn());
    }

    /** Asks it to stop, then kills it, as the engine does at the end. */
    async stop(): Promise<void> {
        await this.call<Empty>((done) => this.raw.cancel(new Empty(), done));
        this.raw.close();
        if (this.process.exitCode === null && this.process.signalCode === null) {
            const gone = once(this.process, "exit");
            this.process.kill("SIGKILL");
            await gone;
        }
    }
}

function identify(
    request: {
        setUrn(urn: string): unknown;
        setName(name: string): unknown;
        setType(type: string): unknown;
    },
    urn: string,
): void {
    const [, , qualified = "", name = ""] = urn.split("::");
    request.setUrn(urn);
    request.setName(name);
    request.setType(qualified.split("$").at(-1) ?? "");
}

function firstLine(child: ChildProcess, errors: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        let output = "";
        const timer = setTimeout(
            () => reject(new Error(`no port within ${START_TIMEOUT_MS} ms: ${errors.join("")}`)),
            START_TIMEOUT_MS,
        );
        child.stdout?.on("data", (chunk: Buffer) => {
            output += chunk.toString();
            const end = output.indexOf("\n");
            if (end < 0) return;
            clearTimeout(timer);
            resolve(output.slice(0, end));
        });
        child.once("exit", (code) => {
            clearTimeout(timer);
            reject(new Error(`the plugin exited with ${code}: ${errors.join("")}`));
        });
    });
}
