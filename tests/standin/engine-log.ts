import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Says things to the user: through the engine where there is one, and on stderr always. */
export class EngineLog {
    #client?: EngineClient;

    /** Takes an engine's address; the latest one counts. */
    connect(address: string): void {
        if (!address) return;
        this.#client?.close();
        this.#client = new EngineClient(address, grpc.credentials.createInsecure());
    }

    info(message: string): Promise<void> {
        return this.#send(LogSeverity.INFO, message);
    }

    warning(message: string): Promise<void> {
        return this.#send(LogSeverity.WARNING, message);
    }

    #send(severity: LogSeverity, message: string): Promise<void> {
        process.stderr.write(`${message}\n`);
        const client = this.#client;
        if (!client) return Promise.resolve();
        const request = new LogRequest();
        request.setSeverity(severity);
        request.setMessage(message);
        // An engine that cannot be told is no reason to fail: stderr has the message.
        return new Promise((done) => {
            client.log(request, new grpc.Metadata(), { deadline: Date.now() + 2_000 }, () =>
                done(),
            );
        });
    }
}
