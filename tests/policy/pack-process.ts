/** Starts a compiled pack as the engine does and speaks to it over gRPC. */
import * as childProcess from "node:child_process";
import * as readline from "node:readline";
import * as grpc from "@grpc/grpc-js";
import * as analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

type Json = Parameters<typeof Struct.fromJavaScript>[0];

export interface Reported {
    readonly policy: string;
    readonly level: number;
    readonly urn: string;
    readonly message: string;
}

export interface ResourceOf {
    readonly type: string;
    readonly urn: string;
    readonly props: Json;
    readonly references?: Readonly<Record<string, readonly string[]>>;
}

export class PackProcess {
    private constructor(
        private readonly child: childProcess.ChildProcess,
        private readonly client: analyzerRpc.AnalyzerClient,
    ) {}

    /** @param folder the pack's folder, holding package.json and what it installs */
    static async start(folder: string): Promise<PackProcess> {
        const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
        const child = childProcess.spawn(process.execPath, [runner, "127.0.0.1:0", folder], {
            cwd: folder,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const port = await new Promise<string>((resolve, reject) => {
            let errors = "";
            child.stderr.on("data", (chunk) => (errors += chunk));
            child.once("exit", (code) =>
                reject(new Error(`the pack ended with ${code}: ${errors}`)),
            );
            readline.createInterface(child.stdout).once("line", resolve);
        });
        const client = new analyzerRpc.AnalyzerClient(
            `127.0.0.1:${port}`,
            grpc.credentials.createInsecure(),
        );
        return new PackProcess(child, client);
    }

    async stop(): Promise<void> {
        this.client.close();
        const gone = new Promise((resolve) => this.child.once("exit", resolve));
        this.child.kill();
        await gone;
    }

    info(): Promise<analyzer.AnalyzerInfo> {
        return call((done) => this.client.getAnalyzerInfo(new empty.Empty(), done));
    }

    async configure(config: Readonly<Record<string, Json>>): Promise<void> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [name, properties] of Object.entries(config)) {
            const entry = new analyzer.PolicyConfig();
            entry.setEnforcementlevel(analyzer.EnforcementLevel.MANDATORY);
            entry.setProperties(Struct.fromJavaScript(properties));
            request.getPolicyconfigMap().set(name, entry);
        }
        await call<empty.Empty>((done) => this.client.configure(request, done));
    }

    async analyze({ type, urn, props }: ResourceOf): Promise<Reported[]> {
        const request = new analyzer.AnalyzeRequest();
        request.setType(type);
        request.setUrn(urn);
        request.setName(urn.split("::").at(-1)!);
        request.setProperties(Struct.fromJavaScript(props));
        request.setOptions(new analyzer.AnalyzerResourceOptions());
        return reported(await call((done) => this.client.analyze(request, done)));
    }

    async analyzeStack(resources: readonly ResourceOf[]): Promise<Reported[]> {
        const request = new analyzer.AnalyzeStackRequest();
        for (const { type, urn, props, references } of resources) {
            const resource = new analyzer.AnalyzerResource();
            resource.setType(type);
            resource.setUrn(urn);
            resource.setName(urn.split("::").at(-1)!);
            resource.setProperties(Struct.fromJavaScript(props));
            resource.setOptions(new analyzer.AnalyzerResourceOptions());
            for (const [property, urns] of Object.entries(references ?? {})) {
                const dependencies = new analyzer.AnalyzerPropertyDependencies();
                dependencies.setUrnsList([...urns]);
                resource.getPropertydependenciesMap().set(property, dependencies);
            }
            request.addResources(resource);
        }
        return reported(await call((done) => this.client.analyzeStack(request, done)));
    }
}

function call<T>(start: (done: (error: Error | null, reply: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) =>
        start((error, reply) => (error ? reject(error) : resolve(reply))),
    );
}

function reported(response: analyzer.AnalyzeResponse): Reported[] {
    return response.getDiagnosticsList().map((diagnostic) => ({
        policy: diagnostic.getPolicyname(),
        level: diagnostic.getEnforcementlevel(),
        urn: diagnostic.getUrn(),
        message: diagnostic.getMessage(),
    }));
}
