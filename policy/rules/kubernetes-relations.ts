/** Which Kubernetes objects mean each other: by kind, name and namespace, or by what a name not known yet is made from. */
import { isScaledObject, kindOf, type Metadata, type Reference } from "./kubernetes-shape";
import type { StackResource } from "./rule";
import { SCALABLE_WORKLOAD } from "./types";
import { isUnknown, known } from "./unknown";

type Named = StackResource<{ readonly metadata?: Metadata }>;
/** A scaler, horizontal or vertical. */
export type Scaler = StackResource<{
    readonly metadata?: Metadata;
    readonly spec?: { readonly scaleTargetRef?: Reference; readonly targetRef?: Reference };
}>;

const DEFAULT_NAMESPACE = "default";
const DEFAULT_SCALED_KIND = "Deployment";

/** What a scaler scales: kind, name where it is known, and the workloads its name is made from. */
interface Target {
    readonly kind: string;
    readonly name?: string;
    readonly madeFrom: readonly string[];
}

/** @throws the SDK's error of unknown values where nothing tells what is meant */
function targetOf(scaler: Scaler): Target {
    const reference = () => scaler.props.spec?.scaleTargetRef ?? scaler.props.spec?.targetRef;
    const kind =
        known(() => reference()?.kind) ?? (isScaledObject(scaler) ? DEFAULT_SCALED_KIND : "");
    const madeFrom = (scaler.references["spec"] ?? [])
        .filter(({ type }) => SCALABLE_WORKLOAD.includes(type) && kindOf(type) === kind)
        .map(({ urn }) => urn);
    const name = known(() => reference()?.name);
    /** Reading it again says that it is not known. */
    if (name === undefined && madeFrom.length === 0)
        return { kind, name: reference()?.name ?? "", madeFrom };
    return { kind, ...(name === undefined ? {} : { name }), madeFrom };
}

/** Whether a scaler scales this workload. */
export function scales(scaler: Scaler, workload: Named): boolean {
    const { kind, name, madeFrom } = targetOf(scaler);
    if (kind !== kindOf(workload.type)) return false;
    const own = known(() => workload.props.metadata?.name);
    if (name === undefined || own === undefined) return madeFrom.includes(workload.urn);
    return name === own && inOneNamespace(scaler, workload);
}

/** Whether two scalers scale the same workload, in this stack or not. */
export function haveOneTarget(a: Scaler, b: Scaler): boolean {
    const [x, y] = [targetOf(a), targetOf(b)];
    if (x.kind !== y.kind) return false;
    if (x.name !== undefined && y.name !== undefined) {
        return x.name === y.name && inOneNamespace(a, b);
    }
    return x.madeFrom.some((urn) => y.madeFrom.includes(urn));
}

/** @throws the SDK's error of unknown values where nothing tells */
export function inOneNamespace(a: Named, b: Named): boolean {
    const [x, y] = [a, b].map((object) => {
        const read = () => object.props.metadata?.namespace;
        return { read, isUnknown: isUnknown(read) };
    }) as [NamespaceOf, NamespaceOf];
    if (x.isUnknown || y.isUnknown) {
        const from = (object: Named) => object.references["metadata"]?.map(({ urn }) => urn) ?? [];
        if (from(a).some((urn) => from(b).includes(urn))) return true;
    }
    return (x.read() || DEFAULT_NAMESPACE) === (y.read() || DEFAULT_NAMESPACE);
}

interface NamespaceOf {
    readonly read: () => string | undefined;
    readonly isUnknown: boolean;
}

export interface LabelSelector {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[];
    }[];
}

/** Whether labels are what a selector asks for; an empty one asks for nothing, so takes all. */
export function selects(
    selector: LabelSelector,
    labels: Readonly<Record<string, string>>,
): boolean {
    const equal = Object.entries(selector.matchLabels ?? {}).every(
        ([key, value]) => labels[key] === value,
    );
    const meets = (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
        const value = labels[key];
        switch (operator) {
            case "In":
                return value !== undefined && values.includes(value);
            case "NotIn":
                return value === undefined || !values.includes(value);
            case "Exists":
                return value !== undefined;
            default:
                return value === undefined;
        }
    });
    return equal && meets;
}
