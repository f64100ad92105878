import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    RedisDurability,
    RedisEngine,
    RedisEviction,
    RedisShardCluster,
    type RedisShardClusterArgs,
} from "logcaster-scaling/redis";
import { record, type Recording } from "../recorder";
import { CLUSTER, cache, create, store } from "./fixture";

const USER = "aws:elasticache/user:User";

describe("RedisShardCluster", () => {
    it("creates exactly these children, all in its region and under itself", async () => {
        const { resources } = await create(store());
        const [component, ...children] = resources;
        assert.equal(component!.type, "logcaster-scaling:index:RedisShardCluster");
        assert.deepEqual(children.map((r) => `${r.type.split(":").pop()} ${r.name}`).sort(), [
            "Key r-engine-log-key",
            "Key r-key",
            "Key r-slow-log-key",
            "KeyPolicy r-engine-log-key-policy",
            "KeyPolicy r-slow-log-key-policy",
            "LogGroup r-engine-log",
            "LogGroup r-slow-log",
            "ParameterGroup r-parameters",
            "RandomId r-suffix",
            "RandomPassword r-a-password",
            "RandomPassword r-b-password",
            "RandomPassword r-default-password",
            "ReplicationGroup r",
            "Secret r-a-secret",
            "Secret r-b-secret",
            "SecretVersion r-a-secret-value",
            "SecretVersion r-b-secret-value",
            "SecurityGroup r-sg",
            "SecurityGroupIngressRule r-from-fleet",
            "SubnetGroup r-subnets",
            "User r-a",
            "User r-b",
            "User r-default",
            "UserGroup r-users",
        ]);
        for (const child of children) {
            assert.equal(child.parent, component!.urn, child.name);
            if (child.type.startsWith("aws:")) assert.equal(child.inputs.region, "eu-west-1");
        }
    });

    it("is a cluster of counts, encrypted, over several zones, backed up and logged", async () => {
        const recording = await create(store());
        const { tags, ...inputs } = recording.one(CLUSTER).inputs;
        assert.deepEqual(inputs, {
            region: "eu-west-1",
            description: "LogCaster store",
            engine: "valkey",
            engineVersion: "9.0",
            nodeType: "cache.r7g.large",
            numNodeGroups: 4,
            replicasPerNodeGroup: 2,
            clusterMode: "enabled",
            automaticFailoverEnabled: true,
            multiAzEnabled: true,
            durability: "sync",
            port: 6379,
            parameterGroupName: "r-parameters-1234567",
            subnetGroupName: "r-subnets-1234567",
            securityGroupIds: ["r-sg-id"],
            userGroupIds: ["r-users-id"],
            transitEncryptionEnabled: true,
            transitEncryptionMode: "required",
            atRestEncryptionEnabled: true,
            kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/r-key",
            snapshotRetentionLimit: 7,
            snapshotWindow: "03:00-05:00",
            finalSnapshotIdentifier: "lc-store-hex-of-r-suffix-final",
            maintenanceWindow: "sun:05:30-sun:07:30",
            autoMinorVersionUpgrade: true,
            applyImmediately: true,
            logDeliveryConfigurations: [
                {
                    destination: "r-slow-log-1234567",
                    destinationType: "cloudwatch-logs",
                    logFormat: "json",
                    logType: "slow-log",
                },
                {
                    destination: "r-engine-log-1234567",
                    destinationType: "cloudwatch-logs",
                    logFormat: "json",
                    logType: "engine-log",
                },
            ],
        });
        assert.deepEqual(tags, {
            Name: "r",
            "logcaster:component": "redis",
            "logcaster:redis-role": "store",
            "logcaster:runbook": "docs/runbooks/redis-failover.md",
        });
        assert.equal(recording.one("aws:kms/key:Key", "r-key").inputs.enableKeyRotation, true);
        assert.equal(
            recording.of("aws:cloudwatch/logGroup:LogGroup")[0]!.inputs.retentionInDays,
            30,
        );
    });

    it("gives each role its eviction in a parameter group of the engine's family", async () => {
        const parameters = async (args: RedisShardClusterArgs) => {
            const { inputs } = (await create(args)).one(
                "aws:elasticache/parameterGroup:ParameterGroup",
            );
            return [inputs.family, inputs.parameters];
        };
        const of = (eviction: string) => [
            { name: "cluster-enabled", value: "yes" },
            { name: "maxmemory-policy", value: eviction },
        ];
        assert.deepEqual(await parameters(store()), ["valkey9", of("noeviction")]);
        assert.deepEqual(await parameters(store({ eviction: RedisEviction.VolatileTtl })), [
            "valkey9",
            of("volatile-ttl"),
        ]);
        assert.deepEqual(await parameters(cache({ engineVersion: "8.2" })), [
            "valkey8",
            of("allkeys-lru"),
        ]);
        assert.deepEqual(await parameters(cache({ engineVersion: "7.2" })), [
            "valkey7",
            of("allkeys-lru"),
        ]);
        assert.deepEqual(await parameters(cache({ engine: RedisEngine.Redis })), [
            "redis7",
            of("allkeys-lru"),
        ]);
        assert.deepEqual(
            await parameters(cache({ engine: RedisEngine.Redis, engineVersion: "6.2" })),
            ["redis6.x", of("allkeys-lru")],
        );
    });

    it("is durable where role, engine, version and node type allow it", async () => {
        const durability = async (args: RedisShardClusterArgs) =>
            (await create(args)).one(CLUSTER).inputs.durability;
        assert.equal(await durability(store()), "sync");
        assert.equal(await durability(store({ durability: RedisDurability.Async })), "async");
        assert.equal(await durability(cache()), "disabled");
        assert.equal(await durability(store({ nodeType: "cache.t4g.small" })), "disabled");
        assert.equal(await durability(store({ engineVersion: "8.2" })), undefined);
        assert.equal(await durability(store({ engine: RedisEngine.Redis })), undefined);
    });

    it("lets in only the client groups that are named, on its port, and nothing out", async () => {
        const recording = await create(
            store({ clientSecurityGroupIds: { fleet: "sg-fleet", jobs: "sg-jobs" } }),
        );
        const group = recording.one("aws:ec2/securityGroup:SecurityGroup");
        assert.deepEqual([group.inputs.ingress, group.inputs.egress], [undefined, undefined]);
        assert.deepEqual(
            recording
                .of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
                .map(({ name, inputs: i }) => [
                    name,
                    i.referencedSecurityGroupId,
                    i.ipProtocol,
                    i.fromPort,
                    i.toPort,
                    i.cidrIpv4,
                ]),
            [
                ["r-from-fleet", "sg-fleet", "tcp", 6379, 6379, undefined],
                ["r-from-jobs", "sg-jobs", "tcp", 6379, 6379, undefined],
            ],
        );
    });

    it("protects the cluster and its key, when told to", async () => {
        const protectedNames = (recording: Recording<unknown>) =>
            recording.resources
                .filter((r) => r.opts.protect)
                .map((r) => r.name)
                .sort();
        assert.deepEqual(protectedNames(await create(store())), [
            "r",
            "r-engine-log",
            "r-engine-log-key",
            "r-key",
            "r-slow-log",
            "r-slow-log-key",
        ]);
        assert.deepEqual(protectedNames(await create(store({ protect: false }))), []);
    });

    it("keeps no backup at all with 0 days, the final one included", async () => {
        const { inputs } = (await create(cache({ snapshotDays: 0 }))).one(CLUSTER);
        assert.equal(inputs.snapshotRetentionLimit, 0);
        assert.equal(inputs.finalSnapshotIdentifier, undefined);
    });

    it("uses a key that is given and creates none", async () => {
        const arn = "arn:aws:kms:eu-west-1:123456789012:key/mine";
        const recording = await create(store({ kmsKeyArn: arn }));
        assert.equal(recording.one(CLUSTER).inputs.kmsKeyId, arn);
        assert.ok(recording.of("aws:kms/key:Key").every((key) => key.name.endsWith("-log-key")));
    });

    it("outputs and registers where it is and how keys map to partitions", async () => {
        const recording = await record(() => new RedisShardCluster("r", store()));
        const expected = {
            endpoint: "r.clustercfg.eu-west-1.cache.amazonaws.com",
            port: 6379,
            replicationGroupId: "r-id",
            securityGroupId: "r-sg-id",
            userGroupId: "r-users-id",
            credentialSecretArns: [
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret/r-a-secret",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret/r-b-secret",
            ],
            credentialTexts: [
                '{"username":"logcaster-store-a","password":"password-of-r-a-password"}',
                '{"username":"logcaster-store-b","password":"password-of-r-b-password"}',
            ],
            activeUser: "a",
            partitionScheme: {
                partitions: 128,
                slotsPerPartition: 128,
                mapFrom: "CLUSTER SHARDS at the configuration endpoint",
            },
        };
        assert.deepEqual(recording.resources[0]!.registeredOutputs, expected);
    });
});

describe("the users of a RedisShardCluster", () => {
    it("are two of equal rights and a default user that is off", async () => {
        const recording = await create(store());
        assert.deepEqual(
            recording
                .of(USER)
                .map(({ inputs: i }) => [i.userId, i.userName, i.accessString, i.engine])
                .sort(),
            [
                [
                    "lc-store-a-hex-of-r-suffix",
                    "logcaster-store-a",
                    "on ~* &* +@all -@dangerous +info",
                    "valkey",
                ],
                [
                    "lc-store-b-hex-of-r-suffix",
                    "logcaster-store-b",
                    "on ~* &* +@all -@dangerous +info",
                    "valkey",
                ],
                ["lc-store-default-hex-of-r-suffix", "default", "off ~* -@all", "valkey"],
            ],
        );
        const { inputs } = recording.one("aws:elasticache/userGroup:UserGroup");
        assert.deepEqual(inputs.userIds, [
            "lc-store-default-hex-of-r-suffix",
            "lc-store-a-hex-of-r-suffix",
            "lc-store-b-hex-of-r-suffix",
        ]);
    });

    it("have passwords that only the engine and Secrets Manager get, each as a secret", async () => {
        const recording = await create(store());
        const holders = recording.resources
            .filter((r) => JSON.stringify(r.inputs).includes("password-of-"))
            .map((r) => [r.type.split(":").pop(), r.name, r.secretInputs]);
        assert.deepEqual(holders.sort(), [
            ["SecretVersion", "r-a-secret-value", ["secretString"]],
            ["SecretVersion", "r-b-secret-value", ["secretString"]],
            ["User", "r-a", ["passwords"]],
            ["User", "r-b", ["passwords"]],
            ["User", "r-default", ["passwords"]],
        ]);
        const outputs = Object.entries(recording.resources[0]!.registeredOutputs!);
        assert.deepEqual(
            outputs
                .filter(([, value]) => JSON.stringify(value).includes("password-of-"))
                .map(([key]) => key),
            ["credentialTexts"],
        );
    });

    it("come out of the component as a secret alone, for pods", async () => {
        const { outputs } = await record(async () => {
            const { credentialTexts } = new RedisShardCluster("r", store());
            return { secret: await pulumi.isSecret(credentialTexts) };
        });
        assert.deepEqual(outputs, { secret: true });
    });

    it("are read from a secret only once they exist", async () => {
        const recording = await create(store());
        for (const key of ["a", "b"]) {
            const version = recording.one(
                "aws:secretsmanager/secretVersion:SecretVersion",
                `r-${key}-secret-value`,
            );
            assert.ok(version.opts.dependencies.includes(recording.one(USER, `r-${key}`).urn));
            assert.deepEqual(JSON.parse(String(version.inputs.secretString)), {
                username: `logcaster-store-${key}`,
                password: `password-of-r-${key}-password`,
            });
        }
    });
});

describe("auto scaling of a RedisShardCluster", () => {
    it("tracks engine CPU and memory between the counts given and their maxima", async () => {
        const recording = await create(
            store({ autoScaling: { enabled: true, maxShards: 16, targetPercent: 55 } }),
        );
        assert.deepEqual(
            recording
                .of("aws:appautoscaling/target:Target")
                .map(({ inputs: i }) => [
                    i.resourceId,
                    i.scalableDimension,
                    i.minCapacity,
                    i.maxCapacity,
                ]),
            [
                ["replication-group/r-id", "elasticache:replication-group:NodeGroups", 4, 16],
                ["replication-group/r-id", "elasticache:replication-group:Replicas", 2, 5],
            ],
        );
        const policies = recording.of("aws:appautoscaling/policy:Policy");
        assert.deepEqual(policies.map((r) => r.name).sort(), [
            "r-replicas-cpu",
            "r-shards-cpu",
            "r-shards-memory",
        ]);
        for (const { inputs } of policies) {
            const tracking = inputs.targetTrackingScalingPolicyConfiguration as {
                targetValue: number;
            };
            assert.equal(tracking.targetValue, 55);
        }
    });

    it("is off unless asked for", async () => {
        const off = { enabled: false, maxShards: 16, targetPercent: 55 };
        const recording = await create(store({ autoScaling: off }));
        assert.deepEqual(recording.of("aws:appautoscaling/target:Target"), []);
    });
});
