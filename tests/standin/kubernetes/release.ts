/** A Helm release, which is no object of the API: its name and namespace are arguments, and its chart is rendered elsewhere. */
import { seededHex, text, type CheckArgs, type Checked } from "../model";
import { UNKNOWN, type JsonObject } from "../wire";

/** The kind, the last part of kubernetes:helm.sh/v3:Release. */
export const RELEASE = "Release";

const SUFFIX_DIGITS = 8;
/** The longest name Helm takes. */
const MAX_NAME = 53;
const DEFAULT_NAMESPACE = "default";

/** What moves a release, and so replaces it: pulumi-kubernetes, provider/pkg/provider/helm_release.go. */
export const RELEASE_REPLACES: readonly string[] = ["name", "namespace"];

export function checkRelease({ type, name, olds, news, seed }: CheckArgs): Checked {
    if (news.name !== undefined) return { inputs: news, failures: [] };
    const chosen =
        text(olds.name) ?? `${name}-${seededHex(seed, `${type}::${name}`, SUFFIX_DIGITS)}`;
    if (chosen.length <= MAX_NAME) return { inputs: { ...news, name: chosen }, failures: [] };
    const reason = `name "${chosen}" is ${chosen.length} characters long, and at most ${MAX_NAME} are allowed.`;
    return { inputs: news, failures: [{ property: "name", reason }] };
}

export function placeOfRelease(inputs: JsonObject): { namespace: string; id: string } {
    const namespace = text(inputs.namespace) ?? DEFAULT_NAMESPACE;
    return { namespace, id: `${namespace}/${text(inputs.name) ?? ""}` };
}

/** The release as Helm reports it; what its chart makes is not known here. */
export function liveRelease(inputs: JsonObject, revision: number | undefined): JsonObject {
    const { namespace } = placeOfRelease(inputs);
    const status = {
        chart: inputs.chart ?? "",
        name: inputs.name ?? "",
        namespace,
        revision: revision ?? UNKNOWN,
        status: revision === undefined ? UNKNOWN : "deployed",
    };
    return { resourceNames: revision === undefined ? UNKNOWN : {}, ...inputs, namespace, status };
}
