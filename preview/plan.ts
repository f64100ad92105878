import type { Diagnostic } from "./engine";
import type { Remediation, Violation } from "./packs";
import type { ResourceState } from "./resources";
import { isObject, type Properties, type SecretMask, type Value } from "./values";

/** A resource of the plan, in the form of the CLI's `preview --json`. */
export interface PlannedState {
    urn: string;
    custom: boolean;
    type: string;
    id?: string;
    inputs: Properties;
    outputs: Properties;
    parent?: string;
    protect?: boolean;
    provider?: string;
    dependencies?: string[];
    propertyDependencies?: Record<string, string[]>;
    aliases?: string[];
    ignoreChanges?: string[];
    replaceOnChanges?: string[];
    additionalSecretOutputs?: string[];
    deleteBeforeReplace?: boolean;
    retainOnDelete?: boolean;
    deletedWith?: string;
    customTimeouts?: Record<string, string>;
}

/** One step of the plan. */
export interface PlanStep {
    op: string;
    urn: string;
    newState: PlannedState;
}

/** The plan: the shape of `pulumi preview --json`, with the policies' findings. */
export interface Plan {
    config: Record<string, string>;
    steps: PlanStep[];
    diagnostics: Diagnostic[];
    /** Nanoseconds, as the CLI counts them. */
    duration: number;
    changeSummary: Record<string, number>;
    policyViolations: Violation[];
    policyRemediations: Remediation[];
    /** What a caller adds: a cost projection, for one. */
    [extra: string]: unknown;
}

/** A step of a plan, secrets hidden, empty options left out. */
export function planStep(state: ResourceState, mask: SecretMask): PlanStep {
    const newState: PlannedState = {
        urn: state.urn,
        custom: state.custom,
        ...(state.id ? { id: mask.text(state.id) } : {}),
        type: state.type,
        inputs: mask.value(state.inputs) as Properties,
        outputs: mask.value(state.outputs) as Properties,
        ...present({
            parent: state.parent,
            protect: state.protect,
            provider: state.provider,
            dependencies: state.dependencies,
            propertyDependencies: state.propertyDependencies,
            aliases: state.aliases,
            ignoreChanges: state.ignoreChanges,
            replaceOnChanges: state.replaceOnChanges,
            additionalSecretOutputs: state.additionalSecretOutputs,
            deleteBeforeReplace: state.deleteBeforeReplace,
            retainOnDelete: state.retainOnDelete,
            deletedWith: state.deletedWith,
            customTimeouts: state.customTimeouts,
        }),
    };
    const op = state.importId && state.op === "create" ? "import" : state.op;
    return { op, urn: state.urn, newState };
}

function present<T extends object>(options: T): Partial<T> {
    const entries = Object.entries(options).filter(([name, value]) => {
        if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
        return Boolean(value) || (name === "deleteBeforeReplace" && value !== undefined);
    });
    return Object.fromEntries(entries) as Partial<T>;
}

/** Resources in the same order in every run: what one stands on (parent, dependencies) first, else by URN. */
export function inOrder(resources: ReadonlyMap<string, ResourceState>): ResourceState[] {
    const ordered = new Set<ResourceState>();
    const entered = new Set<string>();
    const visit = (urn: string) => {
        const state = resources.get(urn);
        if (!state || entered.has(urn)) return;
        entered.add(urn);
        [state.parent, ...[...state.dependencies].sort()].forEach(visit);
        ordered.add(state);
    };
    [...resources.keys()].sort().forEach(visit);
    return [...ordered];
}

/** How many steps there are of each kind. */
export function changeSummary(steps: PlanStep[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { op } of steps) counts[op] = (counts[op] ?? 0) + 1;
    return counts;
}

/** How one resource differs between two plans. */
export interface PlanChange {
    op: "create" | "update" | "delete" | "same";
    urn: string;
    /** Paths of changed inputs, as `ingress[0].port`, with what they were and become. */
    changes: { path: string; from?: Value; to?: Value }[];
}

/** Compares two plans by URN (and by aliases of the newer), inputs by property path. */
export function comparePlans(before: Plan, after: Plan): PlanChange[] {
    const old = new Map(before.steps.map((step) => [step.urn, step.newState]));
    const changes: PlanChange[] = after.steps.map(({ urn, newState }) => {
        const match = [urn, ...(newState.aliases ?? [])].find((candidate) => old.has(candidate));
        const previous = match === undefined ? undefined : old.get(match);
        if (match !== undefined) old.delete(match);
        if (!previous) return { op: "create", urn, changes: [] };
        const differences = [...differencesOf("", comparable(previous), comparable(newState))];
        return { op: differences.length > 0 ? "update" : "same", urn, changes: differences };
    });
    const deleted = [...old.keys()].map((urn) => ({ op: "delete" as const, urn, changes: [] }));
    return [...changes, ...deleted];
}

/** What makes an update when it changes: inputs and protection, and the outputs that a program chose itself. */
function comparable(state: PlannedState): Properties {
    return {
        ...state.inputs,
        ...(state.custom ? {} : { "(outputs)": state.outputs }),
        ...(state.protect ? { "(protect)": true } : {}),
    };
}

function* differencesOf(
    path: string,
    from: Value | undefined,
    to: Value | undefined,
): Generator<{ path: string; from?: Value; to?: Value }> {
    if (Array.isArray(from) && Array.isArray(to)) {
        for (let i = 0; i < Math.max(from.length, to.length); i++) {
            yield* differencesOf(`${path}[${i}]`, from[i], to[i]);
        }
    } else if (isObject(from) && isObject(to)) {
        for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
            const step = /^[\w()-]+$/.test(key)
                ? `${path && "."}${key}`
                : `[${JSON.stringify(key)}]`;
            yield* differencesOf(path + step, from[key], to[key]);
        }
    } else if (from !== to) {
        yield {
            path,
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
        };
    }
}
