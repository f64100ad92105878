/** The Kubernetes objects of a recorded program or a plan: inputs are the manifests themselves. */
import type { Plan } from "logcaster-preview";
import type { Recording } from "../components/recorder";
import type { ControlPlane, KubernetesObject } from "./control-plane";

/** What is sent to the API server as it stands; a chart is rendered by Helm, elsewhere. */
const isSent = ({ type }: { readonly type: string }) =>
    type.startsWith("kubernetes:") && !type.includes("helm.sh");

/** Every object that a recorded program sends to the API server, in its order. */
export function manifests(recording: Recording<unknown>): KubernetesObject[] {
    return recording.resources
        .filter(isSent)
        .map(({ inputs }) => inputs as unknown as KubernetesObject);
}

/** The same of a plan. */
export function plannedManifests({ steps }: Plan): KubernetesObject[] {
    return steps
        .map(({ newState }) => newState)
        .filter(isSent)
        .map(({ inputs }) => unmasked(inputs as unknown as KubernetesObject));
}

/** A plan masks a Secret's data as a whole; one entry of any text stands for it. */
function unmasked(object: KubernetesObject): KubernetesObject {
    return typeof object.stringData === "string"
        ? { ...object, stringData: { masked: object.stringData } }
        : object;
}

/** Applies objects in their order, by server-side apply with strict field validation. */
export async function applyAll(
    { api }: ControlPlane,
    objects: readonly KubernetesObject[],
): Promise<void> {
    for (const object of objects) await api.apply(object);
}

const UNITS: Readonly<Record<string, number>> = {
    m: 1e-3,
    "": 1,
    k: 1e3,
    M: 1e6,
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
};

/** The number that a quantity such as 4000m, 1k or 8Gi is, or undefined. */
function quantity(text: unknown): number | undefined {
    const match = /^(\d+)(m|k|M|Ki|Mi|Gi|)$/.exec(String(text));
    return match ? Number(match[1]) * UNITS[match[2]!]! : undefined;
}

/** What `part` says of a live object: its own fields only, lists item by item; a quantity as it was written. */
export function sameFields(part: unknown, live: unknown): unknown {
    // The API server writes quantities its own way: 1000 as 1k.
    if (typeof part === "string" && quantity(part) !== undefined) {
        return quantity(part) === quantity(live) ? part : live;
    }
    if (Array.isArray(part)) {
        return Array.isArray(live) && live.length === part.length
            ? part.map((item, i) => sameFields(item, live[i]))
            : live;
    }
    if (typeof part !== "object" || part === null) return live;
    if (typeof live !== "object" || live === null) return live;
    return Object.fromEntries(
        Object.entries(part).map(([key, value]) => [
            key,
            sameFields(value, (live as Record<string, unknown>)[key]),
        ]),
    );
}
