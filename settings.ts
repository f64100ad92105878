import * as pulumi from "@pulumi/pulumi";
import {
    SECRETS,
    SettingsError,
    parseSettings,
    settingsSchema,
    type SecretName,
    type SecretState,
    type Settings,
} from "logcaster-model/settings";

/** The SDK knows which keys are secret, but keeps the function out of its types. */
const { isConfigSecret } = pulumi.runtime as unknown as {
    isConfigSecret(key: string): boolean;
};

/** A stack's settings and its secrets; a secret that was not given is absent. */
export interface Stack {
    readonly settings: Settings;
    readonly secrets: Partial<Record<SecretName, pulumi.Output<string>>>;
}

/**
 * Reads and checks the stack's configuration; nothing else reads pulumi.Config.
 * @throws pulumi.RunError with every mistake at once, each with path, value, what is allowed and why
 */
export function loadSettings(): Stack {
    const config = new pulumi.Config("logcaster");
    const given = Object.keys(pulumi.runtime.allConfig())
        .filter((key) => key.startsWith("logcaster:"))
        .map((key) => key.slice("logcaster:".length));
    const names = Object.keys(SECRETS) as SecretName[];
    const isSecretName = (key: string): key is SecretName => names.includes(key as SecretName);

    // Pulumi.yaml gives every optional object the default {}, which is the same as not giving it.
    const raw = Object.fromEntries(
        given
            .filter((key) => !isSecretName(key))
            .map((key) => [key, valueOf(config, key)] as const)
            .filter(([, value]) => JSON.stringify(value) !== "{}"),
    );
    const states = Object.fromEntries(
        given
            .filter(isSecretName)
            .map((key): [SecretName, SecretState] => [
                key,
                isConfigSecret(`logcaster:${key}`) ? "secret" : "plain",
            ]),
    );
    try {
        const settings = parseSettings(raw, states);
        const secrets = Object.fromEntries(
            given.filter(isSecretName).map((key) => [key, config.requireSecret(key)]),
        );
        return { settings, secrets };
    } catch (error) {
        if (error instanceof SettingsError) throw new pulumi.RunError(error.message);
        throw error;
    }
}

/** A key's value as it was written: objects and flags are JSON in the engine's hands, texts are not. */
function valueOf(config: pulumi.Config, key: string): unknown {
    const text = config.require(key);
    if (settingsSchema.shape[key as keyof Settings]?.type === "string") return text;
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
