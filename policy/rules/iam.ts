/** What roles and users may do. */
import { NOT_APPLICABLE, wrong, type Resource, type Verdict } from "./rule";
import { IAM_ROLE } from "./types";
import { isUnknown, known } from "./unknown";

interface PolicyHolder {
    readonly policy?: string | PolicyDocument;
    readonly inlinePolicies?: readonly { readonly policy?: string | PolicyDocument }[];
    readonly managedPolicyArns?: readonly string[];
}

interface PolicyDocument {
    readonly Statement?: Statement | readonly Statement[];
}

export interface Statement {
    readonly Effect?: string;
    readonly Action?: string | readonly string[];
    readonly NotAction?: string | readonly string[];
    readonly Resource?: string | readonly string[];
    readonly NotResource?: string | readonly string[];
    readonly Principal?: unknown;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** @returns undefined where the text is no JSON, which the provider refuses by itself. */
export function statementsOf(document: string | PolicyDocument | undefined): readonly Statement[] {
    if (document === undefined) return [];
    try {
        const parsed = (
            typeof document === "string" ? JSON.parse(document) : document
        ) as PolicyDocument;
        return list(parsed.Statement);
    } catch (error) {
        if (error instanceof SyntaxError) return [];
        throw error;
    }
}

/** Documents that name what does not exist yet are text only once it does: they are judged by the update. */
function allowed({ type, props }: Resource<PolicyHolder>): readonly Statement[] | undefined {
    if (!IAM_ROLE.includes(type)) {
        return isUnknown(() => props.policy)
            ? undefined
            : statementsOf(props.policy).filter(({ Effect }) => Effect === "Allow");
    }
    return (known(() => props.inlinePolicies) ?? [])
        .flatMap((inline) => statementsOf(known(() => inline.policy)))
        .filter(({ Effect }) => Effect === "Allow");
}

/** Wildcards that only read names and states cannot change or reveal data. */
const READS = /^[a-z0-9-]+:(Describe|List)[A-Za-z]*\*$/i;

export function* actionsNamed(holder: Resource<PolicyHolder>): Verdict {
    const statements = allowed(holder);
    if (!statements) return NOT_APPLICABLE;
    for (const statement of statements) {
        if (list(statement.Action).includes("*")) {
            yield `every action is allowed on ${list(statement.Resource).join(", ")}`;
            continue;
        }
        if (!list(statement.Resource).includes("*") || statement.Condition) continue;
        const actions = list(statement.Action).filter(
            (action) => action.includes("*") && !READS.test(action),
        );
        if (actions.length > 0) yield `${actions.join(", ")} is allowed on every resource`;
        if (statement.NotAction !== undefined) {
            yield `everything but ${list(statement.NotAction).join(", ")} is allowed on every resource`;
        }
    }
}

export function* passRoleLimited(holder: Resource<PolicyHolder>): Verdict {
    const statements = allowed(holder);
    if (!statements) return NOT_APPLICABLE;
    for (const statement of statements) {
        const passes = list(statement.Action).some((action) =>
            /^(iam:(PassRole|\*)|\*)$/i.test(action),
        );
        const limited = Object.values(statement.Condition ?? {}).some((keys) =>
            Object.keys(keys).some((key) => key.toLowerCase() === "iam:passedtoservice"),
        );
        if (passes && list(statement.Resource).includes("*") && !limited) {
            yield "iam:PassRole is allowed for every role";
        }
    }
}

interface Attachment {
    readonly policyArn?: string;
    readonly managedPolicyArns?: readonly string[];
}

export function* noAdministrator(
    { type, props }: Resource<Attachment>,
    { refusedPolicies }: { refusedPolicies: string[] },
): Verdict {
    const arns = IAM_ROLE.includes(type)
        ? known(() => props.managedPolicyArns)
        : [known(() => props.policyArn)];
    for (const arn of arns ?? []) {
        const name = arn?.split("/").at(-1);
        if (arn?.includes(":aws:policy/") && name && refusedPolicies.includes(name)) {
            yield wrong("the attached policy", name, "one that names what is needed");
        }
    }
}
