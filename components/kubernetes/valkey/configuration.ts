/** What a server reads at start: valkey.conf and its users, as text. For Valkey 8 and newer, and Redis 7. */
import { createHash } from "node:crypto";
import { SERVER, ValkeyRole } from "./defaults";

/** Files of TLS, by absolute path. */
export interface TlsFiles {
    readonly certificate: string;
    readonly key: string;
    /** Who signs the nodes: on the cluster's bus each must show a certificate of it. */
    readonly authority: string;
}

/** What a server's configuration depends on. */
export interface ServerConfiguration {
    readonly role: ValkeyRole;
    readonly appendFsync: string;
    readonly port: number;
    readonly maxMemoryBytes: number;
    /** Folder of the append-only file and nodes.conf. */
    readonly dataFolder: string;
    /** Folder of users.acl and replication.conf. */
    readonly secretsFolder: string;
    /** Plain without: for tests of servers that are built without it. */
    readonly tls?: TlsFiles;
    /** What clients are told to connect to. */
    readonly endpoints: "hostname" | "ip";
}

/** valkey.conf. What differs by pod (its address, its name) is given at start. */
export function renderConfiguration(given: ServerConfiguration): string {
    const { role, appendFsync, port, maxMemoryBytes, dataFolder, secretsFolder, tls } = given;
    const ports = tls
        ? [
              "port 0",
              `tls-port ${port}`,
              `tls-cert-file ${tls.certificate}`,
              `tls-key-file ${tls.key}`,
              `tls-ca-cert-file ${tls.authority}`,
              // Users log in by password; nodes show certificates to each other in any case.
              "tls-auth-clients no",
              "tls-cluster yes",
              "tls-replication yes",
              'tls-protocols "TLSv1.2 TLSv1.3"',
          ]
        : [`port ${port}`];
    return [
        ...ports,
        // Users are the protection.
        "protected-mode no",
        `tcp-keepalive ${SERVER.keepAliveSeconds}`,
        `dir ${dataFolder}`,
        `aclfile ${secretsFolder}/users.acl`,
        `include ${secretsFolder}/replication.conf`,
        "",
        "appendonly yes",
        `appendfsync ${appendFsync}`,
        'save ""',
        `maxmemory ${maxMemoryBytes}`,
        // A store never evicts: a write that does not fit is refused.
        `maxmemory-policy ${role === ValkeyRole.Store ? "noeviction" : "allkeys-lru"}`,
        "",
        "cluster-enabled yes",
        "cluster-config-file nodes.conf",
        `cluster-node-timeout ${SERVER.nodeTimeoutMs}`,
        // The other shards go on while one has nobody.
        "cluster-require-full-coverage no",
        // A copy stays in its shard, whose copies are in different zones.
        "cluster-allow-replica-migration no",
        `cluster-preferred-endpoint-type ${given.endpoints}`,
        `repl-backlog-size ${SERVER.backlogBytes}`,
        // At SIGTERM a primary first waits until its copies have everything.
        `shutdown-timeout ${SERVER.shutdownSeconds}`,
        "",
    ].join("\n");
}

/** A user and what it may do. */
export interface ValkeyUser {
    readonly name: string;
    readonly access: string;
    readonly password: string;
}

/** users.acl: passwords by SHA-256. The user that a client is when it names none is off. */
export function renderUsers(users: readonly ValkeyUser[]): string {
    const lines = users.map(({ name, access, password }) => {
        const hash = createHash("sha256").update(password).digest("hex");
        return `user ${name} on #${hash} ${access}`;
    });
    return ["user default off resetpass -@all", ...lines, ""].join("\n");
}

/** How a copy logs in at its primary. */
export function renderReplication({ name, password }: ValkeyUser): string {
    return [`masteruser ${name}`, `masterauth ${password}`, ""].join("\n");
}

/** SHA-256 of a value, in hex. */
export function digest(value: unknown): string {
    return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
