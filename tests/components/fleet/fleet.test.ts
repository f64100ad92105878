import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AutoscalingFleet, HEALTH_PORT } from "logcaster-scaling/fleet";
import { renderServiceUserData } from "logcaster-model/user-data";
import { record, type Recorded } from "../recorder";
import { ARGS, DIGEST, fleet, NAME, NODE_ARGS, SCALING, withScaling } from "./fixture";

const GROUP = "aws:autoscaling/group:Group";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const HOOK = "aws:autoscaling/lifecycleHook:LifecycleHook";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

interface GroupInputs {
    mixedInstancesPolicy: {
        launchTemplate: { overrides: { instanceType: string }[] };
        instancesDistribution: Record<string, unknown>;
    };
    tags: { key: string; value: string; propagateAtLaunch: boolean }[];
}
const groupInputs = (group: Recorded) => group.inputs as unknown as GroupInputs;
const typesOf = (group: Recorded) =>
    groupInputs(group).mixedInstancesPolicy.launchTemplate.overrides.map((o) => o.instanceType);
const userDataOf = (template: Recorded) =>
    Buffer.from(String(template.inputs.userData), "base64").toString();

describe("AutoscalingFleet", () => {
    it("creates exactly these children, all under itself", async () => {
        const { resources } = await fleet();
        const [component, ...children] = resources;
        assert.equal(component?.type, "logcaster-scaling:index:AutoscalingFleet");
        assert.deepEqual(
            children.map(({ type, name }) => `${type.split(":").pop()} ${name}`).sort(),
            [
                `Group ${NAME}`,
                `InstanceProfile ${NAME}-profile`,
                `Key ${NAME}-events-key`,
                `KeyPolicy ${NAME}-events-key-policy`,
                `LaunchTemplate ${NAME}-template`,
                `LifecycleHook ${NAME}-drain`,
                `Notification ${NAME}-notification`,
                `Policy ${NAME}-predict`,
                `Policy ${NAME}-track-connections`,
                `Policy ${NAME}-track-cpu`,
                `Policy ${NAME}-track-memory`,
                `Role ${NAME}-role`,
                `RolePolicy ${NAME}-policy`,
                ...["00", "06", "09", "12", "14", "17"].map((h) => `Schedule ${NAME}-min-at-${h}`),
                `SecurityGroup ${NAME}-sg`,
                `SecurityGroupEgressRule ${NAME}-to-https`,
                `SecurityGroupEgressRule ${NAME}-to-stores`,
                `SecurityGroupIngressRule ${NAME}-from-alb`,
                `SecurityGroupIngressRule ${NAME}-from-alb-health`,
                `SecurityGroupIngressRule ${NAME}-from-nlb`,
                `SecurityGroupIngressRule ${NAME}-from-nlb-health`,
                `Topic ${NAME}-events`,
                `TopicPolicy ${NAME}-events-policy`,
            ],
        );
        for (const child of children) assert.equal(child.parent, component?.urn, child.name);
    });

    it("puts every child that has a region in its own", async () => {
        for (const args of [ARGS, withScaling({ mode: "step" }), NODE_ARGS]) {
            const { resources } = await fleet(args);
            for (const { type, name, inputs } of resources.slice(1)) {
                const wanted = type.startsWith("aws:iam/") ? undefined : "us-east-1";
                assert.equal(inputs.region, wanted, name);
            }
        }
    });

    it("registers exactly its public outputs", async () => {
        const recording = await fleet();
        assert.deepEqual(recording.resources[0]?.registeredOutputs, {
            groupName: NAME,
            groupArn: `arn:aws:autoscaling:us-east-1:123456789012:group/${NAME}`,
            securityGroupId: `${NAME}-sg-id`,
            roleArn: `arn:aws:iam::123456789012:role/${NAME}-role`,
            roleName: `${NAME}-role-1234567`,
            launchTemplateId: `${NAME}-template-id`,
            min: 3,
            max: 20,
            notificationTopicArn: `arn:aws:sns:us-east-1:123456789012:topic/${NAME}-events`,
            predictivePolicyName: `${NAME}-predict-1234567`,
        });
    });

    describe("launch template", () => {
        it("requires IMDSv2 with one hop, detailed monitoring, no public address, and an image by id", async () => {
            const { inputs } = (await fleet()).one(TEMPLATE);
            assert.deepEqual(inputs.metadataOptions, {
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
                instanceMetadataTags: "disabled",
            });
            assert.deepEqual(inputs.monitoring, { enabled: true });
            assert.deepEqual(inputs.networkInterfaces, [
                {
                    associatePublicIpAddress: "false",
                    deleteOnTermination: "true",
                    securityGroups: [`${NAME}-sg-id`],
                },
            ]);
            assert.equal(inputs.imageId, "ami-0123456789abcdef0");
        });

        it("encrypts a volume with the tier's IOPS", async () => {
            const volume = async (changes: Partial<typeof ARGS>) =>
                (await fleet({ ...withScaling({ tier: "large" }), ...changes })).one(TEMPLATE)
                    .inputs.blockDeviceMappings;
            const common = { encrypted: "true", deleteOnTermination: "true", volumeSize: 200 };
            assert.deepEqual(await volume({}), [
                {
                    deviceName: "/dev/xvda",
                    ebs: { ...common, volumeType: "gp3", iops: 30_000, throughput: 469 },
                },
            ]);
            assert.deepEqual(await volume({ volumeType: "io2", rootDeviceName: "/dev/sda1" }), [
                {
                    deviceName: "/dev/sda1",
                    ebs: { ...common, volumeType: "io2", iops: 30_000 },
                },
            ]);
        });

        it("boots with the user data of its region, group and service", async () => {
            assert.equal(
                userDataOf((await fleet()).one(TEMPLATE)),
                renderServiceUserData({
                    region: "us-east-1",
                    groupName: NAME,
                    hookName: "drain",
                    metricNamespace: "LogCaster",
                    image: ARGS.service.image,
                    port: 9999,
                    httpPort: 80,
                    healthPort: HEALTH_PORT,
                    drainSeconds: 300,
                    hookSeconds: 420,
                    parameterPath: "/logcaster/prod/us-east-1",
                }),
            );
        });

        it("is known in a preview, so that a change of the user data shows before it is made", async () => {
            const recording = await record(() => new AutoscalingFleet(NAME, ARGS), {
                preview: true,
            });
            assert.match(userDataOf(recording.one(TEMPLATE)), /^#cloud-config\n/);
        });
    });

    describe("a change of tier", () => {
        it("changes template and group in place and nothing else", async () => {
            const [before, after] = [await fleet(), await fleet(withScaling({ tier: "large" }))];
            const changed = after.resources.filter((now, i) => {
                const was = before.resources.find((r) => r.urn === now.urn);
                assert.ok(was, `${i}: ${now.name} is new`);
                return JSON.stringify(was.inputs) !== JSON.stringify(now.inputs);
            });
            assert.equal(after.resources.length, before.resources.length);
            assert.deepEqual(changed.map((r) => r.name).sort(), [NAME, `${NAME}-template`]);
            assert.equal(after.one(GROUP).inputs.name, before.one(GROUP).inputs.name);
            assert.equal(typesOf(after.one(GROUP))[0], "m6in.4xlarge");
        });

        it("rolls out by an instance refresh of the pinned version that rolls back by itself", async () => {
            const { inputs } = (await fleet()).one(GROUP);
            assert.deepEqual(inputs.instanceRefresh, {
                strategy: "Rolling",
                preferences: {
                    minHealthyPercentage: 100,
                    maxHealthyPercentage: 120,
                    autoRollback: true,
                    skipMatching: true,
                    instanceWarmup: "180",
                    scaleInProtectedInstances: "Ignore",
                    standbyInstances: "Ignore",
                },
            });
            const policy = inputs.mixedInstancesPolicy as {
                launchTemplate: { launchTemplateSpecification: unknown };
            };
            assert.deepEqual(policy.launchTemplate.launchTemplateSpecification, {
                launchTemplateId: `${NAME}-template-id`,
                version: "1",
            });
        });
    });

    describe("group", () => {
        it("has the mix of the brief, every type of the tier, and replaces spot instances ahead of time", async () => {
            const group = (await fleet()).one(GROUP);
            assert.deepEqual(groupInputs(group).mixedInstancesPolicy.instancesDistribution, {
                onDemandAllocationStrategy: "prioritized",
                onDemandBaseCapacity: 2,
                onDemandPercentageAboveBaseCapacity: 30,
                spotAllocationStrategy: "price-capacity-optimized",
            });
            assert.equal(typesOf(group).length, 16);
            assert.equal(group.inputs.capacityRebalance, true);
        });

        it("takes an explicit list, the brief's trio for instance", async () => {
            const instanceTypes = ["t3.medium", "t3a.medium", "t2.medium"];
            const spot = { ...SCALING.spot, instanceTypes };
            const group = (await fleet(withScaling({ tier: "small", spot }))).one(GROUP);
            assert.deepEqual(typesOf(group), instanceTypes);
        });

        it("is all on demand without spot", async () => {
            const spot = { ...SCALING.spot, enabled: false };
            const group = (await fleet(withScaling({ spot }))).one(GROUP);
            const { instancesDistribution } = groupInputs(group).mixedInstancesPolicy;
            assert.equal(instancesDistribution.onDemandPercentageAboveBaseCapacity, 100);
            assert.equal(group.inputs.capacityRebalance, false);
        });

        it("checks health by the load balancers with grace, warms up, spreads, and publishes its own metrics", async () => {
            const { inputs } = (await fleet()).one(GROUP);
            assert.equal(inputs.healthCheckType, "ELB");
            assert.equal(inputs.healthCheckGracePeriod, 240);
            assert.equal(inputs.defaultInstanceWarmup, 180);
            assert.equal(inputs.defaultCooldown, 180);
            assert.deepEqual(inputs.vpcZoneIdentifiers, ARGS.subnetIds);
            assert.deepEqual(inputs.targetGroupArns, ["tg-tcp", "tg-http"]);
            assert.equal(inputs.metricsGranularity, "1Minute");
            assert.deepEqual(inputs.enabledMetrics, [
                "GroupMinSize",
                "GroupMaxSize",
                "GroupDesiredCapacity",
                "GroupInServiceInstances",
                "GroupPendingInstances",
                "GroupStandbyInstances",
                "GroupTerminatingInstances",
                "GroupTotalInstances",
            ]);
        });

        it("tags itself and its instances", async () => {
            const { tags } = groupInputs((await fleet()).one(GROUP));
            assert.deepEqual(tags, [
                { key: "team", value: "ingest", propagateAtLaunch: true },
                { key: "Name", value: NAME, propagateAtLaunch: true },
                { key: "logcaster:component", value: "fleet", propagateAtLaunch: true },
            ]);
        });

        it("waits for what an instance needs to boot: permissions and ways out", async () => {
            const recording = await fleet();
            const { dependencies } = recording.one(GROUP).opts;
            const needed = [
                recording.one("aws:iam/rolePolicy:RolePolicy"),
                ...recording.of(EGRESS),
                ...recording.of(INGRESS),
            ];
            for (const { urn, name } of needed) assert.ok(dependencies.includes(urn), name);
        });

        const off = { ...SCALING.schedule, enabled: false };
        const increase = { ...SCALING.predictive, maxBreach: "increase-max" as const };
        for (const [what, scaling, ignored] of [
            ["always what scaling sets", { schedule: off }, ["desiredCapacity"]],
            ["the minimum where a schedule moves it", {}, ["desiredCapacity", "minSize"]],
            [
                "the maximum where a forecast may raise it",
                { schedule: off, predictive: increase },
                ["desiredCapacity", "maxSize"],
            ],
            [
                "not the maximum where forecasts are only looked at",
                { schedule: off, predictive: { ...increase, mode: "forecast-only" as const } },
                ["desiredCapacity"],
            ],
        ] as const) {
            it(`ignores after creation ${what}`, async () => {
                const group = (await fleet(withScaling(scaling))).one(GROUP);
                assert.deepEqual(group.opts.ignoreChanges, ignored);
            });
        }
    });

    it("keeps a leaving instance for the drain agent longer than its connections may last, and lets it go if nobody answers", async () => {
        const { inputs } = (await fleet()).one(HOOK);
        assert.deepEqual(inputs, {
            region: "us-east-1",
            name: "drain",
            autoscalingGroupName: NAME,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
            heartbeatTimeout: 420,
            defaultResult: "CONTINUE",
        });
    });

    it("lets the load balancers alone reach an instance, each on its own port and the health port", async () => {
        const edges = (await fleet()).of(INGRESS).map(({ inputs }) => {
            assert.ok(inputs.description);
            assert.equal(inputs.fromPort, inputs.toPort);
            assert.equal(inputs.ipProtocol, "tcp");
            return `${String(inputs.referencedSecurityGroupId)}:${String(inputs.toPort)}`;
        });
        assert.deepEqual(edges.sort(), [
            "sg-alb:80",
            `sg-alb:${HEALTH_PORT}`,
            `sg-nlb:${HEALTH_PORT}`,
            "sg-nlb:9999",
        ]);
    });

    it("lets an instance reach AWS over HTTPS and the VPC's stores, and nothing else", async () => {
        const ways = (await fleet()).of(EGRESS).map(({ inputs }) => {
            assert.ok(inputs.description);
            return [inputs.cidrIpv4, inputs.fromPort, inputs.toPort];
        });
        assert.deepEqual(ways, [
            ["0.0.0.0/0", 443, 443],
            ["10.0.0.0/16", 1024, 65_535],
        ]);
    });

    it("has no inline rule, so that none of them is undone", async () => {
        const { inputs } = (await fleet()).one("aws:ec2/securityGroup:SecurityGroup");
        assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
    });

    it("pulls the image by the digest it was given", async () => {
        assert.ok(userDataOf((await fleet()).one(TEMPLATE)).includes(`logcaster@${DIGEST}\n`));
    });

    it("accepts unknown addresses and ids of what is created beside it", async () => {
        const unknown = pulumi.output(pulumi.unknown) as pulumi.Output<string>;
        const recording = await record(
            () => new AutoscalingFleet(NAME, { ...ARGS, vpcId: unknown, vpcCidr: unknown }),
            { preview: true },
        );
        assert.equal(recording.of(GROUP).length, 1);
    });
});
