import * as assert from "node:assert/strict";
import {
    DesyncMode,
    LoadBalancerTier,
    type LoadBalancerTierArgs,
} from "logcaster-scaling/load-balancer";
import { misplaced, names, orphans } from "../placed";
import { type Recorded, type Values, record } from "../recorder";
import { ARGS, create, pick, plain, REGION, T } from "./fixture";

const CERTIFICATE = `arn:aws:acm:${REGION}:123456789012:certificate/1`;
const MODERN = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

const listeners = (resources: readonly Recorded[]) =>
    Object.fromEntries(
        resources
            .filter((r) => r.type === T.listener)
            .map(({ name, inputs }) => [
                name,
                pick(
                    inputs,
                    "port",
                    "protocol",
                    "sslPolicy",
                    "certificateArn",
                    "tcpIdleTimeoutSeconds",
                    "defaultActions",
                ),
            ]),
    );
const target = (role: "tcp" | "http") => `arn:aws:lb:${REGION}:123456789012:targetGroup/lb-${role}`;
const forward = (role: "tcp" | "http") => [{ type: "forward", targetGroupArn: target(role) }];

describe("LoadBalancerTier", () => {
    it("makes every child its own, in its region", async () => {
        const { resources } = await create({ certificateArn: CERTIFICATE });
        assert.deepEqual(orphans(resources, "lb"), []);
        assert.deepEqual(misplaced(resources, REGION), []);
    });

    it("opens the line protocol on a network load balancer that crosses zones", async () => {
        const r = await plain();
        assert.deepEqual(
            pick(
                r.one(T.balancer, "lb-nlb").inputs,
                "loadBalancerType",
                "internal",
                "subnets",
                "securityGroups",
                "enableCrossZoneLoadBalancing",
                "enableDeletionProtection",
            ),
            {
                loadBalancerType: "network",
                internal: false,
                subnets: ["subnet-a", "subnet-b"],
                securityGroups: ["lb-nlb-id"],
                enableCrossZoneLoadBalancing: true,
                enableDeletionProtection: true,
            },
        );
    });

    it("opens HTTP on an application load balancer that drops what is malformed", async () => {
        const of = async (args: Partial<LoadBalancerTierArgs>) =>
            pick(
                (await create(args)).one(T.balancer, "lb-alb").inputs,
                "loadBalancerType",
                "securityGroups",
                "dropInvalidHeaderFields",
                "desyncMitigationMode",
                "idleTimeout",
                "enableDeletionProtection",
            );
        const expected = {
            loadBalancerType: "application",
            securityGroups: ["lb-alb-id"],
            dropInvalidHeaderFields: true,
            desyncMitigationMode: "defensive",
            idleTimeout: 60,
            enableDeletionProtection: true,
        };
        assert.deepEqual(await of({}), expected);
        assert.deepEqual(
            await of({
                desyncMode: DesyncMode.Strictest,
                httpIdleTimeoutSeconds: 90,
                deletionProtection: false,
            }),
            {
                ...expected,
                desyncMitigationMode: "strictest",
                idleTimeout: 90,
                enableDeletionProtection: false,
            },
        );
    });

    it("listens without a certificate on 9999 by TCP and on 80 by HTTP", async () => {
        const { resources } = await plain();
        const none = { sslPolicy: undefined, certificateArn: undefined };
        assert.deepEqual(listeners(resources), {
            "lb-line": {
                ...none,
                port: 9999,
                protocol: "TCP",
                tcpIdleTimeoutSeconds: 3600,
                defaultActions: forward("tcp"),
            },
            "lb-http-80": {
                ...none,
                port: 80,
                protocol: "HTTP",
                tcpIdleTimeoutSeconds: undefined,
                defaultActions: forward("http"),
            },
        });
    });

    it("serves 443 with a certificate and redirects 80 there, the line protocol still by TCP", async () => {
        const { resources } = await create({ certificateArn: CERTIFICATE });
        const found = listeners(resources);
        assert.deepEqual(Object.keys(found).sort(), ["lb-http-80", "lb-https-443", "lb-line"]);
        assert.deepEqual(found["lb-https-443"], {
            port: 443,
            protocol: "HTTPS",
            sslPolicy: MODERN,
            certificateArn: CERTIFICATE,
            tcpIdleTimeoutSeconds: undefined,
            defaultActions: forward("http"),
        });
        assert.deepEqual(found["lb-http-80"]?.defaultActions, [
            {
                type: "redirect",
                redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
            },
        ]);
        assert.equal(found["lb-line"]?.protocol, "TCP");
    });

    it("ends TLS on the line protocol where asked, and leaves the idle timeout that AWS fixes", async () => {
        const policy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
        const { resources } = await create({
            certificateArn: CERTIFICATE,
            tls: true,
            tlsPolicy: policy,
        });
        assert.deepEqual(listeners(resources)["lb-line"], {
            port: 9999,
            protocol: "TLS",
            sslPolicy: policy,
            certificateArn: CERTIFICATE,
            tcpIdleTimeoutSeconds: undefined,
            defaultActions: forward("tcp"),
        });
        // The instances still get plain TCP.
        const targets = resources.find((r) => r.type === T.targets && r.name === "lb-tcp");
        assert.equal(targets?.inputs.protocol, "TCP");
    });

    it("checks both target groups every 5 s over HTTP /health on the agent's port", async () => {
        const r = await plain();
        const healthCheck = {
            enabled: true,
            protocol: "HTTP",
            path: "/health",
            port: "8404",
            matcher: "200",
            interval: 5,
            timeout: 3,
            healthyThreshold: 2,
            unhealthyThreshold: 3,
        };
        const common = { targetType: "instance", vpcId: "vpc-1", deregistrationDelay: 300 };
        const keys = [
            "targetType",
            "vpcId",
            "deregistrationDelay",
            "healthCheck",
            "port",
            "protocol",
        ];
        assert.deepEqual(pick(r.one(T.targets, "lb-tcp").inputs, ...keys), {
            ...common,
            healthCheck,
            port: 9999,
            protocol: "TCP",
        });
        assert.deepEqual(pick(r.one(T.targets, "lb-http").inputs, ...keys), {
            ...common,
            healthCheck,
            port: 80,
            protocol: "HTTP",
        });
        assert.equal(r.one(T.targets, "lb-tcp").inputs.connectionTermination, true);
    });

    it("passes on ports, checks, delay and idle timeout as given", async () => {
        const r = await create({
            port: 9000,
            httpPort: 8080,
            deregistrationDelaySeconds: 30,
            tcpIdleTimeoutSeconds: 120,
            healthCheck: {
                port: 9001,
                intervalSeconds: 10,
                timeoutSeconds: 4,
                healthyThreshold: 5,
                unhealthyThreshold: 6,
            },
        });
        for (const role of ["tcp", "http"]) {
            const { inputs } = r.one(T.targets, `lb-${role}`);
            const check = inputs.healthCheck as Values;
            assert.equal(inputs.deregistrationDelay, 30);
            assert.deepEqual(
                pick(
                    check,
                    "port",
                    "interval",
                    "timeout",
                    "healthyThreshold",
                    "unhealthyThreshold",
                ),
                {
                    port: "9001",
                    interval: 10,
                    timeout: 4,
                    healthyThreshold: 5,
                    unhealthyThreshold: 6,
                },
            );
        }
        assert.equal(r.one(T.targets, "lb-http").inputs.port, 8080);
        const line = r.one(T.listener, "lb-line").inputs;
        assert.deepEqual(pick(line, "port", "tcpIdleTimeoutSeconds"), {
            port: 9000,
            tcpIdleTimeoutSeconds: 120,
        });
    });

    it("admits the allowed blocks to the front door alone, each rule with its reason", async () => {
        const r = await create({
            certificateArn: CERTIFICATE,
            allowedCidrs: ["203.0.113.0/24", "198.51.100.7/32"],
        });
        const rules = (type: string) =>
            r
                .of(type)
                .map(({ inputs: i }) =>
                    [
                        i.securityGroupId,
                        i.ipProtocol,
                        i.fromPort,
                        i.toPort,
                        i.cidrIpv4,
                        i.description,
                    ].join(" "),
                )
                .sort();
        assert.deepEqual(rules(T.ingress), [
            "lb-alb-id tcp 443 443 198.51.100.7/32 HTTPS from 198.51.100.7/32",
            "lb-alb-id tcp 443 443 203.0.113.0/24 HTTPS from 203.0.113.0/24",
            "lb-alb-id tcp 80 80 198.51.100.7/32 HTTP from 198.51.100.7/32",
            "lb-alb-id tcp 80 80 203.0.113.0/24 HTTP from 203.0.113.0/24",
            "lb-nlb-id tcp 9999 9999 198.51.100.7/32 Line protocol from 198.51.100.7/32",
            "lb-nlb-id tcp 9999 9999 203.0.113.0/24 Line protocol from 203.0.113.0/24",
        ]);
        assert.deepEqual(rules(T.egress), [
            "lb-alb-id tcp 80 80 10.8.0.0/16 Port of the service of the instances",
            "lb-alb-id tcp 8404 8404 10.8.0.0/16 Health check of the instances",
            "lb-nlb-id tcp 8404 8404 10.8.0.0/16 Health check of the instances",
            "lb-nlb-id tcp 9999 9999 10.8.0.0/16 Port of the service of the instances",
        ]);
        for (const group of r.of(T.group)) {
            assert.ok(group.inputs.description);
            assert.deepEqual([group.inputs.ingress, group.inputs.egress], [undefined, undefined]);
        }
    });

    it("does not open 443 without a certificate", async () => {
        const r = await plain();
        assert.deepEqual(names(r.resources, T.ingress), [
            "lb-alb-in-80-0.0.0.0-0",
            "lb-nlb-in-9999-0.0.0.0-0",
        ]);
    });

    it("keeps logical names of what AWS names shortly under 24 characters, for the longest region too", async () => {
        const longest = "ap-northeast-1";
        const r = await record(() => new LoadBalancerTier(longest, { ...ARGS, region: longest }));
        for (const type of [T.balancer, T.targets]) {
            for (const name of names(r.resources, type)) assert.ok(name.length <= 24, name);
        }
    });

    it("registers exactly its outputs", async () => {
        const r = await plain();
        const aws = (kind: string) => `arn:aws:lb:${REGION}:123456789012:${kind}`;
        assert.deepEqual(r.one("logcaster-scaling:index:LoadBalancerTier").registeredOutputs, {
            nlbArn: aws("loadBalancer/lb-nlb"),
            nlbArnSuffix: "net/lb-nlb/0123456789abcdef",
            nlbDnsName: `lb-nlb.elb.${REGION}.amazonaws.com`,
            nlbZoneId: `Z-ELB-${REGION}`,
            nlbSecurityGroupId: "lb-nlb-id",
            albArn: aws("loadBalancer/lb-alb"),
            albArnSuffix: "net/lb-alb/0123456789abcdef",
            albDnsName: `lb-alb.elb.${REGION}.amazonaws.com`,
            albZoneId: `Z-ELB-${REGION}`,
            albSecurityGroupId: "lb-alb-id",
            tcpTargetGroupArn: aws("targetGroup/lb-tcp"),
            tcpTargetGroupArnSuffix: "targetgroup/lb-tcp/0123456789abcdef",
            httpTargetGroupArn: aws("targetGroup/lb-http"),
            httpTargetGroupArnSuffix: "targetgroup/lb-http/0123456789abcdef",
            tcpListenerArn: aws("listener/lb-line"),
        });
    });
});
