import * as grpc from "@grpc/grpc-js";
import type * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { messageOf } from "./errors";
import { makeUrn } from "./resources";

/** The URNs that a resource had before. */
export function aliasesOf(
    request: rpc.RegisterResourceRequest,
    { stack, project }: { stack: string; project: string },
): string[] {
    const fromSpecs = request.getAliasesList().map((alias) => {
        const spec = alias.getSpec();
        if (!spec) return alias.getUrn();
        const parent = spec.getNoparent() ? "" : spec.getParenturn() || request.getParent();
        return makeUrn(
            spec.getStack() || stack,
            spec.getProject() || project,
            parent,
            spec.getType() || request.getType(),
            spec.getName() || request.getName(),
        );
    });
    return [...request.getAliasurnsList(), ...fromSpecs];
}

/** The timeouts that a request sets, as texts such as `5m`. */
export function timeoutsOf(request: rpc.RegisterResourceRequest): Record<string, string> {
    const timeouts = request.getCustomtimeouts();
    const given: [string, string][] = [
        ["create", timeouts?.getCreate() ?? ""],
        ["update", timeouts?.getUpdate() ?? ""],
        ["delete", timeouts?.getDelete() ?? ""],
    ];
    return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** @throws Error always: only a provider knows. */
export function refuseExists(request: rpc.ExistsResourceRequest): never {
    throw new Error(
        `Whether ${request.getType()} ${request.getId()} exists is known to its provider only, ` +
            "which a preview without an account cannot ask.",
    );
}

/** Wraps a plain function as the handler of a unary call. */
export function unary<Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
        const fail = (error: unknown) =>
            callback({ code: grpc.status.UNKNOWN, details: messageOf(error) });
        try {
            const result = handle(call.request);
            if (result instanceof Promise) result.then((value) => callback(null, value), fail);
            else callback(null, result);
        } catch (error) {
            fail(error);
        }
    };
}
