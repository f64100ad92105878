/** One resource that an operation changes, components and providers left out. */
export interface Change {
    op: "create" | "update" | "replace" | "delete";
    urn: string;
    /** Property paths and what happens to each, as `pulumi preview --json` says it; none at a create. */
    detailed: Record<string, string>;
}

/** How an operation ended: the changes it made or would make, or why it failed. */
export interface Outcome {
    changes: Change[];
    failed: boolean;
    /** Everything that was said: diagnostics, or the CLI's whole output. */
    said: string;
}

/** One resource of the engine's state. */
export interface StateResource {
    urn: string;
    type: string;
    id: string;
    custom: boolean;
    inputs: Record<string, unknown>;
    outputs: Record<string, unknown>;
}

/** A stack under an engine: the real CLI, or the small one of these tests. */
export interface Deployment {
    /** The directory of the simulated cloud. */
    readonly world: string;
    /** Sets a configuration value by path (`logcaster:scaling.max`). */
    configure(path: string, value: string): Promise<void>;
    preview(): Promise<Outcome>;
    up(): Promise<Outcome>;
    refresh(): Promise<Outcome>;
    /** An update under this repository's policy pack with settings of its own, which a violation must stop. */
    guarded(policies: Record<string, unknown>): Promise<Outcome>;
    destroy(): Promise<Outcome>;
    /** The custom resources of the state. */
    state(): Promise<StateResource[]>;
    /** The state as the engine stores it, in which secrets must be encrypted; undefined where nothing is stored. */
    stored(): Promise<string | undefined>;
    dispose(): Promise<void>;
}

/** The URN's last part. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

/** The resource's own type. */
export function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** Changes as `op type name {paths}`, sorted: the form in which tests state what they expect. */
export function summary(changes: readonly Change[]): string[] {
    return changes
        .map(({ op, urn, detailed }) => {
            const paths = Object.entries(detailed)
                .map(([path, kind]) => `${path}: ${kind}`)
                .sort();
            return [
                op,
                typeOf(urn),
                nameOf(urn),
                ...(paths.length ? [`{${paths.join(", ")}}`] : []),
            ].join(" ");
        })
        .sort();
}
