import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { activeUser, passwordVersions } from "../../redis/credentials";
import { digest, renderReplication, renderUsers, type ValkeyUser } from "./configuration";
import { ACCESS, PASSWORD_LENGTH } from "./defaults";
import type { ValkeyChoice } from "./validate";

/** Who may log in, and where the passwords lie. */
export interface Users {
    /** What the servers read. */
    readonly secret: core.Secret;
    /** Digest of all of it: another one is another pod. */
    readonly checksum: pulumi.Output<string>;
    /** Name of the Secret with username and password of the service's user. */
    readonly serviceSecretName: string;
    /** Name of the Secret with username and password of the migrator. */
    readonly migratorSecretName: string;
    /** `{"username", "password"}` of the service's user. */
    readonly serviceLogin: pulumi.Output<string>;
}

/** The service has two users of equal rights, of which one is in use: a new generation changes the other one's password. */
export function createUsers(name: string, parent: pulumi.Resource, choice: ValkeyChoice): Users {
    const { clusterName, namespace, credentialGeneration } = choice;
    const versions = passwordVersions(credentialGeneration);
    const password = (role: string, version = 1) =>
        new random.RandomPassword(
            `${name}-${role}-password`,
            {
                length: PASSWORD_LENGTH,
                special: false,
                keepers: { version: String(version) },
            },
            { parent },
        ).result;
    const passwords = {
        operator: password("operator"),
        replication: password("replication"),
        migrator: password("migrator"),
        monitor: password("monitor"),
        a: password("a", versions.a),
        b: password("b", versions.b),
    };
    const files = pulumi.secret(pulumi.output(passwords).apply(serverFiles));
    const metadata = (role: string) => ({ name: `${clusterName}-${role}`, namespace });
    const secret = new core.Secret(
        `${name}-users`,
        { metadata: metadata("users"), stringData: files },
        { parent },
    );
    const active = activeUser(credentialGeneration);
    const login = (role: string, username: string, value: pulumi.Output<string>) => {
        new core.Secret(
            `${name}-${role}-login`,
            {
                metadata: metadata(role),
                stringData: pulumi.secret({ username, password: value }),
            },
            { parent },
        );
        return pulumi.secret(pulumi.jsonStringify({ username, password: value }));
    };
    login("migrator", "migrator", passwords.migrator);
    return {
        secret,
        // Of long random passwords; a plan may show it.
        checksum: pulumi.unsecret(files.apply(digest)),
        serviceSecretName: `${clusterName}-service`,
        migratorSecretName: `${clusterName}-migrator`,
        serviceLogin: login("service", `logcaster-${active}`, passwords[active]),
    };
}

interface Passwords {
    readonly operator: string;
    readonly replication: string;
    readonly migrator: string;
    readonly monitor: string;
    readonly a: string;
    readonly b: string;
}

function serverFiles(passwords: Passwords): Record<string, string> {
    const user = (name: string, access: string, password: string): ValkeyUser => ({
        name,
        access,
        password,
    });
    const replication = user("replication", ACCESS.replication, passwords.replication);
    return {
        "users.acl": renderUsers([
            user("operator", ACCESS.operator, passwords.operator),
            replication,
            user("migrator", ACCESS.migrator, passwords.migrator),
            user("monitor", ACCESS.monitor, passwords.monitor),
            user("logcaster-a", ACCESS.service, passwords.a),
            user("logcaster-b", ACCESS.service, passwords.b),
        ]),
        "replication.conf": renderReplication(replication),
        "operator-password": passwords.operator,
        "monitor-password": passwords.monitor,
    };
}
