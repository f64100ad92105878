import { readFile } from "node:fs/promises";
import { SECRETS, type SecretState, type Settings, parseSettings } from "logcaster-model/settings";
import { parse } from "yaml";
import { BadInput } from "../migrate/errors";

const NAMESPACE = "logcaster:";

/**
 * Reads the settings of a stack from its file, `Pulumi.<stack>.yaml`, as the program reads them from Pulumi.
 * @throws BadInput or SettingsError with every mistake
 */
export async function readSettingsFile(file: string): Promise<Settings> {
    const text = await readFile(file, "utf8").catch(() => {
        throw new BadInput(
            `There is no readable file ${file}; give the stack's Pulumi.<stack>.yaml.`,
        );
    });
    let document: unknown;
    try {
        document = parse(text);
    } catch (error) {
        throw new BadInput(`${file} is not YAML: ${(error as Error).message}`);
    }
    const config = (document as { config?: Record<string, unknown> } | null)?.config;
    if (typeof config !== "object" || config === null) {
        throw new BadInput(`${file} has no \`config\`; a stack's Pulumi.<stack>.yaml is expected.`);
    }
    const own = Object.entries(config)
        .filter(([key, value]) => key.startsWith(NAMESPACE) && JSON.stringify(value) !== "{}")
        .map(([key, value]) => [key.slice(NAMESPACE.length), value] as const);
    const isSecret = (key: string): key is keyof typeof SECRETS => key in SECRETS;
    const stateOf = (value: unknown): SecretState =>
        typeof value === "object" && value !== null && "secure" in value ? "secret" : "plain";
    const secrets = Object.fromEntries(
        own.filter(([key]) => isSecret(key)).map(([key, value]) => [key, stateOf(value)]),
    );
    return parseSettings(Object.fromEntries(own.filter(([key]) => !isSecret(key))), secrets);
}
