import * as grpc from "@grpc/grpc-js";
import { type AnalyzerClient, AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/analyzer_pb";
import { BinaryReader } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { InputError } from "./errors";
import {
    checkPolicyNames,
    configurePolicies,
    type Level,
    levelName,
    LEVELS,
    type PolicyConfigFile,
} from "./policy-config";
import type { RunningPack } from "./pack-process";
import { packageOf, type ResourceState, STACK_TYPE } from "./resources";

/** A policy that a resource, or the stack as a whole, does not keep. */
export interface Violation {
    pack: string;
    packVersion: string;
    policy: string;
    level: Level;
    severity?: string;
    /** The resource; the stack's URN when a stack policy named none. */
    urn: string;
    message: string;
    description: string;
    /** What to do about it, as the policy says. */
    remedy?: string;
    url?: string;
}

/** A change that a policy made to a resource's inputs. */
export interface Remediation {
    pack: string;
    policy: string;
    urn: string;
    description: string;
}

/** A pack as it ran. */
export interface PackSummary {
    name: string;
    version: string;
    /** Policies that were switched on. */
    policies: number;
}

const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** The policy packs of one preview, each its own process. */
export class PolicyPacks {
    readonly violations: Violation[] = [];
    readonly remediations: Remediation[] = [];
    private readonly packs: Promise<ConnectedPack>[];

    constructor(
        packs: RunningPack[],
        private readonly config: PolicyConfigFile,
        private readonly stack: { name: string; project: string; config: Record<string, string> },
    ) {
        this.packs = packs.map((pack) => ConnectedPack.connect(pack, config, stack));
        // Nobody may be waiting yet when a pack fails; ready() reports it.
        for (const pack of this.packs) pack.catch(() => undefined);
    }

    get count(): number {
        return this.packs.length;
    }

    /** Waits until every pack is configured. @throws InputError for a bad policy configuration. */
    async ready(): Promise<PackSummary[]> {
        const packs = await Promise.all(this.packs);
        checkPolicyNames(this.config, new Set(packs.flatMap((pack) => [...pack.policies.keys()])));
        return packs.map((pack) => pack.summary);
    }

    /** Lets policies change a resource's inputs; the new inputs, when one did. */
    async remediate(state: ResourceState): Promise<Struct | undefined> {
        let inputs: Struct | undefined;
        for (const pack of await Promise.all(this.packs)) {
            if (!pack.remediates) continue;
            const request = analyzeRequest({ ...state, wireInputs: inputs ?? state.wireInputs });
            for (const remediation of (await pack.remediate(request)).getRemediationsList()) {
                if (remediation.getDiagnostic()) {
                    throw new Error(
                        `Policy ${remediation.getPolicyname()} failed to remediate: ${remediation.getDiagnostic()}`,
                    );
                }
                const changed = remediation.getProperties();
                if (!changed) continue;
                inputs = changed;
                this.remediations.push({
                    urn: state.urn,
                    policy: remediation.getPolicyname(),
                    pack: remediation.getPolicypackname(),
                    description: remediation.getDescription(),
                });
            }
        }
        return inputs;
    }

    /** Runs the resource policies over one resource's inputs. */
    async analyze(
        state: ResourceState,
        resources: ReadonlyMap<string, ResourceState>,
    ): Promise<void> {
        if (this.packs.length === 0) return;
        const request = analyzeRequest(state, providerOf(state, resources, this.stack.config));
        for (const pack of await Promise.all(this.packs)) {
            this.collect(pack, await pack.analyze(request), state.urn);
        }
    }

    /** Runs the stack policies over all resources' outputs. */
    async analyzeStack(resources: ReadonlyMap<string, ResourceState>): Promise<void> {
        if (this.packs.length === 0) return;
        const states = [...resources.values()];
        const stackUrn = states.find(({ type }) => type === STACK_TYPE)?.urn ?? "";
        const list = states.map((state) =>
            analyzerResource(state, providerOf(state, resources, this.stack.config)),
        );
        const request = new rpc.AnalyzeStackRequest().setResourcesList(list);
        for (const pack of await Promise.all(this.packs)) {
            this.collect(pack, await pack.analyzeStack(request), stackUrn);
        }
    }

    close(): void {
        for (const pack of this.packs) {
            pack.then(
                (connected) => connected.close(),
                () => undefined,
            );
        }
    }

    private collect(pack: ConnectedPack, response: rpc.AnalyzeResponse, urn: string): void {
        for (const diagnostic of response.getDiagnosticsList()) {
            const policy = diagnostic.getPolicyname();
            const info = pack.policies.get(policy);
            const remedy = info?.getRemediationSteps();
            const severity = nameOfSeverity(diagnostic.getSeverity() || info?.getSeverity() || 0);
            const url = info?.getUrl();
            this.violations.push({
                pack: diagnostic.getPolicypackname(),
                packVersion: diagnostic.getPolicypackversion(),
                policy,
                level: levelName(diagnostic.getEnforcementlevel()),
                ...(severity ? { severity } : {}),
                urn: diagnostic.getUrn() || urn,
                message: diagnostic.getMessage(),
                description: diagnostic.getDescription(),
                ...(remedy ? { remedy } : {}),
                ...(url ? { url } : {}),
            });
        }
    }
}

/** The field of AnalyzeResponse that names the policies which did not apply: most of them, for every resource. */
const NOT_APPLICABLE_FIELD = 3;

/** Decodes what policies found, without what did not apply, which nobody reads and which is most of an answer. */
function decodeFindings(bytes: Uint8Array): rpc.AnalyzeResponse {
    const response = new rpc.AnalyzeResponse();
    const reader = new BinaryReader(bytes);
    while (reader.nextField()) {
        if (reader.getFieldNumber() === NOT_APPLICABLE_FIELD) {
            reader.skipField();
        } else {
            const diagnostic = new rpc.AnalyzeDiagnostic();
            reader.readMessage(diagnostic, rpc.AnalyzeDiagnostic.deserializeBinaryFromReader);
            response.addDiagnostics(diagnostic);
        }
    }
    return response;
}

const Client = grpc.makeGenericClientConstructor(
    {
        ...AnalyzerService,
        analyze: { ...AnalyzerService.analyze, responseDeserialize: decodeFindings },
        analyzeStack: { ...AnalyzerService.analyzeStack, responseDeserialize: decodeFindings },
    },
    "Analyzer",
) as unknown as typeof AnalyzerClient;

/** A pack that answers and has its configuration. */
class ConnectedPack {
    private constructor(
        private readonly client: AnalyzerClient,
        readonly summary: PackSummary,
        readonly policies: ReadonlyMap<string, rpc.PolicyInfo>,
        /** Whether some policy may change resources. */
        readonly remediates: boolean,
    ) {}

    static async connect(
        pack: RunningPack,
        file: PolicyConfigFile,
        stack: { name: string; project: string; config: Record<string, string> },
    ): Promise<ConnectedPack> {
        const client = new Client(
            `127.0.0.1:${await pack.port}`,
            grpc.credentials.createInsecure(),
            {
                "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
                "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
            },
        );
        const info = await call<rpc.AnalyzerInfo>((done) =>
            client.getAnalyzerInfo(new Empty(), done),
        );
        const policies = new Map(
            info.getPoliciesList().map((policy) => [policy.getName(), policy]),
        );
        const settings = await configurePolicies(info, file);
        const configured = [...settings.values()];
        const enabled = configured.filter(({ level }) => level !== "disabled").length;
        if (enabled === 0) {
            throw new InputError(
                policies.size === 0
                    ? `The policy pack in ${pack.directory} declares no policy: is it built?`
                    : `The policy configuration disables every policy of ${info.getName()}: nothing would be checked.`,
            );
        }
        const stackRequest = new rpc.AnalyzerStackConfigureRequest()
            .setStack(stack.name)
            .setProject(stack.project)
            .setOrganization("organization")
            .setDryRun(true);
        // Older packs do not know this call; tags are all that it carries for policies.
        await call((done) => client.configureStack(stackRequest, done)).catch(() => undefined);
        const request = new rpc.ConfigureAnalyzerRequest();
        for (const [name, { level, properties }] of settings) {
            request
                .getPolicyconfigMap()
                .set(
                    name,
                    new rpc.PolicyConfig()
                        .setEnforcementlevel(LEVELS[level])
                        .setProperties(Struct.fromJavaScript(properties)),
                );
        }
        await call((done) => client.configure(request, done));
        const remediates = configured.some(({ level }) => level === "remediate");
        return new ConnectedPack(
            client,
            { name: info.getName(), version: info.getVersion(), policies: enabled },
            policies,
            remediates,
        );
    }

    analyze(request: rpc.AnalyzeRequest): Promise<rpc.AnalyzeResponse> {
        return call((done) => this.client.analyze(request, done));
    }

    analyzeStack(request: rpc.AnalyzeStackRequest): Promise<rpc.AnalyzeResponse> {
        return call((done) => this.client.analyzeStack(request, done));
    }

    remediate(request: rpc.AnalyzeRequest): Promise<rpc.RemediateResponse> {
        return call((done) => this.client.remediate(request, done));
    }

    close(): void {
        this.client.close();
    }
}

function nameOfSeverity(severity: rpc.PolicySeverity): string | undefined {
    return ["", "low", "medium", "high", "critical"][severity] || undefined;
}

function call<Response>(
    start: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
    return new Promise((resolve, reject) =>
        start((error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
    );
}

function optionsOf(state: ResourceState): rpc.AnalyzerResourceOptions {
    const options = new rpc.AnalyzerResourceOptions()
        .setProtect(state.protect)
        .setIgnorechangesList(state.ignoreChanges)
        .setDeletebeforereplace(state.deleteBeforeReplace ?? false)
        .setDeletebeforereplacedefined(state.deleteBeforeReplace !== undefined)
        .setAdditionalsecretoutputsList(state.additionalSecretOutputs)
        .setAliasesList(state.aliases)
        .setParent(state.parent);
    const { create = "", update = "", delete: remove = "" } = state.customTimeouts;
    return options.setCustomtimeouts(
        new rpc.AnalyzerResourceOptions.CustomTimeouts()
            .setCreate(secondsOf(create))
            .setUpdate(secondsOf(update))
            .setDelete(secondsOf(remove)),
    );
}

const SECONDS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a duration written as `1h30m`. */
function secondsOf(duration: string): number {
    const parts = [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (SECONDS[unit!] ?? 0), 0);
}

function analyzeRequest(
    state: ResourceState,
    provider?: rpc.AnalyzerProviderResource,
): rpc.AnalyzeRequest {
    return new rpc.AnalyzeRequest()
        .setType(state.type)
        .setName(state.name)
        .setUrn(state.urn)
        .setProperties(state.wireInputs)
        .setOptions(optionsOf(state))
        .setProvider(provider);
}

function analyzerResource(
    state: ResourceState,
    provider?: rpc.AnalyzerProviderResource,
): rpc.AnalyzerResource {
    const resource = new rpc.AnalyzerResource()
        .setType(state.type)
        .setName(state.name)
        .setUrn(state.urn)
        .setProperties(Struct.fromJavaScript(state.outputs))
        .setOptions(optionsOf(state))
        .setProvider(provider)
        .setParent(state.parent)
        .setDependenciesList(state.dependencies);
    for (const [property, urns] of Object.entries(state.propertyDependencies)) {
        resource
            .getPropertydependenciesMap()
            .set(property, new rpc.AnalyzerPropertyDependencies().setUrnsList(urns));
    }
    return resource;
}

function providerOf(
    state: ResourceState,
    resources: ReadonlyMap<string, ResourceState>,
    config: Record<string, string>,
): rpc.AnalyzerProviderResource | undefined {
    if (!state.provider) return undefined;
    const urn = state.provider.split("::").slice(0, -1).join("::");
    const explicit = resources.get(urn);
    const name = packageOf(state.type);
    const fromConfig = Object.entries(config)
        .filter(([key]) => key.startsWith(`${name}:`))
        .map(([key, value]) => [key.slice(name.length + 1), value]);
    return new rpc.AnalyzerProviderResource()
        .setType(explicit?.type ?? `pulumi:providers:${name}`)
        .setName(explicit?.name ?? "default")
        .setUrn(urn)
        .setProperties(Struct.fromJavaScript(explicit?.inputs ?? Object.fromEntries(fromConfig)));
}
