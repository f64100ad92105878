import { randomBytes, randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Difference, Plugin } from "../../standin/client";
import { leadsTo, parsePath } from "../../standin/paths";
import { plainObject, secret, UNKNOWN, type JsonObject } from "../../standin/wire";
import type { Change } from "../deployment";
import { resetIgnored } from "./ignore";
import { isProvider, type Resource } from "./state";

/** What one registration led to. */
export interface Step {
    resource: Resource;
    change?: Change;
    /** The old resource, to be deleted when everything else is done. */
    replaced?: Resource;
}

/** Outputs that a program declared secret, besides those that are. */
function withSecrets(outputs: JsonObject, names: readonly string[]): JsonObject {
    return Object.fromEntries(
        Object.entries(outputs).map(([key, value]) => [
            key,
            names.includes(key) ? secret(value) : value,
        ]),
    );
}

function checkFailed(urn: string, failures: readonly { property: string; reason: string }[]): void {
    if (failures.length === 0) return;
    const reasons = failures.map(({ property, reason }) => `${property}: ${reason}`);
    throw new Error(`${urn} resource has a problem: ${reasons.join("; ")}`);
}

/** What the engine adds to a provider's diff because of the program's options. */
function withReplaceOnChanges(diff: Difference, paths: readonly string[]): Difference {
    const forcing = paths.map(parsePath);
    const detailed = Object.fromEntries(
        Object.entries(diff.detailed).map(([path, kind]) => {
            const steps = parsePath(path);
            const forced = forcing.some((p) => leadsTo(p, steps) || leadsTo(steps, p));
            return [path, forced && !kind.endsWith("-replace") ? `${kind}-replace` : kind];
        }),
    );
    const replaces = Object.keys(detailed).filter((p) => detailed[p]?.endsWith("-replace"));
    return { ...diff, detailed, replaces };
}

/** A component or a provider: the engine itself keeps it. */
export function keepOwn(goal: Resource, old: Resource | undefined): Step {
    const same = old && isDeepStrictEqual(plainObject(old.inputs), plainObject(goal.inputs));
    const id = isProvider(goal.type) ? (old?.id ?? randomUUID()) : "";
    return {
        resource: { ...goal, id, outputs: same ? old.outputs : goal.inputs },
    };
}

/** Check, diff, then create, update or replace: the calls the engine makes, in its order. */
export async function custom(
    plugin: Plugin,
    goal: Resource,
    old: Resource | undefined,
    preview: boolean,
): Promise<Step> {
    const { urn } = goal;
    const news = old ? resetIgnored(goal.inputs, old.inputs, goal.ignoreChanges) : goal.inputs;
    const seed = randomBytes(32);
    const checked = await plugin.check(urn, old?.inputs ?? {}, news, { seed });
    checkFailed(urn, checked.failures);
    const inputs = checked.inputs;
    const finish = (id: string, outputs: JsonObject): Resource => ({
        ...goal,
        id,
        inputs,
        outputs: withSecrets(outputs, goal.additionalSecretOutputs),
    });
    if (!old) {
        const { id, outputs } = await plugin.create(urn, inputs, preview);
        return {
            resource: finish(preview ? UNKNOWN : id, outputs),
            change: { op: "create", urn, detailed: {} },
        };
    }
    const diff = withReplaceOnChanges(
        await plugin.diff(urn, old.id, old, inputs, goal.ignoreChanges),
        goal.replaceOnChanges,
    );
    if (!diff.changed) return { resource: finish(old.id, old.outputs) };
    const { detailed } = diff;
    if (diff.replaces.length === 0) {
        const more = { preview, ignoreChanges: goal.ignoreChanges };
        const outputs = await plugin.update(urn, old.id, old, inputs, more);
        return { resource: finish(old.id, outputs), change: { op: "update", urn, detailed } };
    }
    if (old.protect && goal.protect) {
        throw new Error(`unable to replace resource "${urn}": it is protected`);
    }
    const change: Change = { op: "replace", urn, detailed };
    // A replacement gets new defaults, a new name among them.
    const fresh = await plugin.check(urn, {}, goal.inputs, { seed });
    checkFailed(urn, fresh.failures);
    const first = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
    if (first && !preview) await plugin.delete(urn, old.id, old);
    const { id, outputs } = await plugin.create(urn, fresh.inputs, preview);
    return {
        resource: { ...finish(preview ? UNKNOWN : id, outputs), inputs: fresh.inputs },
        change,
        ...(first ? {} : { replaced: old }),
    };
}

/** Reads a resource and says what changed behind the engine's back. */
export async function refreshed(plugin: Plugin, old: Resource): Promise<Step | undefined> {
    const read = await plugin.read(old.urn, old.id, old);
    if (!read) return undefined;
    const resource = { ...old, ...read };
    // The other way round: what an update would do is what the world did, inverted.
    const diff = await plugin.diff(old.urn, read.id, read, old.inputs, old.ignoreChanges);
    return {
        resource,
        ...(diff.changed
            ? { change: { op: "update" as const, urn: old.urn, detailed: diff.detailed } }
            : {}),
    };
}
