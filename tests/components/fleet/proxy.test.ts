/** AutoscalingFleet as a fleet of proxies. */
import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { AutoscalingFleet, type AutoscalingFleetArgs } from "logcaster-scaling/fleet";
import { parse } from "yaml";
import {
    checkConfig,
    proxyDirectory,
    removeTemporaryDirectory,
    serverBinary,
    whyNoServer,
} from "../../servers";
import { skip } from "../../skip";
import { record } from "../recorder";
import { ARGS, SCALING } from "./fixture";

const IMAGE = `registry.example.com/logcaster-command@sha256:${"c".repeat(64)}`;
const PROXY: AutoscalingFleetArgs = {
    ...ARGS,
    targetGroupArns: ["tg-tcp"],
    loadBalancerSecurityGroupIds: { nlb: "sg-nlb" },
    service: { ...ARGS.service, image: IMAGE, connectionsPerInstance: 10_000 },
    scaling: {
        ...SCALING,
        tier: "small",
        max: 10,
        schedule: { ...SCALING.schedule, enabled: false },
        predictive: { ...SCALING.predictive, mode: "off" },
        spot: { ...SCALING.spot, enabled: false },
    },
    desired: 3,
    proxy: {
        engine: "haproxy",
        backendGroupName: "logcaster-prod-us-east-1",
        slots: 100,
        connectionsPerBackend: 2_000,
        connectionsPerSource: 1_000,
        idleTimeoutSeconds: 3_600,
        rebalanceSeconds: 300,
    },
};
const recordProxies = (change: Partial<AutoscalingFleetArgs> = {}) =>
    record(() => new AutoscalingFleet("logcaster-prod-us-east-1-proxy", { ...PROXY, ...change }));
type Files = { path: string; content: string }[];

async function filesOf(change: Partial<AutoscalingFleetArgs> = {}) {
    const recording = await recordProxies(change);
    const { userData } = recording.one("aws:ec2/launchTemplate:LaunchTemplate").inputs;
    const text = Buffer.from(String(userData), "base64").toString();
    const files = (parse(text) as { write_files: Files }).write_files;
    return {
        recording,
        bytes: text.length,
        file: (path: string) => {
            const found = files.find((one) => one.path.endsWith(path));
            assert.ok(found, `no ${path} among ${files.map((one) => one.path).join(" ")}`);
            return found.content;
        },
    };
}

describe("AutoscalingFleet of proxies", () => {
    it("runs HAProxy with the rendered configuration, and its agent beside it", async () => {
        const { file, bytes } = await filesOf();
        assert.ok(bytes < 16_384, `${bytes} bytes`);
        assert.match(file("haproxy.cfg"), /server-template line 1-100 slot\.invalid:9999 disabled/);
        assert.match(
            file("logcaster.service"),
            /ExecStart=.*haproxy -W -f \/etc\/logcaster-fleet\/haproxy.cfg/,
        );
        assert.match(
            file("logcaster-proxy-agent.service"),
            new RegExp(
                `${IMAGE} proxy-agent --group logcaster-prod-us-east-1 --region us-east-1 --port 9999 ` +
                    "--interval-seconds 5 --backend line --socket /run/logcaster-proxy/admin.sock " +
                    "--state-file /run/logcaster-proxy/servers.state --rebalance-seconds 300 " +
                    "--idle-timeout-seconds 3600\n",
            ),
        );
    });

    for (const name of ["debianHaproxy", "haproxy"] as const) {
        it(`gives ${name} a configuration that it accepts`, async function () {
            const reason = await whyNoServer(name);
            if (reason) skip(this, reason);
            const directory = proxyDirectory();
            const path = `${directory}/haproxy.cfg`;
            const { file } = await filesOf();
            writeFileSync(`${directory}/servers.state`, "1\n");
            writeFileSync(path, file("haproxy.cfg").replaceAll("/run/logcaster-proxy", directory));
            const { code, says } = await checkConfig(
                "haproxy",
                await serverBinary(name),
                directory,
                path,
            );
            assert.equal(code, 0, says);
            await removeTemporaryDirectory(directory);
        });
    }

    it("tells NGINX's agent what to render, and reloads NGINX when it has", async () => {
        const { file } = await filesOf({ proxy: { ...PROXY.proxy!, engine: "nginx" } });
        const { spec, build } = JSON.parse(file("proxy.json")) as {
            spec: { listeners: { name: string; check: { kind: string } }[] };
            build: { modules: string[] };
        };
        assert.deepEqual(
            spec.listeners.map(({ name, check }) => [name, check.kind]),
            [["line", "passive"]],
        );
        assert.deepEqual(build.modules, ["/usr/lib64/nginx/modules/ngx_stream_module.so"]);
        assert.match(
            file("logcaster-proxy-agent.service"),
            /--spec \/etc\/logcaster-fleet\/proxy.json --config \/run\/logcaster-proxy\/nginx.conf\n/,
        );
        assert.match(
            file("logcaster-reload.path"),
            /PathChanged=\/run\/logcaster-proxy\/nginx.conf/,
        );
    });

    it("may look for its backends, and opens its ports to the network load balancer alone", async () => {
        const { recording } = await filesOf();
        const { policy } = recording.one("aws:iam/rolePolicy:RolePolicy").inputs;
        const { Statement } = JSON.parse(String(policy)) as {
            Statement: { Sid: string; Action: string[] }[];
        };
        assert.deepEqual(Statement.find(({ Sid }) => Sid === "Discovery")?.Action, [
            "autoscaling:DescribeAutoScalingGroups",
            "ec2:DescribeInstances",
        ]);
        assert.deepEqual(
            recording
                .of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
                .map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.fromPort]),
            [
                ["sg-nlb", 9999],
                ["sg-nlb", 8404],
            ],
        );
    });

    it("refuses spot instances, and limits that HAProxy would not take, at once", async () => {
        const scaling = { ...PROXY.scaling, spot: SCALING.spot };
        await assert.rejects(
            recordProxies({
                scaling,
                proxy: { ...PROXY.proxy!, connectionsPerSource: 0, slots: 0 },
            }),
            {
                message: [
                    "logcaster-prod-us-east-1-proxy: scaling.spot.enabled is true; allowed: false for proxies: a spot notice is too short to hand over everybody's connections",
                    "proxy listeners[0].perSource.connections is 0; allowed: a whole number from 1 to 9007199254740991",
                    "proxy listeners[0].backends.slots is 0; allowed: a whole number from 1, as many as there can be backends",
                ].join("\n"),
            },
        );
    });
});
