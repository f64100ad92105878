/** Hands a definition to the policy SDK: filters by type, merges configuration, applies exceptions, reports what rules find. */
import type {
    PolicyResource,
    ReportViolation,
    ResourceValidation,
    ResourceValidationPolicy,
    StackValidation,
    StackValidationPolicy,
} from "@pulumi/policy";
import type { Definition } from "./definition";
import { EXCEPTIONS_SCHEMA, excuse, type Exception } from "./exceptions";
import { NOT_APPLICABLE, type Stack, type StackResource, type Verdict } from "./rules/rule";
import { isUnknownError } from "./rules/unknown";

type BoundConfig = { readonly exceptions: readonly Exception[] };

/** @param now the moment by which exceptions end. */
export function bind(
    definition: Definition,
    now: () => Date = () => new Date(),
): ResourceValidationPolicy | StackValidationPolicy {
    const { name, displayName, description, severity, remediationSteps, url, rows } = definition;
    const properties = { ...definition.config, exceptions: EXCEPTIONS_SCHEMA };
    const policy = {
        name,
        displayName,
        description,
        severity,
        tags: rows.map((row) => (/^\d/.test(row) ? `rule-${row}` : row)),
        remediationSteps,
        url,
        configSchema: { properties },
        enforcementLevel: definition.enforcementLevel,
    };
    const defaults = Object.fromEntries(
        Object.entries(properties).map(([key, schema]) => [key, schema.default]),
    );
    const configOf = (given: object) => ({ ...defaults, ...given }) as unknown as BoundConfig;
    const today = () => now().toISOString().slice(0, "YYYY-MM-DD".length);

    /** Reports each violation as it comes, so that one found before an unknown value stays. */
    const judge = (verdict: Verdict, urn: string, config: BoundConfig, report: ReportViolation) => {
        let step = verdict.next();
        for (; !step.done; step = verdict.next()) {
            const message = excuse(step.value, urn, config.exceptions, today());
            if (message !== undefined) report(`${message}. ${remediationSteps}`, urn);
        }
        return step.value;
    };

    if ("resource" in definition) {
        return {
            ...policy,
            validateResource: ofTypes<ResourceValidation>(definition.types, (args, report) => {
                if (!definition.types.includes(args.type)) return;
                const config = configOf(args.getConfig());
                const verdict = definition.resource(args, config);
                if (judge(verdict, args.urn, config, report) === NOT_APPLICABLE) {
                    args.notApplicable();
                }
            }),
        };
    }
    return {
        ...policy,
        validateStack: ofTypes<StackValidation>(definition.types, (args, report) => {
            const config = configOf(args.getConfig());
            const stack = stackOf(args.resources);
            let unknown: unknown;
            for (const resource of stack.of<object>(definition.types)) {
                try {
                    judge(definition.stack(resource, config, stack), resource.urn, config, report);
                } catch (error) {
                    if (!isUnknownError(error)) throw error;
                    unknown ??= error;
                }
            }
            if (unknown !== undefined) throw unknown;
        }),
    };
}

/** Tells the SDK the one type a policy is for: it then skips other resources before it reads them. */
function ofTypes<F extends object>(types: readonly string[], validate: F): F {
    return types.length === 1 ? Object.assign(validate, { __pulumiType: types[0] }) : validate;
}

function stackOf(resources: readonly PolicyResource[]): Stack {
    const all = resources.map(
        ({ type, urn, name, props, propertyDependencies, opts }) =>
            ({
                type,
                urn,
                name,
                props,
                references: propertyDependencies,
                ignoreChanges: opts?.ignoreChanges ?? [],
            }) as unknown as StackResource,
    );
    const byType = new Map<string, StackResource[]>();
    for (const resource of all) {
        const alike = byType.get(resource.type);
        if (alike) alike.push(resource);
        else byType.set(resource.type, [resource]);
    }
    return {
        of: <Props>(types: readonly string[]) =>
            types.flatMap((type) => byType.get(type) ?? []) as StackResource<Props>[],
    };
}
