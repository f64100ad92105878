import { join } from "node:path";
import { Child, packageDirectory } from "./child";
import type { StackConfig } from "./config";
import { InputError } from "./errors";
import type { Project } from "./project";

/** How many resources the program may register at a time; more gains nothing against a local engine. */
const PARALLEL = 16;
const ORGANIZATION = "organization";

/** Starts the program under the SDK's own runner; it finds the engine at a unix socket. */
export function startProgram(options: {
    project: Project;
    stack: string;
    config: StackConfig;
    socket: string;
    env: NodeJS.ProcessEnv;
    /** Whether the preload may spare the SDK work that no plan shows. */
    tuned: boolean;
    onStdout: (text: string) => void;
    onStderr: (text: string) => void;
}): Child {
    const { project, socket } = options;
    const sdk = packageDirectory(project.pwd, "@pulumi/pulumi");
    if (!sdk) {
        throw new InputError(
            `@pulumi/pulumi is not installed for the program in ${project.pwd}: ` +
                `run "npm install" in ${project.root} first.`,
        );
    }
    const identity = {
        project: project.name,
        stack: stackName(options.stack),
        organization: ORGANIZATION,
        "root-directory": project.root,
    };
    return new Child({
        nodeArgs: project.nodeArgs,
        script: join(sdk, "cmd/run/index.js"),
        args: [
            ...["monitor", "engine"].map((service) => `--${service}=unix:${socket}`),
            ...Object.entries(identity).map(([key, value]) => `--${key}=${value}`),
            `--parallel=${PARALLEL}`,
            "--dry-run",
            `--pwd=${project.pwd}`,
            project.entry,
        ],
        cwd: project.pwd,
        env: {
            ...options.env,
            ...pulumiEnvironment(options),
            PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
            ...(project.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: project.tsconfig } : {}),
            PREVIEW_SDK: sdk,
            PREVIEW_SOCKET: socket,
            PREVIEW_TUNED: String(options.tuned),
        },
        onStdout: options.onStdout,
        onStderr: options.onStderr,
    });
}

/** What the CLI puts into the environment of programs and policy packs alike. */
export function pulumiEnvironment(options: {
    project: Project;
    stack: string;
    config: StackConfig;
}): NodeJS.ProcessEnv {
    const { project, config } = options;
    const identity = {
        ORGANIZATION,
        PROJECT: project.name,
        STACK: stackName(options.stack),
        DRY_RUN: "true",
        ROOT_DIRECTORY: project.root,
    };
    return {
        ...Object.fromEntries(Object.entries(identity).map(([k, v]) => [`PULUMI_NODEJS_${k}`, v])),
        ...Object.fromEntries(Object.entries(identity).map(([k, v]) => [`PULUMI_${k}`, v])),
        PULUMI_CONFIG: JSON.stringify(config.values),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(config.secretKeys),
    };
}

/** The stack's own name, without organization and project. */
export function stackName(stack: string): string {
    return stack.split("/").pop() ?? stack;
}
