import { renderServiceUserData, type ServiceUserData } from "logcaster-model/user-data";
import { parse } from "yaml";

export const SERVICE: ServiceUserData = {
    region: "us-east-1",
    groupName: "logcaster-prod-us-east-1",
    hookName: "drain",
    metricNamespace: "LogCaster",
    image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/logcaster@sha256:${"a".repeat(64)}`,
    port: 9999,
    httpPort: 80,
    healthPort: 8404,
    drainSeconds: 300,
    hookSeconds: 420,
    parameterPath: "/logcaster/prod/us-east-1",
};

export interface ParsedConfig {
    users: unknown[];
    packages: string[];
    write_files: { path: string; permissions: string; content: string }[];
    runcmd: string[][];
}

/** The document as a YAML parser of somebody else reads it. */
export function parsed(changes: Partial<ServiceUserData> = {}): ParsedConfig {
    return parse(renderServiceUserData({ ...SERVICE, ...changes })) as ParsedConfig;
}

/** The content of one file, by the end of its path; throws where there is none. */
export function fileOf(config: ParsedConfig, end: string): string {
    const found = config.write_files.find(({ path }) => path.endsWith(end));
    if (!found) throw new Error(`no file ${end}`);
    return found.content;
}
