/** A stack in a test: resources by name, changed one at a time, and seen through the policy SDK's own view of unknown values. */
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import * as internals from "@pulumi/policy/proxy";
import { bind } from "../../policy/bind";
import { DEFINITIONS } from "../../policy/policies";

/** The SDK's own view, so that tests meet unknown values exactly as rules do; it has no public name. */
const proxy = internals as unknown as {
    unknownCheckingProxy<T>(value: T): T;
    UnknownValueError: typeof Error;
};

/** What stands for a value that the cloud has yet to compute. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Props = Record<string, unknown>;

interface TestResource {
    readonly type: string;
    readonly props: Props;
    /** By property, the names of the resources it is made from. */
    readonly references: Record<string, string[]>;
    ignoreChanges: string[];
}

export interface Outcome {
    /** `<resource>: <message>`, without the remedy, which every message must end in. */
    readonly says: string[];
    /** What the SDK would note about a value not known yet, by its path. */
    readonly unknown: string[];
}

export class TestStack {
    private readonly resources = new Map<string, TestResource>();

    add(
        type: string,
        name: string,
        props: object,
        references: Record<string, string[]> = {},
    ): this {
        this.resources.set(name, {
            type,
            props: structuredClone(props) as Props,
            references: { ...references },
            ignoreChanges: [],
        });
        return this;
    }

    remove(...names: string[]): this {
        for (const name of names) {
            if (!this.resources.delete(name)) throw new Error(`no ${name} in the test's stack`);
        }
        return this;
    }

    /** Sets what is at `path` (`a.b.0.c`); undefined removes it. */
    set(name: string, path: string, value: unknown): this {
        const keys = path.split(".");
        const last = keys.pop()!;
        const holder = keys.reduce<Props>((at, key) => at[key] as Props, this.resource(name).props);
        if (value === undefined) delete holder[last];
        else holder[last] = value;
        return this;
    }

    /** Says what a property is made from; nothing removes what was said. */
    refer(name: string, property: string, ...to: string[]): this {
        this.resource(name).references[property] = to;
        return this;
    }

    /** Leaves changes of these properties to somebody else. */
    ignore(name: string, ...paths: string[]): this {
        this.resource(name).ignoreChanges = paths;
        return this;
    }

    /** Runs one policy over every resource, as the engine would. */
    judge(policyName: string, config: object = {}, today = "2026-01-31"): Outcome {
        const definition = DEFINITIONS.find(({ name }) => name === policyName);
        if (!definition) throw new Error(`no policy is named ${policyName}`);
        const policy = bind(definition, () => new Date(`${today}T12:00:00Z`));
        const says: string[] = [];
        const unknown: string[] = [];
        const end = `. ${definition.remediationSteps}`;
        const report = (message: string, urn?: string) => {
            if (!message.endsWith(end)) throw new Error(`${message} does not end with the remedy`);
            says.push(`${urn?.split("::").at(-1)}: ${message.slice(0, -end.length)}`);
        };
        const run = (validate: () => unknown) => {
            try {
                validate();
            } catch (error) {
                if (error instanceof proxy.UnknownValueError) unknown.push(error.message);
                else if (!(error instanceof NotApplicable)) throw error;
            }
        };
        const seen = this.seen();
        const common = {
            getConfig: <T>() => config as T,
            stackTags: new Map<string, string>(),
            notApplicable: () => {
                throw new NotApplicable();
            },
        };
        if ("validateStack" in policy) {
            run(() => policy.validateStack({ resources: seen, ...common }, report));
        } else {
            const { validateResource } = policy;
            if (typeof validateResource !== "function") throw new Error("one function expected");
            for (const resource of seen) {
                run(() =>
                    validateResource({ ...resource, ...common } as ResourceValidationArgs, report),
                );
            }
        }
        return { says, unknown };
    }

    /** What each resource is called whose name ends so. */
    named(end: string): string[] {
        const names = [...this.resources.keys()].filter((name) => name.endsWith(end));
        if (names.length === 0) throw new Error(`nothing in the stack is named ${end}`);
        return names;
    }

    private resource(name: string): TestResource {
        const resource = this.resources.get(name);
        if (!resource) throw new Error(`no ${name} in the test's stack`);
        return resource;
    }

    private seen(): PolicyResource[] {
        const all = new Map(
            [...this.resources].map(([name, { type, props, ignoreChanges }]) => [
                name,
                {
                    type,
                    name,
                    urn: urn(type, name),
                    props: proxy.unknownCheckingProxy(props),
                    opts: { ignoreChanges },
                    propertyDependencies: {} as Record<string, PolicyResource[]>,
                } as PolicyResource,
            ]),
        );
        for (const [name, { references }] of this.resources) {
            for (const [property, targets] of Object.entries(references)) {
                all.get(name)!.propertyDependencies[property] = targets.flatMap(
                    (target) => all.get(target) ?? [],
                );
            }
        }
        return [...all.values()];
    }
}

class NotApplicable extends Error {}

export function urn(type: string, name: string): string {
    return `urn:pulumi:test::logcaster::${type}::${name}`;
}
