/**
 * Follows each value from the component that makes it to the file that the service reads: a Region is recorded, its launch
 * template's user data is unpacked, and the script that an instance boots with runs against a fake `aws` that answers from the
 * recorded parameters and secrets. Not proven: that AWS answers as the fake does, and that the role's policy is evaluated so.
 */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUNTIME_FILE, SECRETS_DIR, parseRuntimeConfig } from "logcaster-model/runtime-config";
import { parse } from "yaml";
import { skip } from "../../skip";
import type { Recording } from "../recorder";
import { DATABASE, SHARED_LOGINS, SHARED_REDIS, recordRegion } from "./fixture";

interface CloudConfig {
    write_files: { path: string; content: string }[];
}

const ETC = "/etc/logcaster";

describe("the runtime configuration of a region", () => {
    let directory: string;
    let recording: Recording<unknown>;

    before(async function () {
        for (const command of ["sh", "jq"]) {
            try {
                execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
            } catch {
                skip(this, `${command} is not on PATH`);
            }
        }
        directory = mkdtempSync(join(tmpdir(), "logcaster-runtime-"));
        recording = await recordRegion();
        boot();
    });
    after(() => directory && rmSync(directory, { recursive: true, force: true }));

    const arnOf = (type: string, kind: string, name: string) =>
        `arn:aws:${type}:eu-west-1:123456789012:${kind}/${name}`;

    /** What AWS would answer, by the words that ask for it. */
    function stored(): Map<string, string> {
        const answers = new Map<string, string>();
        for (const { inputs } of recording.of("aws:ssm/parameter:Parameter")) {
            answers.set(`--name ${inputs.name}`, String(inputs.insecureValue));
        }
        for (const { inputs } of recording.of("aws:secretsmanager/secretVersion:SecretVersion")) {
            const secret = String(inputs.secretId).replace(/-id$/, "");
            const arn = arnOf("secretsmanager", "secret", secret);
            answers.set(`--secret-id ${arn}`, String(inputs.secretString));
        }
        SHARED_REDIS.credentialSecretArns.forEach((arn, i) =>
            answers.set(`--secret-id ${arn}`, SHARED_LOGINS[i]!),
        );
        return answers;
    }

    /** Runs fetch-config as the unit would, with everything under a temporary directory. */
    function boot(): void {
        const { userData } = recording.one("aws:ec2/launchTemplate:LaunchTemplate").inputs;
        const { write_files: files } = parse(
            Buffer.from(String(userData), "base64").toString(),
        ) as CloudConfig;
        const contentOf = (end: string) => {
            const file = files.find(({ path }) => path.endsWith(end));
            assert.ok(file, end);
            return file.content;
        };
        const install = (path: string, content: string) => {
            writeFileSync(path, content);
            chmodSync(path, 0o755);
        };
        mkdirSync(join(directory, "bin"));
        mkdirSync(join(directory, "answers"));
        const cases = [...stored()].map(([asked, answer], i) => {
            const file = join(directory, "answers", String(i));
            writeFileSync(file, answer);
            return `*"${asked} "*) cat "${file}" ;;`;
        });
        install(
            join(directory, "bin/aws"),
            `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) echo "denied: $*" >&2; exit 254 ;;\nesac\n`,
        );
        install(join(directory, "bin/chown"), "#!/bin/sh\n");
        const script = join(directory, "fetch-config");
        install(script, contentOf("/fetch-config"));
        const env = Object.fromEntries(
            contentOf("/env")
                .trim()
                .split("\n")
                .map((line) => line.split(/=(.*)/s).slice(0, 2)),
        );
        assert.equal(env.CONFIG_DIR, ETC);
        execFileSync(script, {
            env: {
                ...env,
                CONFIG_DIR: join(directory, "etc"),
                PATH: `${join(directory, "bin")}:${process.env.PATH}`,
            },
        });
    }

    const read = (path: string) => readFileSync(path.replace(ETC, join(directory, "etc")), "utf8");
    const document = () => parseRuntimeConfig(read(RUNTIME_FILE));

    it("arrives as the document that the model describes", () => {
        const { version, environment, region, regionRole, database } = document();
        assert.deepEqual(
            { version, environment, region, regionRole, database },
            {
                version: 1,
                environment: "prod",
                region: "eu-west-1",
                regionRole: "secondary",
                database: { ...DATABASE, tls: true, authentication: "iam" },
            },
        );
    });

    for (const role of ["store", "cache"] as const) {
        it(`names the ${role}'s endpoint, port and partitions as its component made them`, () => {
            const outputs = recording.one(
                "logcaster-scaling:index:RedisShardCluster",
                `eu-west-1-${role}`,
            ).registeredOutputs;
            const { endpoint, port, partitionScheme, tls } = document().redis[role];
            assert.deepEqual(
                { endpoint, port, partitionScheme, tls },
                {
                    endpoint: outputs?.endpoint,
                    port: outputs?.port,
                    partitionScheme: outputs?.partitionScheme,
                    tls: true,
                },
            );
        });

        it(`leads to a login of the ${role} that its engine was given`, () => {
            const { username, password } = JSON.parse(
                read(join(SECRETS_DIR, document().redis[role].secret)),
            ) as { username: string; password: string };
            const users = recording
                .of("aws:elasticache/user:User")
                .filter(({ name }) => name.startsWith(`eu-west-1-${role}-`))
                .map(({ inputs }) => [inputs.userName, inputs.passwords]);
            assert.deepEqual(
                users.filter(([name]) => name === username),
                [[username, [password]]],
            );
        });
    }

    it("leads to the Redis that all regions read, its login and whether it takes writes", () => {
        const { shared } = document().redis;
        assert.deepEqual(
            [shared?.endpoint, shared?.writable],
            [SHARED_REDIS.endpoint, SHARED_REDIS.writable],
        );
        assert.equal(read(join(SECRETS_DIR, shared?.secret ?? "")), SHARED_LOGINS[0]);
    });

    it("has a file for each secret that it refers to, the logins at rest included", () => {
        assert.deepEqual(Object.keys(document().secrets), [
            "redis-store-a",
            "redis-store-b",
            "redis-cache-a",
            "redis-cache-b",
            "redis-shared-a",
            "redis-shared-b",
        ]);
        for (const name of Object.keys(document().secrets)) {
            assert.ok(JSON.parse(read(join(SECRETS_DIR, name))).password, name);
        }
    });

    it("may be read by the fleet's role, and nothing else may", () => {
        const allowed = new Map<string, string[]>();
        for (const { inputs } of recording.of("aws:iam/rolePolicy:RolePolicy")) {
            const { Statement } = JSON.parse(String(inputs.policy)) as {
                Statement: { Action: string | string[]; Resource: string | string[] }[];
            };
            for (const { Action, Resource } of Statement) {
                for (const action of [Action].flat()) {
                    if (!/^(ssm|secretsmanager):/.test(action)) continue;
                    allowed.set(action, [...(allowed.get(action) ?? []), ...[Resource].flat()]);
                }
            }
        }
        assert.deepEqual(Object.fromEntries(allowed), {
            "ssm:GetParameter": [arnOf("ssm", "parameter", "eu-west-1-runtime")],
            "secretsmanager:GetSecretValue": Object.values(document().secrets),
        });
    });

    it("puts no password into user data", () => {
        const { userData } = recording.one("aws:ec2/launchTemplate:LaunchTemplate").inputs;
        assert.ok(!Buffer.from(String(userData), "base64").toString().includes("password-of-"));
    });
});
