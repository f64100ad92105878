import { z } from "zod";
import { CHECKS } from "./checks";
import { SettingsError, problemsOf, type Problem } from "./problem";
import { settingsSchema, type Settings } from "./schema";

/** Whether a secret's key was given, and whether as a Pulumi secret. */
export type SecretState = "missing" | "plain" | "secret";

/** The secrets a stack may have, each a top-level key of its own, and when it must be there. */
export const SECRETS = {
    pageOncallUrl: {
        description: "HTTPS address, with its token, that pages are posted to.",
        neededBy: (settings: Settings) =>
            settings.alerts.pageOncallWebhook ? "alerts.pageOncallWebhook is true" : undefined,
    },
    kubeconfig: {
        description:
            "A kubeconfig of the existing cluster, as JSON or YAML text, with rights to administer it.",
        neededBy: (settings: Settings) =>
            settings.kubernetes?.existing ? "kubernetes.existing is given" : undefined,
    },
} as const satisfies Record<
    string,
    { description: string; neededBy: (settings: Settings) => string | undefined }
>;

export type SecretName = keyof typeof SECRETS;

/**
 * Reads a stack's settings: structure, bounds, then what ties values together.
 * @param raw the objects below `logcaster:`, by key, secrets left out
 * @param secrets how each secret's key was given; missing where absent
 * @throws SettingsError with every mistake at once
 */
export function parseSettings(
    raw: Readonly<Record<string, unknown>>,
    secrets: Partial<Record<SecretName, SecretState>> = {},
): Settings {
    const first = settingsSchema.safeParse(raw, { reportInput: true });
    const structural = first.success ? [] : problemsOf(first.error, keysAt);
    // Without the mistaken values, defaults stand in for them, so that what ties the others together is still checked.
    const second = first.success ? first : settingsSchema.safeParse(prune(raw, first.error.issues));
    const tied = second.success
        ? [
              ...CHECKS.flatMap((check) => check(second.data)),
              ...secretProblems(second.data, secrets),
          ]
        : plainSecrets(secrets);
    const problems = [
        ...structural,
        ...tied.filter((t) => !structural.some((s) => s.path.startsWith(t.path))),
    ];
    if (problems.length > 0 || !second.success) throw new SettingsError(problems);
    return second.data;
}

function secretProblems(
    settings: Settings,
    secrets: Partial<Record<SecretName, SecretState>>,
): Problem[] {
    const missing = (Object.keys(SECRETS) as SecretName[]).flatMap((name): Problem[] => {
        const why = SECRETS[name].neededBy(settings);
        return why && (secrets[name] ?? "missing") === "missing"
            ? [
                  {
                      path: name,
                      value: undefined,
                      allowed: `a secret, because ${why}; set it with: pulumi config set --secret ${name}`,
                  },
              ]
            : [];
    });
    return [...missing, ...plainSecrets(secrets)];
}

function plainSecrets(secrets: Partial<Record<SecretName, SecretState>>): Problem[] {
    return (Object.keys(SECRETS) as SecretName[])
        .filter((name) => secrets[name] === "plain")
        .map((name) => ({
            path: name,
            value: "[plain text]",
            allowed: `a secret only, so that it is encrypted in the stack's file; set it with: pulumi config set --secret ${name}`,
        }));
}

function prune(raw: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
    const copy = structuredClone(raw) as Record<PropertyKey, unknown>;
    for (const issue of issues) {
        const paths =
            issue.code === "unrecognized_keys"
                ? issue.keys.map((key) => [...issue.path, key])
                : [issue.path];
        for (const path of paths) {
            const last = path[path.length - 1];
            const holder = path
                .slice(0, -1)
                .reduce<unknown>(
                    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
                    copy,
                );
            if (holder && last !== undefined) delete (holder as Record<PropertyKey, unknown>)[last];
        }
    }
    return copy;
}

/** The keys an object of the settings knows, for the message about an unknown one. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
    let at = z.toJSONSchema(settingsSchema, { io: "input" }) as JsonSchema | undefined;
    for (const part of path) {
        at =
            typeof part === "number"
                ? at?.items
                : (at?.properties?.[String(part)] ?? at?.additionalProperties);
    }
    return Object.keys(at?.properties ?? {});
}

interface JsonSchema {
    properties?: Record<string, JsonSchema>;
    additionalProperties?: JsonSchema;
    items?: JsonSchema;
}
