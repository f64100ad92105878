import * as elasticache from "@pulumi/aws/elasticache";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { RedisEngine, RedisShardClusterArgs } from "./args";
import { DEFAULT_USER_ACCESS, REDIS_DEFAULTS, SERVICE_ACCESS } from "./defaults";

export interface Credentials {
    readonly userGroupId: pulumi.Output<string>;
    readonly secretArns: pulumi.Output<string>[];
    /** What is in the secrets. */
    readonly secretTexts: pulumi.Output<string>[];
    readonly activeUser: string;
    /** Random, stable: for ids that an account and region share. */
    readonly suffix: pulumi.Output<string>;
}

/**
 * Two users of equal rights, of which one is in use: generation n makes the password of user a when n is odd and of user b
 * when n is even, and makes that user the active one. A rotation so never changes the password that is in use, and clients
 * that have not yet read the new one keep working until the next rotation.
 */
export function createCredentials(
    name: string,
    parent: pulumi.Resource,
    args: Pick<RedisShardClusterArgs, "region" | "credentialGeneration"> & { role: string },
    engine: RedisEngine,
    tags: Record<string, string>,
): Credentials {
    const { region, role } = args;
    const generation = args.credentialGeneration ?? REDIS_DEFAULTS.credentialGeneration;
    const { hex: suffix } = new random.RandomId(
        `${name}-suffix`,
        { byteLength: REDIS_DEFAULTS.suffixBytes },
        { parent },
    );
    const user = (key: string, userName: pulumi.Input<string>, access: string, version: number) => {
        const password = new random.RandomPassword(
            `${name}-${key}-password`,
            {
                length: REDIS_DEFAULTS.passwordLength,
                special: false,
                keepers: { version: String(version) },
            },
            { parent },
        );
        const resource = new elasticache.User(
            `${name}-${key}`,
            {
                region,
                engine,
                userId: pulumi.interpolate`lc-${role}-${key}-${suffix}`,
                userName,
                accessString: access,
                passwords: [password.result],
                tags,
            },
            { parent },
        );
        return { resource, password: password.result };
    };

    // Without a user of this name a client that gives none would get full rights; its password is told to nobody.
    const nobody = user("default", "default", DEFAULT_USER_ACCESS, 1);
    const versions = passwordVersions(generation);
    const service = (["a", "b"] as const).map((key) => {
        const username = `logcaster-${role}-${key}`;
        const { resource, password } = user(key, username, SERVICE_ACCESS, versions[key]);
        const login = { username, password };
        return {
            resource,
            secretArn: keep(`${name}-${key}`, parent, region, login, resource, tags),
            // A client may log in once the user has the password.
            secretText: pulumi
                .all([pulumi.jsonStringify(login), resource.arn])
                .apply(([text]) => text),
        };
    });
    const group = new elasticache.UserGroup(
        `${name}-users`,
        {
            region,
            engine,
            userGroupId: pulumi.interpolate`lc-${role}-${suffix}`,
            userIds: [nobody, ...service].map((each) => each.resource.userId),
            tags,
        },
        { parent },
    );
    return {
        userGroupId: group.id,
        secretArns: service.map(({ secretArn }) => secretArn),
        secretTexts: service.map(({ secretText }) => secretText),
        activeUser: activeUser(generation),
        suffix,
    };
}

/** The ARN of the secret that a client reads; known once it has a value, which it has once the user with it exists. */
function keep(
    name: string,
    parent: pulumi.Resource,
    region: string,
    login: { username: string; password: pulumi.Output<string> },
    user: elasticache.User,
    tags: Record<string, string>,
): pulumi.Output<string> {
    const secret = new secretsmanager.Secret(
        `${name}-secret`,
        { region, description: `User ${login.username}`, tags },
        { parent },
    );
    const version = new secretsmanager.SecretVersion(
        `${name}-secret-value`,
        {
            region,
            secretId: secret.id,
            secretString: pulumi.jsonStringify(login),
        },
        { parent, dependsOn: user },
    );
    return pulumi.all([secret.arn, version.id]).apply(([arn]) => arn);
}

/** How often each user's password was made at a generation: one of the two per rotation, in turn. */
export function passwordVersions(generation: number): { a: number; b: number } {
    return { a: Math.ceil(generation / 2), b: Math.floor(generation / 2) };
}

/** The user whose password the generation made. */
export function activeUser(generation: number): "a" | "b" {
    return generation % 2 === 1 ? "a" : "b";
}
