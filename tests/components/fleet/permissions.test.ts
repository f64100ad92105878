import * as assert from "node:assert/strict";
import { ARGS, fleet, NAME, NODE_ARGS } from "./fixture";

interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Principal?: unknown;
    Condition?: unknown;
}

function statements(policy: unknown): Statement[] {
    return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

describe("The instances' role", () => {
    it("may do exactly this", async () => {
        const policy = (await fleet()).one("aws:iam/rolePolicy:RolePolicy").inputs.policy;
        assert.deepEqual(statements(policy), [
            {
                Sid: "Metrics",
                Effect: "Allow",
                Action: ["cloudwatch:PutMetricData"],
                Resource: "*",
                Condition: { StringEquals: { "cloudwatch:namespace": "LogCaster" } },
            },
            {
                Sid: "OwnDrainHook",
                Effect: "Allow",
                Action: ["autoscaling:CompleteLifecycleAction"],
                Resource: `arn:aws:autoscaling:us-east-1:*:autoScalingGroup:*:autoScalingGroupName/${NAME}`,
            },
            {
                Sid: "RegistryLogin",
                Effect: "Allow",
                Action: ["ecr:GetAuthorizationToken"],
                Resource: "*",
            },
            {
                Sid: "ImagePull",
                Effect: "Allow",
                Action: [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer",
                ],
                Resource: "arn:aws:ecr:us-east-1:123456789012:repository/logcaster",
            },
            {
                Sid: "RuntimeParameters",
                Effect: "Allow",
                Action: ["ssm:GetParameter"],
                Resource: ARGS.runtimeConfig?.parameterArns,
            },
            {
                Sid: "RuntimeSecrets",
                Effect: "Allow",
                Action: ["secretsmanager:GetSecretValue"],
                Resource: ARGS.runtimeConfig?.secretArns,
            },
        ]);
    });

    it("needs nothing of ECR for another registry and nothing to read without a runtime configuration", async () => {
        const image = `ghcr.io/logcaster/logcaster@sha256:${"b".repeat(64)}`;
        const recording = await fleet({
            ...ARGS,
            service: { ...ARGS.service, image },
            runtimeConfig: undefined,
        });
        const { policy } = recording.one("aws:iam/rolePolicy:RolePolicy").inputs;
        assert.deepEqual(
            statements(policy).map(({ Sid }) => Sid),
            ["Metrics", "OwnDrainHook"],
        );
    });

    it("is for instances alone, and opens a shell only where it is asked for", async () => {
        const recording = await fleet();
        const [trust] = statements(recording.one("aws:iam/role:Role").inputs.assumeRolePolicy);
        assert.deepEqual(trust?.Principal, { Service: "ec2.amazonaws.com" });
        const attached = async (args: typeof ARGS) =>
            (await fleet(args))
                .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
                .map(({ inputs }) => inputs.policyArn);
        assert.deepEqual(await attached(ARGS), []);
        assert.deepEqual(await attached({ ...ARGS, sessionManager: true }), [
            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        ]);
    });

    it("is a node's in node mode, without the service's", async () => {
        const recording = await fleet(NODE_ARGS);
        assert.deepEqual(
            recording
                .of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
                .map(({ inputs }) => inputs.policyArn),
            [
                "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
                "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
                "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
            ],
        );
        assert.deepEqual(recording.of("aws:iam/rolePolicy:RolePolicy"), []);
    });
});

describe("Notifications", () => {
    const EVENTS = [
        "autoscaling:EC2_INSTANCE_LAUNCH",
        "autoscaling:EC2_INSTANCE_LAUNCH_ERROR",
        "autoscaling:EC2_INSTANCE_TERMINATE",
        "autoscaling:EC2_INSTANCE_TERMINATE_ERROR",
    ];
    const NOTIFICATION = "aws:autoscaling/notification:Notification";
    const TOPIC = `arn:aws:sns:us-east-1:123456789012:topic/${NAME}-events`;
    const ROLE =
        "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";

    it("tell of the four scaling events to a topic encrypted with a rotating key of its own", async () => {
        const recording = await fleet();
        const { inputs } = recording.one(NOTIFICATION);
        assert.deepEqual(inputs.notifications, EVENTS);
        assert.deepEqual([inputs.groupNames, inputs.topicArn], [[NAME], TOPIC]);
        const key = recording.one("aws:kms/key:Key");
        assert.equal(key.inputs.enableKeyRotation, true);
        const topic = recording.one("aws:sns/topic:Topic");
        assert.equal(topic.inputs.kmsMasterKeyId, `${key.name}-id`);
    });

    it("reach the topic: Auto Scaling's own role alone may publish, over TLS, and use the key", async () => {
        const recording = await fleet();
        const topic = recording.one("aws:sns/topicPolicy:TopicPolicy");
        assert.deepEqual(statements(topic.inputs.policy), [
            {
                Sid: "AutoScalingPublishes",
                Effect: "Allow",
                Principal: { AWS: ROLE },
                Action: "sns:Publish",
                Resource: TOPIC,
            },
            {
                Sid: "TlsOnly",
                Effect: "Deny",
                Principal: "*",
                Action: "sns:Publish",
                Resource: TOPIC,
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ]);
        const key = recording.one("aws:kms/keyPolicy:KeyPolicy");
        assert.deepEqual(
            statements(key.inputs.policy).map(({ Principal, Action }) => [Principal, Action]),
            [
                [{ AWS: "arn:aws:iam::123456789012:root" }, "kms:*"],
                [{ AWS: ROLE }, ["kms:Decrypt", "kms:GenerateDataKey*"]],
            ],
        );
        const group = recording.one("aws:autoscaling/group:Group").urn;
        const { dependencies } = recording.one(NOTIFICATION).opts;
        for (const policy of [topic, key]) {
            assert.ok(policy.opts.dependencies.includes(group), "the role exists with the group");
            assert.ok(dependencies.includes(policy.urn), policy.name);
        }
    });

    it("go to the caller's topic where there is one", async () => {
        const given = "arn:aws:sns:us-east-1:123456789012:ops";
        const recording = await fleet({ ...ARGS, notificationTopicArn: given });
        assert.equal(recording.one(NOTIFICATION).inputs.topicArn, given);
        assert.deepEqual(recording.of("aws:sns/topic:Topic"), []);
        assert.deepEqual(recording.of("aws:kms/key:Key"), []);
    });
});
