import * as assert from "node:assert/strict";
import { LoadBalancerTier, type LoadBalancerTierArgs } from "logcaster-scaling/load-balancer";
import { loadBalancerProblems } from "logcaster-scaling/load-balancer/validate";
import { record } from "../recorder";

const GOOD: LoadBalancerTierArgs = {
    region: "eu-west-1",
    vpcId: "vpc-1",
    vpcCidr: "10.8.0.0/16",
    publicSubnetIds: ["subnet-a", "subnet-b"],
    healthCheck: { port: 8404 },
};
const check = (args: Partial<LoadBalancerTierArgs["healthCheck"]>) => ({
    healthCheck: { ...GOOD.healthCheck, ...args },
});

const ROWS: [string, Partial<Record<keyof LoadBalancerTierArgs, unknown>>, string[]][] = [
    ["a strategy that never was", { strategy: "random" }, ["strategy"]],
    ["a target type that never was", { targetType: "lambda" }, ["targetType"]],
    ["TLS without a certificate", { tls: true }, ["certificateArn"]],
    [
        "a certificate of another region",
        { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1" },
        ["certificateArn"],
    ],
    ["TLS 1.0", { tlsPolicy: "ELBSecurityPolicy-2016-08" }, ["tlsPolicy"]],
    ["TLS 1.1 beside 1.3", { tlsPolicy: "ELBSecurityPolicy-TLS13-1-1-2021-06" }, ["tlsPolicy"]],
    ["nobody allowed", { allowedCidrs: [] }, ["allowedCidrs"]],
    ["no block allowed", { allowedCidrs: ["everybody"] }, ["allowedCidrs[0]"]],
    ["a block with host bits", { allowedCidrs: ["10.0.0.1/8"] }, ["allowedCidrs[0]"]],
    ["a block twice", { allowedCidrs: ["10.0.0.0/8", "10.0.0.0/8"] }, ["allowedCidrs[1]"]],
    ["an unknown desync mode", { desyncMode: "monitor" }, ["desyncMode"]],
    ["checks too often", check({ intervalSeconds: 4 }), ["healthCheck.intervalSeconds"]],
    ["a timeout too short", check({ timeoutSeconds: 1 }), ["healthCheck.timeoutSeconds"]],
    [
        "a timeout as long as the interval",
        check({ timeoutSeconds: 5 }),
        ["healthCheck.timeoutSeconds"],
    ],
    ["one check to be well", check({ healthyThreshold: 1 }), ["healthCheck.healthyThreshold"]],
    [
        "eleven checks to be ill",
        check({ unhealthyThreshold: 11 }),
        ["healthCheck.unhealthyThreshold"],
    ],
    ["checks on the service's port", check({ port: 9999 }), ["healthCheck.port"]],
    ["no port", { port: 0 }, ["port"]],
    ["one port for both protocols", { httpPort: 9999 }, ["httpPort"]],
    ["too long a delay", { deregistrationDelaySeconds: 3601 }, ["deregistrationDelaySeconds"]],
    ["too long an idle TCP", { tcpIdleTimeoutSeconds: 6001 }, ["tcpIdleTimeoutSeconds"]],
    ["too short an idle TCP", { tcpIdleTimeoutSeconds: 59 }, ["tcpIdleTimeoutSeconds"]],
    ["too long an idle HTTP", { httpIdleTimeoutSeconds: 4001 }, ["httpIdleTimeoutSeconds"]],
    ["half a day of logs", { accessLogDays: 0.5 }, ["accessLogDays"]],
];

describe("LoadBalancerTier's arguments", () => {
    it("are fine with the defaults, and with each modern TLS policy", () => {
        assert.deepEqual(loadBalancerProblems("lb", GOOD), []);
        for (const tlsPolicy of [
            "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "ELBSecurityPolicy-TLS13-1-3-2021-06",
            "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09",
            "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09",
            "ELBSecurityPolicy-TLS-1-2-2017-01",
            "ELBSecurityPolicy-FS-1-2-Res-2020-10",
        ]) {
            assert.deepEqual(loadBalancerProblems("lb", { ...GOOD, tlsPolicy }), [], tlsPolicy);
        }
    });

    for (const [what, args, paths] of ROWS) {
        it(`are refused with ${what}`, () => {
            const problems = loadBalancerProblems("lb", {
                ...GOOD,
                ...args,
            } as LoadBalancerTierArgs);
            assert.deepEqual(
                problems.map((p) => p.path),
                paths,
            );
        });
    }

    it("are refused with a name that leaves no room for autonaming", () => {
        assert.deepEqual(loadBalancerProblems("x".repeat(19), GOOD), []);
        assert.deepEqual(
            loadBalancerProblems("x".repeat(20), GOOD).map((p) => p.path),
            ["name"],
        );
    });

    it("are refused all at once, saying what is allowed and why", async () => {
        const create = () =>
            new LoadBalancerTier("lb", { ...GOOD, strategy: "random" as never, tls: true });
        await assert.rejects(record(create), {
            message: [
                'lb: strategy is "random"; allowed: flow-hash or least-connections',
                "certificateArn is missing; allowed: a certificate while tls is true: a TLS listener needs a certificate (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html)",
            ].join("\n"),
            hideStack: true,
        });
    });
});
