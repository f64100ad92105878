/** Scripts of the user data run by the shell of this machine. Not proven: that AWS and systemd answer as the fakes do. */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../servers";
import { skip } from "../../skip";
import { fileOf, parsed } from "./fixture";
import { Instance } from "./instance";

const COMMANDS = ["sh", "ss", "curl", "jq", "awk"];

/** Waits for something to become true; fails after ten seconds, far above what it takes. */
async function until(what: string, isTrue: () => boolean): Promise<void> {
    for (let i = 0; i < 1000; i++) {
        if (isTrue()) return;
        await sleep(10);
    }
    assert.fail(`never: ${what}`);
}

describe("Scripts on an instance", () => {
    let instance: Instance;

    before(function () {
        for (const command of COMMANDS) {
            try {
                execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
            } catch {
                skip(this, `${command} is not on PATH (Debian: iproute2, curl, jq)`);
            }
        }
    });
    afterEach(() => instance?.remove());

    it("are POSIX shell that the shell parses", () => {
        instance = Instance.create();
        for (const { path, content } of parsed().write_files) {
            if (path.includes("libexec")) execFileSync("sh", ["-n"], { input: content });
        }
    });

    describe("connections", () => {
        for (const host of ["127.0.0.1", "::ffff:127.0.0.1"]) {
            it(`counts established connections of the port on ${host}, the health agent's not among them`, async () => {
                instance = Instance.create();
                const service = await instance.service(host);
                const other = await instance.service();
                await service.connect(2, "127.0.0.1");
                await service.connect(3);
                await other.connect(1);
                const count = async () => (await instance.run("connections", env)).stdout.trim();
                const env = { SERVICE_PORT: String(service.port) };
                assert.equal(await count(), "3");
                await service.disconnect();
                assert.equal(await count(), "2");
                await service.disconnect();
                await service.disconnect();
                assert.equal(await count(), "0");
            });
        }

        it("prints nothing and fails when the kernel cannot be asked, rather than 0", async () => {
            instance = Instance.create();
            instance.fake("ss", "exit 1");
            const { code, stdout } = await instance.run("connections");
            assert.notEqual(code, 0);
            assert.equal(stdout, "");
        });
    });

    describe("publish-connections", () => {
        async function health(status: number): Promise<{ port: number; close: () => void }> {
            const port = await freePort();
            const server = createServer((_, response) => {
                response.statusCode = status;
                response.end();
            });
            await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
            return { port, close: () => server.close() };
        }

        it("publishes the count as a gauge of the group", async () => {
            instance = Instance.create();
            instance.fake("aws", "");
            const agent = await health(200);
            const service = await instance.service();
            await service.connect(2);
            const { code } = await instance.run("publish-connections", {
                SERVICE_PORT: String(service.port),
                HEALTH_PORT: String(agent.port),
            });
            agent.close();
            assert.equal(code, 0);
            assert.deepEqual(instance.calls, [
                "aws cloudwatch put-metric-data --region us-east-1 --namespace LogCaster --metric-name ActiveConnections --unit Count --value 2 --dimensions AutoScalingGroupName=logcaster-prod-us-east-1",
            ]);
        });

        it("publishes nothing while the instance is not healthy, so that a booting one lowers no average", async () => {
            instance = Instance.create();
            instance.fake("aws", "");
            const agent = await health(503);
            const { code } = await instance.run("publish-connections", {
                HEALTH_PORT: String(agent.port),
            });
            agent.close();
            assert.equal(code, 0);
            assert.deepEqual(instance.calls, []);
        });

        it("publishes nothing when the count is unknown", async () => {
            instance = Instance.create();
            instance.fake("aws", "");
            instance.fake("ss", "exit 1");
            const agent = await health(200);
            const { code } = await instance.run("publish-connections", {
                HEALTH_PORT: String(agent.port),
            });
            agent.close();
            assert.notEqual(code, 0);
            assert.deepEqual(
                instance.calls.filter((call) => call.startsWith("aws")),
                [],
            );
        });
    });

    describe("drain", () => {
        const COMPLETE =
            "aws autoscaling complete-lifecycle-action --region us-east-1 --auto-scaling-group-name logcaster-prod-us-east-1 --lifecycle-hook-name drain --instance-id i-1 --lifecycle-action-result CONTINUE";
        const STOP_TIMER = "systemctl stop logcaster-connections.timer";
        const STOP_HEALTH = "systemctl stop logcaster-health.service";
        const STOP_SERVICE = "systemctl stop logcaster.service";
        const FAST = { POLL_SECONDS: "0.05", SETTLE_SECONDS: "0" };
        const metadata = new Map<string, string>();

        async function leaving(env: Record<string, string>, connections: number) {
            metadata.clear();
            metadata
                .set("instance-id", "i-1")
                .set("autoscaling/target-lifecycle-state", "InService");
            instance = Instance.create(FAST);
            instance.fake("aws", "");
            const service = await instance.service();
            await service.connect(connections);
            const child = instance.start("drain", {
                IMDS: await instance.metadata(metadata),
                SERVICE_PORT: String(service.port),
                ...env,
            });
            let printed = "";
            child.stdout?.on("data", (data: Buffer) => (printed += data.toString()));
            const ended = once(child, "close") as Promise<[number]>;
            return { service, ended, printed: () => printed };
        }

        it("does nothing while the instance stays", async () => {
            const { printed } = await leaving({}, 0);
            await sleep(400); // several polls
            assert.deepEqual([instance.calls, printed()], [[], ""]);
        });

        it("waits on scale-in until the last connection has ended, stops the service, then completes", async () => {
            const { service, ended, printed } = await leaving({}, 2);
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            await until("it counts two", () => printed().includes("leaving: 2 connections"));
            await service.disconnect();
            await until("it counts one", () => printed().includes("leaving: 1 connections"));
            assert.deepEqual(instance.calls, [STOP_TIMER]);
            await service.disconnect();
            assert.equal((await ended)[0], 0);
            assert.deepEqual(instance.calls, [STOP_TIMER, STOP_SERVICE, COMPLETE]);
        });

        it("goes on with connections left when the deregistration delay is over", async () => {
            const { ended, printed } = await leaving({ DRAIN_SECONDS: "1" }, 1);
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            assert.equal((await ended)[0], 0);
            assert.match(printed(), /leaving: 1 connections\n$/);
            assert.deepEqual(instance.calls, [STOP_TIMER, STOP_SERVICE, COMPLETE]);
        });

        it("trusts no early zero: the balancer may still send connections until it has settled", async () => {
            const { service, printed } = await leaving({ SETTLE_SECONDS: "60" }, 0);
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            await until("it counts none", () => printed().includes("leaving: 0 connections"));
            await service.connect(1);
            await until("it counts one", () => printed().includes("leaving: 1 connections"));
            assert.deepEqual(instance.calls, [STOP_TIMER]);
        });

        it("waits on when the count is unknown", async () => {
            const { printed, ended } = await leaving({ DRAIN_SECONDS: "1" }, 0);
            instance.fake("ss", "exit 1");
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            await until("it is unknown", () => printed().includes("leaving: unknown connections"));
            assert.equal((await ended)[0], 0);
            assert.equal(instance.calls.at(-1), COMPLETE);
        });

        it("asks again until the group has the action to complete", async () => {
            const { ended } = await leaving({}, 0);
            const tries = instance.path("tries");
            instance.fake("aws", `echo x >>'${tries}'; [ "$(wc -l <'${tries}')" -ge 3 ]`);
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            assert.equal((await ended)[0], 0);
            assert.deepEqual(instance.calls, [
                STOP_TIMER,
                STOP_SERVICE,
                COMPLETE,
                COMPLETE,
                COMPLETE,
            ]);
        });

        it("gives up with an error when the hook is over: its default result lets the instance go", async () => {
            const { ended } = await leaving({ HOOK_SECONDS: "1" }, 0);
            instance.fake("aws", "exit 255");
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            assert.equal((await ended)[0], 1);
        });

        it("fails its health check at once on a spot notice and leaves after the shorter wait", async () => {
            const { ended, printed } = await leaving({ SPOT_DRAIN_SECONDS: "1" }, 1);
            metadata.set(
                "spot/instance-action",
                '{"action":"terminate","time":"2026-01-01T00:02:00Z"}',
            );
            assert.equal((await ended)[0], 0);
            assert.match(printed(), /^spot interruption: \{"action":"terminate"/);
            assert.deepEqual(instance.calls, [STOP_TIMER, STOP_HEALTH, STOP_SERVICE, COMPLETE]);
        });

        it("shortens a drain under way when a spot notice comes", async () => {
            const { ended, printed } = await leaving({ SPOT_DRAIN_SECONDS: "1" }, 1);
            metadata.set("autoscaling/target-lifecycle-state", "Terminated");
            await until("it counts one", () => printed().includes("leaving: 1 connections"));
            metadata.set("spot/instance-action", '{"action":"terminate"}');
            assert.equal((await ended)[0], 0);
            assert.deepEqual(instance.calls, [STOP_TIMER, STOP_HEALTH, STOP_SERVICE, COMPLETE]);
        });
    });

    describe("pull-image", () => {
        const REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        const IMAGE = `${REGISTRY}/logcaster@sha256:${"a".repeat(64)}`;
        /** docker without the image; `login` writes down what it is told and where it would keep it. */
        const DOCKER = `[ "$1" = image ] && exit 1; [ "$1" = login ] && cat >"$DIRECTORY/stdin" && echo "$DOCKER_CONFIG" >"$DIRECTORY/config"; exit 0`;

        it("logs in to ECR in the registry's own region, by standard input, and keeps no credential", async () => {
            instance = Instance.create();
            instance.fake("docker", DOCKER);
            instance.fake("aws", "echo token-1");
            const { code } = await instance.run("pull-image", {
                IMAGE,
                DIRECTORY: instance.directory,
            });
            assert.equal(code, 0);
            assert.deepEqual(
                [...instance.calls].sort(),
                [
                    "aws ecr get-login-password --region eu-west-1",
                    `docker image inspect ${IMAGE}`,
                    `docker login --username AWS --password-stdin ${REGISTRY}`,
                    `docker pull --quiet ${IMAGE}`,
                ].sort(),
            );
            assert.equal(readFileSync(instance.path("stdin"), "utf8"), "token-1\n");
            const kept = readFileSync(instance.path("config"), "utf8").trim();
            assert.notEqual(kept, "");
            assert.equal(existsSync(kept), false);
        });

        it("logs in nowhere else", async () => {
            instance = Instance.create();
            instance.fake("docker", DOCKER);
            const image = `ghcr.io/logcaster/logcaster@sha256:${"a".repeat(64)}`;
            await instance.run("pull-image", { IMAGE: image, DIRECTORY: instance.directory });
            assert.deepEqual(instance.calls, [
                `docker image inspect ${image}`,
                `docker pull --quiet ${image}`,
            ]);
        });

        it("needs no registry where the image is there already", async () => {
            instance = Instance.create();
            instance.fake("docker", "exit 0");
            await instance.run("pull-image", { IMAGE });
            assert.deepEqual(instance.calls, [`docker image inspect ${IMAGE}`]);
        });
    });

    describe("fetch-config", () => {
        const SECRET = { username: "store-a", password: 'p"a\\ss $word' };
        const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:store-a";
        const user = execFileSync("id", ["-un"]).toString().trim();

        function fakeAws(runtime: object, whenSecret = `printf '%s\\n' "$SECRET_TEXT"`): void {
            instance.fake(
                "aws",
                `case "$1" in ssm) printf '%s\\n' '${JSON.stringify(runtime)}' ;; *) ${whenSecret} ;; esac`,
            );
        }
        const run = () =>
            instance.run("fetch-config", {
                SERVICE_USER: user,
                SECRET_TEXT: JSON.stringify(SECRET),
            });
        const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

        it("writes the document and each secret, readable by the service alone", async () => {
            instance = Instance.create();
            const runtime = { region: "us-east-1", secrets: { "store-a.json": ARN } };
            fakeAws(runtime);
            const { code, stdout, stderr } = await run();
            assert.deepEqual([code, stdout, stderr], [0, "", ""]);
            const document = instance.path("etc/runtime.json");
            const secret = instance.path("etc/secrets/store-a.json");
            assert.deepEqual(JSON.parse(readFileSync(document, "utf8")), runtime);
            assert.equal(readFileSync(secret, "utf8"), JSON.stringify(SECRET));
            assert.deepEqual(
                [document, secret, instance.path("etc/secrets"), instance.path("etc")].map(mode),
                ["400", "400", "700", "700"],
            );
            assert.deepEqual(instance.calls, [
                "aws ssm get-parameter --region us-east-1 --name /logcaster/prod/us-east-1/runtime --query Parameter.Value --output text",
                `aws secretsmanager get-secret-value --region us-east-1 --secret-id ${ARN} --query SecretString --output text`,
            ]);
        });

        it("drops a secret that the document no longer names", async () => {
            instance = Instance.create();
            fakeAws({ secrets: { a: ARN, b: ARN } });
            await run();
            fakeAws({ secrets: { b: ARN } });
            assert.equal((await run()).code, 0);
            assert.deepEqual(readdirSync(instance.path("etc/secrets")), ["b"]);
        });

        it("leaves the old files in place when a secret cannot be had", async () => {
            instance = Instance.create();
            fakeAws({ version: 1, secrets: { a: ARN } });
            await run();
            fakeAws({ version: 2, secrets: { a: ARN } }, "exit 254");
            assert.notEqual((await run()).code, 0);
            const document = readFileSync(instance.path("etc/runtime.json"), "utf8");
            assert.equal(JSON.parse(document).version, 1);
            assert.deepEqual(readdirSync(instance.path("etc")).sort(), ["runtime.json", "secrets"]);
        });

        for (const name of ["../passwd", "a/b", ".hidden"]) {
            it(`refuses "${name}" as the name of a secret's file`, async () => {
                instance = Instance.create();
                fakeAws({ secrets: { [name]: ARN } });
                const { code, stderr } = await run();
                assert.equal(code, 1);
                assert.ok(
                    stderr.includes(`"${name}" cannot be the name of a secret's file`),
                    stderr,
                );
                assert.equal(existsSync(instance.path("etc/runtime.json")), false);
            });
        }
    });

    it("are told everything by the environment file: no other variable is read", () => {
        instance = Instance.create();
        const config = parsed();
        const told = new Set([...fileOf(config, "/env").matchAll(/^(\w+)=/gm)].map(([, n]) => n));
        const scripts = config.write_files.filter(({ path }) => path.includes("libexec"));
        for (const { path, content } of scripts) {
            const read = [...content.matchAll(/\$\{?([A-Z][A-Z_]*)/g)].map(([, n]) => n);
            const unknown = read.filter((n) => !told.has(n) && !content.includes(`${n}=$(`));
            assert.deepEqual(unknown, [], path);
        }
    });
});
