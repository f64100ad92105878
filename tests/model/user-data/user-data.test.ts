import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import {
    DRAIN_TIMING,
    MAX_USER_DATA_BYTES,
    renderCloudConfig,
    renderMultipart,
    renderNodeUserData,
    renderServiceUserData,
} from "logcaster-model/user-data";
import {
    removeTemporaryDirectory,
    serverBinary,
    temporaryDirectory,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { fileOf, parsed, SERVICE } from "./fixture";

const run = promisify(execFile);
const NODE = {
    clusterName: "logcaster",
    apiServerEndpoint: "https://example.eks.amazonaws.com",
    certificateAuthority: "Y2VydGlmaWNhdGU=",
    serviceCidr: "172.20.0.0/16",
    labels: { pool: "ingest" },
    taints: ["dedicated=ingest:NoSchedule"],
};

describe("User data of a service instance", () => {
    const config = parsed();
    const unit = (name: string) => fileOf(config, `/system/${name}`);

    it("stays under EC2's 16 KB", () => {
        assert.equal(MAX_USER_DATA_BYTES, 16_384);
        const longest = renderServiceUserData({ ...SERVICE, groupName: "g".repeat(255) });
        assert.ok(Buffer.byteLength(longest) < MAX_USER_DATA_BYTES);
    });

    it("is refused above it, with its size, the limit and what to do", () => {
        const files = [{ path: "/f", content: "x".repeat(MAX_USER_DATA_BYTES) }];
        const user = { name: "u", uid: 1 };
        assert.throws(
            () => renderCloudConfig({ packages: [], user, files, commands: [] }),
            /^Error: User data has 16\d{3} bytes; EC2 takes at most 16384 \(https:.*Bake files/,
        );
    });

    it("writes these files", () => {
        assert.deepEqual(
            config.write_files.map(({ path, permissions }) => `${permissions} ${path}`),
            [
                "0644 /etc/logcaster-fleet/env",
                "0644 /etc/logcaster-fleet/cloudwatch.json",
                "0644 /etc/logcaster-fleet/health.cfg",
                "0644 /etc/sysctl.d/90-logcaster.conf",
                "0755 /usr/local/libexec/logcaster/connections",
                "0755 /usr/local/libexec/logcaster/publish-connections",
                "0755 /usr/local/libexec/logcaster/pull-image",
                "0755 /usr/local/libexec/logcaster/drain",
                "0755 /usr/local/libexec/logcaster/fetch-config",
                "0644 /etc/systemd/system/logcaster.service",
                "0644 /etc/systemd/system/logcaster-health.service",
                "0644 /etc/systemd/system/logcaster-connections.service",
                "0644 /etc/systemd/system/logcaster-connections.timer",
                "0644 /etc/systemd/system/logcaster-drain.service",
            ],
        );
    });

    it("starts what has to run, after the packages are there", () => {
        assert.deepEqual(config.packages, [
            "amazon-cloudwatch-agent",
            "awscli-2",
            "docker",
            "haproxy",
            "jq",
        ]);
        assert.deepEqual(config.runcmd.at(-1), [
            ...["systemctl", "enable", "--now", "docker.service", "logcaster.service"],
            ...["logcaster-health.service", "logcaster-connections.timer"],
            "logcaster-drain.service",
        ]);
    });

    it("runs the image by digest, as a user without privileges, with its configuration read-only", () => {
        const start = /^ExecStart=(.*)$/m.exec(unit("logcaster.service"))?.[1] ?? "";
        assert.ok(start.endsWith(` ${SERVICE.image}`), start);
        for (const option of [
            "--user 10001:10001",
            "--cap-drop ALL",
            "--network host",
            "--volume /etc/logcaster:/etc/logcaster:ro",
            "--env LOGCASTER_PORT=9999",
            "--env LOGCASTER_HTTP_PORT=80",
        ]) {
            assert.ok(start.includes(option), option);
        }
    });

    it("lets that user listen on port 80, and changes nothing where no port is privileged", () => {
        assert.equal(
            fileOf(config, "90-logcaster.conf"),
            "net.ipv4.ip_unprivileged_port_start = 80\n",
        );
        const high = parsed({ httpPort: 8080 }).write_files.map((file) => file.path);
        assert.equal(high.includes("/etc/sysctl.d/90-logcaster.conf"), false);
    });

    it("fetches the runtime configuration before each start, and nothing where there is none", () => {
        assert.match(
            unit("logcaster.service"),
            /^ExecStartPre=\/usr\/local\/libexec\/logcaster\/fetch-config$/m,
        );
        const without = renderServiceUserData({ ...SERVICE, parameterPath: undefined });
        assert.equal(without.includes("fetch-config\n"), false);
        assert.equal(without.includes("PARAMETER_PATH=/"), false);
    });

    it("publishes memory with the group as its only dimension", () => {
        assert.deepEqual(JSON.parse(fileOf(config, "cloudwatch.json")), {
            agent: {
                metrics_collection_interval: 60,
                run_as_user: "cwagent",
                omit_hostname: true,
            },
            metrics: {
                namespace: "LogCaster",
                metrics_collected: {
                    mem: {
                        measurement: ["mem_used_percent"],
                        append_dimensions: { AutoScalingGroupName: SERVICE.groupName },
                    },
                },
            },
        });
    });

    it("gives the service its last half minute of a spot notice", () => {
        const NOTICE_SECONDS = 120;
        const stop = /--time (\d+)/.exec(unit("logcaster.service"))?.[1];
        const used = DRAIN_TIMING.pollSeconds + DRAIN_TIMING.spotSeconds + Number(stop);
        assert.ok(used <= NOTICE_SECONDS, String(used));
    });

    it("holds where to find secrets, never one", () => {
        const text = renderServiceUserData(SERVICE);
        const secret = /AKIA|PRIVATE KEY|password *[:=]|:secret:|[?&]token=/i;
        assert.equal(secret.exec(text), null);
    });

    describe("read by cloud-init", () => {
        let python: { root: string };
        let directory: string;

        before(async function () {
            this.timeout(0);
            const why = await whyNoServer("cloud-init");
            if (why) skip(this, why);
            const { path: file } = await serverBinary("cloud-init");
            python = { root: path.resolve(file, "../../lib/python3/dist-packages") };
        });
        beforeEach(() => (directory = temporaryDirectory("cloud-init")));
        afterEach(() => removeTemporaryDirectory(directory));

        const python3 = (...args: string[]) =>
            run("python3", args, { env: { ...process.env, PYTHONPATH: python.root } });

        async function schema(text: string): Promise<string> {
            const file = path.join(directory, "user-data");
            writeFileSync(file, text);
            const { stdout } = await python3(
                ...["-m", "cloudinit.cmd.main", "schema", "--config-file", file],
            );
            return stdout.replace(file, "FILE").trim();
        }

        /** The parts that cloud-init's own processor makes of a document: type and text. */
        async function parts(text: string): Promise<[string, string][]> {
            const file = path.join(directory, "user-data");
            writeFileSync(file, text);
            const code = [
                "import json, sys",
                "from cloudinit.helpers import Paths",
                "from cloudinit.user_data import UserDataProcessor",
                "paths = Paths({'cloud_dir': sys.argv[2], 'run_dir': sys.argv[2]})",
                "message = UserDataProcessor(paths).process(open(sys.argv[1]).read())",
                "parts = [p for p in message.walk() if not p.is_multipart()]",
                "print(json.dumps([[p.get_content_type(), p.get_payload(decode=True).decode()] for p in parts]))",
            ].join("\n");
            const { stdout } = await python3("-c", code, file, directory);
            return JSON.parse(stdout) as [string, string][];
        }

        it("is a valid cloud-config by cloud-init's schema, without a deprecation", async () => {
            assert.equal(await schema(renderServiceUserData(SERVICE)), "Valid cloud-config: FILE");
        });

        it("would be refused with a value of a wrong type: the schema is in force", async () => {
            const wrong = renderServiceUserData(SERVICE).replace(/^packages: .*$/m, "packages: 5");
            await assert.rejects(schema(wrong), /packages: 5 is not of type 'array'/);
        });

        it("is one part of type text/cloud-config", async () => {
            const text = renderServiceUserData(SERVICE);
            assert.deepEqual(await parts(text), [["text/cloud-config", text]]);
        });

        it("splits a multi-part document into its parts", async () => {
            const cloud = renderServiceUserData(SERVICE);
            const found = await parts(
                renderMultipart([
                    { type: "application/node.eks.aws", content: "kind: NodeConfig\n" },
                    { type: "text/cloud-config", content: cloud },
                ]),
            );
            assert.deepEqual(found, [
                ["application/node.eks.aws", "kind: NodeConfig\n"],
                ["text/cloud-config", cloud],
            ]);
        });

        it("finds the node configuration in a node's user data", async () => {
            const [[type, content] = ["", ""]] = await parts(renderNodeUserData(NODE));
            assert.equal(type, "application/node.eks.aws");
            assert.deepEqual(JSON.parse(content), {
                apiVersion: "node.eks.aws/v1alpha1",
                kind: "NodeConfig",
                spec: {
                    cluster: {
                        name: "logcaster",
                        apiServerEndpoint: "https://example.eks.amazonaws.com",
                        certificateAuthority: "Y2VydGlmaWNhdGU=",
                        cidr: "172.20.0.0/16",
                    },
                    kubelet: {
                        flags: [
                            "--node-labels=pool=ingest",
                            "--register-with-taints=dedicated=ingest:NoSchedule",
                        ],
                    },
                },
            });
        });
    });
});
