import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { changes, markReplacing, type PropertyChange } from "./diff";
import type { EngineLog } from "./engine-log";
import { disclaimer, noFunctions, noRow } from "./messages";
import type { Autonaming, DiffArgs, Model } from "./model";
import { formatPath } from "./paths";
import { fromStruct, plainObject, toStruct, type JsonObject } from "./wire";
import type { World } from "./world";

type Handler<Req, Res> = (request: Req) => Res | Promise<Res>;

class StatusError extends Error {
    constructor(
        readonly code: grpc.status,
        message: string,
    ) {
        super(message);
    }
}

function unary<Req, Res>(handler: Handler<Req, Res>): grpc.handleUnaryCall<Req, Res> {
    return (call, callback) => {
        Promise.resolve()
            .then(() => handler(call.request))
            .then(
                (response) => callback(null, response),
                (error: unknown) =>
                    callback({
                        code: error instanceof StatusError ? error.code : grpc.status.UNKNOWN,
                        details: error instanceof Error ? error.message : String(error),
                    }),
            );
    };
}

/** The type and the logical name; older engines send only the URN. */
function identity(request: { getUrn(): string; getType(): string; getName(): string }) {
    const [, , qualified = "", ...name] = request.getUrn().split("::");
    return {
        type: request.getType() || (qualified.split("$").at(-1) ?? ""),
        name: request.getName() || name.join("::"),
    };
}

function autonaming(request: pb.CheckRequest): Autonaming | undefined {
    const options = request.getAutonaming();
    if (!options) return undefined;
    const modes = ["propose", "enforce", "disable"] as const;
    return { mode: modes[options.getMode()] ?? "propose", name: options.getProposedName() };
}

const KINDS = {
    add: [pb.PropertyDiff.Kind.ADD, pb.PropertyDiff.Kind.ADD_REPLACE],
    delete: [pb.PropertyDiff.Kind.DELETE, pb.PropertyDiff.Kind.DELETE_REPLACE],
    update: [pb.PropertyDiff.Kind.UPDATE, pb.PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

function diffResponse(found: PropertyChange[], deleteBeforeReplace: boolean): pb.DiffResponse {
    const response = new pb.DiffResponse();
    const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
    response.setChanges(found.length ? DIFF_SOME : DIFF_NONE);
    const top = (list: PropertyChange[]) => [...new Set(list.map((c) => String(c.path[0])))];
    response.setDiffsList(top(found));
    response.setReplacesList(top(found.filter((c) => c.replace)));
    response.setDeletebeforereplace(deleteBeforeReplace);
    for (const change of found) {
        const detail = new pb.PropertyDiff();
        detail.setKind(KINDS[change.kind][change.replace ? 1 : 0]);
        detail.setInputdiff(true);
        response.getDetaileddiffMap().set(formatPath(change.path), detail);
    }
    response.setHasdetaileddiff(true);
    return response;
}

/** The ResourceProvider service for one model and one world. */
export function resourceProvider(model: Model, world: World, log: EngineLog) {
    const unknownTypes = new Set<string>();
    function noteType(type: string): void {
        if (model.knows(type) || unknownTypes.has(type)) return;
        unknownTypes.add(type);
        world.record({ op: "note", urn: "", id: "", message: noRow(model.name, type) });
        log.warning(noRow(model.name, type));
    }

    function check(request: pb.CheckRequest): pb.CheckResponse {
        const { type, name } = identity(request);
        noteType(type);
        const { inputs, failures } = model.check({
            type,
            name,
            olds: fromStruct(request.getOlds()),
            news: fromStruct(request.getNews()),
            seed: request.getRandomseed_asU8(),
            autonaming: autonaming(request),
        });
        const response = new pb.CheckResponse();
        response.setInputs(toStruct(inputs));
        response.setFailuresList(
            failures.map((f) => {
                const failure = new pb.CheckFailure();
                failure.setProperty(f.property);
                failure.setReason(f.reason);
                return failure;
            }),
        );
        return response;
    }

    function diff(request: pb.DiffRequest): pb.DiffResponse {
        const { type } = identity(request);
        // Engines from before old inputs were sent have only the old outputs.
        const before = fromStruct(
            request.hasOldInputs() ? request.getOldInputs() : request.getOlds(),
        );
        const after = fromStruct(request.getNews());
        const found = changes(before, after, request.getIgnorechangesList());
        const args: DiffArgs = {
            type,
            before: plainObject(before),
            after: plainObject(after),
            found,
        };
        const marked = markReplacing(found, model.replacing(args));
        const replaces = marked.some((change) => change.replace);
        return diffResponse(
            marked,
            replaces && model.deleteBeforeReplace({ ...args, found: marked }),
        );
    }

    function diffConfig(request: pb.DiffRequest): pb.DiffResponse {
        const before = fromStruct(
            request.hasOldInputs() ? request.getOldInputs() : request.getOlds(),
        );
        const after = fromStruct(request.getNews());
        const found = changes(before, after, request.getIgnorechangesList());
        const replaces = model.configReplaces(plainObject(before), plainObject(after));
        return diffResponse(markReplacing(found, replaces), false);
    }

    function create(request: pb.CreateRequest): pb.CreateResponse {
        const args = { ...identity(request), inputs: fromStruct(request.getProperties()) };
        const response = new pb.CreateResponse();
        if (request.getPreview()) {
            response.setProperties(toStruct(model.previewCreate(args)));
            return response;
        }
        const { id, state, claim } = model.create(args);
        if (model.hasWorld) {
            world.create({ urn: request.getUrn(), type: args.type, id, state }, claim);
        }
        response.setId(id);
        response.setProperties(toStruct(state));
        return response;
    }

    function update(request: pb.UpdateRequest): pb.UpdateResponse {
        const { type, name } = identity(request);
        const id = request.getId();
        const preview = request.getPreview();
        const thing =
            model.hasWorld && !preview ? world.get(request.getUrn(), type, id) : undefined;
        if (model.hasWorld && !preview && !thing) {
            throw new StatusError(
                grpc.status.NOT_FOUND,
                `${type} ${id} is gone from the simulated cloud: refresh first.`,
            );
        }
        const olds = fromStruct(request.getOlds());
        const oldInputs = request.hasOldInputs() ? fromStruct(request.getOldInputs()) : olds;
        const inputs = fromStruct(request.getNews());
        const args = {
            type,
            name,
            id,
            inputs,
            oldInputs,
            state: thing?.state ?? olds,
            found: changes(oldInputs, inputs, request.getIgnorechangesList()),
        };
        const state = preview ? model.previewUpdate(args) : model.update(args);
        if (thing) world.put("update", { ...thing, urn: request.getUrn(), state }, thing);
        const response = new pb.UpdateResponse();
        response.setProperties(toStruct(state));
        return response;
    }

    function read(request: pb.ReadRequest): pb.ReadResponse {
        const { type } = identity(request);
        const id = request.getId();
        const inputs = fromStruct(request.getInputs());
        const response = new pb.ReadResponse();
        const state = model.hasWorld
            ? world.get(request.getUrn(), type, id)?.state
            : fromStruct(request.getProperties());
        if (!state) return response; // An empty id tells the engine that it is gone.
        response.setId(id);
        response.setProperties(toStruct(state));
        response.setInputs(toStruct(model.inputsOf(type, state, inputs)));
        return response;
    }

    function remove(request: pb.DeleteRequest): Empty {
        if (model.hasWorld) {
            world.remove(request.getUrn(), identity(request).type, request.getId());
        }
        return new Empty();
    }

    const implementation: Partial<IResourceProviderServer> = {
        handshake: unary((request: pb.ProviderHandshakeRequest) => {
            log.connect(request.getEngineAddress());
            const response = new pb.ProviderHandshakeResponse();
            response.setAcceptSecrets(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        attach: unary((request: { getAddress(): string }) => {
            log.connect(request.getAddress());
            return new Empty();
        }),
        getPluginInfo: unary(() => {
            const info = new PluginInfo();
            info.setVersion(model.version);
            return info;
        }),
        getSchema: unary(() => {
            const response = new pb.GetSchemaResponse();
            response.setSchema(JSON.stringify({ name: model.name, version: model.version }));
            return response;
        }),
        checkConfig: unary((request: pb.CheckRequest) => {
            const response = new pb.CheckResponse();
            response.setInputs(request.getNews());
            return response;
        }),
        diffConfig: unary(diffConfig),
        configure: unary(async (request: pb.ConfigureRequest) => {
            const given = fromStruct(request.getArgs());
            const variables: JsonObject = {};
            for (const [key, value] of request.getVariablesMap().entries() as Iterable<
                [string, string]
            >) {
                variables[key.split(":").at(-1) ?? key] = value;
            }
            model.configure(plainObject({ ...variables, ...given }));
            await log.info(disclaimer(model.name));
            const response = new pb.ConfigureResponse();
            response.setAcceptsecrets(true);
            response.setSupportspreview(true);
            response.setSupportsAutonamingConfiguration(true);
            return response;
        }),
        check: unary(check),
        diff: unary(diff),
        create: unary(create),
        read: unary(read),
        update: unary(update),
        delete: unary(remove),
        invoke: unary((request: pb.InvokeRequest): pb.InvokeResponse => {
            throw new StatusError(
                grpc.status.UNIMPLEMENTED,
                noFunctions(model.name, request.getTok()),
            );
        }),
        call: unary((request: pb.CallRequest): pb.CallResponse => {
            throw new StatusError(
                grpc.status.UNIMPLEMENTED,
                noFunctions(model.name, request.getTok()),
            );
        }),
        // Every operation here is over at once: there is nothing to abort.
        cancel: unary(() => new Empty()),
    };
    return implementation as IResourceProviderServer;
}
