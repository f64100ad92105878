import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromStruct, toStruct, type JsonObject } from "../../standin/wire";
import type { Resource } from "./state";

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
const FEATURES = [
    rpc.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
    rpc.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    rpc.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
];

/** What the program asks of the engine. */
export interface Registrar {
    readonly project: string;
    readonly stack: string;
    readonly preview: boolean;
    register(request: rpc.RegisterResourceRequest): Promise<Resource>;
    outputs(urn: string, outputs: JsonObject): void;
    log(severity: string, message: string): void;
}

function unary<Req, Res>(handler: (request: Req) => Res | Promise<Res>) {
    return (call: { request: Req }, done: grpc.sendUnaryData<Res>) => {
        Promise.resolve()
            .then(() => handler(call.request))
            .then(
                (response) => done(null, response),
                (error: unknown) =>
                    done({
                        code: grpc.status.UNKNOWN,
                        details: error instanceof Error ? error.message : String(error),
                    }),
            );
    };
}

/** The resource monitor and the engine service of one run of a program, on a loopback port. */
export async function serveMonitor(registrar: Registrar) {
    const server = new grpc.Server({ "grpc.max_receive_message_length": MAX_MESSAGE_BYTES });
    server.addService(ResourceMonitorService, {
        getDeploymentInfo: unary(() => {
            const info = new rpc.DeploymentInfo();
            info.setProject(registrar.project);
            info.setStack(registrar.stack);
            info.setOrganization("organization");
            info.setDryrun(registrar.preview);
            info.setSupportedfeaturesList(FEATURES);
            return info;
        }),
        registerResource: unary(async (request: rpc.RegisterResourceRequest) => {
            const resource = await registrar.register(request);
            const response = new rpc.RegisterResourceResponse();
            response.setUrn(resource.urn);
            response.setId(resource.id);
            response.setObject(toStruct(resource.outputs));
            return response;
        }),
        registerResourceOutputs: unary((request: rpc.RegisterResourceOutputsRequest) => {
            registrar.outputs(request.getUrn(), fromStruct(request.getOutputs()));
            return new Empty();
        }),
        invoke: unary((request: rpc.ResourceInvokeRequest): never => {
            throw new Error(`No function is answered here, and ${request.getTok()} was called.`);
        }),
        signalAndWaitForShutdown: unary(() => new Empty()),
    });
    let root = "";
    const severities = ["debug", "info", "warning", "error"];
    server.addService(EngineService, {
        log: unary((request: engine.LogRequest) => {
            registrar.log(severities[request.getSeverity()] ?? "info", request.getMessage());
            return new Empty();
        }),
        getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
        setRootResource: unary((request: engine.SetRootResourceRequest) => {
            root = request.getUrn();
            return new engine.SetRootResourceResponse();
        }),
        requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
    });
    const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        ),
    );
    return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
