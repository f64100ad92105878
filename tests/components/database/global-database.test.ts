import assert from "node:assert/strict";
import { assertAlarmsOnLag, lagAlarms } from "../lag";
import { orphans, names } from "../placed";
import type { Recorded } from "../recorder";
import { alarmsOf, kindOf } from "../monitoring/fixture";
import { REGIONS, args, recordDatabase } from "./fixture";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
const GLOBAL = "aws:rds/globalCluster:GlobalCluster";
const [PRIMARY, ...SECONDARIES] = REGIONS as [string, ...string[]];

/** Logical names of what a resource waits for, of a type. */
const waitsFor = ({ opts }: Recorded, type: string) =>
    opts.dependencies
        .filter((urn) => urn.includes(`$${type}::`))
        .map((urn) => urn.split("::").pop());

describe("GlobalDatabase", () => {
    let recording: Awaited<ReturnType<typeof recordDatabase>>;
    before(async () => {
        recording = await recordDatabase();
    });
    const cluster = (region: string) => recording.one(CLUSTER, `database-${region}`);

    it("has one global cluster, a cluster and two instances a region, and the rest of each region", () => {
        assert.deepEqual(orphans(recording.resources, "database"), []);
        const all = (role: string) => REGIONS.map((region) => `database-${region}${role}`).sort();
        assert.deepEqual(names(recording.resources, GLOBAL), ["database-global"]);
        assert.deepEqual(names(recording.resources, CLUSTER), all(""));
        assert.deepEqual(names(recording.resources, INSTANCE), [...all("-1"), ...all("-2")].sort());
        assert.deepEqual(names(recording.resources, "aws:kms/key:Key"), [
            ...[...all("-key"), ...all("-log-key")].sort(),
        ]);
        for (const [type, role] of [
            ["aws:rds/subnetGroup:SubnetGroup", "-subnets"],
            ["aws:rds/clusterParameterGroup:ClusterParameterGroup", "-parameters"],
            ["aws:ec2/securityGroup:SecurityGroup", "-sg"],
            ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "-from-fleet"],
            ["aws:secretsmanager/secret:Secret", "-master-secret"],
            ["aws:iam/rolePolicy:RolePolicy", "-connect"],
            ["aws:cloudwatch/logGroup:LogGroup", "-log"],
        ] as const) {
            assert.deepEqual(names(recording.resources, type), all(role), type);
        }
    });

    it("places every regional resource in the region of its name", () => {
        const regional = recording.resources.filter(
            ({ type, name }) => /^aws:(?!iam)/.test(type) && name !== "database-global",
        );
        for (const { name, inputs } of regional) {
            assert.ok(
                name.startsWith(`database-${String(inputs.region)}`),
                `${name} ${inputs.region}`,
            );
        }
    });

    it("writes in the primary region, which alone has a login and a database at creation", () => {
        const { databaseName, masterUsername, masterPassword, enableGlobalWriteForwarding } =
            cluster(PRIMARY).inputs;
        assert.deepEqual(
            { databaseName, masterUsername, masterPassword, enableGlobalWriteForwarding },
            {
                databaseName: "logcaster",
                masterUsername: "logcaster_admin",
                masterPassword: "password-of-database-master-password",
                enableGlobalWriteForwarding: undefined,
            },
        );
        assert.ok(cluster(PRIMARY).secretInputs.includes("masterPassword"));
        for (const region of SECONDARIES) {
            const { inputs } = cluster(region);
            for (const key of ["databaseName", "masterUsername", "masterPassword"]) {
                assert.ok(!(key in inputs), `${region} ${key}`);
            }
            assert.equal(inputs.enableGlobalWriteForwarding, true);
        }
    });

    it("lets secondaries join once the primary has its instances, and each instance follow its cluster", () => {
        assert.deepEqual(waitsFor(cluster(PRIMARY), INSTANCE), []);
        assert.deepEqual(waitsFor(cluster(PRIMARY), GLOBAL), ["database-global"]);
        for (const region of SECONDARIES) {
            assert.deepEqual(waitsFor(cluster(region), INSTANCE).sort(), [
                `database-${PRIMARY}-1`,
                `database-${PRIMARY}-2`,
            ]);
        }
    });

    it("encrypts every member with the key of its region, admits IAM tokens, backs up and protects", () => {
        for (const region of REGIONS) {
            const { inputs, opts } = cluster(region);
            assert.deepEqual(
                {
                    storageEncrypted: inputs.storageEncrypted,
                    kmsKeyId: inputs.kmsKeyId,
                    iam: inputs.iamDatabaseAuthenticationEnabled,
                    days: inputs.backupRetentionPeriod,
                    deletionProtection: inputs.deletionProtection,
                    skipFinalSnapshot: inputs.skipFinalSnapshot,
                    final: inputs.finalSnapshotIdentifier,
                    logs: inputs.enabledCloudwatchLogsExports,
                    port: inputs.port,
                    protect: opts.protect,
                },
                {
                    storageEncrypted: true,
                    kmsKeyId: `arn:aws:kms:${region}:123456789012:key/database-${region}-key`,
                    iam: true,
                    days: 7,
                    deletionProtection: true,
                    skipFinalSnapshot: false,
                    final: `logcaster-prod-${region}-hex-of-database-suffix-final`,
                    logs: ["postgresql"],
                    port: 5432,
                    protect: true,
                },
            );
        }
        const { inputs, opts } = recording.one(GLOBAL);
        assert.deepEqual(
            [inputs.storageEncrypted, inputs.deletionProtection, opts.protect],
            [true, true, true],
        );
    });

    it("logs into a group that is there before the cluster, encrypted and expiring", () => {
        for (const region of REGIONS) {
            const { inputs, name } = recording.one(
                "aws:cloudwatch/logGroup:LogGroup",
                `database-${region}-log`,
            );
            assert.equal(inputs.name, `/aws/rds/cluster/logcaster-prod-${region}/postgresql`);
            assert.equal(inputs.retentionInDays, 30);
            assert.ok(waitsFor(cluster(region), "aws:cloudwatch/logGroup:LogGroup").includes(name));
        }
    });

    it("watches each instance and keeps it private", () => {
        for (const { inputs } of recording.of(INSTANCE)) {
            assert.deepEqual(
                [
                    inputs.monitoringInterval,
                    inputs.monitoringRoleArn,
                    inputs.publiclyAccessible,
                    inputs.instanceClass,
                ],
                [60, "arn:aws:iam::123456789012:role/database-monitoring", false, "db.r7g.large"],
            );
        }
    });

    it("refuses connections without TLS and logs slow statements", () => {
        for (const { inputs } of recording.of(
            "aws:rds/clusterParameterGroup:ClusterParameterGroup",
        )) {
            assert.equal(inputs.family, "aurora-postgresql16");
            assert.deepEqual(inputs.parameters, [
                { name: "rds.force_ssl", value: "1" },
                { name: "log_min_duration_statement", value: "1000" },
            ]);
        }
    });

    it("admits the fleet of the region on the one port", () => {
        for (const region of REGIONS) {
            const { inputs } = recording.one(
                "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
                `database-${region}-from-fleet`,
            );
            assert.deepEqual(
                [inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort],
                [`sg-fleet-${region}`, 5432, 5432],
            );
        }
    });

    it("lets the instances of each region log in as the one user, at any member", () => {
        for (const region of REGIONS) {
            const { inputs } = recording.one(
                "aws:iam/rolePolicy:RolePolicy",
                `database-${region}-connect`,
            );
            assert.equal(inputs.role, `fleet-role-${region}`);
            assert.deepEqual(JSON.parse(String(inputs.policy)).Statement, [
                {
                    Sid: "DatabaseLogin",
                    Effect: "Allow",
                    Action: ["rds-db:connect"],
                    Resource: REGIONS.map(
                        (of) =>
                            `arn:aws:rds-db:${of}:123456789012:dbuser:cluster-of-${of}/logcaster`,
                    ),
                },
            ]);
        }
    });

    it("keeps the administrator's login in every region's secrets", () => {
        for (const { inputs, secretInputs } of recording.of(
            "aws:secretsmanager/secretVersion:SecretVersion",
        )) {
            assert.deepEqual(JSON.parse(String(inputs.secretString)), {
                username: "logcaster_admin",
                password: "password-of-database-master-password",
            });
            assert.deepEqual(secretInputs, ["secretString"]);
        }
    });

    it("scales readers in the writer's region alone", () => {
        const { inputs } = recording.one("aws:appautoscaling/target:Target");
        assert.deepEqual(
            [inputs.region, inputs.minCapacity, inputs.maxCapacity, inputs.resourceId],
            [PRIMARY, 1, 5, `cluster:database-${PRIMARY}-id`],
        );
        const policy = recording.one("aws:appautoscaling/policy:Policy").inputs;
        assert.deepEqual(policy.targetTrackingScalingPolicyConfiguration, {
            targetValue: 60,
            predefinedMetricSpecification: {
                predefinedMetricType: "RDSReaderAverageCPUUtilization",
            },
            scaleOutCooldown: 300,
            scaleInCooldown: 900,
        });
    });

    it("tells each region where to write and where to read", () => {
        const at = (region: string) => ({
            name: "logcaster",
            port: 5432,
            user: "logcaster",
            writerEndpoint: "logcaster-prod.global-1.global.rds.amazonaws.com",
            readerEndpoint: `logcaster-prod-${region}.cluster-ro-1.${region}.rds.amazonaws.com`,
            writeForwarding: region !== PRIMARY,
        });
        const [component] = recording.resources.filter(({ custom }) => !custom);
        assert.deepEqual(component?.registeredOutputs, {
            globalClusterIdentifier: "database-global-id",
            connections: Object.fromEntries(REGIONS.map((region) => [region, at(region)])),
            keyArns: Object.fromEntries(
                REGIONS.map((region) => [
                    region,
                    `arn:aws:kms:${region}:123456789012:key/database-${region}-key`,
                ]),
            ),
            clusterArns: Object.fromEntries(
                REGIONS.map((region) => [
                    region,
                    `arn:aws:rds:${region}:123456789012:cluster:logcaster-prod-${region}`,
                ]),
            ),
        });
    });
});

describe("the lag alarms of GlobalDatabase", () => {
    it("are two in every secondary region, in its own metric's unit, to topics of that region", async () => {
        const alarms = alarmsOf(await recordDatabase());
        assert.deepEqual(
            alarms.map((each) => [each.name, each.threshold, each.alarmActions]).sort(),
            lagAlarms("DatabaseReplicationLag", SECONDARIES, { warning: 1000, critical: 10_000 }),
        );
    });

    it("alarm after five minutes above the limit, are over within one, and take silence for a failure", async () => {
        for (const alarm of alarmsOf(await recordDatabase({ maxLagMs: 500 }))) {
            const limit = kindOf(alarm).endsWith("Critical") ? 5000 : 500;
            assert.equal(alarm.dimensions?.SourceRegion, PRIMARY);
            assertAlarmsOnLag(alarm, limit, limit + 1);
        }
    });
});

describe("a switchover of GlobalDatabase", () => {
    /** What the provider can change only by making the resource anew, of the types here (tests/standin/aws). */
    const FIXED: Readonly<Record<string, readonly string[]>> = {
        [CLUSTER]: ["clusterIdentifier", "databaseName", "masterUsername", "kmsKeyId", "region"],
        [GLOBAL]: ["globalClusterIdentifier", "databaseName", "engine", "region"],
    };

    it("followed by a change of primaryRegion replaces no cluster, key, instance or secret", async () => {
        const before = await recordDatabase();
        const after = await recordDatabase({ primaryRegion: "eu-west-1" });
        for (const old of before.resources.filter(({ custom }) => custom)) {
            // Readers are scaled and lag is watched where the roles say.
            if (/readers|replication-lag/.test(old.name)) continue;
            const now = after.one(old.type, old.name);
            assert.equal(now.urn, old.urn);
            const fixed = FIXED[old.type] ?? ["region"];
            for (const key of fixed.filter((each) => !now.opts.ignoreChanges.includes(each))) {
                assert.deepEqual(now.inputs[key], old.inputs[key], `${old.name} ${key}`);
            }
            // Who may log in where stays as it is.
            if (old.name.endsWith("-connect")) assert.deepEqual(now.inputs, old.inputs);
        }
    });
});

describe("a mistake in GlobalDatabase's arguments", () => {
    it("is refused with every other, each with what is allowed and why", async () => {
        await assert.rejects(
            recordDatabase({
                primaryRegion: "sa-east-1",
                engineVersion: "15.4",
                instanceClass: "db.t4g.medium",
                instances: 17,
                backupDays: 1,
                maxLagMs: 1,
                readers: { enabled: true, max: 3, targetCpuPercent: 95 },
            }),
            (error: Error) => {
                const lines = error.message.split("\n");
                assert.deepEqual(
                    lines.map((line) => line.replace("database: ", "").split(" ")[0]),
                    [
                        "primaryRegion",
                        "engineVersion",
                        "instanceClass",
                        "instances",
                        "backupDays",
                        "maxLagMs",
                        "readers.targetCpuPercent",
                        "readers.max",
                    ],
                );
                assert.match(lines[2] ?? "", /memory-optimised classes .*db\.r5 on/);
                return true;
            },
        );
    });

    it("such as more than five secondary regions is refused", async () => {
        const one = args().regions["us-east-1"]!;
        const regions = Object.fromEntries(
            ["us-east-1", "a", "b", "c", "d", "e", "f"].map((region) => [region, one]),
        );
        await assert.rejects(recordDatabase({ regions }), /a primary and at most 5 secondaries/);
    });
});
