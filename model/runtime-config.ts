/** What LogCaster learns at run time: the document an instance reads as /etc/logcaster/runtime.json. */
import { z } from "zod";
import { CONFIG_DIR } from "./user-data/layout";

/** Where the document lies on an instance and in a pod. */
export const RUNTIME_FILE = `${CONFIG_DIR}/runtime.json`;
/** Where each secret lies: a file by its name, readable by the service only. */
export const SECRETS_DIR = `${CONFIG_DIR}/secrets`;
/** Last part of the parameter's name: `<parameterPath>/runtime`. */
export const RUNTIME_PARAMETER = "runtime";

const secretName = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "letters, digits and hyphens");

const redisSchema = z.strictObject({
    endpoint: z.string().min(1),
    port: z.int().min(1).max(65535),
    tls: z.literal(true),
    /** Name of the secret to log in with, JSON `{username, password}`. */
    secret: secretName,
    partitionScheme: z.strictObject({
        partitions: z.int().positive(),
        slotsPerPartition: z.int().positive(),
        mapFrom: z.string().min(1),
    }),
});

const databaseSchema = z.strictObject({
    name: z.string().min(1),
    port: z.int().min(1).max(65535),
    tls: z.literal(true),
    /** The user that logs in with an IAM token in place of a password. */
    user: z.string().min(1),
    authentication: z.literal("iam"),
    /** The writer, wherever it is. */
    writerEndpoint: z.string().min(1),
    /** The region's own readers. */
    readerEndpoint: z.string().min(1),
    /** Whether the region's readers take writes and forward them. */
    writeForwarding: z.boolean(),
});

export const runtimeConfigSchema = z
    .strictObject({
        version: z.literal(1),
        environment: z.string().min(1),
        region: z.string().min(1),
        /** Whether shared state is written in this region. */
        regionRole: z.enum(["primary", "secondary"]),
        redis: z.strictObject({
            store: redisSchema,
            cache: redisSchema,
            /** What all regions read; written where it is writable. */
            shared: redisSchema.extend({ writable: z.boolean() }).optional(),
        }),
        database: databaseSchema.optional(),
        /** ARN of every secret by the name of its file. */
        secrets: z.record(secretName, z.string().startsWith("arn:")),
    })
    .superRefine(({ redis, secrets }, context) => {
        for (const role of ["store", "cache", "shared"] as const) {
            const { secret } = redis[role] ?? {};
            if (secret === undefined || secret in secrets) continue;
            context.addIssue({
                code: "custom",
                path: ["redis", role, "secret"],
                message: `one of ${Object.keys(secrets).join(", ")}`,
            });
        }
    });

export type RuntimeConfigDocument = z.output<typeof runtimeConfigSchema>;

/** A cluster as the component that makes it describes it. */
export interface RedisSource {
    readonly endpoint: string;
    readonly port: number;
    /** ARNs of the secrets of users a and b. */
    readonly credentialSecretArns: readonly string[];
    /** The user to log in as: a or b. */
    readonly activeUser: string;
    readonly partitionScheme: RuntimeConfigDocument["redis"]["store"]["partitionScheme"];
}

/** The database as the component that makes it describes it. */
export type DatabaseSource = Omit<z.output<typeof databaseSchema>, "tls" | "authentication">;

export interface RuntimeSource {
    readonly environment: string;
    readonly region: string;
    readonly regionRole: RuntimeConfigDocument["regionRole"];
    readonly store: RedisSource;
    readonly cache: RedisSource;
    readonly shared?: (RedisSource & { readonly writable: boolean }) | undefined;
    readonly database?: DatabaseSource | undefined;
}

const USERS = ["a", "b"] as const;

/** Names of the files with the credentials of a cluster's users a and b, in this order. */
export const credentialFiles = (role: string): string[] =>
    USERS.map((user) => credentialFile(role, user));

const credentialFile = (role: string, user: string) => `redis-${role}-${user}`;

/** The document of a region, from what its components made. */
export function runtimeConfig(source: RuntimeSource): RuntimeConfigDocument {
    const { environment, region, regionRole, store, cache, shared, database } = source;
    const redis = (role: string, from: RedisSource) => ({
        endpoint: from.endpoint,
        port: from.port,
        tls: true as const,
        secret: credentialFile(role, from.activeUser),
        partitionScheme: from.partitionScheme,
    });
    const secrets = (role: string, from: RedisSource) =>
        USERS.flatMap((user, i) => {
            const arn = from.credentialSecretArns[i];
            return arn === undefined ? [] : [[credentialFile(role, user), arn] as const];
        });
    return {
        version: 1,
        environment,
        region,
        regionRole,
        redis: {
            store: redis("store", store),
            cache: redis("cache", cache),
            ...(shared
                ? { shared: { ...redis("shared", shared), writable: shared.writable } }
                : {}),
        },
        ...(database ? { database: { ...database, tls: true, authentication: "iam" } } : {}),
        secrets: Object.fromEntries([
            ...secrets("store", store),
            ...secrets("cache", cache),
            ...(shared ? secrets("shared", shared) : []),
        ]),
    };
}

/** The document as text, as it is stored and as the instance writes it. */
export function runtimeConfigText(document: RuntimeConfigDocument): string {
    return JSON.stringify(document);
}

/** Reads the text back. @throws ZodError when it is not such a document, SyntaxError when it is not JSON */
export function parseRuntimeConfig(text: string): RuntimeConfigDocument {
    return runtimeConfigSchema.parse(JSON.parse(text));
}
