import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine-log";
import type { Model } from "./model";
import { resourceProvider } from "./service";
import { World } from "./world";

/** gRPC's own limit is 4 MiB; the engine's providers take messages of this size, in bytes. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
const ORPHAN_CHECK_MS = 1_000;

/** Serves a model on a loopback port of the system's choice and gives the port. */
export async function serve(
    model: Model,
    world: World,
    log = new EngineLog(),
): Promise<{ port: number; server: grpc.Server }> {
    const server = new grpc.Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    server.addService(ResourceProviderService, resourceProvider(model, world, log));
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        );
    });
    return { port, server };
}

/** A provider plugin's whole life: the first line on stdout is the port; the engine kills it. */
export async function runPlugin(make: () => Model): Promise<void> {
    try {
        const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
        const log = new EngineLog();
        if (engine) log.connect(engine);
        const { port } = await serve(make(), World.fromEnvironment(), log);
        process.stdout.write(`${port}\n`);
    } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
    }
    // An engine that crashed cannot kill its plugins: leave when the parent changes.
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) process.exit(0);
    }, ORPHAN_CHECK_MS).unref();
}
