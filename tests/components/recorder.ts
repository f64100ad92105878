/**
 * Runs a piece of a Pulumi program under mocks and records the graph it registers: inputs, and what the mocks of the SDK
 * do not show (parent, protect, ignoreChanges, aliases, dependencies, version), by wrapping the monitor's registerResource.
 * It does not prove that a provider accepts the inputs, and stack transforms do not run under mocks.
 */
import * as pulumi from "@pulumi/pulumi";
import type * as resproto from "@pulumi/pulumi/proto/resource_pb";
import { mockOutputs } from "./mock-outputs";

export type Values = Record<string, unknown>;

export interface RecordedOptions {
    readonly protect: boolean;
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    /** Alias URNs, or names where the alias is a specification. */
    readonly aliases: readonly string[];
    /** URNs of what it depends on: through `dependsOn` and through its inputs. */
    readonly dependencies: readonly string[];
    /** URNs an input depends on, by input. */
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    readonly deleteBeforeReplace: boolean;
    readonly retainOnDelete: boolean;
    readonly provider: string;
    readonly version: string;
    readonly importId: string;
}

export interface Recorded {
    readonly type: string;
    readonly name: string;
    readonly urn: string;
    /** URN of the parent; "" where there is none. */
    readonly parent: string;
    /** False for a component. */
    readonly custom: boolean;
    /** As the provider would get them, secrets unwrapped; `pulumi.isUnknown` finds unknown ones. */
    readonly inputs: Values;
    /** Keys of the inputs that travelled as secrets. */
    readonly secretInputs: readonly string[];
    /** What a component registered as its outputs, secrets unwrapped; undefined where it registered nothing. */
    registeredOutputs?: Values;
    readonly opts: RecordedOptions;
}

export interface RecordOptions {
    /** Run as a preview: outputs that a cloud computes, ids among them, are unknown. */
    readonly preview?: boolean;
    /** Outputs to add to those of mock-outputs.ts. */
    readonly outputs?: (type: string, name: string, inputs: Values) => Values;
}

export class Recording<T> {
    constructor(
        readonly resources: readonly Recorded[],
        /** What the program returned, outputs resolved; `pulumi.isUnknown` finds unknown ones. */
        readonly outputs: pulumi.Unwrap<T>,
    ) {}

    /** Every resource of a type, in the order of registration. */
    of(type: string): Recorded[] {
        return this.resources.filter((r) => r.type === type);
    }

    /** The one resource of a type, or the one of this logical name; throws where there is none or several. */
    one(type: string, name?: string): Recorded {
        const found = this.of(type).filter((r) => name === undefined || r.name === name);
        if (found.length !== 1) {
            const names = this.of(type).map((r) => r.name);
            throw new Error(
                `${found.length} of ${type} ${name ?? ""}; there are: ${names.join(", ")}`,
            );
        }
        return found[0]!;
    }
}

/** Runs `program` under mocks and returns what it registered and what it returned. */
export async function record<T>(
    program: () => T | Promise<T>,
    options: RecordOptions = {},
): Promise<Recording<Awaited<T>>> {
    await pulumi.runtime.setMocks(
        {
            call: () => ({}),
            newResource: ({ type, name, inputs }) => ({
                id: options.preview ? "" : `${name}-id`,
                state: options.preview
                    ? inputs
                    : {
                          ...mockOutputs(type, name, inputs),
                          ...inputs,
                          ...options.outputs?.(type, name, inputs),
                      },
            }),
        },
        "logcaster",
        "test",
        options.preview ?? false,
    );
    const resources = watch(pulumi.runtime.getMonitor() as unknown as Monitor);
    let returned: T;
    let outputs: unknown;
    try {
        returned = await program();
        outputs = await resolve(returned);
    } finally {
        await pulumi.runtime.disconnect();
    }
    const urns = resources.map((r) => r.urn);
    const twice = urns.filter((urn, i) => urns.indexOf(urn) !== i);
    if (twice.length > 0) throw new Error(`registered twice: ${twice.join(", ")}`);
    return new Recording(resources, outputs as pulumi.Unwrap<Awaited<T>>);
}

/** The value of an output, or of a structure with outputs in it. */
export function resolve<T>(value: T): Promise<pulumi.Unwrap<T>> {
    // The promise of an output is not in its public type; `apply` would not run on an unknown.
    const all = pulumi.output(value) as unknown as {
        promise(withUnknowns: boolean): Promise<pulumi.Unwrap<T>>;
    };
    return all.promise(true);
}

type Callback<R> = (error: unknown, response: R) => void;
interface Monitor {
    registerResource(
        request: resproto.RegisterResourceRequest,
        callback: Callback<resproto.RegisterResourceResponse>,
    ): unknown;
    registerResourceOutputs(
        request: resproto.RegisterResourceOutputsRequest,
        callback: Callback<unknown>,
    ): unknown;
}

function watch(monitor: Monitor): Recorded[] {
    const resources: Recorded[] = [];
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) =>
        register(request, (error, response) => {
            if (!error) resources.push(recorded(request, response.getUrn()));
            callback(error, response);
        });
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
        const resource = resources.find((r) => r.urn === request.getUrn());
        if (resource) resource.registeredOutputs = values(request.getOutputs()).plain;
        return registerOutputs(request, callback);
    };
    return resources;
}

function recorded(request: resproto.RegisterResourceRequest, urn: string): Recorded {
    const { plain, secrets } = values(request.getObject());
    return {
        type: request.getType(),
        name: request.getName(),
        urn,
        parent: request.getParent(),
        custom: request.getCustom(),
        inputs: plain,
        secretInputs: secrets,
        opts: {
            protect: request.getProtect() ?? false,
            ignoreChanges: request.getIgnorechangesList(),
            replaceOnChanges: request.getReplaceonchangesList(),
            additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
            aliases: request
                .getAliasesList()
                .map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? "")),
            dependencies: request.getDependenciesList(),
            propertyDependencies: Object.fromEntries(
                request
                    .getPropertydependenciesMap()
                    .getEntryList()
                    .map(([key]) => [
                        key,
                        request.getPropertydependenciesMap().get(key)?.getUrnsList() ?? [],
                    ]),
            ),
            deleteBeforeReplace: request.getDeletebeforereplace(),
            retainOnDelete: request.getRetainondelete() ?? false,
            provider: request.getProvider(),
            version: request.getVersion(),
            importId: request.getImportid(),
        },
    };
}

type Struct = ReturnType<resproto.RegisterResourceRequest["getObject"]>;

function values(struct: Struct): { plain: Values; secrets: string[] } {
    if (!struct) return { plain: {}, secrets: [] };
    const raw = pulumi.runtime.deserializeProperties(struct) as Values;
    const secrets = Object.keys(raw).filter((key) => pulumi.runtime.isRpcSecret(raw[key]));
    const plain = Object.fromEntries(
        Object.entries(raw).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
    );
    return { plain, secrets };
}
