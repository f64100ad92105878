import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import type { PartitionTable } from "logcaster-model/partitions";
import { Connection } from "../../../dataplane/router";
import {
    freeNodePorts,
    removeTemporaryDirectory,
    type RedisServer,
    serverBinary,
    startValkey,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { logcaster, type Run } from "./logcaster";

const NODES = 4;
const KEYS = 300;

// Redis 7, because the Valkey that tests install is built without TLS.
describe("logcaster cluster create with TLS and a password", function () {
    this.timeout(180_000);
    let directory: string;
    let certificates: string;
    let metadata: RedisServer | undefined;
    let created: { table: PartitionTable; urls: string[] };
    let env: Record<string, string>;
    const file = (name: string) => path.join(certificates, name);

    before(async function () {
        const reason = await whyNoServer("valkey-server", "redis-server");
        if (reason) skip(this, reason);
        directory = temporaryDirectory();
        certificates = temporaryDirectory();
        signCertificates();
        metadata = await startValkey();
        const server = await serverBinary("redis-server");
        env = {
            ...server.env,
            LOGCASTER_CA_FILE: file("ca.pem"),
            LOGCASTER_METADATA_URL: metadata.url,
        };
        const port = await freeNodePorts(6);
        const shape = ["--port", String(port), "--nodes", String(NODES), "--replicas", "0"];
        const tls = ["--tls-cert", file("cert.pem"), "--tls-key", file("key.pem")];
        const security = [...tls, "--tls-ca", file("ca.pem"), "--password", "secret"];
        const run = await cluster(
            "create",
            ...shape,
            "--server",
            server.path,
            ...security,
            "--json",
        );
        assert.equal(run.code, 0, run.stderr);
        created = JSON.parse(run.stdout) as typeof created;
    });
    after(async () => {
        if (created) await cluster("stop");
        await metadata?.dispose();
        for (const one of [directory, certificates]) if (one) await removeTemporaryDirectory(one);
    });

    function cluster(command: string, ...args: string[]): Promise<Run> {
        return logcaster(["cluster", command, "--dir", directory, ...args], env);
    }

    function shards(...args: string[]): Promise<Run> {
        return logcaster(["shards", ...args, "--journal", certificates], env);
    }

    /** An authority, and a certificate for loopback that it signed. */
    function signCertificates(): void {
        const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
        const key = [
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ];
        const authority = ["-keyout", file("ca-key.pem"), "-out", file("ca.pem")];
        openssl("req", "-x509", ...key, "-subj", "/CN=authority", ...authority);
        const signed = ["-CA", file("ca.pem"), "-CAkey", file("ca-key.pem")];
        const leaf = ["-keyout", file("key.pem"), "-out", file("cert.pem")];
        const name = ["-subj", "/CN=node", "-addext", "subjectAltName=IP:127.0.0.1"];
        openssl("req", "-x509", ...signed, ...key, ...name, ...leaf);
    }

    it("serves clients that know the authority and the password, and nobody else", async () => {
        const [url] = created.urls as [string];
        assert.match(url, /^rediss:\/\/:secret@/);
        const answer = async (target: string, caFile?: string) => {
            const options = { url: target, timeoutMs: 2_000 };
            const connection = new Connection({ ...options, ...(caFile ? { caFile } : {}) });
            try {
                return await connection.call("PING");
            } catch (error) {
                return (error as Error).name;
            } finally {
                connection.close();
            }
        };
        assert.equal(await answer(url, file("ca.pem")), "PONG");
        assert.equal(
            await answer(url.replace("secret", "wrong"), file("ca.pem")),
            "ConnectionRefused",
        );
        assert.equal(await answer(url), "ConnectionLost");
        assert.equal(
            await answer(url.replace("rediss", "redis"), file("ca.pem")),
            "ConnectionLost",
        );
    });

    it("is resharded over TLS, and is whole after a stop and a start", async () => {
        const named = created.table.nodes.flatMap(({ name, url }) => ["--shard", `${name}=${url}`]);
        const initialized = await shards("init", "--mode", "cluster", ...named);
        assert.equal(initialized.code, 0, initialized.stderr);
        const members = created.urls.map((url) => new Connection({ url, caFile: file("ca.pem") }));
        try {
            for (let index = 0; index < KEYS; index++) {
                const owner = await ownerOf(members, `k${index}`);
                assert.equal(await owner.call("SET", `k${index}`, `v${index}`), "OK");
            }
            const moved = await shards("migrate", "--remove", "shard-3");
            assert.equal(moved.code, 0, moved.stderr);
            assert.equal(await members[3]!.call("DBSIZE"), 0);
            const counts = await Promise.all(members.map((member) => member.call("DBSIZE")));
            assert.equal(
                counts.map(Number).reduce((sum, count) => sum + count),
                KEYS,
            );
        } finally {
            for (const member of members) member.close();
        }
        const verified = await shards("verify");
        assert.equal(verified.stdout, `${KEYS} keys, all where they belong.\n`, verified.stderr);
        assert.equal((await cluster("stop")).stdout, `${NODES} nodes stopped.\n`);
        assert.equal((await cluster("start")).stdout, `${NODES} nodes run and agree.\n`);
        assert.equal((await shards("verify")).stdout, `${KEYS} keys, all where they belong.\n`);
    });

    it("wants certificate, key and authority together", async () => {
        const run = await logcaster(
            ["cluster", "create", "--dir", file("other"), "--tls-cert", file("cert.pem")],
            env,
        );
        assert.equal(run.code, 2);
        assert.match(run.stderr, /TLS needs all three: --tls-cert, --tls-key and --tls-ca/);
    });
});

/** The member that owns a key's slot: the one that answers without sending the caller on. */
async function ownerOf(members: readonly Connection[], key: string): Promise<Connection> {
    for (const member of members) {
        const isOwner = await member.call("EXISTS", key).then(
            () => true,
            (error: Error) => {
                if (!error.message.startsWith("MOVED")) throw error;
                return false;
            },
        );
        if (isOwner) return member;
    }
    throw new Error(`Nobody owns ${key}.`);
}
