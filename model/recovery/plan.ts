/** One resource of a plan, as `pulumi preview --json` has it in a step's `newState`. */
export interface PlannedResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A plan that cannot be drilled: one sentence for its reader. */
export class PlanError extends Error {
    override readonly name = "PlanError";
}

/** What an engine writes for a value that only the cloud knows. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource whose ids and names are known, with typed access to them. */
export class Planned {
    readonly name: string;

    constructor(private readonly resource: PlannedResource) {
        this.name = resource.urn.split("::").pop() ?? resource.urn;
    }

    get type(): string {
        return this.resource.type;
    }

    get id(): string {
        return this.known("id", this.resource.id);
    }

    /** The text that the program gives; undefined where it gives none. @throws PlanError where it is unknown */
    input(key: string): string | undefined {
        const value = this.resource.inputs?.[key];
        return value === undefined || value === null ? undefined : this.known(key, value);
    }

    /** The text of an input or output; undefined where there is none. @throws PlanError where it is unknown */
    text(key: string): string | undefined {
        const value = this.value(key);
        return value === undefined || value === null ? undefined : this.known(key, value);
    }

    /** The whole number of an input; undefined where there is none. */
    count(key: string): number | undefined {
        const value = this.value(key);
        return typeof value === "number" ? value : undefined;
    }

    is(key: string): boolean {
        return this.value(key) === true;
    }

    /** The texts of a list. @throws PlanError where it is unknown */
    texts(key: string): string[] {
        const value = this.value(key) ?? [];
        return Array.isArray(value)
            ? value.map((item) => this.known(key, item))
            : [this.known(key, value)];
    }

    value(key: string): unknown {
        return this.resource.inputs?.[key] ?? this.resource.outputs?.[key];
    }

    private known(key: string, value: unknown): string {
        if (typeof value === "string" && !value.includes(UNKNOWN)) return value;
        throw new PlanError(
            `${key} of ${this.resource.urn} is unknown in this plan; allowed: a plan whose ids are known, because what stands in a zone ` +
                "is found by them; make it by `npm run preview -- --stack <stack> --up --json`, or from a stack that is up.",
        );
    }
}

/** The resources of a plan. @throws PlanError when this is none */
export function resourcesOf(plan: unknown): Planned[] {
    const steps = (plan as { steps?: unknown } | null)?.steps;
    if (!Array.isArray(steps) || steps.length === 0) {
        throw new PlanError(
            "this is no plan: it has no `steps`; allowed: what `npm run preview -- --stack <stack> --up --json` prints.",
        );
    }
    return steps
        .map((step: { newState?: PlannedResource }) => step?.newState)
        .filter((state): state is PlannedResource => typeof state?.urn === "string")
        .map((state) => new Planned(state));
}
