import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { type CallResponse, CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { aliasesOf, refuseExists, timeoutsOf, unary } from "./calls";
import { messageOf } from "./errors";
import type { PolicyPacks } from "./packs";
import { completed, isCompleted, plausibleId, plausibleOutputs } from "./plausible";
import {
    isProviderType,
    makeUrn,
    packageOf,
    type ResourceState,
    STACK_TYPE,
    typeOf,
} from "./resources";
import type { ProviderSdks } from "./schema";
import { Transforms } from "./transforms";
import { type Properties, secret, type SecretMask, UNKNOWN } from "./values";

export type Severity = "info" | "warning" | "error" | "info#err";

/** A message about the run, of the program, its packs or the engine. */
export interface Diagnostic {
    severity: Severity;
    message: string;
    urn?: string;
}

/** The SDK's own bound on a message; a plan of thousands of resources passes through one. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

const FEATURES = [
    "SECRETS",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
    "STATE_MIGRATIONS",
] as const;

const LEGACY_FEATURES: Record<string, (typeof FEATURES)[number]> = {
    secrets: "SECRETS",
    aliasSpecs: "ALIAS_SPECS",
    deletedWith: "DELETED_WITH",
    replaceWith: "REPLACE_WITH",
    transforms: "TRANSFORMS",
    invokeTransforms: "INVOKE_TRANSFORMS",
    parameterization: "PARAMETERIZATION",
    resourceHooks: "RESOURCE_HOOKS",
    errorHooks: "ERROR_HOOKS",
};

export interface EngineOptions {
    project: string;
    stack: string;
    config: Record<string, string>;
    packs: PolicyPacks;
    sdks: ProviderSdks;
    mask: SecretMask;
    /** Whether outputs with known names get plausible values, as after an update. */
    up: boolean;
}

/** The resource monitor and the engine of one preview: everything is created, nothing is asked of a cloud. */
export class Engine {
    readonly resources = new Map<string, ResourceState>();
    readonly diagnostics: Diagnostic[] = [];
    /** Tokens of the functions that a program called and a preview cannot answer. */
    readonly unansweredCalls = new Set<string>();
    /** Whether the program ran to its end. */
    finished = false;
    private readonly transforms = new Transforms();
    private readonly packageNames = new Map<string, string>();
    private readonly warned = new Set<string>();
    private readonly analyses: Promise<void>[] = [];
    private readonly server = new grpc.Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    });

    constructor(private readonly options: EngineOptions) {}

    /** Serves the program at a unix socket. */
    async listen(socket: string): Promise<void> {
        this.server.addService(ResourceMonitorService, {
            getDeploymentInfo: unary(() => this.deploymentInfo()),
            supportsFeature: unary((request: rpc.SupportsFeatureRequest) =>
                new rpc.SupportsFeatureResponse().setHassupport(request.getId() in LEGACY_FEATURES),
            ),
            invoke: unary((request: rpc.ResourceInvokeRequest) => this.invoke(request)),
            call: unary((request: rpc.ResourceCallRequest) => this.call(request)),
            readResource: unary((request: rpc.ReadResourceRequest) => this.readResource(request)),
            existsResource: unary((request: rpc.ExistsResourceRequest) => refuseExists(request)),
            registerResource: unary((request: rpc.RegisterResourceRequest) =>
                this.register(request),
            ),
            registerResourceOutputs: unary((request: rpc.RegisterResourceOutputsRequest) =>
                this.registerOutputs(request),
            ),
            registerStackTransform: unary(this.transforms.addForStack),
            registerStackInvokeTransform: unary(this.transforms.addForInvokes),
            registerResourceHook: unary((request: rpc.RegisterResourceHookRequest) => {
                if (request.getOnDryRun()) {
                    this.warnOnce(
                        `Resource hook ${request.getName()} asks to run in previews; this preview runs no hooks.`,
                    );
                }
                return new Empty();
            }),
            registerErrorHook: unary(() => new Empty()),
            registerPackage: unary((request: rpc.RegisterPackageRequest) =>
                this.registerPackage(request),
            ),
            signalAndWaitForShutdown: unary(() => this.finish()),
        });
        let root = "";
        this.server.addService(EngineService, {
            log: unary((request: engine.LogRequest) => this.log(request)),
            getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
            setRootResource: unary((request: engine.SetRootResourceRequest) => {
                root = request.getUrn();
                return new engine.SetRootResourceResponse();
            }),
            requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
            startDebugging: unary(() => new Empty()),
        });
        await new Promise<void>((resolve, reject) =>
            this.server.bindAsync(
                `unix:${socket}`,
                grpc.ServerCredentials.createInsecure(),
                (error) => (error ? reject(error) : resolve()),
            ),
        );
    }

    /** Waits for the policies to have seen every resource. */
    async settle(): Promise<void> {
        await Promise.all(this.analyses);
    }

    close(): void {
        this.server.forceShutdown();
        this.transforms.close();
    }

    private deploymentInfo(): rpc.DeploymentInfo {
        const info = new rpc.DeploymentInfo()
            .setProject(this.options.project)
            .setStack(this.options.stack)
            .setOrganization("organization");
        info.setDryrun(true);
        info.setSupportedfeaturesList(
            FEATURES.map((name) => rpc.ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}`]),
        );
        return info;
    }

    private async register(
        request: rpc.RegisterResourceRequest,
    ): Promise<rpc.RegisterResourceResponse> {
        await this.transforms.apply(request, (urn) => this.resources.get(urn)?.parent);
        const { project, stack, packs } = this.options;
        const type = request.getType();
        const urn = makeUrn(stack, project, request.getParent(), type, request.getName());
        const object = request.getObject() ?? new Struct();
        const state = this.stateOf(request, urn, object);
        if (request.getRemote()) {
            this.warnOnce(
                `${type} is a component that its plugin builds; without plugins its children and outputs are unknown here.`,
            );
        }
        // Before a policy may take a secret out of the inputs.
        this.options.mask.learn(state.inputs);
        this.transforms.inherit(urn, request.getTransformsList());
        if (type !== STACK_TYPE && packs.count > 0) {
            const remediated = await packs.remediate(state);
            if (remediated) {
                state.wireInputs = remediated;
                state.inputs = remediated.toJavaScript() as Properties;
            }
        }
        state.outputs = this.outputsOf(state, request.getRemote());
        this.add(state);
        const response = new rpc.RegisterResourceResponse().setUrn(urn);
        if (state.id) response.setId(state.id);
        // The SDK takes every output that is missing for unknown: only what is known, secret or within a known one has to be told.
        const told =
            this.options.up || state.additionalSecretOutputs.length > 0 || isCompleted(state.type)
                ? Struct.fromJavaScript(state.outputs)
                : state.wireInputs;
        return response.setObject(told);
    }

    private stateOf(
        request: rpc.RegisterResourceRequest,
        urn: string,
        object: Struct,
    ): ResourceState {
        const parent = request.getParent();
        return {
            op: "create",
            urn,
            type: request.getType(),
            name: request.getName(),
            custom: request.getCustom(),
            parent,
            inputs: object.toJavaScript() as Properties,
            wireInputs: object,
            outputs: {},
            provider: request.getCustom() ? this.providerOf(request) : "",
            protect: request.getProtect() ?? false,
            dependencies: request.getDependenciesList(),
            propertyDependencies: Object.fromEntries(
                [...request.getPropertydependenciesMap().entries()].map(
                    ([property, urns]: [
                        string,
                        rpc.RegisterResourceRequest.PropertyDependencies,
                    ]) => [property, urns.getUrnsList()],
                ),
            ),
            aliases: aliasesOf(request, this.options),
            ignoreChanges: request.getIgnorechangesList(),
            replaceOnChanges: request.getReplaceonchangesList(),
            additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            ...(request.getDeletebeforereplacedefined()
                ? { deleteBeforeReplace: request.getDeletebeforereplace() }
                : {}),
            retainOnDelete: request.getRetainondelete() ?? false,
            deletedWith: request.getDeletedwith(),
            importId: request.getImportid(),
            customTimeouts: timeoutsOf(request),
        };
    }

    private providerOf(request: {
        getProvider(): string;
        getType(): string;
        getVersion(): string;
        getPackageref(): string;
    }): string {
        const type = request.getType();
        if (request.getProvider() || isProviderType(type) || packageOf(type) === "pulumi") {
            return request.getProvider();
        }
        const name = this.packageNames.get(request.getPackageref()) ?? packageOf(type);
        const version = request.getVersion().replace(/[.+-]/g, "_");
        const { stack, project } = this.options;
        const id = version ? `default_${version}` : "default";
        return `${makeUrn(stack, project, "", `pulumi:providers:${name}`, id)}::${UNKNOWN}`;
    }

    /** What the program reads back: its inputs, and what is or would be known of the computed outputs. */
    private outputsOf(state: ResourceState, remote: boolean): Properties {
        const outputs: Properties = { ...state.inputs };
        if (state.custom) {
            const computed = this.options.sdks
                .outputsOf(state.type)
                .filter(({ name }) => !(name in outputs));
            if (this.options.up && state.op === "create") {
                state.id = state.importId || plausibleId(state);
                Object.assign(outputs, plausibleOutputs(state, computed));
            }
            Object.assign(outputs, completed(state, this.options.up));
            for (const { name } of computed) outputs[name] ??= UNKNOWN;
        } else if (remote) {
            for (const { name } of this.options.sdks.outputsOf(state.type))
                outputs[name] ??= UNKNOWN;
        }
        for (const name of state.additionalSecretOutputs) {
            // A provider only echoes its inputs; any other resource may compute the output.
            if (isProviderType(state.type) && !(name in outputs)) continue;
            outputs[name] = secret(outputs[name] ?? UNKNOWN);
        }
        return outputs;
    }

    private add(state: ResourceState): void {
        this.options.mask.learn(state.outputs);
        if (this.resources.has(state.urn)) {
            this.diagnostics.push({
                severity: "error",
                message:
                    `Duplicate resource URN ${state.urn}: two resources of type ${state.type} are named ` +
                    `${state.name} under the same parent; give one of them another name.`,
                urn: state.urn,
            });
            return;
        }
        this.resources.set(state.urn, state);
        this.track(this.options.packs.analyze(state, this.resources));
    }

    private async readResource(
        request: rpc.ReadResourceRequest,
    ): Promise<rpc.ReadResourceResponse> {
        const { stack, project } = this.options;
        const urn = makeUrn(
            stack,
            project,
            request.getParent(),
            request.getType(),
            request.getName(),
        );
        const object = request.getProperties() ?? new Struct();
        const state: ResourceState = {
            op: "read",
            urn,
            type: request.getType(),
            name: request.getName(),
            custom: true,
            id: request.getId(),
            parent: request.getParent(),
            inputs: object.toJavaScript() as Properties,
            wireInputs: object,
            outputs: {},
            provider: this.providerOf(request),
            protect: false,
            dependencies: request.getDependenciesList(),
            propertyDependencies: {},
            aliases: [],
            ignoreChanges: [],
            replaceOnChanges: [],
            additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            retainOnDelete: false,
            deletedWith: "",
            importId: "",
            customTimeouts: {},
        };
        state.outputs = this.outputsOf(state, false);
        this.add(state);
        return new rpc.ReadResourceResponse()
            .setUrn(urn)
            .setProperties(Struct.fromJavaScript(state.outputs));
    }

    private registerOutputs(request: rpc.RegisterResourceOutputsRequest): Empty {
        const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Properties;
        this.options.mask.learn(outputs);
        const state = this.resources.get(request.getUrn());
        if (state) state.outputs = outputs;
        return new Empty();
    }

    private async invoke(request: rpc.ResourceInvokeRequest): Promise<rpc.ResourceInvokeResponse> {
        await this.transforms.applyToInvoke(request);
        const token = request.getTok();
        const response = new rpc.ResourceInvokeResponse();
        const args = (request.getArgs()?.toJavaScript() ?? {}) as Properties;
        if (token === "pulumi:pulumi:getResource") {
            const state = this.resources.get(String(args["urn"]));
            if (!state) {
                const reason = `no resource of this program has the URN ${String(args["urn"])}`;
                return response.setFailuresList([
                    new CheckFailure().setProperty("urn").setReason(reason),
                ]);
            }
            const { urn, id = "" } = state;
            return response.setReturn(Struct.fromJavaScript({ urn, id, state: state.outputs }));
        }
        this.unansweredCalls.add(token);
        const fields = this.options.sdks.resultOf(token);
        if (!fields) {
            response.setUnknown(true);
            return response;
        }
        const result = Object.fromEntries(fields.map((field) => [field, args[field] ?? UNKNOWN]));
        return response.setReturn(Struct.fromJavaScript(result));
    }

    private call(request: rpc.ResourceCallRequest): CallResponse {
        const token = request.getTok();
        this.unansweredCalls.add(token);
        throw new Error(
            `${token} is a method that its provider plugin runs, which a preview without plugins cannot do.`,
        );
    }

    private registerPackage(request: rpc.RegisterPackageRequest): rpc.RegisterPackageResponse {
        const name = request.getParameterization()?.getName() || request.getName();
        const reference = `${name}@${request.getVersion()}`;
        this.packageNames.set(reference, name);
        return new rpc.RegisterPackageResponse().setRef(reference);
    }

    private finish(): Empty {
        this.finished = true;
        // Stack policies start now, while the program's process is still winding down.
        if (!this.diagnostics.some(({ severity }) => severity === "error")) {
            this.track(this.options.packs.analyzeStack(this.resources));
        }
        return new Empty();
    }

    private log(request: engine.LogRequest): Empty {
        const severities = {
            [engine.LogSeverity.DEBUG]: undefined,
            [engine.LogSeverity.INFO]: "info",
            [engine.LogSeverity.WARNING]: "warning",
            [engine.LogSeverity.ERROR]: "error",
        } as const;
        const severity = severities[request.getSeverity()];
        if (severity && !request.getEphemeral()) {
            const urn = request.getUrn();
            this.diagnostics.push({
                severity,
                message: request.getMessage(),
                ...(urn && typeOf(urn) !== STACK_TYPE ? { urn } : {}),
            });
        }
        return new Empty();
    }

    /** Keeps an analysis for settle(); a policy that throws is an error of the run, told once. */
    private track(analysis: Promise<void>): void {
        this.analyses.push(
            analysis.catch((error: unknown) => {
                const message = messageOf(error);
                if (!this.diagnostics.some((known) => known.message === message)) {
                    this.diagnostics.push({ severity: "error", message });
                }
            }),
        );
    }

    private warnOnce(message: string): void {
        if (this.warned.has(message)) return;
        this.warned.add(message);
        this.diagnostics.push({ severity: "warning", message });
    }
}
