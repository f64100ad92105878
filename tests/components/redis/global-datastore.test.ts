import assert from "node:assert/strict";
import { RedisGlobalDatastore, type RedisGlobalDatastoreArgs } from "logcaster-scaling/redis";
import { assertAlarmsOnLag, lagAlarms } from "../lag";
import { alarmsOf, kindOf } from "../monitoring/fixture";
import { names, orphans } from "../placed";
import { record, type Recorded } from "../recorder";

const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const GLOBAL = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";
const REGIONS = ["us-east-1", "eu-west-1", "ap-northeast-1"];
const [PRIMARY, ...SECONDARIES] = REGIONS as [string, ...string[]];

const place = (region: string) => ({
    vpcId: `vpc-${region}`,
    isolatedSubnetIds: ["a", "b", "c"].map((zone) => `subnet-${zone}-${region}`),
    fleetSecurityGroupId: `sg-fleet-${region}`,
    notifyOpsTopicArn: `arn:aws:sns:${region}:123456789012:ops`,
    pageOncallTopicArn: `arn:aws:sns:${region}:123456789012:page`,
    capacityPlanningTopicArn: `arn:aws:sns:${region}:123456789012:capacity`,
});
const args = (changes: Partial<RedisGlobalDatastoreArgs> = {}): RedisGlobalDatastoreArgs => ({
    environment: "prod",
    primaryRegion: PRIMARY,
    regions: Object.fromEntries(REGIONS.map((region) => [region, place(region)])),
    nodeType: "cache.r7g.large",
    shards: 2,
    protect: true,
    ...changes,
});
const recordDatastore = (changes: Partial<RedisGlobalDatastoreArgs> = {}) =>
    record(() => new RedisGlobalDatastore("shared", args(changes)), {
        outputs: (type) =>
            type === GLOBAL ? { globalReplicationGroupId: "ldgnf-logcaster-prod" } : {},
    });
const waitsFor = ({ opts }: Recorded, type: string) =>
    opts.dependencies
        .filter((urn) => urn.includes(`$${type}::`))
        .map((urn) => urn.split("::").pop());

/** What a secondary must leave to its primary: the provider refuses each beside globalReplicationGroupId. */
const PRIMARYS_OWN = [
    "engine",
    "engineVersion",
    "nodeType",
    "numNodeGroups",
    "parameterGroupName",
    "atRestEncryptionEnabled",
    "transitEncryptionEnabled",
];

describe("RedisGlobalDatastore", () => {
    let recording: Awaited<ReturnType<typeof recordDatastore>>;
    before(async () => {
        recording = await recordDatastore();
    });
    const member = (region: string) => recording.one(GROUP, `shared-${region}`);

    it("has one datastore and a member a region, each with its own key, users, logs and network, in its region", () => {
        assert.deepEqual(orphans(recording.resources, "shared"), []);
        assert.deepEqual(names(recording.resources, GLOBAL), ["shared-global"]);
        const all = (role: string) => REGIONS.map((region) => `shared-${region}${role}`).sort();
        assert.deepEqual(names(recording.resources, GROUP), all(""));
        for (const [type, role] of [
            ["aws:ec2/securityGroup:SecurityGroup", "-sg"],
            ["aws:elasticache/userGroup:UserGroup", "-users"],
            ["aws:elasticache/subnetGroup:SubnetGroup", "-subnets"],
            ["aws:elasticache/parameterGroup:ParameterGroup", "-parameters"],
        ] as const) {
            assert.deepEqual(names(recording.resources, type), all(role), type);
        }
        for (const { type, name, inputs } of recording.resources) {
            if (!type.startsWith("aws:") || name === "shared-global") continue;
            assert.ok(
                name.startsWith(`shared-${String(inputs.region)}`),
                `${name} ${inputs.region}`,
            );
        }
    });

    it("begins with the primary, which brings engine, nodes, shards, encryption and parameters", () => {
        const { inputs } = member(PRIMARY);
        assert.deepEqual(Object.fromEntries(PRIMARYS_OWN.map((key) => [key, inputs[key]])), {
            engine: "valkey",
            engineVersion: "9.0",
            nodeType: "cache.r7g.large",
            numNodeGroups: 2,
            parameterGroupName: `shared-${PRIMARY}-parameters-1234567`,
            atRestEncryptionEnabled: true,
            transitEncryptionEnabled: true,
        });
        assert.equal(inputs.durability, "disabled");
        assert.ok(!("globalReplicationGroupId" in inputs));
        const { inputs: global } = recording.one(GLOBAL);
        assert.deepEqual(
            [
                global.primaryReplicationGroupId,
                global.globalReplicationGroupIdSuffix,
                global.cacheNodeType,
                global.numNodeGroups,
            ],
            [`shared-${PRIMARY}-id`, "logcaster-prod", "cache.r7g.large", 2],
        );
        for (const { inputs } of recording.of("aws:elasticache/parameterGroup:ParameterGroup")) {
            assert.deepEqual(inputs.parameters, [
                { name: "cluster-enabled", value: "yes" },
                { name: "maxmemory-policy", value: "noeviction" },
            ]);
        }
    });

    it("lets secondaries join the datastore, with nothing that is the primary's to say", () => {
        for (const region of SECONDARIES) {
            const secondary = member(region);
            assert.equal(secondary.inputs.globalReplicationGroupId, "ldgnf-logcaster-prod");
            assert.deepEqual(waitsFor(secondary, GLOBAL), ["shared-global"]);
            assert.deepEqual(
                PRIMARYS_OWN.filter((key) => key in secondary.inputs),
                [],
            );
        }
    });

    it("gives each member three copies over zones, users, its region's key and backups, protected", () => {
        for (const region of REGIONS) {
            const { inputs, opts } = member(region);
            assert.deepEqual(
                [
                    inputs.replicasPerNodeGroup,
                    inputs.multiAzEnabled,
                    inputs.automaticFailoverEnabled,
                    inputs.kmsKeyId,
                    (inputs.userGroupIds as string[]).length,
                    inputs.snapshotRetentionLimit,
                    opts.protect,
                ],
                [
                    2,
                    true,
                    true,
                    `arn:aws:kms:${region}:123456789012:key/shared-${region}-key`,
                    1,
                    7,
                    true,
                ],
            );
        }
    });

    it("leaves to AWS what belongs to the datastore, so that a promotion replaces nothing", async () => {
        for (const region of REGIONS) {
            for (const key of [
                ...PRIMARYS_OWN,
                "clusterMode",
                "durability",
                "globalReplicationGroupId",
            ]) {
                assert.ok(member(region).opts.ignoreChanges.includes(key), `${region} ${key}`);
            }
        }
        assert.deepEqual(recording.one(GLOBAL).opts.ignoreChanges, [
            "primaryReplicationGroupId",
            "region",
        ]);
        const after = await recordDatastore({ primaryRegion: "eu-west-1" });
        for (const region of REGIONS) {
            const now = after.one(GROUP, `shared-${region}`);
            assert.equal(now.urn, member(region).urn);
            for (const key of ["region", "subnetGroupName", "kmsKeyId", "port"]) {
                assert.deepEqual(now.inputs[key], member(region).inputs[key]);
            }
        }
    });

    it("tells each region its endpoint and login, and whether it writes", () => {
        const [component] = recording.resources.filter(({ custom }) => !custom);
        const at = (region: string) => ({
            endpoint: `shared-${region}.clustercfg.${region}.cache.amazonaws.com`,
            port: 6379,
            credentialSecretArns: ["a", "b"].map(
                (user) =>
                    `arn:aws:secretsmanager:${region}:123456789012:secret/shared-${region}-${user}-secret`,
            ),
            activeUser: "a",
            partitionScheme: {
                partitions: 128,
                slotsPerPartition: 128,
                mapFrom: "CLUSTER SHARDS at the configuration endpoint",
            },
            writable: region === PRIMARY,
        });
        assert.deepEqual(component?.registeredOutputs, {
            globalReplicationGroupId: "ldgnf-logcaster-prod",
            members: Object.fromEntries(REGIONS.map((region) => [region, at(region)])),
            credentialTexts: Object.fromEntries(
                REGIONS.map((region) => [
                    region,
                    ["a", "b"].map((user) =>
                        JSON.stringify({
                            username: `logcaster-shared-${user}`,
                            password: `password-of-shared-${region}-${user}-password`,
                        }),
                    ),
                ]),
            ),
        });
    });

    const refused: [string, Partial<RedisGlobalDatastoreArgs>, RegExp][] = [
        [
            "three secondary regions",
            {
                regions: Object.fromEntries(
                    [...REGIONS, "sa-east-1"].map((region) => [region, place(region)]),
                ),
            },
            /regions is .*; allowed: a Global Datastore has one or two secondary regions/,
        ],
        [
            "no secondary region",
            { regions: { [PRIMARY]: place(PRIMARY) } },
            /one or two secondary regions/,
        ],
        [
            "nodes too small",
            { nodeType: "cache.t4g.small" },
            /nodeType is "cache.t4g.small"; allowed: .*size large or more/,
        ],
        [
            "an eviction that drops what has no TTL",
            { eviction: "allkeys-lru" },
            /eviction is "allkeys-lru"; allowed: noeviction or volatile-ttl/,
        ],
        ["a primary that is no member", { primaryRegion: "sa-east-1" }, /primaryRegion/],
        ["two copies", { copies: 2 }, /copies is 2; allowed: a whole number from 3 to 6/],
        ["a version that does not exist", { engineVersion: "10.0" }, /major 7, 8, 9/],
        ["partitions that are no power of two", { partitions: 100 }, /partitions is 100/],
    ];
    for (const [what, changes, says] of refused) {
        it(`refuses ${what}, with the reason`, async () => {
            await assert.rejects(recordDatastore(changes), says);
        });
    }
});

describe("the lag alarms of RedisGlobalDatastore", () => {
    it("are two in every secondary region, in seconds, and alarm after five minutes above, or of silence", async () => {
        const alarms = alarmsOf(await recordDatastore());
        assert.deepEqual(
            alarms.map((each) => [each.name, each.threshold, each.alarmActions]).sort(),
            lagAlarms("RedisGlobalReplicationLag", SECONDARIES, { warning: 1, critical: 10 }),
        );
        for (const alarm of alarms) {
            const limit = kindOf(alarm).endsWith("Critical") ? 10 : 1;
            assertAlarmsOnLag(alarm, limit, limit + 0.1);
        }
    });
});
