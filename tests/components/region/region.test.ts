import * as assert from "node:assert/strict";
import { parseRuntimeConfig } from "logcaster-model/runtime-config";
import { loadBalancerSchema } from "logcaster-model/settings/schema";
import type { Recorded, Recording } from "../recorder";
import { recordRegion } from "./fixture";

const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

/** The one security group whose logical name ends so. */
const groupId = (recording: Recording<unknown>, end: string) => {
    const found = recording
        .of("aws:ec2/securityGroup:SecurityGroup")
        .filter(({ name }) => name.endsWith(end));
    assert.equal(found.length, 1, end);
    return `${found[0]!.name}-id`;
};

describe("Region", () => {
    let recording: Awaited<ReturnType<typeof recordRegion>>;
    before(async () => (recording = await recordRegion()));
    const ofComponent = (type: string) => recording.of(`logcaster-scaling:index:${type}`);

    it("is made of one of each part and two clusters, all directly under it", () => {
        const region = ofComponent("Region")[0] as Recorded;
        const parts = recording.resources.filter((r) => r.parent === region.urn);
        assert.deepEqual(parts.map(({ type, name }) => `${type.split(":").pop()} ${name}`).sort(), [
            "AutoscalingFleet logcaster-prod-eu-west-1",
            "LoadBalancerTier eu-west-1",
            "Network eu-west-1",
            "RedisShardCluster eu-west-1-cache",
            "RedisShardCluster eu-west-1-store",
            "RegionMonitoring eu-west-1",
            "RuntimeConfig eu-west-1",
        ]);
    });

    it("lets the fleet, and nobody else, into both clusters", () => {
        const fleet = groupId(recording, "logcaster-prod-eu-west-1-sg");
        for (const role of ["store", "cache"]) {
            const redis = groupId(recording, `${role}-sg`);
            assert.deepEqual(
                recording
                    .of(RULE)
                    .filter(({ inputs }) => inputs.securityGroupId === redis)
                    .map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.fromPort]),
                [[fleet, 6379]],
            );
        }
    });

    it("puts instances into private subnets and clusters into isolated ones", () => {
        const group = recording.one("aws:autoscaling/group:Group");
        const subnets = (kind: string) =>
            ["a", "b", "c"].map((zone) => `eu-west-1-${kind}-eu-west-1${zone}-id`);
        assert.deepEqual(group.inputs.vpcZoneIdentifiers, subnets("private"));
        for (const { inputs } of recording.of("aws:elasticache/subnetGroup:SubnetGroup")) {
            assert.deepEqual(inputs.subnetIds, subnets("isolated"));
        }
        for (const { inputs } of recording.of("aws:lb/loadBalancer:LoadBalancer")) {
            assert.deepEqual(inputs.subnets, subnets("public"));
        }
    });

    it("joins instances to both target groups, checked on the port that the fleet answers", () => {
        const targets = recording.of("aws:lb/targetGroup:TargetGroup");
        const arns = recording.one("aws:autoscaling/group:Group").inputs.targetGroupArns;
        assert.deepEqual(
            [...(arns as string[])].sort(),
            targets
                .map(({ name }) => `arn:aws:lb:eu-west-1:123456789012:targetGroup/${name}`)
                .sort(),
        );
        const fleet = groupId(recording, "logcaster-prod-eu-west-1-sg");
        for (const { inputs } of targets) {
            const { port } = inputs.healthCheck as { port: string };
            const admitted = recording
                .of(RULE)
                .filter((r) => r.inputs.securityGroupId === fleet)
                .filter((r) => String(r.inputs.fromPort) === port)
                .map((r) => r.inputs.referencedSecurityGroupId);
            assert.deepEqual(
                admitted.sort(),
                ["-alb", "-nlb"].map((end) => groupId(recording, end)).sort(),
            );
        }
    });

    it("puts proxies between the network load balancer and the instances with least-connections", async () => {
        const proxied = await recordRegion({
            loadBalancer: {
                deregistrationDelaySeconds: 300,
                strategy: "least-connections",
                proxy: loadBalancerSchema.parse({
                    proxy: {
                        image: `registry.example.com/logcaster-command@sha256:${"c".repeat(64)}`,
                    },
                }).proxy,
            },
        });
        const groups = proxied.of("aws:autoscaling/group:Group");
        assert.deepEqual(
            groups.map(({ name, inputs }) => [
                name,
                inputs.minSize,
                inputs.maxSize,
                (inputs.targetGroupArns as string[]).map((arn) => arn.split("-").pop()),
            ]),
            [
                ["logcaster-prod-eu-west-1-proxy", 3, 10, ["tcp"]],
                ["logcaster-prod-eu-west-1", 3, 20, ["http"]],
            ],
        );
        // Line protocol: NLB to proxies, proxies to instances, and no other way.
        const nameOf = (id: unknown) => String(id).replace(/^eu-west-1-|-id$/g, "");
        assert.deepEqual(
            proxied
                .of(RULE)
                .filter(
                    ({ inputs }) => inputs.fromPort === 9999 && inputs.referencedSecurityGroupId,
                )
                .map(({ inputs }) => [
                    nameOf(inputs.referencedSecurityGroupId),
                    nameOf(inputs.securityGroupId),
                ]),
            [
                ["nlb", "logcaster-prod-eu-west-1-proxy-sg"],
                ["logcaster-prod-eu-west-1-proxy-sg", "logcaster-prod-eu-west-1-sg"],
            ],
        );
    });

    it("refuses least-connections without the image of the proxies' agent", async () => {
        await assert.rejects(
            recordRegion({
                loadBalancer: { deregistrationDelaySeconds: 300, strategy: "least-connections" },
            }),
            { message: /^loadBalancer\.proxy\.image is missing; allowed: / },
        );
    });

    it("is primary where it is named so, and alone without a name", async () => {
        const role = (of: Recording<unknown>) => {
            const { inputs } = of.one("aws:ssm/parameter:Parameter");
            return parseRuntimeConfig(String(inputs.insecureValue)).regionRole;
        };
        const named = await recordRegion({ primaryRegion: "eu-west-1" });
        const alone = await recordRegion({ primaryRegion: undefined });
        assert.deepEqual(
            [role(recording), role(named), role(alone)],
            ["secondary", "primary", "primary"],
        );
    });

    it("registers what DNS, monitoring and a database need", () => {
        assert.deepEqual(ofComponent("Region")[0]!.registeredOutputs, {
            nlbDnsName: "eu-west-1-nlb.elb.eu-west-1.amazonaws.com",
            nlbZoneId: "Z-ELB-eu-west-1",
            albDnsName: "eu-west-1-alb.elb.eu-west-1.amazonaws.com",
            albZoneId: "Z-ELB-eu-west-1",
            nlbArnSuffix: "net/eu-west-1-nlb/0123456789abcdef",
            albArnSuffix: "net/eu-west-1-alb/0123456789abcdef",
            tcpTargetGroupArnSuffix: "targetgroup/eu-west-1-tcp/0123456789abcdef",
            httpTargetGroupArnSuffix: "targetgroup/eu-west-1-http/0123456789abcdef",
            groupName: "logcaster-prod-eu-west-1",
            min: 3,
            max: 20,
            storeEndpoint: "eu-west-1-store.clustercfg.eu-west-1.cache.amazonaws.com",
            cacheEndpoint: "eu-west-1-cache.clustercfg.eu-west-1.cache.amazonaws.com",
            storeReplicationGroupId: "eu-west-1-store-id",
            cacheReplicationGroupId: "eu-west-1-cache-id",
            partitionScheme: {
                partitions: 128,
                slotsPerPartition: 128,
                mapFrom: "CLUSTER SHARDS at the configuration endpoint",
            },
            parameterPath: "/logcaster/prod/eu-west-1",
            vpcId: "eu-west-1-vpc-id",
            isolatedSubnetIds: ["a", "b", "c"].map(
                (zone) => `eu-west-1-isolated-eu-west-1${zone}-id`,
            ),
            fleetSecurityGroupId: "logcaster-prod-eu-west-1-sg-id",
            fleetRoleName: "logcaster-prod-eu-west-1-role-1234567",
            ...Object.fromEntries(
                [
                    ["notifyOps", "notify-ops"],
                    ["pageOncall", "page-oncall"],
                    ["capacityPlanning", "alert-capacity-planning"],
                ].map(([key, topic]) => [
                    `${key}TopicArn`,
                    `arn:aws:sns:eu-west-1:123456789012:topic/eu-west-1-${topic}`,
                ]),
            ),
            outageAlarmArns: ["data", "front-door", "scaling"].map(
                (outage) =>
                    `arn:aws:cloudwatch:eu-west-1:123456789012:compositeAlarm/eu-west-1-${outage}-outage`,
            ),
        });
    });
});
