import * as grpc from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { type Callback, CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The transforms that a program registers, which run in the program's own process, called back. */
export class Transforms {
    private readonly forStack: Callback[] = [];
    private readonly forInvokes: Callback[] = [];
    private readonly inherited = new Map<string, Callback[]>();
    private readonly clients = new Map<string, CallbacksClient>();

    /** Takes a transform of every resource of the stack. */
    readonly addForStack = (callback: Callback): Empty => {
        this.forStack.push(callback);
        return new Empty();
    };

    /** Takes a transform of every function call of the stack. */
    readonly addForInvokes = (callback: Callback): Empty => {
        this.forInvokes.push(callback);
        return new Empty();
    };

    /** Remembers a resource's own transforms for its children. */
    inherit(urn: string, callbacks: Callback[]): void {
        if (callbacks.length > 0) this.inherited.set(urn, callbacks);
    }

    /** Applies the resource's own transforms, then those of its parents inside out, then the stack's. */
    async apply(
        request: rpc.RegisterResourceRequest,
        parentOf: (urn: string) => string | undefined,
    ): Promise<void> {
        const callbacks = [...request.getTransformsList()];
        for (let urn = request.getParent(); urn; urn = parentOf(urn) ?? "") {
            callbacks.push(...(this.inherited.get(urn) ?? []));
        }
        for (const callback of [...callbacks, ...this.forStack]) {
            const input = new rpc.TransformRequest()
                .setType(request.getType())
                .setName(request.getName())
                .setCustom(request.getCustom())
                .setParent(request.getParent())
                .setProperties(request.getObject())
                .setOptions(optionsOf(request));
            const bytes = await this.call(callback, input.serializeBinary());
            const response = rpc.TransformResponse.deserializeBinary(bytes);
            request.setObject(response.getProperties());
            const options = response.getOptions();
            if (options) applyOptions(request, options);
        }
    }

    /** Applies the transforms of function calls. */
    async applyToInvoke(request: rpc.ResourceInvokeRequest): Promise<void> {
        for (const callback of this.forInvokes) {
            const options = new rpc.TransformInvokeOptions()
                .setProvider(request.getProvider())
                .setVersion(request.getVersion())
                .setPluginDownloadUrl(request.getPlugindownloadurl());
            const input = new rpc.TransformInvokeRequest()
                .setToken(request.getTok())
                .setArgs(request.getArgs())
                .setOptions(options);
            const bytes = await this.call(callback, input.serializeBinary());
            request.setArgs(rpc.TransformInvokeResponse.deserializeBinary(bytes).getArgs());
        }
    }

    close(): void {
        for (const client of this.clients.values()) client.close();
    }

    private call(callback: Callback, request: Uint8Array): Promise<Uint8Array> {
        const target = callback.getTarget();
        let client = this.clients.get(target);
        if (!client) {
            client = new CallbacksClient(target, grpc.credentials.createInsecure());
            this.clients.set(target, client);
        }
        const invocation = new CallbackInvokeRequest()
            .setToken(callback.getToken())
            .setRequest(request);
        return new Promise((resolve, reject) =>
            client.invoke(invocation, (error, response) =>
                error
                    ? reject(new Error(`a transform failed: ${error.details}`))
                    : resolve(response.getResponse_asU8()),
            ),
        );
    }
}

function optionsOf(request: rpc.RegisterResourceRequest): rpc.TransformResourceOptions {
    const options = new rpc.TransformResourceOptions()
        .setDependsOnList(request.getDependenciesList())
        .setIgnoreChangesList(request.getIgnorechangesList())
        .setReplaceOnChangesList(request.getReplaceonchangesList())
        .setVersion(request.getVersion())
        .setAliasesList(request.getAliasesList())
        .setProvider(request.getProvider())
        .setCustomTimeouts(request.getCustomtimeouts())
        .setPluginDownloadUrl(request.getPlugindownloadurl())
        .setDeletedWith(request.getDeletedwith())
        .setReplaceWithList(request.getReplaceWithList())
        .setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList())
        .setImport(request.getImportid())
        .setHooks(request.getHooks());
    if (request.hasProtect()) options.setProtect(request.getProtect() ?? false);
    if (request.hasRetainondelete())
        options.setRetainOnDelete(request.getRetainondelete() ?? false);
    if (request.getDeletebeforereplacedefined()) {
        options.setDeleteBeforeReplace(request.getDeletebeforereplace());
    }
    for (const [name, reference] of request.getProvidersMap().entries()) {
        options.getProvidersMap().set(name, reference);
    }
    return options;
}

function applyOptions(
    request: rpc.RegisterResourceRequest,
    options: rpc.TransformResourceOptions,
): void {
    request
        .setDependenciesList(options.getDependsOnList())
        .setIgnorechangesList(options.getIgnoreChangesList())
        .setReplaceonchangesList(options.getReplaceOnChangesList())
        .setVersion(options.getVersion())
        .setAliasesList(options.getAliasesList())
        .setProvider(options.getProvider())
        .setCustomtimeouts(options.getCustomTimeouts())
        .setPlugindownloadurl(options.getPluginDownloadUrl())
        .setDeletedwith(options.getDeletedWith())
        .setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList())
        .setImportid(options.getImport());
    if (options.hasProtect()) request.setProtect(options.getProtect() ?? false);
    if (options.hasRetainOnDelete())
        request.setRetainondelete(options.getRetainOnDelete() ?? false);
    if (options.hasDeleteBeforeReplace()) {
        request.setDeletebeforereplacedefined(true);
        request.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
    }
    request.getProvidersMap().clear();
    for (const [name, reference] of options.getProvidersMap().entries()) {
        request.getProvidersMap().set(name, reference);
    }
}
